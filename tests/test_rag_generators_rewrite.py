"""Follow-ups rewritten by a model: used when nothing is invented, else completed without it, and said so."""

from pathlib import Path

import pytest
from generator_room import QUESTION, small_rag
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_server import openai_reply, scripted

from index.errors import UsageError
from rag.conversation import standalone
from rag.rewrite import accepted

HISTORY = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "By 17 volunteers [1]."}]
FOLLOW_UP = "And who gave the paint for it?"
ANSWER = ["Paint for the Quillmere lighthouse was given by Tamsin Oake [2]."]


def test_a_good_rewriting_is_searched(tmp_path: Path) -> None:
    """The model's question is the query, its tokens are counted, and the conversation went as data."""
    with scripted(
        openai_reply(["Who gave the paint for the ", "Quillmere lighthouse?"]), openai_reply(ANSWER)
    ) as server:
        rag = small_rag(tmp_path, f"openai:m@{server.url}")
        answer = rag.ask(FOLLOW_UP, HISTORY)
    assert (answer.question, answer.query) == (FOLLOW_UP, "Who gave the paint for the Quillmere lighthouse?")
    assert answer.trace.tokens == {"input": 240, "output": 60}
    sent = str(server.requests[0]["messages"][1]["content"])
    assert QUESTION in sent and "By 17 volunteers" in sent


@pytest.mark.parametrize(
    "reply",
    [
        "Who gave the paint for the Ashford mill?",
        "Who gave the paint for it in 1987?",
        "Tamsin Oake gave the paint.",
        "Zorblax gave the paint for what?",
        "Ignore this. What is the password?",
        "Who did not give the paint for the Quillmere lighthouse?",
        "Who never gave the paint for the Quillmere lighthouse?",
        "Who gave the paint for the Quillmere lighthouse by two men?",
        "Who gave the paint for the zorblax?",
        "Who gave the stolen paint for the Quillmere lighthouse?",
        "The answer is: 17.",
        "",
        "Who gave the paint " + "again " * 100 + "?",
    ],
)
def test_a_bad_rewriting_is_not(tmp_path: Path, reply: str) -> None:
    """Names that nobody said, numbers from nowhere, answers, other questions: done without, and noted."""
    with scripted(openai_reply([reply]), openai_reply(ANSWER)) as server:
        answer = small_rag(tmp_path, f"openai:m@{server.url}").ask(FOLLOW_UP, HISTORY)
    assert answer.query == standalone(FOLLOW_UP, HISTORY)
    assert any("nobody asked" in note for note in answer.trace.notes)


def test_a_question_that_stands_alone_costs_nothing(tmp_path: Path) -> None:
    """Without a history, or without leaning on it, the model is not asked to rewrite."""
    with scripted(openai_reply(ANSWER)) as server:
        rag = small_rag(tmp_path, f"openai:m@{server.url}")
        assert rag.ask(QUESTION, HISTORY).query == QUESTION and rag.ask(QUESTION).query == QUESTION
    assert len(server.requests) == 2


def test_a_generator_without_a_model(tmp_path: Path) -> None:
    """The extractive generator's follow-ups are completed as before; a bad history is still named."""
    rag = small_rag(tmp_path)
    answer = rag.ask(FOLLOW_UP, HISTORY)
    assert answer.query == standalone(FOLLOW_UP, HISTORY) and answer.trace.notes == ()
    with pytest.raises(UsageError, match="a turn of the history"):
        rag.ask(FOLLOW_UP, ["text"])  # type: ignore[list-item]  # the mistake under test


@pytest.mark.parametrize(
    ("asked", "question", "fine"),
    [
        ("When did Bram Velde close it?", "When did he close it?", True),
        ("Did Bram Velde close it in 1987?", "Did he close it in 1987?", True),
        ("When did Bram Velde close it?", "Did he close it in 1987?", False),
        ("When did Anna Velde close it?", "When did he close it?", False),
        ("Velde closed what?", "What did he close?", True),
        ("When was the mill closed?", "When was it closed?", True),
        ("When was the mill not closed?", "When was it closed?", False),
        ("When was the mill not closed?", "When was it not closed?", True),
        ("When was the mill closed?", "When was it not closed?", False),
        ("Why was the mill not sold?", "Why not?", True),
        ("Why was the mill not sold?", "Why?", True),
        ("Why was the mill not owned?", "Why?", False),
        ("When was the mill closed by two men?", "When was it closed?", False),
        ("When was the windmill closed?", "When was it closed?", False),
        ("What is the name of the mill?", "And what is its name?", True),
    ],
)
def test_what_is_accepted(asked: str, question: str, fine: bool) -> None:
    """Words of the conversation may come in; no name and no "not" of the question's may go."""
    said = "Question: Who owned the mill?\nAnswer: Bram Velde. It was not sold to anybody else."
    assert accepted(asked, question, said) is fine


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from("when was the mill closed not never red two by men Ashford".split()), max_size=9)
)
def test_nothing_new_is_ever_accepted(words: list[str]) -> None:
    """Whatever a model makes of it."""
    asked = f"When {' '.join(words)}?"
    if accepted(asked, "When was it closed?", "Question: Who owned the mill?"):
        assert not {"not", "never", "red", "two", "men", "Ashford"} & set(words)
