"""Questions in one: how they divide, and how the parts are completed."""

import pytest

from rag.parts import split_question

TOPIC = [{"role": "user", "content": "Who built the Quillmere bridge?"}]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who designed the northern bridge, and when was the Quillmere harbour dredged?",
            ("Who designed the northern bridge?", "when was the Quillmere harbour dredged?"),
        ),
        (
            "Who designed the northern bridge? When was the Quillmere harbour dredged?",
            ("Who designed the northern bridge?", "When was the Quillmere harbour dredged?"),
        ),
        (
            "Which lamps were bought and in which year did the council pay?",
            ("Which lamps were bought?", "in which year did the council pay?"),
        ),
    ],
)
def test_two_questions_in_one(question: str, parts: tuple[str, ...]) -> None:
    """Where "and" or a question mark joins two questions, each is asked by itself."""
    assert split_question(question) == parts


def test_a_later_part_is_completed() -> None:
    """A part that leans on the one before gets its topic, like a follow-up."""
    first, second = split_question("Who designed the northern bridge, and when did its construction end?")
    assert first == "Who designed the northern bridge?"
    assert second == "when did its construction end? (northern bridge)"


@pytest.mark.parametrize(
    "question",
    [
        "Which lamps and benches were bought?",
        "Who designed it and when?",
        "What was said about bread and whatever else?",
        "What did Ana say, and why?",
        "How many lamps were bought? " * 4,
        "Lamps",
        "?",
        "? ? ?",
    ],
)
def test_what_does_not_divide(question: str) -> None:
    """A list, a part too thin to search, more than three parts, or no question at all stays whole."""
    assert split_question(question) == (question,)


def test_three_parts_are_the_most() -> None:
    """Three questions are answered one by one."""
    question = "Who designed the bridge? When was the Quillmere harbour dredged? Which lamps were bought?"
    assert len(split_question(question)) == 3


def test_every_part_knows_the_conversation() -> None:
    """In a follow-up of two parts, both are completed from the history, not only the last."""
    parts = split_question("Who paid the workers for it, and when did its construction end?", TOPIC)
    assert len(parts) == 2
    assert all("Quillmere" in part for part in parts)


def test_a_whole_question_is_completed_too() -> None:
    """A follow-up of one part is completed as it always is."""
    assert split_question("When did it open?", TOPIC) == ("When did the Quillmere bridge open?",)
