"""A file of which a part is bad: the good part is indexed, and the report says what is not, each time."""

from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.mime.message import MIMEMessage
from email.mime.text import MIMEText
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_room import MODELS

from index import IndexSettings, build_index, explain, open_index
from index.errors import UnreadableSource
from index.formats import csv_rows, email_text, json_records, pdf_pages
from index.formats.parsed import Parsed
from index.limits import Limits

LIMITS = Limits()
CELLS = st.lists(st.lists(st.text('ab",;\n '), min_size=1, max_size=4), min_size=1, max_size=6)


def said(parsed: Parsed) -> list[tuple[int | None, str]]:
    return [(block.page, parsed.text[block.start : block.end]) for block in parsed.blocks]


def table(text: str) -> Parsed:
    return csv_rows.read(text.encode(), LIMITS)


def test_a_bad_line_costs_only_itself(tmp_path: Path) -> None:
    """It is named with its reason by the build that reads the file, by each later one, and by `explain`."""
    docs, settings = tmp_path / "docs", IndexSettings(encoder="hash:", home=tmp_path, models=MODELS)
    docs.mkdir()
    (docs / "a.jsonl").write_text('{"tree": "oak"}\nno json\n\n{"tree": "elm"}\n', "utf-8")
    for added in (("a.jsonl",), ()):
        report = build_index(docs, tmp_path / "i", settings=settings)
        assert report.added == added
        (row,) = report.skipped
        assert (row.path, row.partly, row.unreadable) == ("a.jsonl", True, False)
        assert row.reason == "1 of 3 lines left out: line 2 is no JSON: Expecting value (column 1)"
        index = open_index(tmp_path / "i", settings)
        assert index.skipped == report.skipped
        assert index.document("a.jsonl").text == "tree: oak\ntree: elm"
    assert "line 2" in explain("a.jsonl", docs, settings).flaws
    (docs / "a.jsonl").write_text('{"tree": "oak"}\n', "utf-8")
    assert build_index(docs, tmp_path / "i", settings=settings).skipped == ()


def test_many_bad_lines_are_counted() -> None:
    """The first few are named; a file without a good line is refused."""
    parsed = json_records.read_lines(b'{"a": 1}\n' + b"x\n" * 40, LIMITS)
    assert parsed.flaws.startswith("40 of 41 lines left out: line 2 is no JSON")
    assert parsed.flaws.endswith("; and 35 more")
    with pytest.raises(UnreadableSource, match=r"line 1 is no JSON.*so is every other"):
        json_records.read_lines(b"x\ny\n", LIMITS)


def test_values_of_a_row_too_wide_get_no_names() -> None:
    """A comma without quotes shifts all that follows: no value may stand under a wrong name."""
    parsed = table("Name,Town,Age\nSmith, John,Rome,35\nAnn,Oslo,3\nBo,Bern\nCy,Bonn,9,,\n")
    assert said(parsed) == [
        (2, "Smith; John; Rome; 35"),
        (3, "Name: Ann; Town: Oslo; Age: 3"),
        (4, "Name: Bo; Town: Bern"),
        (5, "Name: Cy; Town: Bonn; Age: 9"),
    ]
    assert parsed.flaws == "more cells than columns, left without their names: row 2"


def test_a_stray_quote_costs_only_its_line() -> None:
    """A quote that is never closed, or closed in the middle, is a character like others."""
    parsed = table('a,b,c\n1,"open,2\n2,3,4\n5,"x"y,6\n7,"two\nlines",9\n')
    assert [text for _, text in said(parsed)] == [
        'a: 1; b: "open; c: 2',
        "a: 2; b: 3; c: 4",
        'a: 5; b: "x"y; c: 6',
        "a: 7; b: two lines; c: 9",
    ]
    assert parsed.flaws == "quotes that make no sense, taken as they stand: line 2, 4"


def test_lines_above_a_table_are_text() -> None:
    """A title and empty lines come before the names of the columns in many a report."""
    parsed = table("Sales of the year\n\nRegion,Sold,Head\nNorth,12,Ann\n")
    assert said(parsed) == [(1, "Sales of the year"), (4, "Region: North; Sold: 12; Head: Ann")]
    assert not parsed.flaws
    assert said(table("sep=;\nName;Price;Age\nAnn;1,5;3\n")) == [(2, "Name: Ann; Price: 1,5; Age: 3")]


@given(CELLS, st.sampled_from(",;"))
def test_no_word_of_a_table_is_lost(rows: list[list[str]], delimiter: str) -> None:
    """However its cells are quoted or not."""
    text = "\n".join(delimiter.join(row) for row in rows)
    for said_of in (text, text.replace('"', '""')):
        parsed = csv_rows.read(said_of.encode(), LIMITS)
        named = parsed.text + parsed.note
        assert all((letter in named) for letter in set(text) & set("ab"))


def test_a_mail_passed_on_is_read() -> None:
    """A message inside another, and a text between attachments, are shown to whoever opens the mail."""
    inner, outer = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"] = "Ann <a@x.example>", "The bridge"
    inner.set_content("It is two metres wide.")
    outer["From"], outer["Subject"] = "Bo <b@x.example>", "Fwd: The bridge"
    outer.set_content("See below.")
    outer.make_mixed()
    plan, logo = MIMEApplication(b"%PDF", "pdf"), MIMEImage(b"\x89PNG", "png")
    plan.add_header("Content-Disposition", "attachment", filename="plan.pdf")
    for part in (MIMEMessage(inner), MIMEText("Text after it."), plan, logo):
        outer.attach(part)
    parsed = email_text.read(outer.as_bytes(), LIMITS)
    assert [text for _, text in said(parsed)] == [
        "Fwd: The bridge",
        "From: Bo <b@x.example>",
        "See below.",
        "Quoted: The bridge",
        "From: Ann <a@x.example>",
        "It is two metres wide.",
        "Fwd: The bridge",
        "Text after it.",
    ]
    assert (parsed.note, parsed.flaws) == ("pictures (1): image/png", "attachments not read (1): plan.pdf")


def test_a_scanned_page_among_others_is_named() -> None:
    """A page that is a picture holds no text; one that is empty is nothing to tell."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(out := BytesIO())
    canvas.drawString(72, 700, "The first page has text.")
    canvas.showPage()
    canvas.showPage()
    canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "gray")), 50, 50, 500, 700)
    canvas.showPage()
    canvas.save()
    parsed = pdf_pages.read(out.getvalue(), LIMITS)
    assert said(parsed) == [(1, "The first page has text.")]
    assert parsed.flaws == "pictures without text, perhaps scanned: page 3"
