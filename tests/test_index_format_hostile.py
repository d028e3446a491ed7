"""Damaged and hostile files: refused by name, quickly, in little memory, and nothing else is lost."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_files import TALLEST, docx_sample, page_pdf, pdf_sample, pptx_sample, raw_pdf, repacked

from index import IndexSettings, build_index, open_index
from index.errors import UnreadableSource
from index.limits import Limits
from index.parser_worker import ParserWorker
from index.reading import read_data

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document_xml(content: str, before: str = "") -> dict[str, bytes]:
    return {"word/document.xml": f"{before}<w:document {W}><w:body>{content}</w:body></w:document>".encode()}


def laughs() -> bytes:
    levels = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE l [<!ENTITY x0 "lol">{levels}]>'
    return repacked(docx_sample(), document_xml("<w:p><w:r><w:t>&x9;</w:t></w:r></w:p>", head))


def outside() -> bytes:
    head = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return repacked(docx_sample(), document_xml("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", head))


def encrypted() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 700, TALLEST)
    canvas.save()
    return out.getvalue()


def many_pages(count: int = 100_000) -> bytes:
    kids = b" ".join(b"%d 0 R" % (at + 3) for at in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    pages = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    return raw_pdf(b"<</Type/Catalog/Pages 2 0 R>>", pages, *[page] * count)


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": (
        ".docx",
        lambda: repacked(docx_sample(), {"word/document.xml": b"<a>" + b" " * 200_000_000}),
        "times its size",
    ),
    "many parts": (
        ".docx",
        lambda: repacked(docx_sample(), {f"x/{n}.xml": b"<a/>" for n in range(1500)}),
        "parts",
    ),
    "billion laughs": (".docx", laughs, "document type or entities"),
    "external entity": (".docx", outside, "document type or entities"),
    "deep xml": (
        ".docx",
        lambda: repacked(docx_sample(), document_xml("<w:sdt>" * 5000 + "</w:sdt>" * 5000)),
        "deep",
    ),
    "zip slip": (".docx", lambda: repacked(docx_sample(), {"../../x.xml": b"<a/>"}), "leaves the archive"),
    "cut docx": (".docx", lambda: docx_sample()[:4000], "damaged"),
    "broken xml": (".docx", lambda: repacked(docx_sample(), {"word/document.xml": b"<a><b>"}), "damaged XML"),
    "no word in it": (".docx", pptx_sample, "without word/document.xml"),
    "cut pptx": (".pptx", lambda: pptx_sample()[:4000], "damaged"),
    "broken pptx": (
        ".pptx",
        lambda: repacked(pptx_sample(), {"ppt/presentation.xml": b"<a/>"}),
        "cannot be read",
    ),
    "encrypted pdf": (".pdf", encrypted, "encrypted"),
    "empty pages": (".pdf", many_pages, "100000 pages"),
    "page loop": (
        ".pdf",
        lambda: raw_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 900000/Kids[2 0 R 2 0 R]>>"),
        "pages",
    ),
    "stream bomb": (".pdf", lambda: page_pdf(b" " * 400_000_000), "unpacks to more than 10 MB"),
    "text bomb": (
        ".pdf",
        lambda: page_pdf(b"BT /F 9 Tf " + b"(hello) Tj " * 3_000_000),
        "unpacks to more than 10 MB",
    ),
    "packed twice": (".pdf", lambda: page_pdf(b"x", b"[/FlateDecode/FlateDecode]"), "compressed twice"),
    "deep objects": (
        ".pdf",
        lambda: raw_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"[" * 200_000 + b"]" * 200_000),
        "damaged",
    ),
    "cut pdf": (".pdf", lambda: pdf_sample()[:1200], "damaged"),
    "pictures only": (".pdf", lambda: page_pdf(b"0 0 m 9 9 l S"), "pictures"),
    "deep json": (".json", lambda: b"[" * 200_000 + b"]" * 200_000, "deep"),
    "cut json": (".json", lambda: b'{"a": [1,', "no JSON"),
    "no json lines": (".jsonl", lambda: b'{"a": 1\n{"b"\n', "line 1 is no JSON"),
    "deep html": (".html", lambda: b"<div>" * 100_000 + b"x", "deep"),
    "open quotes": (".csv", lambda: b"a,b\n" + b'1,"never closed\n' * 99 + b'"', "no well-formed table"),
    "binary csv": (".csv", lambda: b"a\0b", "NUL"),
    "deep rst": (".rst", lambda: "\n".join("  " * n + "* x\n" for n in range(1000)).encode(), "deep"),
    "no mail": (".eml", lambda: b"just words\n", "no e-mail"),
    "deep mail": (
        ".eml",
        lambda: (
            b"Subject: x\n"
            + b"".join(
                b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3000)
            )
        ),
        "deep",
    ),
    "no pdf": (".pdf", lambda: b"words", "not a PDF"),
    "pdf as text": (".txt", pdf_sample, "its content is a PDF"),
    "zip as markdown": (".md", docx_sample, "zip archive"),
    "old office": (".docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted Office"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name: str) -> None:
    """In time and half a gigabyte of address space, with a reason that fits."""
    suffix, make, reason = HOSTILE[name]
    data = make()
    # What takes longer is refused for another reason, and the test fails.
    with ParserWorker(Limits(memory_mb=512, wall_seconds=20)) as worker:
        with pytest.raises(UnreadableSource, match=reason):
            read_data(f"hostile{suffix}", data, worker)
        assert worker.peak_mb < 512


@pytest.mark.slow
def test_a_million_columns_are_read() -> None:
    """Odd but honest: offsets hold and the process survives."""
    row = ",".join("1" for _ in range(1_000_000))
    with ParserWorker(Limits()) as worker:
        parsed = read_data("wide.csv", f"{row}\n{row}\n".encode(), worker)
    assert len(parsed.blocks) == 2


def test_nothing_is_read_from_outside(tmp_path: Path) -> None:
    """Directives that include files, and external references, bring nothing in."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret word", encoding="utf-8")
    directives = (
        f".. include:: {secret}",
        f".. csv-table:: t\n   :file: {secret}",
        f".. raw:: html\n   :file: {secret}",
    )
    rst = "\n\n".join(("Title\n=====", "Seen.", *directives, ""))
    page = f'<p>Seen.</p><iframe src="file://{secret}"></iframe><object data="file://{secret}"></object>'
    with ParserWorker(Limits()) as worker:
        for name, text in (("a.rst", rst), ("a.html", page)):
            parsed = read_data(name, text.encode(), worker)
            assert "Seen." in parsed.text and "secret word" not in parsed.text


