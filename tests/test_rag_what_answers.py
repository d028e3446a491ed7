"""What makes a sentence the answer: a time of day for "when", the thing to do first for "how do I …"."""

import pytest

from rag import Rag, RagSettings
from rag.how_to import opens_doing, thing_done
from rag.times import may_tell_time, tells_time

CAMP = """# Birchwood camp 2031/32

Campers who come after breakfast wash their own cups at Birchwood.

Breakfast: 7:40

## Kiln

The kiln repairs nothing, and a cracked pot in the kiln stays cracked. Glazes are fired in the kiln at night.
Fire a pot with the small button beside the door.
"""
ROTA = "name,hut,start\nOdile Marsh,Larch,2029-05-01\nBram Voss,Larch,2030-02-11\nPia Lund,Rowan,2028-01-09\n"


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    docs = tmp_path_factory.mktemp("docs")
    (docs / "camp.md").write_text(CAMP, encoding="utf-8")
    (docs / "rota.csv").write_text(ROTA, encoding="utf-8")
    (docs / "huts.txt").write_text("The Larch hut cannot be heated in winter.\n", encoding="utf-8")
    settings = RagSettings(home=tmp_path_factory.mktemp("home"))
    bold = settings.model_copy(update={"answer": settings.answer.model_copy(update={"threshold": 0.0})})
    return Rag.open(docs, settings=bold)


def first(rag: Rag, question: str) -> str:
    return rag.ask(question).sentences[0].text


def test_when_is_answered_by_a_time_of_day(rag: Rag) -> None:
    """Neither by a title that has a year nor by a sentence that only has the words."""
    assert first(rag, "When is breakfast at Birchwood?") == "Breakfast: 7:40"


def test_how_to_is_answered_by_what_opens_with_doing_it(rag: Rag) -> None:
    """ "Fire a pot with …", not what is said of kilns and pots."""
    assert (
        first(rag, "How do I fire a pot in the kiln?") == "Fire a pot with the small button beside the door."
    )


def test_who_is_answered_by_rows_with_names(rag: Rag) -> None:
    """A sentence without any name stands behind the rows that have the cell asked for."""
    told = [sentence.text for sentence in rag.ask("Who is in Larch?").sentences][:2]
    assert sorted(text.split("; ")[0] for text in told) == ["name: Bram Voss", "name: Odile Marsh"]


@pytest.mark.parametrize(
    ("question", "text", "same"),
    [
        ("How do I add a printer?", "Add a printer with the wizard.", True),
        ("How can we add printers?", "To add a printer, open the wizard.", True),
        ("How to remove a printer", "Adding a printer takes a minute.", False),
        ("What is a printer?", "Is it a printer?", False),
    ],
)
def test_the_thing_to_do(question: str, text: str, same: bool) -> None:
    """It is the word behind "how do I"; a sentence opens with it, or with "to" and it."""
    assert (bool(thing_done(question)) and thing_done(question) == opens_doing(text)) is same


@pytest.mark.parametrize(
    ("text", "tells", "may"),
    [
        ("Doors open at 19:30.", True, True),
        ("Choir meets on Mondays.", True, True),
        ("Closed at 4 pm.", True, True),
        ("Report it within two days.", False, True),
        ("Version 2:1 of the map is blue.", False, False),
        ("The hall is blue.", False, False),
    ],
)
def test_times(text: str, tells: bool, may: bool) -> None:
    """Times of day and of the week are told; other words of time may tell when."""
    assert tells_time(text) is tells and may_tell_time(text) is may
