"""What was changed, quoted, estimated or found by others is no side of the document that tells it.

Nor is a pronoun, the deed of somebody else or another place a side of anything.
"""

from pathlib import Path

import pytest

from rag import Answer, Rag
from rag.causes import stated_causes
from rag.sides import wording
from rag.standing import counts, is_reported, names_another, standing
from rag.values import Kind, values

DOCUMENTS = {
    "regatta.eml": "From: Ines Kolb <ines@lagoon.example>\nTo: all@lagoon.example\nSubject: Re: "
    "Lagoon regatta\n"
    "Date: Thu, 12 Jun 2025 16:40:00 +0200\nContent-Type: text/plain; charset=utf-8\n\nDear all,\n\n"
    "Per has approved a budget of 6,400 euros.\n\nInes\n\nOn Mon, 5 May 2025, Ines Kolb wrote:\n"
    "> The regatta needs helpers.\n> The budget is 5,100 euros.\n",
    "board_march.txt": "Minutes of the board, March\n\nIt was decided to raise the mooring fee "
    "from 12 to 15 euros.\n"
    "Tom Ilse voted against it.\n",
    "board_june.txt": "Minutes of the board, June\n\nThe decision of March was reversed. "
    "The mooring fee stays at 12 euros.\n",
    "january.md": "# Meeting in January\n\nPresent: Ada, Frau Winkler, Herr Mohn (ground floor).\n\n"
    "- The kiosk gets a new awning. Cost: about 300 euros, shared by all.\n",
    "march.md": "# Meeting in March\n\nPresent: Ada, Herr Mohn, Family Berger.\n\n"
    "The awning was bought by Herr Mohn for 340 euros.\n\nThe kiosk of house 7 was painted.\n",
    "okafor2018.txt": "Summer blooms in two lagoons\n\nR. Okafor and P. Lind (2018)\n\nAbstract\n\n"
    "We took 64 samples in the lagoons of Varn and Dolm.\n\nResults\n\n"
    "The mean water temperature was 21.2 °C (standard error 0.3 °C). In Varn it reached 23.8 °C, "
    "in Dolm 19.1 °C.\n\n"
    "Discussion\n\nWe attribute the bloom mainly to fertiliser from the fields, because rain was frequent. "
    "We did not measure oxygen.\n",
    "castell2022.txt": "Summer blooms in two lagoons: another look\n\nM. Castell (2022)\n\nAbstract\n\n"
    "Okafor and Lind (2018) reported a mean water temperature of 21.2 °C. "
    "The mean water temperature was 19.7 °C (95 % interval 19.1 to 20.3 °C).\n\nResults\n\n"
    "The water temperature in Varn fell to 22.0 °C.\n\nDiscussion\n\n"
    "Warm nights, not fertiliser, seem to be the main cause of the bloom, since it began in August.\n",
    "painters.txt": "The outside painting of house 4 by Ada Mohn begins on 6 May 2025.\n",
    "painters_2.txt": "The outside painting of house 9 by Ada Mohn begins on 8 June 2025.\n",
    "notes.md": "# Notes on the lagoon papers\n\nOkafor's sample had 64 jars. Castell is the only "
    "one who measured"
    " oxygen.\n\nOne of the editors asked for a map.\n",
}


@pytest.fixture(scope="module")
def lagoon(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """Letters, minutes and papers of which some correct others."""
    folder = tmp_path_factory.mktemp("lagoon")
    documents = folder / "documents"
    documents.mkdir()
    for name, text in DOCUMENTS.items():
        Path(documents, name).write_text(text, encoding="utf-8")
    return Rag.open(documents, index=folder / "index")


def _told(answer: Answer) -> list[list[str]]:
    """The values of each conflict, in order; each stands in what it cites."""
    for value in (value for conflict in answer.conflicts for value in conflict.values):
        assert value.value in answer.citations[value.citation - 1].quote
    return [[value.value for value in conflict.values] for conflict in answer.conflicts]


def test_what_a_mail_quotes_is_the_older_side(lagoon: Rag) -> None:
    """The newer value first, each with the day of its own message."""
    answer = lagoon.ask("What is the budget of the regatta?")
    assert _told(answer) == [["6,400 euros", "5,100 euros"]]
    assert [value.date for value in answer.conflicts[0].values] == ["2025-06-12", "2025-05-05"]
    newer = answer.conflicts[0].values[0].citation
    assert f"[{newer}] is newer" in wording(answer.conflicts[0], answer.citations)
    assert wording(answer.conflicts[0], answer.citations).startswith("Sources differ")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How much is the mooring fee?", {"15 euros", "12 euros"}),
        ("How much did the awning cost?", {"300 euros", "340 euros"}),
        ("What was the mean water temperature?", {"21.2 °C", "19.7 °C"}),
        ("How high was the water temperature in Varn?", {"23.8 °C", "22.0 °C"}),
        ("What is the main cause of the bloom?", {"fertiliser from the fields", "Warm nights"}),
        (
            "Is the bloom caused by fertiliser or by warm nights?",
            {"fertiliser from the fields", "Warm nights"},
        ),
    ],
)
def test_a_document_that_names_both_values_holds_one(lagoon: Rag, question: str, told: set[str]) -> None:
    """A rise, a reversal, an estimate, another's result: what the document itself ends with is its side."""
    assert [set(values) for values in _told(lagoon.ask(question))] == [told]


