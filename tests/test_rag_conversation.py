"""Follow-ups: which questions lean on the conversation, and with what they are completed."""

from typing import Any

import pytest
from growth import is_linear

from index.decode import mended
from index.errors import UsageError
from rag.conversation import standalone
from rag.follow_up import depends


def asked(*questions: str) -> list[dict[str, str]]:
    """A history in which each question got some answer."""
    turns: list[dict[str, str]] = []
    for question in questions:
        turns += [{"role": "user", "content": question}, {"role": "assistant", "content": "The Oort cloud."}]
    return turns


@pytest.mark.parametrize(
    "question",
    [
        "When did he resign?",
        "How many of them were there?",
        "And the bridge near the northern harbour?",
        "What about the second harbour bridge?",
        "Why?",
        "How many?",
        "Where else?",
        "Is it older than the harbour bridge?",
        "what colour?",
    ],
)
def test_dependent(question: str) -> None:
    """A pronoun, an opener such as "and" or "what about", or next to no content: it leans on the rest."""
    assert depends(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who built the northern harbour bridge?",
        "When did Ana Petrov resign?",
        "Who is Petrov?",
        "How many lamps did the council buy?",
        "What does the handbook say about Andorra?",
    ],
)
def test_stand_alone(question: str) -> None:
    """A question with names or content of its own stands alone; "and" inside a word is no opener."""
    assert not depends(question)


def test_the_first_follow_up_is_completed() -> None:
    """The very first follow-up gets the topic of the one question before it."""
    query = standalone("When did it open?", asked("Who built the Quillmere bridge?"))
    assert query == "When did the Quillmere bridge open?"


def test_what_stands_alone_stays_as_it_is() -> None:
    """Neither a stand-alone question nor a first question is touched."""
    question = "How many lamps did the council buy?"
    assert standalone(question, asked("Who built the Quillmere bridge?")) == question
    assert standalone("Why?", []) == "Why?"


def test_the_topic_moves_on() -> None:
    """A question that stands alone and shares no word with the topic replaces it."""
    history = asked(
        "Who built the Quillmere bridge?", "Which lamps did the council buy?", "And what did they cost?"
    )
    query = standalone("Who paid for them?", history)
    assert "Quillmere" not in query
    assert query == "Who paid for them? (lamps council buy)"


def test_words_already_asked_are_not_repeated() -> None:
    """The completion adds only what the question lacks, by stem."""
    assert (
        standalone("And the bridges?", asked("Who built the Quillmere bridge?"))
        == "And the bridges? (built Quillmere)"
    )
    assert standalone("Why the lamps?", asked("Why the lamp?")) == "Why the lamps?"


def test_answers_lend_no_words() -> None:
    """An answer's text is a document's, not the user's: but for whom it names, it completes nothing."""
    assert "Oort" not in standalone("Why?", asked("Who built the Quillmere bridge?"))
    assert "Oort" not in standalone("When did it open?", asked("Who built the Quillmere bridge?"))


@pytest.mark.parametrize("role", ["system", "tool", "User", 7])
def test_roles_that_are_none(role: Any) -> None:
    """A turn of a role that there is not is named, with the roles there are."""
    with pytest.raises(UsageError, match="one of user, assistant"):
        standalone("Why?", [{"role": role, "content": "Quillmere bridge"}])


@pytest.mark.parametrize(
    "turn",
    [
        {},
        {"role": "user"},
        {"content": "Ana"},
        {"role": "user", "content": None},
        {"role": "user", "content": ["Ana"]},
        {"role": "user", "content": ""},
        {"role": "user", "content": "?!"},
    ],
)
def test_turns_without_text_are_passed_over(turn: dict[str, Any]) -> None:
    """A turn with no text of the user's lends nothing and breaks nothing, before or after a real one."""
    real = asked("Who built the Quillmere bridge?")
    assert standalone("When did it open?", [turn]) == "When did it open?"
    for history in ([turn, *real], [*real, turn]):
        assert standalone("When did it open?", history) == "When did the Quillmere bridge open?"


@pytest.mark.parametrize("history", [["Who?"], [None], [("user", "Who?")], "Who?", {"role": "user"}])
def test_a_history_that_is_none(history: Any) -> None:
    """A turn that is no mapping is a mistake of the caller's and named, even if nothing leans on it."""
    for question in ("Why?", "How many lamps did the council buy?"):
        with pytest.raises(UsageError, match="turn of the history"):
            standalone(question, history)


def test_a_very_long_history() -> None:
    """The last ten questions count; a hundred thousand older ones cost next to nothing."""
    history = asked("Who built the Quillmere bridge?") * 100_000 + asked("Which lamps did the council buy?")
    assert standalone("Who paid for them?", history) == "Who paid for them? (lamps council buy)"
    late = asked("Who built the Quillmere bridge?", *["And bread?"] * 10)
    assert "Quillmere" not in standalone("Why?", late)


def test_blanks_by_the_thousand() -> None:
    """What looks for a name behind a small word does not go through a run of blanks again and again."""
    blanks = "Did Beta move from Altwerd" + " " * 1900 + "to Brez?"
    assert standalone("And to Morwen?", asked(blanks)) == "Did Beta move from Altwerd to Morwen?"
    assert is_linear(lambda text: standalone("And to Morwen?", asked(text)), blanks)


@pytest.mark.parametrize(
    "monster", ["x" * 1_000_000, "ab-" * 300_000, "Quillmere " * 100_000, "(" * 500_000, "' " * 500_000]
)
def test_a_very_long_turn(monster: str) -> None:
    """One endless turn makes neither an endless query nor an endless wait."""
    assert len(standalone("Why?", asked(monster))) < 2100
    assert is_linear(lambda text: standalone("Why?", asked(text)), monster)


def test_lone_surrogates_in_the_history() -> None:
    """Text that cannot be encoded does not reach the searches by way of the history."""
    query = standalone("When did it open?", asked("Who built the \ud800 Quillmere bridge?"))
    assert query == "When did Quillmere open?"
    assert mended("a\udc80b") == "a\ufffdb" and mended("a👩‍🚒b") == "a👩‍🚒b"
