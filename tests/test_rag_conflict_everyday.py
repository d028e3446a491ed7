"""Disagreements in a folder as people keep them: what is told, the newer first, and what must not be told."""

import pytest

from index import Document
from index.records import Block
from rag import Answer, Rag
from rag.classes import asked_class, doers, members
from rag.entities import are_different
from rag.measures import fits
from rag.quantities import quantity
from rag.sides import wording
from rag.standing import dated
from rag.values import asked_kind

MAIL = (
    "From: ada@mill.example\nTo: all@mill.example\nSubject: {}\nDate: {} Mar 2026 16:05:00 +0000\n"
    "Content-Type: text/plain; charset=utf-8\n\n{}\n"
)
MEALS = (
    "Meals at the mill, from {}\n\nA meal at the mill costs {} a day. Small children eat free of charge.\n"
)
FILES = {
    "courses.md": "# Courses\n\n| course | day | price |\n|---|---|---|\n| Weaving | Friday | 24 euros |\n"
    "| Pottery | Monday | 45 euros |\n",
    "leaflet.md": "# Leaflet\n\nThe pottery course costs 48 euros.\n",
    "meals.txt": MEALS.format("January 2026", "2.75 euros"),
    "meals_old.txt": MEALS.format("September 2024", "2.45 euros"),
    "first.eml": MAIL.format("Choir rehearsal", "Mon, 2", "The rehearsal is on Tuesday 7 April in room 12."),
    "second.eml": MAIL.format(
        "Re: Choir rehearsal", "Wed, 4", "The rehearsal has been moved to Thursday 9 April, same time."
    ),
    "minutes_may.txt": "MINUTES OF THE BOARD\nDate: 4 May 2025\n\nThe wheel fund holds 8,400 euros.\n",
    "minutes_june.txt": "MINUTES OF THE BOARD\nDate: 2 June 2025\n\nThe wheel fund holds 9,150 euros.\n",
    "lease.txt": "LEASE\n\n1. Property. The cottage is let with 74 square metres and a cellar.\n\n"
    "7. Heating. The cottage is heated by a stove.\n",
    "house.md": "# House meeting\n\nThe costs of the stove are split among four cottages.\n",
    "CHANGELOG.md": "# Changes\n\n## 2.0\n\n### Removed\n\n- Tape drives are supported by Vardok.\n",
    "faq.md": "# Questions\n\nTape drives are not supported by Vardok.\n",
}


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """The files above, asked with the real encoder."""
    docs = tmp_path_factory.mktemp("everyday")
    for name, text in FILES.items():
        (docs / name).write_text(text, encoding="utf-8")
    return Rag.open(docs, index=tmp_path_factory.mktemp("index"))


def sides(answer: Answer) -> list[dict[str, str]]:
    """The values of each conflict by the document cited; every value stands in its quote."""
    for value in (value for conflict in answer.conflicts for value in conflict.values):
        assert value.value in answer.citations[value.citation - 1].quote
    return [
        {answer.citations[value.citation - 1].document: value.value for value in conflict.values}
        for conflict in answer.conflicts
    ]


def test_a_row_of_markdown_and_a_sentence_differ(rag: Rag) -> None:
    """The row is compared as it reads, and cited as it is written."""
    answer = rag.ask("What does the pottery course cost?")
    assert sides(answer) == [{"courses.md": "45 euros", "leaflet.md": "48 euros"}]


@pytest.mark.parametrize(
    "question",
    [
        "What does the weaving course cost?",
        "How much does the stove cost?",
        "Are meals free for small children?",
        "How large is the cottage?",
        "Are tape drives supported by Vardok?",
    ],
    ids=["the row answers", "another thing", "yes or no", "numbers that count", "removed is denied"],
)
def test_nothing_is_invented(rag: Rag, question: str) -> None:
    """What differs beside the question is no disagreement about it."""
    assert sides(rag.ask(question)) == []


def test_mails_differ_in_what_they_say_and_not_in_their_heads(rag: Rag) -> None:
    """The day of the week belongs to its date; when a mail was sent is contradicted by no other."""
    answer = rag.ask("When is the choir rehearsal?")
    assert sides(answer) == [{"second.eml": "9 April", "first.eml": "7 April"}]
    assert "moved to Thursday 9 April" in answer.sentences[0].text


@pytest.mark.parametrize(
    ("question", "newer", "older"),
    [
        ("How much does the wheel fund hold?", "9,150 euros", "8,400 euros"),
        ("How much does a meal at the mill cost?", "2.75 euros", "2.45 euros"),
    ],
)
def test_the_later_document_stands_first(rag: Rag, question: str, newer: str, older: str) -> None:
    """Documents without a date of their own have the one they state; the older value stays."""
    answer = rag.ask(question)
    (conflict,) = answer.conflicts
    assert [value.value for value in conflict.values] == [newer, older]
    assert newer in answer.sentences[0].text and older in answer.text
    assert wording(conflict, answer.citations).endswith(f"[{conflict.values[0].citation}] is newer.")