@pytest.mark.parametrize(
    "question",
    [
        "How many samples did Okafor take?",
        "Did Okafor measure oxygen?",
        "Who is Herr Mohn?",
        "When does the outside painting of house 4 by Ada Mohn begin?",
    ],
)
def test_nothing_is_told_of_others_than_those_asked_about(lagoon: Rag, question: str) -> None:
    """A pronoun is no number, Castell is not Okafor, and who stands beside a name is not its bearer."""
    assert _told(lagoon.ask(question)) == []


@pytest.mark.parametrize(
    ("kind", "text", "left"),
    [
        ("number", "It was decided to raise the fee from 45 to 52 euros.", ["52 euros"]),
        ("number", "The fee was cut from 45 euros a year to 40 euros.", ["40 euros"]),
        ("number", "It costs 9,150 euros instead of 8,400 euros.", ["9,150 euros"]),
        ("number", "The mean was 0.9 °C (95 % interval 0.5 to 1.3 °C).", ["0.9 °C"]),
        ("number", "Children from 6 to 12 years pay half.", ["6 to 12 years", "half"]),
        ("date", "The fair was moved from 3 May 2025 to 9 June 2025.", ["9 June 2025"]),
        ("date", "It takes place on 9 June 2025, not on 3 May 2025.", ["9 June 2025"]),
        ("date", "The office is closed from 3 May to 9 June 2025.", ["3 May to 9 June 2025"]),
    ],
)
def test_a_change_gives_its_outcome(kind: Kind, text: str, left: list[str]) -> None:
    """A span of time or of ages is no change."""
    found = standing(kind, text, values(text, kind))
    assert [value.text for value in found] == left
    assert all(text[value.start : value.end] == value.text for value in found)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("She is the only one who came.", []),
        ("One of the editors left.", []),
        ("No one came.", []),
        ("One boat sank.", ["One"]),
        ("The tour of house 12 has 3 stops.", ["3"]),
        ("Room 4 holds 30 chairs.", ["30"]),
    ],
)
def test_a_pronoun_and_a_label_count_nothing(text: str, counted: list[str]) -> None:
    """Only what counts or measures is a number that can differ."""
    assert [value.text for value in values(text, "number") if counts(text, value)] == counted


@pytest.mark.parametrize(
    ("one", "other", "another"),
    [
        ("House 2 is painted in May.", "House 11 is painted in May.", True),
        ("What does house 12 cost?", "House 2 and house 13 cost 9 euros.", True),
        ("What does house 12 cost?", "House 12 and house 13 cost 9 euros.", False),
        ("Version 2 has 4 doors.", "House 3 has 4 doors.", False),
    ],
)
def test_things_with_other_numbers_are_others(one: str, other: str, another: bool) -> None:
    """What is numbered is told apart by its number."""
    assert names_another(one, other) is another
    assert not names_another(
        "The board meets in room 4.", "The board meets in room 5.", "Which room is it in?"
    )


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("Okafor and Lind (2018) reported 21 °C.", True),
        ("According to Lind it was 21 °C.", True),
        ("It was estimated at 21 °C.", True),
        ("The mean was 21 °C.", False),
        ("According to our data it was 21 °C.", False),
    ],
)
def test_what_others_found_is_reported(text: str, reported: bool) -> None:
    """What the writer says for himself is not."""
    assert is_reported(text) is reported


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        ("Warm nights, not fertiliser, seem to be the main cause of the bloom.", ["Warm nights"]),
        ("A lamp is believed to have been the cause of the fire.", ["A lamp"]),
        ("This was the cause of the fire.", []),
        ("We attribute it to wind, because rain was rare.", ["wind"]),
        ("It sank because rain came in.", ["rain came in"]),
    ],
)
def test_a_cause_may_be_named_before_what_it_is_of(text: str, causes: list[str]) -> None:
    """Why something is put down to a cause is no further cause."""
    assert [value.text for value in stated_causes(text)] == causes
