"""Tables and lists of foreign formats: a value stands under its own header, and a list with its article."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats import docx_text, html_pages, pptx_slides, rst_text
from index.formats.table_rows import Grid, row_texts
from index.limits import Limits
from index.records import Block

LIMITS = Limits()
MERGED = [
    "Country: France; City: Paris; People: 2",
    "Country: France; City: Lyon; People: 1",
    "Country, City: Both; People: 3",
]
PROSE = [
    "The council met on Tuesday in the old hall and spoke for three hours about the bridge and its cost.",
    "The engineers said that the pillars are sound but that the deck must be replaced before the winter.",
    "People who live on the far side will get a bus that runs every ten minutes from six until midnight.",
]


def page(data: str) -> list[tuple[str, str, str]]:
    """(kind, reason, text) of each block of a page."""
    parsed = html_pages.read(data.encode(), LIMITS)
    return [(b.kind, b.reason, parsed.text[b.start : b.end]) for b in parsed.blocks]


def rows(text: str, blocks: tuple[Block, ...]) -> list[str]:
    return [text[b.start : b.end] for b in blocks if b.kind == "row"]


def test_merged_cells_of_a_page_shift_nothing() -> None:
    """A cell over two rows is said in both, one over two columns under both names."""
    table = (
        "<table><caption>Cities</caption><tr><th>Country<th>City<th>People</tr>"
        "<tr><td rowspan=2>France<td>Paris<td>2</tr><tr><td>Lyon<td>1</tr>"
        "<tr><td colspan=2>Both<td>3</tr></table>"
    )
    assert page(table) == [("text", "", "Cities"), *(("row", "", text) for text in MERGED)]


def test_merged_cells_of_other_formats_shift_nothing() -> None:
    """Word, PowerPoint and reStructuredText say merged cells in their own ways."""
    import docx
    import pptx
    from pptx.util import Inches

    document, deck = docx.Document(), pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    shape = slide.shapes.add_table(4, 3, Inches(1), Inches(1), Inches(4), Inches(2))
    files = []
    for table, saved in ((document.add_table(4, 3), document), (shape.table, deck)):
        cells = ["Country", "City", "People", "France", "Paris", "2", "", "Lyon", "1", "Both", "", "3"]
        for at, value in enumerate(cells):
            table.cell(at // 3, at % 3).text = value
        table.cell(1, 0).merge(table.cell(2, 0))
        table.cell(3, 0).merge(table.cell(3, 1))
        saved.save(out := io.BytesIO())
        files.append(out.getvalue())
    drawn = """
