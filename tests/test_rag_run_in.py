"""Titles that no format marks as headings are no answers; what stands behind them is read under them."""

from pathlib import Path

import pytest

from rag import Rag, RagSettings

_FAQ = """# Norrvik baths – frequently asked questions

**When are you open?**
Monday to Friday 6:30 to 21:30, Saturday and Sunday 8:00 to 20:00.

**From what age may children come alone?**
From eight, if they have the bronze badge. Younger ones need someone over sixteen with them.

**How warm is the water?**
The large basin has 26 degrees, the small basin 31.

**Lockers.**
They take a 1 euro coin. Padlocks are sold at the till for 7 euros.

**I lost my armband. What now?**
Tell the staff. A new one costs 10 euros.
"""
_CONTRACT = """LEASE

§ 1 The flat. The owner lets the flat on the second floor of 19 Birch Lane with three rooms and a bath.

§ 2 Rent. The sum is 890 euros a month. It is due on the third working day.

§ 3 Deposit. Tenants pay 2,670 euros. It is kept in a separate account and comes back within six months.

Rules of the yard

1. There are 64 bays.
2. Washing. The line may be used on Mondays.
3. Bonfires are prohibited all year.
"""
_HELP = """Help for guests

May I bring a dog?
Only into the garden. It stays on a lead.

Where do I leave the bicycle?
Behind the kiln, in the rack. The rack is locked at ten.
"""
_MANUAL = """<html><head><title>Nordal KV-52</title></head><body><h1>Nordal KV-52 kettle: user manual</h1>
<p>Thank you for choosing it. It holds two litres.</p><h2>Cleaning</h2><p>Rinse the filter once a week.</p>
<p>Boil a cup of vinegar in it every month.</p></body></html>"""


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    docs: Path = tmp_path_factory.mktemp("titles")
    (docs / "baths.md").write_text(_FAQ, encoding="utf-8")
    (docs / "lease.txt").write_text(_CONTRACT, encoding="utf-8")
    (docs / "kettle.html").write_text(_MANUAL, encoding="utf-8")
    (docs / "help.txt").write_text(_HELP, encoding="utf-8")
    return Rag.open(docs, settings=RagSettings(home=docs.parent / "home"))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("From what age may children come alone?", "From eight, if they have the bronze badge."),
        ("Where may I leave my bicycle?", "Behind the kiln, in the rack."),
        ("What does the flat have?", "The owner lets the flat"),
        ("How many bays are there?", "1. There are 64 bays."),
        ("What is prohibited all year?", "3. Bonfires are prohibited all year."),
        ("When is the rent due?", "It is due on the third working day."),
    ],
)
def test_what_stands_behind_a_title_answers(rag: Rag, question: str, first: str) -> None:
    """A question in bold, "§ 1 The flat." and the like are told by none; a short clause is no title."""
    said = [sentence.text for sentence in rag.ask(question).sentences]
    assert any(text.startswith(first) for text in said[:2])
    assert not any(text.startswith(("**", "§", "Nordal")) for text in said)


@pytest.mark.parametrize(
    "question",
    [
        "How warm is the small basin?",
        "Is there a user manual of the Nordal KV-52 kettle?",
        "What is said about lockers?",
        "What now if I lost my armband?",
    ],
)
def test_no_title_is_told(rag: Rag, question: str) -> None:
    """Not even beside an answer, and not a half of one."""
    said = [sentence.text for sentence in rag.ask(question).sentences]
    assert not any(text.startswith(("**", "§", "Nordal")) or text.endswith("?**") for text in said)
