"""Rows of a Markdown table are found by what its columns are called, which only its first row says."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_room import MODELS

from index import IndexSettings, build_index, open_index
from index.chunks import chunk, embedded_text
from index.clean import mark
from index.columns import columns_within, tables_of
from index.counting import open_counter
from index.encoders.hashing import HashEncoder
from index.formats import markdown
from index.records import Document
from index.words import terms

COUNTER = open_counter(MODELS / "tiktoken", len)
RULE = "| --- | ---: | :-- |\n"
TREES = "# Trees\n\nCounted in spring.\n\n| Tree | Height in metres | Gardener |\n" + RULE
TREES += "".join(f"| Kind{n} | {n} | {'Ann' if n % 2 else 'Bo'} |\n" for n in range(60)) + "\nThe end.\n"
CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=8)


def read(text: str) -> Document:
    return Document("a.md", "", text, "Park", blocks=markdown.blocks(text), format="md")


def test_each_chunk_of_a_long_table_names_its_columns() -> None:
    """For encoding and word search only; the span stays the text of its own rows."""
    document = read(TREES)
    pieces = chunk(document, 64, COUNTER, HashEncoder())
    middle = [piece for piece in pieces if "Kind" in piece.text]
    assert len(middle) > 4
    for piece in middle:
        told = embedded_text("Park", piece, HashEncoder())
        assert told.count("Height in metres") == 1
        assert piece.text == TREES[piece.start : piece.end]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_middle_of_a_table_is_found_by_its_column(end: str, tmp_path: Path) -> None:
    """A question that names the column finds the rows, by words and by vectors of the stored index."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "trees.md").write_bytes(TREES.replace("\n", end).encode())
    settings = IndexSettings(encoder="hash:", home=tmp_path, models=MODELS, chunk_tokens=64)
    build_index(tmp_path / "docs", tmp_path / "i", settings=settings)
    index = open_index(tmp_path / "i", settings)
    wanted = next(piece for piece in index.chunks("trees.md") if "Kind41" in piece.text)
    assert wanted.columns == "Tree | Height in metres | Gardener"
    assert index.matching(terms("height kind41"), 1)[0][0] == wanted.id
    vector = index.vectors_of(["tree height metres gardener"])[0]
    found = index.chunks_by_id([number for number, _ in index.nearest(vector, 4)])
    assert all("Height" in piece.columns for piece in found.values())


def test_two_tables_keep_their_own_columns() -> None:
    """Also where nothing but an empty line parts them; text beside a table has none."""
    text = f"| a | b | c |\n{RULE}| 1 | 2 | 3 |\n\n| d | e | f |\n{RULE}| 4 | 5 | 6 |\n\nAfter.\n"
    tables = tables_of(read(text))
    assert [table.columns for table in tables] == ["a | b | c", "d | e | f"]
    for row, columns in (("1 | 2", "a | b | c"), ("4 | 5", "d | e | f"), ("After", "")):
        assert columns_within(tables, text.index(row), text.index(row) + 5) == columns


def test_a_table_of_a_saved_page_is_no_menu() -> None:
    """Short cells look like links to the marking of boilerplate; rows stay."""
    furniture = (
        "Subscribe\n\nAdvertisement\n\nShare this article\n\nRead more\n\nSign up\n\nCookie policy\n\n"
    )
    text = f"{furniture}| Item | Cost | Note |\n{RULE}| Home | 3 | x |\n| News | 4 | y |\n\n{furniture}"
    blocks = mark(text, markdown.blocks(text), True)
    verdicts = {text[block.start : block.end]: block.verdict for block in blocks}
    assert verdicts["Home | 3 | x"] == verdicts["News | 4 | y"] == "body"
    assert verdicts["Advertisement"] == "boilerplate"


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_rows_are_the_text_of_the_file(rows: list[tuple[str, str]]) -> None:
    """Whatever cells hold, rows are spans in order, without bars around them, and lose no cell."""
    text = "| a | b |\n| - | - |\n" + "".join(f"| {a} | {b} |\n" for a, b in rows)
    found = markdown.blocks(text)
    assert all(one.end <= two.start for one, two in pairwise(found))
    kept = "".join(text[block.start : block.end] for block in found)
    assert _cells(kept) == _cells(text) and not kept.startswith("|")


def _cells(text: str) -> str:
    return "".join(c for c in text if c not in "|-\\>" and not c.isspace())