@pytest.mark.parametrize(
    ("title", "path", "opening", "date"),
    [
        ("House meeting, 10 February 2025", "a.md", "", "2025-02-10"),
        ("Meals, from January 2026", "a.md", "", "2026-01"),
        ("Minutes", "minutes_2025-02-11.txt", "", "2025-02-11"),
        ("", "a.txt", "MINUTES\nDate: 4 September 2025\n", "2025-09-04"),
        ("Leave", "a.md", "Version 4, in force since 1 January 2025. It replaces one of 2022.", "2025-01-01"),
        ("The fire of 6 June 1944", "a.txt", "The mill burned on 6 June 1944.", ""),
        ("2013 Lake Open", "a.txt", "", ""),
        ("Prices (2024)", "a.txt", "", ""),
        ("Quay closed", "a.txt", "Dolm Gazette, Tuesday 7 October 2025\n\nQuay closed\n", "2025-10-07"),
        ("Quay closed", "a.txt", "Wend Valley Post – 9 October 2025\n\nQuay closed\n", "2025-10-09"),
        ("Ada Rill", "a.txt", "Ada Rill\n7 Mill Lane\n\nDolm, 2 December 2025\n\nDear all,\n", "2025-12-02"),
        ("Handbook", "a.md", "# Handbook\n\nVersion 7, revised 3 February 2025. By Ada Rill.", "2025-02-03"),
        ("Notice", "a.md", "# Notice\n\nLast change: 5 January 2026\n", "2026-01-05"),
        ("Invoice", "a.txt", "INVOICE No. 17              Date: 24 April 2025\n", "2025-04-24"),
        ("Boat club: meeting, 26 April 2025, 15:00, in the hut", "a.txt", "", "2025-04-26"),
        (
            "Contract",
            "a.txt",
            "CONTRACT\n\nThe rent is 800 euros.\n\nDolm, 12 September 2024\n",
            "2024-09-12",
        ),
        ("Rules", "a.txt", "Dogs stay out.\n\nAdopted by the members on 22 April 2023.\n", "2023-04-22"),
        ("The quay", "a.txt", "From 12 January 2026 the quay is closed.\nOn 3 May 2026\nit opens.\n", ""),
        ("The quay", "a.txt", "The quay\n\nA storm, revised upwards, came on 3 May 2026.\n", ""),
    ],
)
def test_a_document_is_dated_by_what_it_says_of_itself(
    title: str, path: str, opening: str, date: str
) -> None:
    """Not by what it is about; a date it was given goes first."""
    assert dated(Document(path, "", opening, title=title)) == date
    assert dated(Document(path, "", opening, title=title, date="2020")) == "2020"


def test_a_record_does_not_date_the_others() -> None:
    """The first of many records may begin with a date."""
    text = "date: 2024-06-19; vessel: Sea Lark"
    assert dated(Document("a.jsonl", "", text, blocks=(Block(0, len(text), "row"),))) == ""
    assert dated(Document("a.txt", "", text)) == "2024-06-19"


def test_places_of_one_name_are_told_apart() -> None:
    """By what stands beside the name; what the question says, and dates of a life, tell nothing."""
    one = ["Harl, Orme Harl is a town in Orme."]
    other = ["Harl, Lune Harl is a village in Lune."]
    assert are_different("Harl", one, other)
    assert not are_different("Harl", one, ["Harl, Orme, is old."])
    assert not are_different("Harl", one, other, frozenset({"orm", "lune"}))
    assert not are_different("Ada Rill", ["Ada Rill (born 3 May 1931)"], ["Ada Rill (born 1934)"])


def test_makers_and_doers() -> None:
    """Who made a work stands behind "by", be it one word or a band; who sold it does not."""
    maker = asked_class('Who is the artist of the album "Low Tide"?')
    text = "Low Tide is the third album by the Orme rock band The Millers, released by Harl Records."
    assert [value.text for value in members(text, maker)] == ["The Millers"]
    assert members("a cover of a song by Varn", maker) == ()
    assert [value.text for value in members("The report by Ada Rill", asked_class("Who wrote the report?"))]
    assert [
        value.text for value in doers("The film was directed by Varn in Harl.", frozenset({"direct"}))
    ] == ["Varn"]
    assert doers("It was sold by Varn.", frozenset({"direct"})) == ()
    assert [value.text for value in members("a golfer and cricketers", "sport")] == ["golfer", "cricketers"]


def test_measures_of_everyday_questions() -> None:
    """A share may be kept, a time is not much, and ten working days are two weeks."""
    assert fits("How much is kept of the fare?", "20 percent")
    assert not fits("How much is kept of the fare?", "48 hours") and not fits("How much is it?", "20 percent")
    assert asked_kind("How soon is a claim answered?") == "number"
    assert quantity("10 working days") == quantity("2 weeks")
