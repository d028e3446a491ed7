"""What was corrected, and the sentence that goes on about it, come along with what answers best."""

from pathlib import Path

import pytest

from rag import Answer, Rag
from rag.corrections import corrects

_MAIL = (
    "From: Ada Rill <ada@mill.example>\nTo: all@mill.example\nSubject: {subject}\n"
    "Date: {day} Mar 2025 10:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
)
FILES = {
    "first.eml": _MAIL.format(
        subject="Group 7 outing to Heron Lake",
        day="Mon, 3",
        text="Group 7 will visit the Heron Lake bird station on Tuesday 6 May 2025. "
        "The bus leaves at 9:10. The ticket sale ends on 20 April.",
    ),
    "second.eml": _MAIL.format(
        subject="CORRECTION: Group 7 outing to Heron Lake",
        day="Thu, 6",
        text="I made a mistake in my last mail. The outing is on Wednesday 7 May 2025, not Tuesday. "
        "The ticket sale moves to 25 April accordingly.",
    ),
    "posts.csv": "name,post,section\nIlva Marn,cook,Galley\nTorb Esk,mate,Galley\nPell Ohm,diver,Hull\n",
    "ship.md": "# The ship\n\nWe are 48 people on two decks, with a small galley section at the stern.\n",
    "mill.md": (
        "# The mill\n\nThe miller, Mr Odo Brand, leaves us in June after 30 years. His successor "
        "is Ms Tilde Vang. A card lies in the shop.\n\n"
        "The mill wheel turns twice an hour. It was painted green.\n"
    ),
}


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """The files above, asked with the real encoder."""
    docs = tmp_path_factory.mktemp("docs")
    for name, text in FILES.items():
        (docs / name).write_text(text, encoding="utf-8")
    return Rag.open(docs, index=Path(tmp_path_factory.mktemp("index")))


def texts(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def test_a_correction_stands_first_and_what_it_corrects_behind(rag: Rag) -> None:
    """Though it does not name what it corrects; its subject line does."""
    told = texts(rag.ask("When is the Group 7 outing to Heron Lake?"))
    assert told[:2] == [
        "The outing is on Wednesday 7 May 2025, not Tuesday.",
        "Group 7 will visit the Heron Lake bird station on Tuesday 6 May 2025.",
    ]


def test_the_subject_of_a_mail_is_no_answer(rag: Rag) -> None:
    """Though "CORRECTION: Group 7 outing" is written as "name: value" is."""
    for question in ("When is the Group 7 outing to Heron Lake?", "What is the Group 7 outing about?"):
        assert not [text for text in texts(rag.ask(question)) if text.startswith("CORRECTION")]


def test_a_date_that_moves_is_told_with_the_new_one(rag: Rag) -> None:
    """Words of a correction do where the question has no name at all."""
    told = texts(rag.ask("When does the ticket sale end?"))
    assert "The ticket sale moves to 25 April accordingly." in told
    assert "The ticket sale ends on 20 April." in told


def test_rows_that_are_counted_are_not_left_out(rag: Rag) -> None:
    """A sentence with a number of people settles nothing where the rows name the section."""
    told = texts(rag.ask("How many people are in the Galley section?"))
    assert sum("section: Galley" in text for text in told) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It costs 5 euros, not 6.", True),
        ("The talk moves to Friday.", True),
        ("Bicycles are no longer sold.", True),
        ("It has been postponed to 3 May.", True),
        ("It does not rain.", False),
        ("The mill is closed on Monday.", False),
    ],
)
def test_words_that_take_something_back(text: str, told: bool) -> None:
    """A plain "not" takes nothing back."""
    assert corrects(text) is told


def test_the_next_sentence_comes_along_where_it_has_what_is_asked(rag: Rag) -> None:
    """It opens with "His" and has the name; one that has nothing of what is asked stays behind."""
    told = texts(rag.ask("Who replaces the miller?"))
    assert told[:2] == [
        "The miller, Mr Odo Brand, leaves us in June after 30 years.",
        "His successor is Ms Tilde Vang.",
    ]
    assert "It was painted green." not in texts(rag.ask("How often does the mill wheel turn?"))


LATER = {
    "board_january.md": "# Board meeting, 14 January 2025\n\n"
    "1. We take two apprentices in September. Ada Rill leads the choir.\n\n"
    "2. The quay will be closed from 12 January 2026 while its wall is renewed.\n\n"
    "3. Guests pay a mooring fee of 22 euros a day.\n",
    "board_march.md": "# Board meeting, 11 March 2025\n\n"
    "1. Because money is short, only one apprentice will be taken this year. "
    "Torb Esk leads the choir and the rowers.\n\n"
    "2. The mooring fee for guests goes up from 22 to 27 euros a day, valid from 1 July 2025.\n",
    "notice.txt": "Town notice on the quay\n\nLast change: 5 January 2026\n\n"
    "The closure of the quay will begin on 2 February 2026 and not, as first announced, on 12 January.\n",
    "contract.txt": "BERTH CONTRACT\n\nThe rent of the berth is due on the third working day of each month. "
    "The rent of the berth is 890 euros.\n\nDolm, 12 September 2024\n",
    "letter.txt": "Hedda Lind\n7 Mill Lane\n\nDolm, 2 December 2025\n\nDear Ms Esk,\n\n"
    "From 1 February 2026 I must ask for a rent of 935 euros for the berth instead of 890.\n",
}


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """What a board, a town and a landlady decided, and what became of it."""
    docs = tmp_path_factory.mktemp("later")
    for name, text in LATER.items():
        (docs / name).write_text(text, encoding="utf-8")
    return Rag.open(docs, index=Path(tmp_path_factory.mktemp("index")))


@pytest.mark.parametrize(
    ("question", "newer", "older"),
    [
        ("How many apprentices do we take?", "only one apprentice", "two apprentices"),
        ("How much is the mooring fee for guests?", "from 22 to 27 euros", "22 euros a day"),
        ("When will the quay be closed?", "2 February 2026", "from 12 January 2026"),
        ("Who leads the choir?", "Torb Esk", "Ada Rill"),
        ("How much is the rent of the berth?", "935 euros", "890 euros"),
    ],
)
def test_what_a_later_document_says_of_the_same_stands_first(
    later: Rag, question: str, newer: str, older: str
) -> None:
    """In other words or forms of words; what it takes the place of is told behind it."""
    told = texts(later.ask(question))
    assert newer in told[0], told
    assert any(older in text for text in told[1:]), told


def test_what_takes_back_a_sum_takes_back_no_date(later: Rag) -> None:
    """ "935 euros instead of 890" is no other day on which the rent is due."""
    answer = later.ask("When is the rent of the berth due?")
    assert "third working day" in answer.sentences[0].text
    assert answer.short_answer is None or "February" not in answer.short_answer.text
