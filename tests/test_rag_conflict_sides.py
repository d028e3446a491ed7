"""Every side of a disagreement is told, and the newest of all is what is called newer."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rag import Answer, Rag
from rag.sides import wording

FAIR = (
    "The fair opens at the town square in the second week of May. Stalls are given out by lot. The fee for a"
    " stall is {} euros. Helpers get a meal and a drink. The fair ends with fireworks on Sunday night.\n"
)
FILES = {
    "fair-2023-01-01.txt": FAIR.format(40),
    "fair-2024-01-01.txt": FAIR.format(52),
    "board-2025-01-01.txt": "Decision of the board: the fee for a stall is 60 euros.\n",
    "depot-2021-03-01.txt": "The old depot behind the mill holds 300 crates of apples.\n\nIt was built in"
    " haste.\n\nBy rule, the old depot behind the mill holds 320 crates of apples.\n",
    "depot-2022-03-01.txt": "Since a wall was moved, the old depot holds 410 crates of apples.\n",
}


def opened(place: Path, files: Mapping[str, str]) -> Rag:
    docs = place / "docs"
    docs.mkdir()
    for name, text in files.items():
        (docs / name).write_text(text, encoding="utf-8")
    return Rag.open(docs, index=place / "index")


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """The files above, asked with the real encoder."""
    return opened(tmp_path_factory.mktemp("sides"), FILES)


def told(answer: Answer) -> list[str]:
    return [wording(conflict, answer.citations) for conflict in answer.conflicts]


@pytest.mark.parametrize(
    ("question", "values", "newest"),
    [
        ("How much is the fee for a stall?", ["60 euros", "52 euros", "40 euros"], "board-2025-01-01.txt"),
        ("How many crates of apples does the old depot hold?", ["410", "300", "320"], "depot-2022-03-01.txt"),
    ],
)
def test_what_a_third_document_says_is_a_side_beside_two_copies(
    rag: Rag, question: str, values: list[str], newest: str
) -> None:
    answer = rag.ask(question)
    (conflict,) = answer.conflicts
    assert [value.value.removesuffix(" crates") for value in conflict.values] == values
    assert answer.citations[conflict.values[0].citation - 1].document == newest
    if "fee" in question:
        assert told(answer)[0].endswith(f"[{conflict.values[0].citation}] is newer.")
