"""When there is no answer: the decision and how it is explained."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Chunk
from index.records import Span
from rag import Rag, RagSettings
from rag.abstain import MODEL, UNCALIBRATED, Verdict, explain, judge, least
from rag.generators import Evidence
from rag.records import Scores
from rag.retrieve import Hit
from rag.unsaid import Unsaid
from rag.vocabulary import Understood

WORDS = ("harbour", "barn", "lamp", "orchard", "mill")
ASKED = Understood("harbour barn lamp orchard mill?", WORDS, dict.fromkeys(WORDS, 1.0), (), (), ())


def case(held: int, cosine: float = 0.3, words: float = 2.0) -> tuple[list[Hit], list[Evidence]]:
    """One passage of one sentence that holds the first `held` of the question's five words."""
    text = "Nothing else. " + " ".join(WORDS[:held])
    chunk = Chunk(1, "a.txt", 0, len(text), text, "", 5, (Span(0, len(text)),))
    hit = Hit(chunk, Scores(dense=cosine, words=words, fused=1.0))
    evidence = Evidence(1, 0, "a.txt", "A", "", "", 0, len(text), text, 1.0, cosine=cosine)
    return [hit], [evidence]


def probability(held: int, cosine: float = 0.3, words: float = 2.0, asked: Understood = ASKED) -> float:
    hits, evidence = case(held, cosine, words)
    return judge(asked, hits, evidence, 0.5).probability


@given(st.integers(0, 4), st.floats(-1, 1), st.floats(0, 30))
def test_more_coverage_is_never_less_probable(held: int, cosine: float, words: float) -> None:
    """One more word of the question found never makes an answer less probable."""
    assert probability(held + 1, cosine, words) > probability(held, cosine, words)


@given(st.integers(0, 5), st.floats(-1, 0.99), st.floats(0, 30))
def test_a_nearer_passage_is_never_less_probable(held: int, cosine: float, words: float) -> None:
    """A higher cosine or word score never makes an answer less probable."""
    base = probability(held, cosine, words)
    assert probability(held, cosine + 0.01, words) > base
    assert probability(held, cosine, words + 1) > base


def test_an_unknown_name_counts_against() -> None:
    """A name that no document holds lowers the probability; an unknown common word does not by itself."""
    strange = dataclasses.replace(ASKED, unknown=("Zephyr",), unknown_names=("Zephyr",))
    common = dataclasses.replace(ASKED, unknown=("gearbox",))
    assert probability(4, asked=strange) < probability(4) == probability(4, asked=common)


def test_the_threshold_decides() -> None:
    """The verdict is the probability against the threshold, and equality answers."""
    hits, evidence = case(4)
    found = judge(ASKED, hits, evidence, 0.5).probability
    assert 0 < found < 1
    verdicts = [judge(ASKED, hits, evidence, t).answerable for t in (0, found, 1)]
    assert verdicts == [True, True, False]


def test_nothing_to_judge() -> None:
    """Without passages or without content words there is no answer, whatever the threshold."""
    hits, evidence = case(5)
    nothing = Understood("?", (), {}, (), (), ())
    for understood, found in ((ASKED, []), (nothing, hits)):
        verdict = judge(understood, found, evidence, 0)
        assert (verdict.answerable, verdict.probability) == (False, 0.0)


def test_every_signal_has_a_weight() -> None:
    """The signals are those of the model, and are kept with the verdict."""
    hits, evidence = case(3)
    assert set(judge(ASKED, hits, evidence, 0.5).signals) == set(MODEL) - {""}


@pytest.mark.parametrize(
    ("unknown", "text"),
    [
        ((), "The documents do not say."),
        (("Zephyr-9",), "The documents do not say. No document mentions “Zephyr-9”."),
        (("Zephyr-9", "kiln"), "The documents do not say. No document mentions “Zephyr-9”, “kiln”."),
    ],
)
def test_the_explanation_names_unknown_words(unknown: tuple[str, ...], text: str) -> None:
    """An abstention says which words of the question no document holds."""
    assert explain((), unknown) == text
    unheard = Verdict(False, 0.9, {}, unheard=unknown)
    assert explain([unheard], ("kiln", "lathe")) == (text if unknown else explain((), ("kiln", "lathe")))


