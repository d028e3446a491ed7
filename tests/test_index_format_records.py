"""Records and messages: a citation says where in the file they stand; a line break ends no sentence."""

import io
import json
import zipfile

import pytest
from sample_files import repacked

from index.errors import UnreadableSource
from index.formats import docx_text, email_text, json_records, pdf_pages, plain_text, rst_text
from index.formats.parsed import Parsed
from index.limits import Limits

LIMITS = Limits()
_LINKS = "word/_rels/document.xml.rels"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NOTE_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
WRAPPED = """the minutes of the meeting on Tuesday are attached to this message, and I
have added the names of those who could not come, as you asked me to do in
your last letter. Please have a look at the second page, where the sum of
money was wrong, and tell me whether it is right now or needs more work."""
ADDRESS = f"See https://mail.example/{'a-long-address/' * 7}."


def said(parsed: Parsed) -> list[tuple[int | None, str, str]]:
    """(page, kind, text) of each block."""
    return [(b.page, b.kind, parsed.text[b.start : b.end]) for b in parsed.blocks]


def mail(body: str, flowed: bool = False) -> list[str]:
    """The blocks of a message's body."""
    kind = "text/plain; charset=utf-8" + "; format=flowed" * flowed
    data = f"Subject: Minutes\nContent-Type: {kind}\n\n{body}"
    return [text for _, _, text in said(email_text.read(data.encode(), LIMITS))][1:]


def test_records_are_counted_where_they_stand() -> None:
    """Each list of an object counts its own records under its path; the object itself has no number."""
    value = {
        "title": "Stock",
        "bins": [{"name": "Bolt", "left": 3}, {"name": "Nut", "left": 5}],
        "staff": {"day": [{"name": "Ada"}], "hours": 8},
    }
    parsed = json_records.read(json.dumps(value).encode(), LIMITS)
    assert said(parsed) == [
        (None, "row", "title: Stock; staff.hours: 8"),
        (None, "heading", "bins"),
        (1, "row", "name: Bolt; left: 3"),
        (2, "row", "name: Nut; left: 5"),
        (None, "heading", "staff.day"),
        (1, "row", "name: Ada"),
    ]
    assert parsed.metadata == {"title": "Stock"}


def test_a_value_alone_is_a_record() -> None:
    """A file may hold a text and nothing around it."""
    assert said(json_records.read(b'"Just a text."', LIMITS)) == [(None, "row", "Just a text.")]


def test_an_unknown_character_set_is_guessed() -> None:
    """A message that names one nobody knows is read all the same."""
    data = "Subject: x\nContent-Type: text/plain; charset=nonsense\n\nÄrger über Öl.\n".encode()
    assert said(email_text.read(data, LIMITS))[1:] == [(None, "text", "Ärger über Öl.")]


def test_a_line_that_is_too_long_is_refused() -> None:
    """docutils would leave it out without a word."""
    with pytest.raises(UnreadableSource, match="line of 1200000 characters"):
        rst_text.read(b"word " * 240_000, LIMITS)


def test_notes_of_a_letter_follow_its_text() -> None:
    """Footnotes are text of their author; the lines that set them off are none."""
    import docx

    document = docx.Document()
    document.add_paragraph("The bridge fell.")
    document.save(out := io.BytesIO())
    with zipfile.ZipFile(out) as package:
        types, links = (package.read(name) for name in ("[Content_Types].xml", _LINKS))
    note = (
        f'<w:footnotes xmlns:w="{_W}"><w:footnote w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>It was rebuilt.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{_KIND}.footnotes+xml"/></Types>'
    link = f'<Relationship Id="rId99" Type="{_NOTE_LINK}" Target="footnotes.xml"/></Relationships>'
    members = {
        "word/footnotes.xml": note.encode(),
        "[Content_Types].xml": types.replace(b"</Types>", override.encode()),
        _LINKS: links.replace(b"</Relationships>", link.encode()),
    }
    found = said(docx_text.read(repacked(out.getvalue(), members), LIMITS))
    assert [text for _, _, text in found] == ["The bridge fell.", "It was rebuilt."]


def test_a_long_line_does_not_cut_the_others() -> None:
    """A pasted address in a message that is broken at a fixed width leaves its paragraphs whole."""
    body = f"Dear Bo,\n\n{WRAPPED}\n\n{ADDRESS}\n\n{WRAPPED}\n\nAnn\n"
    whole = " ".join(WRAPPED.split())
    assert mail(body) == ["Dear Bo,", whole, ADDRESS, whole, "Ann"]


def test_headlines_beside_a_long_line_stay_apart() -> None:
    """Lines of like length that each begin anew are not taken for a broken paragraph."""
    lines = [f"Number {n} of the headlines that all come to the same width, say {n}" for n in range(8)]
    text = "\n".join([*lines, "A paragraph that is as long as a paragraph may be. " * 6])
    assert len(plain_text.blocks(text)) == 9


def test_a_quotation_is_read_without_its_marks() -> None:
    """What another wrote is set off, whole sentences of it; flowed lines are joined."""
    body = (
        "Bo wrote:\n> The meeting begins at six in the \n> small hall.\n>> Where is it?\n>\n> Bring keys.\n\n"
        "I shall come at \nseven.\n-- \nAnn\n"
    )
    assert mail(body, flowed=True) == [
        "Quoted: Bo wrote:",
        "The meeting begins at six in the small hall.",
        "Quoted: an earlier message",
        "Where is it?",
        "Quoted: Bo wrote:",
        "Bring keys.",
        "Minutes",
        "I shall come at seven.",
        "--",
        "Ann",
    ]


def test_a_formula_of_a_document_is_text() -> None:
    """What a formula says stands in its sentence."""
    import docx
    from docx.oxml import parse_xml

    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    document = docx.Document()
    paragraph = document.add_paragraph("Energy is ")
    paragraph._p.append(parse_xml(f'<m:oMath xmlns:m="{math}"><m:r><m:t>E=mc</m:t></m:r></m:oMath>'))
    paragraph.add_run(" always.")
    document.save(out := io.BytesIO())
    assert said(docx_text.read(out.getvalue(), LIMITS))[0][2] == "Energy is E=mc always."


def test_running_heads_and_page_numbers_are_marked_wherever_a_program_draws_them() -> None:
    """First or last in the file or not: what recurs at the edges of pages, figures aside."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(out := io.BytesIO())
    for number in range(1, 5):
        canvas.drawString(50, 820, "Journal of Bridges")
        canvas.drawRightString(545, 20, str(number))
        canvas.drawString(72, 600, f"This is what stands on page {'abcd'[number - 1]} alone.")
        canvas.showPage()
    canvas.setAuthor("(anonymous)")
    canvas.save()
    parsed = pdf_pages.read(out.getvalue(), LIMITS)
    assert sum(block.reason == "page_furniture" for block in parsed.blocks) == 8
    assert sum(block.verdict == "body" for block in parsed.blocks) == 4
    assert "author" not in parsed.metadata