def test_a_bad_file_costs_only_itself(tmp_path: Path) -> None:
    """The others are indexed, the reason is in the report, an earlier version stays."""
    docs, target, settings = tmp_path / "docs", tmp_path / "index", IndexSettings(encoder="hash:")
    docs.mkdir()
    (docs / "a.docx").write_bytes(docx_sample())
    (docs / "b.json").write_text(json.dumps([{"a": "b"}]), encoding="utf-8")
    assert build_index(docs, target, settings=settings).added == ("a.docx", "b.json")
    (docs / "a.docx").write_bytes(laughs())
    (docs / "c.pdf").write_bytes(b"no pdf")
    report = build_index(docs, target, settings=settings)
    assert [(row.path, row.unreadable) for row in report.skipped] == [("a.docx", True), ("c.pdf", True)]
    assert "entities" in report.skipped[0].reason
    assert TALLEST in open_index(target, settings).document("a.docx").text


def test_boxes_in_boxes_are_read_once() -> None:
    """Each text of a nest of text boxes, in order; not each as often as there are ways to it."""
    nest = "<w:p><w:r><w:t>level0</w:t></w:r></w:p>"
    for level in range(1, 16):
        box = f"<w:r><w:pict><w:txbxContent>{nest}</w:txbxContent></w:pict></w:r>"
        nest = f"<w:p><w:r><w:t>level{level}</w:t></w:r>{box}</w:p>"
    with ParserWorker(Limits()) as worker:
        read = worker.parse(".docx", repacked(docx_sample(), document_xml(nest)))
    assert read.text.split() == [f"level{level}" for level in reversed(range(16))]