@pytest.mark.parametrize(
    "question",
    [
        "How long do I bake a sourdough loaf?",
        "Which enzyme unwinds the double helix during replication?",
        "Who won the 1987 chess championship in Reykjavik?",
        "What torque do the cylinder head bolts need?",
    ],
)
def test_off_topic(seeds_rag: Rag, question: str) -> None:
    """A question about something else entirely is not answered, cites nothing, and shows the closest."""
    answer = seeds_rag.ask(question)
    assert answer.status == "abstained"
    assert answer.text.startswith("The documents do not say.")
    assert (answer.citations, answer.sentences, answer.short_answer) == ((), (), None)
    assert answer.missing == (question,)
    assert answer.passages and not any(passage.cited for passage in answer.passages)


def test_the_unknown_is_named_to_the_user(seeds_rag: Rag) -> None:
    """The words that no document holds stand in the text and in the trace."""
    answer = seeds_rag.ask("What torque do the Zephyr-9 cylinders need?")
    assert answer.status == "abstained"
    assert "“Zephyr-9”" in answer.text and "Zephyr-9" in answer.trace.unknown_words


SWIM = """# The lido

Lessons are held in the small basin. Take lukewarm water and a soft brush to clean the floor tiles.

The kiosk is beside the gate. Towels are rented there in summer, and ice cream is sold all year.

The director is Hanna Vess.
"""


def lido(place: Path, threshold: float | None = None) -> Rag:
    docs = place / "docs"
    docs.mkdir()
    (docs / "lido.md").write_text(SWIM, encoding="utf-8")
    given = RagSettings(home=place / "home")
    given = given.model_copy(update={"answer": given.answer.model_copy(update={"threshold": threshold})})
    return Rag.open(docs, settings=given)


def test_a_word_that_a_passage_holds_is_not_told_as_missing(tmp_path: Path) -> None:
    """It stands in the passages shown, only not where the rest of the question does."""
    found = lido(tmp_path, 0.999).ask("Is ice cream sold in the small basin?")
    assert any("basin" in passage.text for passage in found.passages)
    assert found.text == "The documents do not say. The passages found hold “basin”, but not with the rest."


def test_words_that_stand_apart_are_told_so() -> None:
    """Of words that no passage holds and words that one does, the former are told first."""
    both = Verdict(False, 0.4, {}, unsaid=("towel", "brush"), elsewhere=("brush",))
    assert explain([both], ()) == "The documents do not say. No passage found on this speaks of “towel”."
    apart = dataclasses.replace(both, unsaid=("brush",))
    told = "The documents do not say. The passages found hold “brush”, but not with the rest."
    assert explain([apart], ()) == told


@pytest.mark.parametrize(("threshold", "status"), [(1.0, "abstained"), (0.999, "answered")])
def test_at_a_threshold_of_one_nothing_is_answered(tmp_path: Path, threshold: float, status: str) -> None:
    """Not even the holder of an office; below it what says just what is asked is sure."""
    assert lido(tmp_path, threshold).ask("Who is the director?").status == status


@given(st.floats(0, 1))
def test_what_leaves_nothing_open_needs_less(threshold: float) -> None:
    """Never more than the threshold, never less than what suits no folder, and nothing at one."""
    assert min(threshold, UNCALIBRATED) <= least(threshold) <= threshold
    assert least(1.0) > 0.99


def test_a_sentence_that_leaves_nothing_open_is_enough() -> None:
    """A little below a folder's threshold it is answered; not far below, and not with a word missing."""
    hits, evidence = case(4, cosine=0.5)
    topic = judge(ASKED, hits, evidence, 0.0).probability
    assert topic > UNCALIBRATED
    whole, lacking = Unsaid(mattering=5, nearness=0.9), Unsaid(missing=("mill",), mattering=1, nearness=0.5)
    above = [min(0.999, topic + 0.02), 0.9999]
    assert [judge(ASKED, hits, evidence, t, unsaid=whole).answerable for t in above] == [True, False]
    assert not judge(ASKED, hits, evidence, above[0], unsaid=lacking).answerable


def test_below_the_threshold_what_leaves_nothing_open_is_answered(tmp_path: Path) -> None:
    """Its probability is .60 and .62; one that leaves a word open is refused at a lower one."""
    rag = lido(tmp_path, 0.75)
    for question in ("Where is the small basin used for lessons?", "What do I need to clean the tiles?"):
        answer = rag.ask(question)
        assert answer.status == "answered"
        assert UNCALIBRATED < answer.trace.signals["probability"] < 0.75
    assert rag.ask("When can one buy ice cream?").status == "abstained"
