"""What sentences of nearly the same words say of several is told of each; what only repeats is not."""

from pathlib import Path

import pytest

from rag import Answer, Rag

YARDS = ("Asker", "Bodø", "Moss", "Voss")
COUNTS = {"2021": 310, "2022": 355, "2023": 402}
OPENS = "The yard in {} opens at {} in the morning on weekdays.\n"
OPENS = "The yard in {} opens at {} in the morning on weekdays.\n"
FILES = {f"{name}.txt": OPENS.format(name, "nine") for name in YARDS} | {
    "Hamar.txt": OPENS.format("Hamar", "ten"),
    "again.txt": "On weekdays the yard in Voss opens at nine in the morning.\n",
    "yearly.txt": "Yearly report\n\n"
    + " ".join(
        f"In {year} the yard built {count} boats in the first half of the year."
        for year, count in COUNTS.items()
    )
    + "\n",
    "norway.txt": "Norway voted for the harbour pact. Its minister praised the text.\n",
    "denmark.txt": "Denmark voted for the harbour pact after a long debate.\n",
    "finland.txt": "Finland voted against the harbour pact.\n",
    "iceland.txt": "Iceland did not vote for the harbour pact.\n",
}


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """The files above, asked with the real encoder."""
    docs = tmp_path_factory.mktemp("repeated")
    for name, text in FILES.items():
        (docs / name).write_text(text, encoding="utf-8")
    return Rag.open(docs, index=Path(tmp_path_factory.mktemp("index")))


def held(answer: Answer, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word in answer.text]


def test_each_of_several_that_differ_in_a_name_is_told_once(rag: Rag) -> None:
    answer = rag.ask("Which yards open at nine in the morning?")
    assert held(answer, YARDS) == list(YARDS)
    assert len(answer.sentences) == len(YARDS)


def test_each_of_several_that_differ_in_a_figure_is_told(rag: Rag) -> None:
    answer = rag.ask("How many boats did the yard build in the first half of each year?")
    assert held(answer, ("310", "355", "402")) == ["310", "355", "402"]
    assert answer.short_answer is None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many boats did the yard build in the first half of 2021 and 2023?", ["310", "402"]),
        ("How many boats did the yard build in the first half of 2022?", ["355"]),
    ],
)
def test_of_what_was_not_asked_about_the_same_is_not_told(rag: Rag, question: str, told: list[str]) -> None:
    assert held(rag.ask(question), ("310", "355", "402")) == told


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Which countries voted for the harbour pact?", ["Norway", "Denmark"]),
        ("Which countries voted against the harbour pact?", ["Finland"]),
        ("Did Finland vote for the harbour pact?", ["Finland"]),
    ],
)
def test_who_did_the_reverse_is_not_listed(rag: Rag, question: str, told: list[str]) -> None:
    answer = rag.ask(question)
    assert held(answer, ("Norway", "Denmark", "Finland", "Iceland")) == told
