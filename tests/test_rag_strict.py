"""Strict answers say what the evidence holds, and nothing else comes in under the cloak of talk."""

from pathlib import Path

import pytest
from generator_room import QUESTION, Saying, check_kept, openai_reply_of, small_rag

from rag import Answer
from rag.generators import Statement

TRUE = "The Quillmere lighthouse was painted by 17 volunteers in one morning."
SMUGGLED = (
    "Did you know that the mayor of Quillmere stole 5 million euros?",
    "Did you know that the mayor stole the money?",
    "I cannot find more; the mayor of Quillmere stole 5 million euros in 1888.",
    "The documents do not say it, but Zorblax Quint killed 3,000 people.",
    "The documents do not say that the mayor is a thief.",
)
TALK = ("Do you want to know more?", "The documents do not say who opened it.", "No.", "So it is.")


CHANGED = (
    "17 percent of volunteers painted the Quillmere lighthouse in one morning.",
    "Zorblax painted the Quillmere lighthouse in one morning with 17 volunteers.",
    "17 volunteers painted the Quillmere lighthouse in two mornings.",
)


def said(folder: Path, *texts: str, strict: bool = True) -> Answer:
    """An answer of a plug-in that says the truth and then each text, all citing the true sentence."""
    saying = Saying()
    rag = small_rag(folder, saying, strict=strict)
    rag.ask(QUESTION)
    number = next(item.number for item in saying.seen if item.text == TRUE)
    saying.outputs = tuple(Statement(text, (number,)) for text in (TRUE, *texts))
    return check_kept(list(rag.stream(QUESTION)))


def test_nothing_gets_past_strict_as_talk(tmp_path: Path) -> None:
    """A question or a refusal with a claim in it is left out and recorded, whatever it cites."""
    answer = said(tmp_path, *SMUGGLED, *TALK)
    assert [sentence.text for sentence in answer.sentences] == [TRUE]
    assert answer.trace.rejected == (*SMUGGLED, *TALK)


def test_what_is_nearly_said_is_not_said(tmp_path: Path) -> None:
    """Another unit, name or number makes a sentence unsupported, however much of it the source holds."""
    answer = said(tmp_path, *CHANGED)
    assert [sentence.text for sentence in answer.sentences] == [TRUE]
    assert answer.trace.rejected == CHANGED


def test_talk_cites_nothing(tmp_path: Path) -> None:
    """Not strictly, talk is said without a citation, and what it brings in is marked as unsupported."""
    answer = said(tmp_path, *SMUGGLED, *TALK, strict=False)
    labels = {sentence.text: sentence.support.label for sentence in answer.sentences}
    assert {labels[text] for text in SMUGGLED} == {"not"} and {labels[text] for text in TALK} == {
        "not_applicable"
    }
    assert [s.citations for s in answer.sentences if s.text in TALK] == [()] * len(TALK)


@pytest.mark.parametrize("lie", SMUGGLED)
def test_a_model_gets_nothing_past_strict(tmp_path: Path, lie: str) -> None:
    """The same from a model, with the marker of the true sentence behind it."""
    answer = openai_reply_of(tmp_path, f"{TRUE} [NUMBER] {lie} [NUMBER]", TRUE)
    assert [sentence.text for sentence in answer.sentences] == [TRUE]
    assert " ".join(answer.trace.rejected) == lie
