"""Which parts of a question an answer tells, and that the others are named."""

from collections.abc import Iterator

import pytest

from rag import Rag, RagSettings

TEXTS = {
    "lighthouse.txt": (
        "The Quillmere lighthouse was built in 1911 by Tamsin Oake, because ships had run aground. It was "
        "painted white. Forty volunteers cleaned the lighthouse in spring.\n"
    ),
    "mill.txt": "The Ashford mill was sold to Bram Velde for 90,000 euros. The mill grinds barley.\n",
    "pact.txt": "Norway voted against the harbour pact. The vote was held in the old hall.\n",
}


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    folder = tmp_path_factory.mktemp("parts")
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Rag.open(folder, index=tmp_path_factory.mktemp("index") / "i", settings=RagSettings()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        (
            "How many volunteers cleaned the lighthouse, and what did it cost?",
            "what did it cost? (volunteers cleaned lighthouse)",
        ),
        (
            "How many volunteers cleaned the lighthouse, and how many boats?",
            "how many boats? (volunteers cleaned lighthouse)",
        ),
        (
            "When was the Quillmere lighthouse built, and when was the Quillmere lighthouse insured?",
            "when was the Quillmere lighthouse insured?",
        ),
        ("Who voted against the harbour pact and why?", "why? (voted against harbour pact)"),
        ("Who bought the Ashford mill and when?", "when? (bought Ashford mill)"),
    ],
)
def test_a_sentence_told_again_answers_no_new_part(rag: Rag, question: str, missing: str) -> None:
    """The sentence of the first part lacks what the second adds, which is named."""
    answer = rag.ask(question)
    assert (answer.status, answer.missing) == ("partial", (missing,))
    assert len(answer.sentences) == 1


@pytest.mark.parametrize(
    "question",
    [
        "When was the Quillmere lighthouse built, and who built it?",
        "When was the Quillmere lighthouse built, and why?",
        "Who built the Quillmere lighthouse and when?",
        "Who built the Quillmere lighthouse, and when and why?",
        "Who bought the Ashford mill, and for how much?",
        "Who bought the Ashford mill, and what did it cost?",
    ],
)
def test_one_sentence_may_answer_several_parts(rag: Rag, question: str) -> None:
    """It is told once, and nothing is missing."""
    answer = rag.ask(question)
    assert (answer.status, answer.missing) == ("answered", ())
    assert len(answer.sentences) == 1 and answer.text.count("[1]") == 1


def test_four_questions(rag: Rag) -> None:
    """Each is answered or named."""
    answer = rag.ask(
        "Who built the Quillmere lighthouse? Who bought the Ashford mill? "
        "What does the Ashford mill grind? Who baked bread in Reykjavik?"
    )
    assert (answer.status, answer.missing) == ("partial", ("Who baked bread in Reykjavik?",))
    assert {cited.document for cited in answer.citations} == {"lighthouse.txt", "mill.txt"}


def test_more_than_are_answered_at_once(rag: Rag) -> None:
    """What was left out stands in `missing`, and a note says why."""
    first = "Who built the Quillmere lighthouse?"
    asked = [f"Who leads the {name} club?" for name in "red blue green black white".split()]
    last = "What does the Ashford mill grind?"
    answer = rag.ask(" ".join([first, *asked, last]))
    assert answer.status == "partial" and answer.missing == (*asked, last)
    assert answer.trace.notes == (f"at most 6 questions are answered at once; ask on its own: “{last}”",)
    assert not any(cited.document == "mill.txt" for cited in answer.citations)
