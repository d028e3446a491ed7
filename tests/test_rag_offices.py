"""Who holds an office is told by the name beside it, where the office is the one asked about."""

from pathlib import Path

import pytest

from index.words import terms
from rag import Rag, RagSettings
from rag.offices import holder, holders, office_asked
from rag.peoples import by_place

DOCUMENTS = {
    "visit.md": "The Norwegian ambassador, Ilva Marn, met Mayor Jorn Vask of Harlow, the capital of Denmark.",
    "weir.md": "Harlow lies on the Lenn. The mayor of the town of Harlow opened a weir with the ambassador.",
}


@pytest.mark.parametrize(
    "question",
    ["Who is Ann Lee?", "Who was Napoleon?", "Who opened the weir?", "What is a mayor?", "Who is it?"],
)
def test_other_questions_ask_for_no_office(question: str) -> None:
    office = office_asked(question)
    assert office is None or holder(office, "Mayor Ann Lee met the keeper, Jorn Vask.") is None


@pytest.mark.parametrize(
    ("question", "text", "name"),
    [
        ("Who is the president of Norway?", "Talks with Norwegian President Ilva Marn began.", "Ilva Marn"),
        (
            "Who is the president of Norway?",
            "Danish President Jorn Vask met Norwegian President Ilva Marn.",
            "Ilva Marn",
        ),
        ("Who is the president of Norway?", "President Vask flies to Oslo, the capital of Norway.", ""),
        ("Who is the president of Norway?", "The president of Norway, Ilva Marn, resigned.", "Ilva Marn"),
        ("Who is the president of Norway?", "Marn, the president of Norway, met Jorn Vask.", "Marn"),
        ("Who is the ambassador to Oslo?", "Ambassador to Oslo Jorn Vask left.", "Jorn Vask"),
        ("who is our project manager", "Ann Lee (project manager) signed.", "Ann Lee"),
        ("Who's the project manager?", "Project manager: Ann Lee", "Ann Lee"),
        ("Who is the project manager?", "The project manager is now Ann Lee.", "Ann Lee"),
        ("Who is the project manager?", "Ann Lee, deputy project manager, signed.", ""),
        ("Who is the deputy project manager?", "Ann Lee, deputy project manager, signed.", "Ann Lee"),
        ("Who is the project manager?", "We need a project manager.", ""),
        ("Who is the project manager?", "She is the project manager.", ""),
        ("Who is the captain?", "The first woman to be captain was Ilva Marn in 1975.", ""),
        ("Who was the captain?", "The captain was Ilva Marn in 1975.", "Ilva Marn"),
        ("Who is the governor?", "The guests were Ann Lee, governor Jorn Vask and others.", "Jorn Vask"),
        ("Who was the first mayor?", "Ilva Marn, a farmer of Lower Lenn, was the first mayor.", ""),
        ("Who is the chairman?", "It was said by Mr. Vask. Chairman Ann B. Lee agreed.", "Ann B. Lee"),
        ("Who is the head of Green Roofs?", "The head of Green Roofs is Ann Lee.", "Ann Lee"),
        ("Who is the head of Green Roofs?", "The head of Green Roofs Ann Lee is Danish.", ""),
        ("Who was the keeper of the weir?", "Jorn Vask was appointed keeper of the weir.", "Jorn Vask"),
    ],
)
def test_the_name_beside_the_office(question: str, text: str, name: str) -> None:
    office = office_asked(question)
    assert office is not None
    found = holder(office, text)
    assert (found.text if found else "") == name
    assert found is None or text[found.start : found.end] == name


def test_the_holder_is_the_short_answer(tmp_path: Path) -> None:
    """Of several names the one of the office, and its sentence first."""
    (tmp_path / "docs").mkdir()
    for name, text in DOCUMENTS.items():
        (tmp_path / "docs" / name).write_text(text, encoding="utf-8")
    with Rag.open(tmp_path / "docs", settings=RagSettings(home=tmp_path)) as rag:
        for question, name in (
            ("Who is the mayor of Harlow?", "Jorn Vask"),
            ("Who is the ambassador of Norway?", "Ilva Marn"),
        ):
            answer = rag.ask(question)
            assert answer.short_answer is not None and answer.short_answer.text == name
            assert answer.citations[0].document == "visit.md"


def test_a_people_is_known_by_its_place() -> None:
    assert by_place(terms("Serbian Chinese embassy")) == frozenset(terms("Serbia China embassies"))
    assert by_place(terms("polish")) != by_place(terms("Poland"))


def test_a_row_tells_who_holds_an_office(tmp_path: Path) -> None:
    """A name that stands in a sentence with the office is neither the answer nor another one beside it."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "offices.md").write_text(
        "# Offices\n\n| Office | Name |\n|---|---|\n| Treasurer | Jorn Vask |\n| Captain | Ilva Marn |\n",
        encoding="utf-8",
    )
    (tmp_path / "docs" / "boats.md").write_text(
        "The new boat was named Lady Vask after the treasurer paid for it. "
        "The first woman to be captain was Hanne Roe in 1975.\n",
        encoding="utf-8",
    )
    with Rag.open(tmp_path / "docs", settings=RagSettings(home=tmp_path)) as rag:
        for question, name in (("Who is the treasurer?", "Jorn Vask"), ("Who is the captain?", "Ilva Marn")):
            answer = rag.ask(question)
            assert answer.short_answer is not None and answer.short_answer.text == name
            assert answer.conflicts == ()


@pytest.mark.parametrize(
    ("question", "text", "names"),
    [
        (
            "Who are the members of the board?",
            "The members of the board are Ann Lee, Bo Ek and Ilva Marn.",
            ["Ann Lee", "Bo Ek", "Ilva Marn"],
        ),
        (
            "Who are the keepers of the weir?",
            "Ann Lee & Bo Ek, keepers of the weir, left.",
            ["Bo Ek", "Ann Lee"],
        ),
        ("Who is the captain?", "The captain is Ann Lee, and Bo Ek is her deputy.", ["Ann Lee"]),
    ],
)
def test_each_of_several_holders_is_named(question: str, text: str, names: list[str]) -> None:
    office = office_asked(question)
    assert office is not None
    assert [name.text for name in holders(office, text)] == names


def test_where_several_hold_an_office_none_of_them_is_the_short_answer(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "firm.md").write_text(
        "# The firm\n\nThe directors of Lenn Works are Ann Lee and Bo Ek. "
        "The chairman of Lenn Works is Jorn Vask.\n\n"
        "The winners of the prize were Ilva Marn and Dan Gil.\n",
        encoding="utf-8",
    )
    with Rag.open(tmp_path / "docs", settings=RagSettings(home=tmp_path)) as rag:
        for question, held in (
            ("Who are the directors of Lenn Works?", "Ann Lee and Bo Ek"),
            ("Who were the winners of the prize?", "Ilva Marn and Dan Gil"),
        ):
            answer = rag.ask(question)
            assert held in answer.text and answer.short_answer is None
        one = rag.ask("Who is the chairman of Lenn Works?").short_answer
        assert one is not None and one.text == "Jorn Vask"
