"""Every side of a disagreement is told, the newest called newer, and what only shares a name told apart."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rag import Answer, Rag
from rag.agreement import agree
from rag.causes import stated_causes
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
    "ohio.txt": "Tisbury, a town in Ohio, was founded in 1801. It has 58,000 inhabitants.\n",
    "norway.txt": "Tisbury, a village in Norway, was founded in 1791. It has 1,200 inhabitants.\n",
    "then.txt": "Date: 4 May 2019\n\nThe museum director is Hanna Weiss. Entry costs 8 euros. "
    "The museum has 120 paintings.\n",
    "now.txt": "Date: 9 September 2024\n\nThe museum director is Paul Renn. Entry costs 11 euros. "
    "The museum has about 121 paintings.\n",
    "rules.txt": "Dogs are not allowed on the beach. Cats are allowed in the park.\n",
    "leaflet.txt": "Dogs are allowed on the beach from October to March.\n",
    "courier.txt": "The fire in the boat shed of Voss was started deliberately, an officer believes.\n",
    "herald.txt": "According to the fire chief, the fire in the boat shed of Voss was caused by a lamp.\n",
    "island.txt": "Karlsund has about 5,000 inhabitants.\n",
    "history.txt": "In 1950 Karlsund had 2,100 inhabitants.\n",
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


@pytest.mark.parametrize(
    ("question", "kind", "values"),
    [
        ("When was Tisbury founded?", "ambiguous", {"1801", "1791"}),
        ("How much does entry cost?", "number", {"11 euros", "8 euros"}),
        ("WHO IS THE MUSEUM DIRECTOR", "person", {"Paul Renn", "Hanna Weiss"}),
        ("Are dogs allowed on the beach?", "yes_no", {FILES["leaflet.txt"].strip()}),
    ],
)
def test_two_of_one_name_are_no_conflict_and_one_thing_without_a_name_is(
    rag: Rag, question: str, kind: str, values: set[str]
) -> None:
    (conflict,) = rag.ask(question).conflicts
    assert conflict.kind == kind
    assert values <= {value.value for value in conflict.values}


@pytest.mark.parametrize(
    "question", ["Are cats allowed on the beach?", "How many inhabitants does Karlsund have?"]
)
def test_what_is_told_of_another_thing_or_of_another_time_is_no_conflict(rag: Rag, question: str) -> None:
    answer = rag.ask(question)
    assert answer.sentences
    assert not answer.conflicts


def test_that_something_was_done_on_purpose_differs_from_another_cause(rag: Rag) -> None:
    (conflict,) = rag.ask("What caused the fire in the boat shed of Voss?").conflicts
    assert conflict.kind == "reason"
    assert {value.value for value in conflict.values} == {"deliberately", "a lamp"}


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        ("It was deliberately set on Monday.", ["deliberately"]),
        ("It is not known whether the fire was started deliberately.", []),
        ("Nobody set it on purpose.", []),
    ],
)
def test_intent_is_a_cause_where_it_is_asserted(text: str, causes: list[str]) -> None:
    assert [cause.text for cause in stated_causes(text)] == causes


def test_two_words_for_intent_do_not_differ() -> None:
    assert agree("reason", "deliberately", "arson by two boys")
    assert agree("reason", "deliberately", "a lamp") is False
