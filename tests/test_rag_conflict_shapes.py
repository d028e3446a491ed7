"""Disagreements in tables, records, letters and prose, asked for in many words; and what may not be told."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rag import Answer, Rag
from rag.classes import asked_class, members
from rag.measures import fits
from rag.values import Kind, asked_kinds, values

LETTER = (
    "From: a@harbour.example\nTo: b@harbour.example\nSubject: {}\nDate: {} 2025 10:00:00 +0000\n"
    "Content-Type: text/plain; charset=utf-8\n\nHello,\nthe inspection of the Varn slipway takes place on {}."
    " Please be there at 9.\n"
)
HARBOUR = {
    "berths.csv": "berth,depth (m),harbour master\nN1,6.5,Olga Brandt\nN2,7.2,Per Lund\n",
    "berths_old.csv": "berth,depth (m),harbour master\nN1,5.9,Karl Maas\nN2,7.2,Per Lund\n",
    "crew.json": '[{"vessel": "Sea Lark", "captain": "Mona Reuter", "home port": "Varn"},'
    ' {"vessel": "Grey Heron", "captain": "Tom Ilse", "home port": "Dolm"}]',
    "crew_2.json": '[{"vessel": "Sea Lark", "captain": "Jan Osk", "home port": "Dolm"},'
    ' {"vessel": "Grey Heron", "captain": "Tom Ilse", "home port": "Dolm"}]',
    "tariff.md": "# Tariff\n\n| item | price |\n|---|---|\n| Day pass | 14 euros |\n| Bicycle | 3 euros |\n\n"
    "The tariff holds until 30 June 2025.\n",
    "leaflet.md": "# Leaflet\n\nA day pass costs 18 euros.\n\nThe tariff holds until 31 August 2025.\n",
    "one.eml": LETTER.format("Inspection", "Mon, 3 Mar", "12 April 2025"),
    "two.eml": LETTER.format("Inspection moved", "Fri, 7 Mar", "19 April 2025"),
    "report.txt": "The collision at Pier 4 happened on 6 May 2024 and injured 7 people. It was caused by"
    " fog.\n\nThe workshop stands in Harl. The director of the yard is Ines Kolb.\n",
    "news.txt": "The collision at Pier 4 happened on 8 May 2024 and injured 9 people. Witnesses blamed the"
    " collision on a broken rudder.\n\nThe workshop has its seat in Dolm. The yard's director is Peter Voss,"
    " the paper writes.\n",
}


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """Two documents of each format, which differ here and there."""
    return _open(tmp_path_factory.mktemp("harbour"), HARBOUR)


def _open(folder: Path, texts: Mapping[str, str]) -> Rag:
    documents = folder / "documents"
    documents.mkdir()
    for name, text in texts.items():
        (documents / name).write_text(text, encoding="utf-8")
    return Rag.open(documents, index=folder / "index")


def _sides(answer: Answer) -> list[dict[str, str]]:
    """The values of each conflict by the document cited; every value stands in its quote."""
    for value in (value for conflict in answer.conflicts for value in conflict.values):
        assert value.value in answer.citations[value.citation - 1].quote
    return [
        {answer.citations[value.citation - 1].document: value.value for value in conflict.values}
        for conflict in answer.conflicts
    ]


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("How deep is berth N1?", {"berths.csv": "6.5", "berths_old.csv": "5.9"}),
        (
            "Who is the harbour master of berth N1?",
            {"berths.csv": "Olga Brandt", "berths_old.csv": "Karl Maas"},
        ),
        ("Who is the captain of the Sea Lark?", {"crew.json": "Mona Reuter", "crew_2.json": "Jan Osk"}),
        ("What is the home port of the Sea Lark?", {"crew.json": "Varn", "crew_2.json": "Dolm"}),
        ("Until when does the tariff hold?", {"tariff.md": "30 June 2025", "leaflet.md": "31 August 2025"}),
        (
            "When does the inspection of the Varn slipway take place?",
            {"one.eml": "12 April 2025", "two.eml": "19 April 2025"},
        ),
        ("Where is the workshop?", {"report.txt": "Harl", "news.txt": "Dolm"}),
        ("Who is the director of the yard?", {"report.txt": "Ines Kolb", "news.txt": "Peter Voss"}),
        ("What caused the collision at Pier 4?", {"report.txt": "fog", "news.txt": "a broken rudder"}),
        (
            "Who is to blame for the collision at Pier 4?",
            {"report.txt": "fog", "news.txt": "a broken rudder"},
        ),
        ("Was the collision at Pier 4 an accident?", {"report.txt": "fog", "news.txt": "a broken rudder"}),
    ],
)
def test_both_sides_are_cited_in_every_format(harbour: Rag, question: str, sides: Mapping[str, str]) -> None:
    """Tables, records, letters and prose: each value is cited to the document that states it."""
    assert _sides(harbour.ask(question)) == [sides]


@pytest.mark.parametrize(
    "question", ["Who is the harbour master of berth N2?", "Who is the captain of the Grey Heron?"]
)
def test_rows_that_agree_are_no_conflict(harbour: Rag, question: str) -> None:
    """The same cell of two tables is told once."""
    assert _sides(harbour.ask(question)) == []


@pytest.mark.parametrize(
    "question",
    [
        "How many people were injured in the collision at Pier 4, and when did it happen?",
        "When did the collision at Pier 4 happen and how many people were injured?",
    ],
)
def test_each_disagreement_of_a_question_is_told(harbour: Rag, question: str) -> None:
    """Where a question asks for a date and a number and both differ, both are told."""
    told = _sides(harbour.ask(question))
    assert {frozenset(sides.values()) for sides in told} == {
        frozenset({"6 May 2024", "8 May 2024"}),
        frozenset({"7", "9"}),
    }


def test_one_of_three_only_shares_the_name(tmp_path: Path) -> None:
    """Two documents on one town differ; a third, on a town of the same name, does not hide that."""
    texts = {
        "a.txt": "Springfield, Ohio, is a city. The population of Springfield, Ohio, is 58,662.",
        "b.txt": "Many live in Springfield, Ohio. Last year the population of Springfield, Ohio, was 61,900.",
        "c.txt": "Springfield, Kansas, is a village. The population of Springfield, Kansas, is 1,120.",
    }
    (conflict,) = _open(tmp_path, texts).ask("What is the population of Springfield?").conflicts
    assert conflict.kind == "number"
    assert {"58,662", "61,900"} <= {value.value for value in conflict.values}


def test_a_sport_is_a_value(tmp_path: Path) -> None:
    """Members of a class that is asked for by name are compared."""
    texts = {
        "a.txt": "Nils Torv is a retired cricket player of the Harl club. He was born in Dolm.",
        "b.txt": "In his youth the teacher Nils Torv played basketball for Varn and won a medal.",
    }
    answer = _open(tmp_path, texts).ask("What sport is Nils Torv associated with?")
    assert _sides(answer) == [{"a.txt": "cricket", "b.txt": "basketball"}]


def test_members_of_classes() -> None:
    """A sport is known by its name, a language by being called one; other classes have no members."""
    assert asked_class("What sport does she play?") == "sport"
    assert asked_class("What is the original language of the film?") == "language"
    assert asked_class("What genre is it?") == ""
    assert [v.text for v in members("A Bengali-language film about ice hockey.", "language")] == ["Bengali"]
    assert [v.text for v in members("A Bengali-language film about ice hockey.", "sport")] == ["ice hockey"]
    assert members("Pop and rock.", "genre") == ()


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("When and where was it signed?", ("date", "place")),
        ("Where and when was it signed?", ("place", "date")),
        ("Who was blamed for the fire?", ("reason",)),
        ("Was the fire started on purpose?", ("reason",)),
        ("Was there an accident at the mill?", ("other",)),
        ("How come the mill burned down?", ("reason",)),
        ("Who signed it when it was late?", ("person",)),
    ],
)
def test_all_that_a_question_asks_for(question: str, kinds: tuple[Kind, ...]) -> None:
    """Kinds that are asked for together are all found; blame and accidents ask for reasons."""
    assert asked_kinds(question) == kinds


def test_people_are_counted_whole() -> None:
    """A density is no population; millions may be broken."""
    assert not fits("What is the population of Harl?", "1,720.5")
    assert not fits("How many people live in Harl?", "388.5")
    assert fits("What is the population of Harl?", "1.2 million") and fits("How deep is it?", "5.9 metres")


def test_the_year_of_a_census_is_a_date() -> None:
    """A word that ends in "us" or "is" counts nothing."""
    assert [v.text for v in values("The population was 48 at the 2010 census.", "date")] == ["2010"]
    assert [v.text for v in values("The 2008 crisis cost 12 jobs.", "date")] == ["2008"]
