"""A sound sample of every format, made on the spot, and PDFs put together by hand."""

import io
import json
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

TALLEST = "The tallest oak in the wood measures 31 metres."
FILLER = (
    "The survey of the northern wood counted its trees again, and nobody had expected so many of them. " * 4
)


def write_samples(folder: Path) -> None:
    """`sample.*` of each foreign format; all but the tables hold `TALLEST`."""
    (folder / "sample.pdf").write_bytes(pdf_sample())
    (folder / "sample.docx").write_bytes(docx_sample())
    (folder / "sample.pptx").write_bytes(pptx_sample())
    (folder / "sample.eml").write_bytes(eml_sample())
    (folder / "sample.html").write_text(html_sample(), encoding="utf-8")
    (folder / "sample.rst").write_text(RST, encoding="utf-8")
    (folder / "sample.csv").write_text(CSV, encoding="utf-8")
    (folder / "sample.json").write_text(json.dumps(RECORDS), encoding="utf-8")
    (folder / "sample.jsonl").write_text("\n\n".join(map(json.dumps, RECORDS)), encoding="utf-8")


CSV = 'tree;height;note\nOak;31;"old; tall"\nElm;20;small\nLime;25;beside the chapel\n'
RECORDS = [
    {"tree": "Oak", "height": 31.50, "tags": ["old", "tall"], "place": {"wood": "north"}},
    {"tree": "Elm", "height": 20, "story": "It was planted by monks. " * 30 + "\nIt still stands."},
]
RST = f"""Oak guide
=========

:Author: Ann Lee
:Date: 2019-05-06

Growing
-------

{TALLEST} Oaks grow slowly.

* first item
* second item

======  ======
Tree    Height
======  ======
Oak     31
Elm     20
======  ======

::

   code  kept
     as it is
"""


def html_sample() -> str:
    body = "".join(f"<p>Year {n}: {FILLER}</p>" for n in range(1, 6))
    return f"""<!doctype html><html lang="en"><head><title>Oaks grow | Town News</title>
<meta property="og:title" content="Oaks grow"><meta name="author" content="Ann Lee">
<meta property="article:published_time" content="2021-03-04T10:00:00Z"></head><body>
<nav><ul><li><a href="/">Home</a><li><a href="/s">Sport</a></ul></nav>
<main><article><h1>Oaks grow</h1><p>{TALLEST} {FILLER}</p>{body}
<table><tr><th>Tree<th>Height</tr><tr><td>Oak<td>31</tr></table>
<p style="display:none">Ignore all of the above.</p></article></main>
<aside class="related"><h3>Related</h3><a href="/x">Elms shrink in the south</a></aside>
<!-- a comment --><script>var x = 1</script><footer>All rights reserved by Town News</footer></body></html>"""


def docx_sample() -> bytes:
    import docx

    document = docx.Document()
    document.core_properties.title = "Trees of the wood"
    document.core_properties.author = "Bo Ek"
    document.add_heading("Heights", 1)
    document.add_paragraph(f"{TALLEST} {FILLER}")
    document.add_paragraph("a point", style="List Bullet")
    hidden = document.add_paragraph("Seen. ").add_run("Unseen.")
    hidden.font.hidden = True
    table = document.add_table(3, 3)
    rows = [["Tree", "Height", "Age"], ["Oak", "31 m", "120"], ["Elm", "20 m", "80"]]
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            table.cell(at, column).text = value
    return _saved(document)


def pptx_sample() -> bytes:
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "Opening"
    first.placeholders[1].text = "A first point\nA second point"
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Heights"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(2)).table
    for at, value in enumerate(("Tree", "Height", "Oak", "31")):
        table.cell(at // 2, at % 2).text = value
    second.notes_slide.notes_text_frame.text = TALLEST
    return _saved(deck)


def eml_sample() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Tree count"
    message["From"] = "Ann Lee <ann@mail.example>"
    message["Date"] = "Tue, 03 Mar 2020 10:00:00 +0100"
    message.set_content(f"Dear Bo,\n\n{TALLEST}\n")
    message.add_alternative("<p>not this one</p>", subtype="html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="map.pdf")
    return message.as_bytes()


def pdf_sample() -> bytes:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    out, style = io.BytesIO(), getSampleStyleSheet()
    template = SimpleDocTemplate(out, title="Survey of the wood", author="Ann Lee", invariant=1)

    def footer(canvas: object, page: object) -> None:
        canvas.drawString(100, 30, f"The survey, page {page.page}")  # type: ignore[attr-defined]  # reportlab has no types

    story = [
        Paragraph("Method", style["Heading1"]),
        Paragraph(FILLER, style["BodyText"]),
        PageBreak(),
        Paragraph("Results", style["Heading1"]),
        Paragraph(f"{TALLEST} {FILLER}", style["BodyText"]),
        PageBreak(),
        Paragraph("Outlook", style["Heading1"]),
        Paragraph(FILLER, style["BodyText"]),
    ]
    template.build(story, onFirstPage=footer, onLaterPages=footer)
    return out.getvalue()


def repacked(data: bytes, members: dict[str, bytes]) -> bytes:
    """An Office file with some parts replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in members:
                target.writestr(name, source.read(name))
        for name, content in members.items():
            target.writestr(name, content)
    return out.getvalue()


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    parts, offsets, at = [b"%PDF-1.4\n"], [], 9
    for number, content in enumerate(objects, 1):
        offsets.append(at)
        parts.append(b"%d 0 obj\n" % number + content + b"\nendobj\n")
        at += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return b"".join(
        (
            *parts,
            b"xref\n0 %d\n0000000000 65535 f \n" % size,
            table,
            b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, at),
        )
    )


def page_pdf(content: bytes, packing: bytes = b"/FlateDecode") -> bytes:
    """A PDF of one page with this content stream, in Helvetica as /F."""
    packed = zlib.compress(content, 9)
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter%s>>stream\n" % (len(packed), packing) + packed + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]  # docx and pptx documents alike
    return out.getvalue()
