"""Rows of a table: their cells, the one a question asks for, and the rows that an answer takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Answer, Rag
from rag.cells import asked_cell, cells
from rag.measures import fits

BOAT = (
    "name: Alder; built: 2021; yard: Harl; length_m: 21.8; passengers: 80; top_speed_knots: 9; is: old; slow"
)
FARE = "Route: Harl–Orme; Adult single (€): 8.40; Child single (€): 4.20; Bicycle (€): 3.00"
STAFF = "Name: Ilva Marn; Post: cashier; Place: Brez; Extension: 204; With us since: 2022"
FLEET = """name,built,length_m,passengers,home
Alder,2021,21.8,80,Harl
Birch,1988,33.2,160,Orme
Cedar,1969,17.4,45,Harl
Dogwood,2006,46.5,300,Harl
"""


@pytest.mark.parametrize(
    ("question", "row", "value"),
    [
        ("How long is the Alder?", BOAT, "21.8"),
        ("How fast is the Alder?", BOAT, "9"),
        ("When was the Alder built?", BOAT, "2021"),
        ("Which yard built the Alder?", BOAT, "Harl"),
        ("How many passengers may the Alder carry?", BOAT, "80"),
        ("How heavy is the Alder?", BOAT, None),
        ("What does a child single from Harl to Orme cost?", FARE, "4.20"),
        ("What does a single from Harl to Orme cost?", FARE, None),
        ("And with a bicycle? (child fare Harl Orme)", FARE, "3.00"),
        ("Who is the cashier?", STAFF, "Ilva Marn"),
        ("Where does Ilva Marn work?", STAFF, "Brez"),
        ("Since when has Ilva Marn been with us?", STAFF, "2022"),
        ("What is Ilva Marn's salary?", STAFF, None),
        ("How long is the Alder?", "The Alder is long: 20 metres; and old.", None),
    ],
)
def test_the_cell_asked_for(question: str, row: str, value: str | None) -> None:
    """The header decides; where two fit as well, or none, no cell is told."""
    cell = asked_cell(question, row)
    assert (cell.value if cell else None) == value
    assert cell is None or row[cell.start : cell.end] == cell.value


@given(st.text(alphabet="ab1:;. \n|é", max_size=60))
def test_cells_lie_where_they_say(text: str) -> None:
    """Each value stands at its place in the text, in order, whatever the text."""
    found = cells(text)
    assert all(text[cell.start : cell.end] == cell.value for cell in found)
    assert [cell.start for cell in found] == sorted(cell.start for cell in found)
    assert len(found) != 1


@pytest.mark.parametrize(
    ("question", "value", "fit"),
    [
        ("How long is the tunnel?", "12 kilometres", True),
        ("How long is the tunnel?", "€95", False),
        ("How fast is the boat?", "ninety seconds", False),
        ("How many days of leave are there?", "27 days", True),
        ("How many people live there?", "5,000 euros", False),
        ("How much is a ticket?", "24 hours", False),
        ("How much notice must be given?", "36 hours", True),
        ("What percentage agreed?", "12 percent", True),
        ("What is written there?", "12 percent", True),
    ],
)
def test_a_number_of_the_measure_asked_for(question: str, value: str, fit: bool) -> None:
    """Only what surely is no answer is refused."""
    assert fits(question, value) is fit


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    folder = tmp_path_factory.mktemp("fleet")
    (folder / "fleet.csv").write_text(FLEET, encoding="utf-8")
    (folder / "news.txt").write_text(
        "The Elm is a raft. A ticket for the Birch is 4 euros.\n", encoding="utf-8"
    )
    return Rag.open(folder, index=tmp_path_factory.mktemp("fleet-index"))


def _names(answer: Answer) -> list[str]:
    return [cells(sentence.text)[0].value for sentence in answer.sentences if cells(sentence.text)]


def test_the_row_of_the_name_asked_for(fleet: Rag) -> None:
    """Rows of others stay out, and the cell under the header asked for is the short answer."""
    answer = fleet.ask("How many passengers does Birch carry?")
    assert _names(answer) == ["Birch"]
    assert answer.short_answer is not None and answer.short_answer.text == "160"


def test_all_rows_that_hold_what_is_asked(fleet: Rag) -> None:
    """Several rows that hold the same of a question are a list: all are told, and none is the answer."""
    answer = fleet.ask("Which ships have Harl as their home?")
    assert {"Alder", "Cedar", "Dogwood"} <= set(_names(answer))
    assert answer.short_answer is None and answer.conflicts == ()
