"""What of a question nothing found says is told beside the answer; where too much is, there is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import Rag, RagSettings
from rag.abstain import FACT
from rag.generators import Evidence
from rag.look import evidence_of, passages_for
from rag.opposites import opposites
from rag.relevance import rate
from rag.retrieve import Scope
from rag.told import sentences_of
from rag.unsaid import NOTHING, Unsaid, unsaid
from rag.vocabulary import Lexicon, understand

LOCK = """# The lock at Harlow

Ilva Marn of the Spanish Office opened the lock at Harlow in 1987. Large barges may not enter the north basin.

The tenant of the third floor pays 40 euros a month. Jorn Vask signed the contract.

The lock keeper feeds the swans on Sundays. The Danish Council met behind the mill.
"""
WEIR = """# The weir at Brand

The weir was repaired by Tove Lund. Rain delayed the work, and two cranes were hired in Brand.
"""


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    docs = tmp_path_factory.mktemp("lock")
    (docs / "lock.md").write_text(LOCK, encoding="utf-8")
    (docs / "weir.md").write_text(WEIR, encoding="utf-8")
    return Rag.open(docs, settings=RagSettings(home=tmp_path_factory.mktemp("home")))


def found(rag: Rag, question: str) -> Unsaid:
    """What is missed of a question, as `look` finds it."""
    with rag._current.use() as index:
        scope, lexicon = Scope(index, rag.settings.retrieval), Lexicon(index)
        understood = understand(question, lexicon)
        hits = passages_for(scope, understood, 8)
        told = [index.fact(sentences_of, hit.chunk.id) for hit in hits]
        evidence: tuple[Evidence, ...] = evidence_of(
            hits, index.document, told, 1, rate(understood, hits, told, index)
        )
        return unsaid(understood, evidence, lexicon)


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Why was Ilva Marn dismissed?", ("dismissed",)),
        ("When is the birthday of Jorn Vask?", ("birthday",)),
        ("Who opened the lock at Harlow?", ()),
        ("What happened to the lock at Harlow?", ()),  # "happened" carries no matter
        ("Which vessel may not enter the north basin?", ()),  # a class is mostly not worded
        ("Which is the oldest lock?", ()),  # nor a degree
    ],
)
def test_words_that_no_document_holds(rag: Rag, question: str, unknown: tuple[str, ...]) -> None:
    assert found(rag, question).unknown == unknown


@pytest.mark.parametrize(
    ("question", "swapped"),
    [
        ("Who is the tenant of the second floor?", ("second floor",)),
        ("Who is the tenant of the third floor?", ()),
        ("Who may not enter the south basin?", ("south basin",)),
        ("Who of the Portuguese Office opened the lock?", ("Portuguese Office",)),
        ("Who of the Spannish Office opened the lock?", ()),  # misspelt
        ("Does the tenant pay 50 euros a month?", ()),  # an amount of one's own
    ],
)
def test_what_stands_otherwise(rag: Rag, question: str, swapped: tuple[str, ...]) -> None:
    assert found(rag, question).swapped == swapped


@pytest.mark.parametrize(
    ("question", "denied"),
    [
        ("Who did not sign the contract?", True),
        ("What may large barges not enter?", False),
        ("What happens if Jorn Vask does not sign the contract?", False),  # asks for what follows
        ("Why did Jorn Vask not sign the contract?", False),
        ("Who signed the contract?", False),
    ],
)
def test_what_is_asked_with_a_not(rag: Rag, question: str, denied: bool) -> None:
    assert found(rag, question).denied is denied


def test_a_name_and_what_is_asked_of_it_may_stand_apart(rag: Rag) -> None:
    assert found(rag, "Did Jorn Vask hire cranes?").apart == ("hire", "cranes")
    assert not found(rag, "Did Jorn Vask sign the contract?").apart


def test_an_answer_tells_what_it_leaves_open(rag: Rag) -> None:
    answer = rag.ask("Why did Tove Lund sabotage the weir?")
    assert answer.status == "partial" and answer.missing == ("“sabotage”",)
    assert answer.citations and answer.short_answer is None


def test_what_leaves_too_much_open_is_refused(rag: Rag) -> None:
    answer = rag.ask("Why was Ilva Marn dismissed?")
    assert answer.status == "abstained"
    assert answer.text == "The documents do not say. No document mentions “dismissed”."


def test_what_is_not_so_is_no_answer_to_who_did_not(rag: Rag) -> None:
    answer = rag.ask("Who did not sign the contract?")
    assert answer.status == "abstained" and "“not”" in answer.text


def test_an_answer_that_leaves_nothing_open_is_whole(rag: Rag) -> None:
    answer = rag.ask("Who opened the lock at Harlow?")
    assert answer.status == "answered" and answer.missing == ()


def test_what_is_missed_only_lowers_the_probability() -> None:
    assert {name for name, weight in FACT.items() if weight > 0} == {"topic", "nearness"}
    assert set(FACT) == {"topic", "", *NOTHING.signals}


def test_opposites_are_mutual() -> None:
    assert all(word in opposites()[other] for word, others in opposites().items() for other in others)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_question_can_be_compared(rag: Rag, question: str) -> None:
    """Words told stand in the question as they are written there."""
    missed = found(rag, question)
    assert all(
        word in question for word in (*missed.unknown, *missed.missing, *missed.apart, *missed.swapped)
    )
    assert 0 <= missed.signals["unknown"] <= 1 or missed.mattering == 0
