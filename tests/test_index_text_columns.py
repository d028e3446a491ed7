"""Plain text in columns: invoices, timetables and price lists, a line at a time and their columns named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats import plain_text
from index.formats.text_columns import aligned_reading, is_justified, table_lines
from rag import Rag

INVOICE = """QUAY ENGINES LTD
Harbour Road 18, Dolm

INVOICE No. 2025-118                       Date: 24 April 2025
Customer no.: 4711
Bill to: Boat Club Dolm, Mill Lane 3

Pos  Description                  Qty   Unit price      Amount
1    Winch K2, 40 m rope            1     4,900.00    4,900.00
2    Anchor chain                   2       145.00      290.00
                                        Net total     5,190.00
                                        VAT 20 %      1,038.00
                                        Total         6,228.00 EUR

Payment: within 30 days net, or within 10 days with 2 % cash discount.
Bank: Savings Bank Dolm, account 3456 7890
Warranty: 24 months on the winch.
"""
TRIP = """BOAT CLUB OUTING                              Booking ref. KX4TP9

Sat 9 May 2026
 06:50  Train from Dolm to Varn (change at Esk Junction), arrives 08:32
 10:25  Ferry to Heron Island, 2 h 50 min, seats on the upper deck

Sun 10 May
 09:30  Guided walk through the old town, guide: Ines Tavora
 22:30  Night coach to Dolm
"""
PRICES = """Garage prices

Clutch kit                         612.40
Labour 6.5 h at 78.00              507.00
Total                            1,119.40
"""
PROSE = """The slow train leaves the main station of Dolm every morning at
nine and reaches the lake at noon; who misses it can take the boat
that sails from the north pier in the afternoon, on most days at
17:05 or a little later, and arrives in the evening, when the inns
are still open and the lamps along the quay have just been lit.
"""
JUSTIFIED = """The   old  mill  stands  where  the  two  rivers
meet, and   its  wheel  has  turned since before
anyone  in   the village can remember, grinding
rye  for   the  three  parishes  on  the  hill.
"""


def told(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in plain_text.blocks(text)]


def test_the_rows_of_an_invoice_stand_below_its_columns() -> None:
    """Each line is a block, and what names the columns names no thing itself."""
    found = told(INVOICE)
    assert ("text", "INVOICE No. 2025-118                       Date: 24 April 2025") in found
    assert [kind for kind, _ in found].count("columns") == 1
    assert [text.split()[0] for kind, text in found if kind == "row"] == ["1", "2", "Net", "VAT", "Total"]
    assert ("text", "Bank: Savings Bank Dolm, account 3456 7890") in found


def test_entries_of_a_timetable_are_not_joined_and_are_no_headings() -> None:
    """Nor is what stands at the other margin of a title a part of it."""
    found = told(TRIP)
    assert found[:3] == [
        ("heading", "BOAT CLUB OUTING"),
        ("text", "Booking ref. KX4TP9"),
        ("heading", "Sat 9 May 2026"),
    ]
    entries = [text for _, text in found if text[:2].isdigit()]
    assert [text[:5] for text in entries] == ["06:50", "10:25", "09:30", "22:30"]
    assert all(kind == "text" for kind, text in found if text in entries)


def test_wrapped_prose_stays_one_block() -> None:
    """Though a line of it begins with a time, or spaces were put in to set it to one width."""
    assert [kind for kind, _ in told(PROSE)] == ["text"]
    assert is_justified(JUSTIFIED.splitlines())
    assert [kind for kind, _ in told(JUSTIFIED)] == ["text"]
    assert not is_justified(PRICES.splitlines()[2:])


def test_letters_set_apart_are_a_heading() -> None:
    """They are one word."""
    assert told("T H E   M I L L\n\nIt stands on the hill above the lake.\n")[0][0] == "heading"


def test_cells_are_named_by_where_they_stand() -> None:
    """An empty cell is none; a sum below a later column is a name and its value."""
    columns = "Boat         Berth   Owner           Length"
    assert aligned_reading(columns, "Kestrel       14                      11.0 m") == (
        "Boat: Kestrel; Berth: 14; Length: 11.0 m"
    )
    assert aligned_reading(columns, "             Total              20.4 m") == "Total: 20.4 m"
    assert aligned_reading("A\tB\tC", "1\t2\t3") == "A: 1; B: 2; C: 3"


@given(st.lists(st.text(alphabet="ab1 \t-:", max_size=40), min_size=1, max_size=8))
def test_any_lines_have_rows_within_them(lines: list[str]) -> None:
    """Rows lie behind the columns and within the lines, and a reading has only words of the row."""
    first, past = table_lines(lines)
    assert (first, past) == (0, 0) or 0 < first < past <= len(lines)
    for row in lines[first:past]:
        reading = aligned_reading(lines[0], row)
        assert all(word in reading for word in row.split()) or not reading


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """The texts above, asked with the real encoder."""
    docs = tmp_path_factory.mktemp("club")
    for name, text in (("invoice.txt", INVOICE), ("trip.txt", TRIP), ("prices.txt", PRICES)):
        Path(docs, name).write_text(text, encoding="utf-8")
    return Rag.open(docs, index=Path(tmp_path_factory.mktemp("index")))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What is the booking ref of the outing?", "Booking ref. KX4TP9"),
        ("When does the night coach to Dolm leave?", "22:30  Night coach to Dolm"),
        ("What is the unit price of the anchor chain?", "Unit price: 145.00"),
        ("How much did the clutch kit cost?", "Clutch kit                         612.40"),
    ],
)
def test_a_line_answers_alone(club: Rag, question: str, said: str) -> None:
    """With nothing of the lines around it, and cited to the character."""
    answer = club.ask(question)
    (sentence,) = [each for each in answer.sentences if said in each.text]
    assert "\n" not in sentence.text and sentence.support.label == "supported"
    quoted = answer.citations[sentence.citations[0] - 1]
    assert club.document(quoted.document).text[quoted.start : quoted.end] == quoted.quote