+---------+-------+--------+
| Country | City  | People |
+=========+=======+========+
| France  | Paris | 2      |
|         +-------+--------+
|         | Lyon  | 1      |
+---------+-------+--------+
| Both            | 3      |
+-----------------+--------+
"""
    for parsed in (
        docx_text.read(files[0], LIMITS),
        pptx_slides.read(files[1], LIMITS),
        rst_text.read(drawn.encode(), LIMITS),
    ):
        assert rows(parsed.text, parsed.blocks) == MERGED


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            "<tr><th rowspan=2>Year<th colspan=2>Sales</tr><tr><th>North<th>South</tr>"
            "<tr><td>2020<td>5<td>6</tr>",
            ["Year: 2020; Sales North: 5; Sales South: 6"],
        ),
        (
            "<thead><tr><td>Kind<td>Shelf</tr></thead><tr><td>Green<td>top</tr>",
            ["Kind: Green; Shelf: top"],
        ),
        ("<tr><th>Born<td>Rome</tr><tr><th>Died<td>Pisa</tr>", ["Born: Rome", "Died: Pisa"]),
        ("<tr><th>Only<th>Names</tr>", ["Only: Names"]),
        (
            "<tr><th colspan=2>Staff of 2020</tr><tr><th>Name<th>Role</tr><tr><td>Ada<td>smith</tr>",
            ["Staff of 2020", "Name: Ada; Role: smith"],
        ),
        (
            "<tr><th>Team<th>Players</tr><tr><td>Red<td><ul><li>Ada<li>Bo</ul></tr>",
            ["Team: Red; Players: Ada Bo"],
        ),
    ],
)
def test_headers_of_a_page(table: str, said: list[str]) -> None:
    """Headers may take two rows, or be marked by their group; a header beside its value is no header row."""
    assert [text for _, _, text in page(f"<table>{table}</table>")] == said


def test_two_columns_of_a_letter_have_a_header_where_it_is_set_apart() -> None:
    """Bold, styled, or over figures of which some are missing; else the rows are name and value."""
    import docx

    document = docx.Document()
    for cells, style, bold in (
        ("Tree Height Oak 31 Elm none Ash 25", None, False),
        ("Name Role Ada smith Bo clerk", None, True),
        ("Name Role Ada smith Bo clerk", "Light Grid", False),
        ("Born Rome Died Pisa", "Table Grid", False),
    ):
        words = cells.split()
        table = document.add_table(len(words) // 2, 2, style)
        for at, word in enumerate(words):
            run = table.cell(at // 2, at % 2).paragraphs[0].add_run(word)
            run.bold = bold and at < 2
    document.save(out := io.BytesIO())
    parsed = docx_text.read(out.getvalue(), LIMITS)
    staff = ["Name: Ada; Role: smith", "Name: Bo; Role: clerk"]
    assert rows(parsed.text, parsed.blocks) == [
        "Tree: Oak; Height: 31",
        "Tree: Elm; Height: none",
        "Tree: Ash; Height: 25",
        *staff,
        *staff,
        "Born: Rome",
        "Died: Pisa",
    ]


@pytest.mark.parametrize(
    "items",
    [
        "<ul><li>Cost: 4 m<li>Start: May</ul>",
        "<div class=box><ul><li><div>Cost: 4 m</div><li><div>Start: May</div></ul></div>",
        "<p>Two plans were on the table:</p><ul><li><a href=a>Cost: 4 m</a><li><a href=b>Start: May</a></ul>",
        "<dl><dt>Cost<dd>4 m<dt>Start<dd>May</dl>",
    ],
)
def test_a_list_inside_an_article_is_its_body(items: str) -> None:
    """Whether few or many, linked or not; links around the article stay outside it."""
    links = "<ul><li><a href=x>Storm takes roof</a><li><a href=y>Mayor resigns</a></ul>"
    found = page(
        f"<html><body><div>{links}</div><main><h1>The bridge</h1>"
        f"<p>{PROSE[0]}</p><p>{PROSE[1]}</p>{items * 3}"
        f"<p>{PROSE[2]}</p></main><div>{links}</div></body></html>"
    )
    outside = [text for _, reason, text in found if reason]
    assert outside == ["Storm takes roof", "Mayor resigns"] * 2
    assert [text for _, reason, text in found if not reason].count("Cost: 4 m") == 3


def test_a_hidden_part_of_a_line_is_no_part_of_it() -> None:
    """What a reader cannot see inside a paragraph, a cell or a term is marked; the rest stays one block."""
    found = page(
        "<p>The price is 20 <span style='display:none'>or 99</span>euros.</p>"
        "<table><tr><th>A<th>B</tr><tr><td>1<i hidden>one</i><td style='display:none'>two</tr></table>"
        "<dl><dt hidden>three<dd>seen</dl>"
    )
    assert [(reason, text) for _, reason, text in found] == [
        ("", "The price is 20 euros."),
        ("hidden", "or 99"),
        ("", "A: 1"),
        ("hidden", "one two"),
        ("hidden", "three"),
        ("", "seen"),
    ]


@given(
    st.lists(
        st.lists(st.tuples(st.text("ab", max_size=2), st.integers(1, 3), st.integers(1, 3)), max_size=4),
        max_size=5,
    )
)
def test_every_cell_is_said(table: list[list[tuple[str, int, int]]]) -> None:
    """Whatever reaches where, no cell of a row is lost, and nothing but a repeated cell is said twice."""
    grid = Grid()
    for row in table:
        grid.start_row()
        for cell in row:
            grid.add(*cell)
    said = dict(row_texts(grid.rows, 0))
    for number, row in enumerate(table, start=1):
        words = re.split("[;:] ", said.get(number, ""))
        assert all(words.count(text) >= [t for t, _, _ in row].count(text) for text, _, _ in row if text)
    once = Grid()
    for row in table:
        once.start_row()
        for text, across, _ in row:
            once.add(text, across)
    flat = [word for _, text in row_texts(once.rows, 0) for word in re.split("[;:] ", text)]
    assert flat == [text for row in table for text, _, _ in row if text]
