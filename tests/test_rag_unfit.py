"""A count, a price, a measure or an address is asked for, and the sentences found have none."""

from pathlib import Path

import pytest

from rag import Rag, RagSettings

CLUB = """# The rowing club

The rowing club at Harlow was founded in 1987 by Ilva Marn, and 42 boats from nine clubs came to its regatta.

The club house is painted every spring. Its slipway is 6 m wide and leads into the deep lock basin.

The Tern TX-52 is the boat of the club for beginners. New members are welcome on Sundays at 12:40.

Write to the treasurer Tove Lund about the rowing club in May 2026. The gate code changes on 1 June.
"""
PRICES = """# Prices

| boat | hire per hour |
| --- | --- |
| Tern | 6.50 |
| Eider | 9.00 |

The boat house at Brand has 31 lockers, none of the lockers is locked. For its keys phone 114.

The postal address of the boat house is 7 Weir Road, Brand. The door code is TK417.

Its 12 employees are paid monthly.
"""


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    docs: Path = tmp_path_factory.mktemp("club")
    (docs / "club.md").write_text(CLUB, encoding="utf-8")
    (docs / "prices.md").write_text(PRICES, encoding="utf-8")
    return Rag.open(docs, settings=RagSettings(home=tmp_path_factory.mktemp("home")))


@pytest.mark.parametrize(
    ("question", "lacked"),
    [
        ("How many members does the rowing club have?", "How many members"),
        ("How much does the Tern TX-52 for beginners cost?", "cost"),
        ("What does a member pay at the rowing club?", "pay"),
        ("How heavy is the boat of the club for beginners?", "How heavy"),
        ("What is the phone number of the rowing club?", "phone number"),
        ("What is the street address of the treasurer Tove Lund?", "street address"),
        ("What is the new gate code?", "gate code"),
    ],
)
def test_what_no_sentence_has_is_told(rag: Rag, question: str, lacked: str) -> None:
    """An answer to it is never whole."""
    answer = rag.ask(question)
    assert answer.status != "answered"
    assert f"“{lacked}”" in (answer.missing if answer.status == "partial" else answer.text)
    assert answer.short_answer is None


@pytest.mark.parametrize(
    "question",
    [
        "How many boats came to the regatta?",
        "How many clubs came to the regatta?",
        "How many lockers does the boat house have?",
        "How many people are employed at the boat house?",
        "How many lockers are locked?",
        "How much does the Tern cost per hour?",
        "How wide is the slipway?",
        "What is the phone number for the keys of the boat house?",
        "What is the postal address of the boat house?",
        "What is the door code of the boat house?",
    ],
)
def test_what_a_sentence_has_is_not(rag: Rag, question: str) -> None:
    answer = rag.ask(question)
    assert answer.status == "answered", (answer.text, answer.missing)


def test_a_refusal_tells_what_was_asked_for(rag: Rag) -> None:
    """Words that stand in the passages shown are not said to be missing from them."""
    strict = rag.settings.model_copy(
        update={"answer": rag.settings.answer.model_copy(update={"threshold": 1.0})}
    )
    with rag._current.use() as index:
        refused = Rag(index, strict).ask("How many members does the rowing club have?")
    assert refused.text == "The documents do not say. What was found does not tell “How many members”."
