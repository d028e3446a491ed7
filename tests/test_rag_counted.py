"""Which number of a text may be the one that is asked for."""

from pathlib import Path

import pytest

from rag import Rag, RagSettings
from rag.counted import fitness

_BLAZE = """Norrvik Post, 7 October 2025

Blaze in the sawmill

A blaze that broke out on Sunday destroyed a hall of the sawmill in Norrvik. About 120 firefighters fought the
blaze until noon. It started shortly after 19:20 in a store.

Four people were hurt in the hall and have since gone home. The owner puts the damage of the blaze at 3.2
million euros.
"""
_LEASE = """Lease of the flat

The owner lets the flat on the second floor of 19 Birch Lane, Norrvik, with three rooms and a cellar (no. 6).
Floor space: 74 square metres.
"""
_PIE = """# Fish pie

Serves 5.

- 600 g haddock
- half a litre of milk
- 3 leeks

There is no flour in the fish pie.
"""


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    docs: Path = tmp_path_factory.mktemp("numbers")
    for name, text in {"post.txt": _BLAZE, "lease.txt": _LEASE, "pie.md": _PIE}.items():
        (docs / name).write_text(text, encoding="utf-8")
    return Rag.open(docs, settings=RagSettings(home=docs.parent / "home"))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How many people were hurt in the blaze of the sawmill?", "Four people"),
        ("How big was the damage of the blaze in the sawmill?", "3.2\nmillion"),
        ("How many people does the fish pie feed?", "Serves 5."),
        ("How much flour is in the fish pie?", "no flour"),
    ],
)
def test_the_number_asked_for_stands_first(rag: Rag, question: str, first: str) -> None:
    """Not the 120 who fought the blaze, not the half litre, and none may be the number."""
    assert first in rag.ask(question).sentences[0].text


def test_a_size_is_told_with_its_measure(rag: Rag) -> None:
    """The number of a house, of its rooms or of a cellar is none."""
    assert "74 square metres" in rag.ask("How big is the flat in Birch Lane?").text


@pytest.mark.parametrize(
    ("question", "likely", "less"),
    [
        ("How many people left?", "About 260 people left.", "About 120 houses stood empty."),
        ("How many people left?", "About 260 left.", "It began at 19:20."),
        ("How many workers took part?", "We asked 412 workers.", "We asked 412 employees."),
        ("How many workers took part?", "We asked 412 employees.", "We walked 12 km."),
        ("How many does it feed?", "Serves 5.", "See § 4, rule 5, no. 6 and the KV-52."),
        ("How big is the flat?", "It has 74 square metres.", "It lies in 19 Birch Lane."),
        ("How big is the flat?", "It has 74 square metres.", "It has three rooms."),
        ("How high is the reward?", "A reward of 5,000 euros is offered.", "It hung there for 3 weeks."),
        ("How many days is it closed?", "It is closed for 3 days.", "Call 5550 3131 or +49 781 552014."),
        ("How much of it was lost?", "About a third.", "It was the third day."),
        ("How old is the bridge?", "The bridge was built in 1931.", "It carries 14,000 cars a day."),
    ],
)
def test_a_likely_number_is_told_from_others(question: str, likely: str, less: str) -> None:
    """By what it counts and measures; a time, a code, a place and a telephone number are no numbers."""
    assert fitness(question, likely) > fitness(question, less)
