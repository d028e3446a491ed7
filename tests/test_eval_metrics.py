"""Each metric on hand-made answers: all right, all wrong, all abstained, and nothing at all."""

import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest
from eval_cases import (
    CAFE,
    DOC,
    GATE,
    LEAVE,
    TEXT,
    Scripted,
    answer,
    gold,
    off,
    question_set,
    row,
)

from eval.errors import QuestionSetError
from eval.metrics import abstention, answers, citations, retrieval
from eval.questions import QuestionSet
from eval.runner import run
from eval.schema import Question
from eval.slices import figures, find
from rag.records import Passage, Scores, Sentence, Support


def question(tmp_path: Path, **fields: Any) -> Question:
    return question_set(tmp_path, [row("a", **fields)]).questions[0]


def test_evidence_recall_takes_half_of_the_span_from_the_top_k(tmp_path: Path) -> None:
    """Two passages that cover a half together count from k = 2."""
    item = question(tmp_path)
    span = item.evidence[0]
    quarter = math.ceil((span.end - span.start) / 4)
    parts = [(span.start, span.start + quarter), (span.end - quarter, span.end)]
    found = [Passage(DOC, a, b, TEXT[a:b], 1.0, Scores()) for a, b in parts]
    assert retrieval.evidence_recall(item, found, 1) == 0.0
    assert retrieval.evidence_recall(item, found, 2) == 1.0
    even = CAFE.removesuffix(".")
    half = TEXT.index(even) + len(even) // 2
    exact = question(tmp_path, answers=["8"], evidence=[gold(even)])
    assert len(even) % 2 == 0
    assert retrieval.evidence_recall(exact, [Passage(DOC, half, half + 99, "", 1.0, Scores())], 1) == 1.0
    elsewhere = [dataclasses.replace(p, document="other.txt") for p in found]
    assert retrieval.evidence_recall(item, elsewhere, 2) == 0.0
    with pytest.raises(ValueError, match="at least 1"):
        retrieval.evidence_recall(item, found, 0)


@pytest.mark.parametrize(("kind", "share"), [("single", 1.0), ("multi_hop", 0.5), ("list", 0.5)])
def test_spans_are_alternatives_unless_the_type_combines_them(
    tmp_path: Path, kind: str, share: float
) -> None:
    """One of two gold spans is all of a single fact and half of a combined one."""
    item = question(tmp_path, type=kind, evidence=[gold(LEAVE), gold(CAFE)])
    half = answer(LEAVE)
    assert citations.gold_recall(item, half) == share
    assert retrieval.evidence_recall(item, half.passages, 10) == share
    assert citations.gold_recall(item, answer(CAFE, LEAVE)) == 1.0


def test_a_marker_is_no_number_of_the_answer(tmp_path: Path) -> None:
    """`[1]` does not contain the expected answer 1, nor `[2]` a forbidden 2."""
    item = question(tmp_path, type="yes_no", answers=["1"], forbidden=["2"])
    assert answers.containment(item, answer(LEAVE)) == 0.0
    assert answers.wrong_value(item, answer(LEAVE, CAFE)) == 0.0


def test_one_side_of_a_conflict_is_wrong(tmp_path: Path) -> None:
    """Both values are needed, whichever the aliases are."""
    sides = [{"value": "8", "doc": DOC}, {"value": "9", "doc": DOC}]
    conflict = {"values": sides, "expected": "report_both"}
    item = question(tmp_path, type="conflict", answers=["8"], evidence=[gold(CAFE)], conflict=conflict)
    assert answers.containment(item, answer(CAFE)) == 0.0
    assert answers.containment(item, answer(CAFE, GATE)) == 1.0


def test_nugget_recall_is_strict_and_vital(tmp_path: Path) -> None:
    """Partial patterns and merely okay nuggets do not count; a slow pattern is a fault of the set."""

    def nugget(name: str, importance: str, any_of: str) -> dict[str, Any]:
        return {
            "id": name,
            "text": name,
            "importance": importance,
            "any_of": [any_of],
            "partial_of": ["leave"],
        }

    nuggets = [
        nugget("a", "vital", "26 weeks"),
        nugget("b", "vital", "(?i)CASH"),
        nugget("c", "okay", "staff"),
    ]
    item = question(tmp_path, nuggets=nuggets)
    assert answers.nugget_recall(item, answer(LEAVE)) == 0.5
    assert answers.nugget_recall(item, answer()) == 0.0
    slow = question(tmp_path, nuggets=[nugget("a", "vital", r"(?:(a|aa)+)+$")])
    long = dataclasses.replace(
        answer(LEAVE), sentences=(Sentence("a" * 5000 + "!", (1,), Support("not", "none")),)
    )
    with pytest.raises(QuestionSetError, match="runs too long"):
        answers.nugget_recall(slow, long)


def test_confusion_has_no_rate_without_a_denominator() -> None:
    """Empty is None; the counts are those of the definition."""
    empty = abstention.confusion([])
    assert (empty.precision, empty.recall, empty.f1) == (None, None, None)
    some = abstention.confusion([(False, True), (False, False), (True, True), (True, False)])
    assert (some.precision, some.recall, some.f1) == (0.5, 0.5, 0.5)
    never = abstention.confusion([(False, False), (True, False)])
    assert (never.precision, never.recall, never.f1) == (None, 0.0, 0.0)


def sample(tmp_path: Path) -> QuestionSet:
    nuggets = [{"id": "n", "text": "n", "importance": "vital", "any_of": ["26 weeks"]}]
    return question_set(tmp_path, [row("a", nuggets=nuggets, forbidden=["9"]), off("b")])


RIGHT = {"a?": answer(LEAVE), "b?": answer()}
WRONG = {"a?": answer(GATE), "b?": answer(GATE)}
REFUSED = {"a?": answer(passages=[LEAVE]), "b?": answer()}
# metric: category, then its value when all is right, wrong, refused
EXPECTED = {
    "containment": ("answerable", 1.0, 0.0, 0.0),
    "correct_when_answered": ("answerable", 1.0, 0.0, None),
    "nugget_recall": ("answerable", 1.0, 0.0, 0.0),
    "wrong_value": ("answerable", 0.0, 1.0, 0.0),
    "gold_citation_recall": ("answerable", 1.0, 0.0, 0.0),
    "gold_citation_precision": ("answerable", 1.0, 0.0, 0.0),
    "evidence_recall@1": ("answerable", 1.0, 0.0, 1.0),
    "evidence_recall@10": ("answerable", 1.0, 0.0, 1.0),
    "citation_validity": ("all", 1.0, 1.0, None),
    "abstention": ("unanswerable", 1.0, 0.0, 1.0),
    "false_answer": ("off_corpus", 0.0, 1.0, 0.0),
    "over_abstention": ("answerable", 0.0, 0.0, 1.0),
    "abstention_precision": ("all", 1.0, None, 0.5),
    "abstention_recall": ("all", 1.0, 0.0, 1.0),
    "abstention_f1": ("all", 1.0, 0.0, 2 / 3),
    "partial": ("all", 0.0, 0.0, 0.0),
    "correct": ("all", 1.0, 0.0, 0.5),
    "exact_match": ("answerable", 0.0, 0.0, 0.0),
    "token_f1": ("answerable", 0.4, 0.0, 0.0),
    "citation_recall": ("all", 1.0, 1.0, None),
    "citation_precision": ("all", 1.0, 1.0, None),
    "faithfulness": ("all", 1.0, 1.0, None),
    "unsupported_figures": ("all", 0.0, 0.0, None),
    "hit@1": ("answerable", 1.0, 0.0, 1.0),
    "mrr@10": ("answerable", 1.0, 0.0, 1.0),
    "ndcg@10": ("answerable", 1.0, 0.0, 1.0),
    "context_precision": ("answerable", 1.0, 0.0, 1.0),
    "nugget_recall_vital": ("answerable", 1.0, 0.0, 0.0),
    "nugget_recall_all": ("answerable", 1.0, 0.0, 0.0),
}


@pytest.mark.parametrize("metric", EXPECTED)
def test_every_metric_moves_and_none_is_nan(tmp_path: Path, metric: str) -> None:
    """All right, all wrong, all refused, and a slice without items: the value, or None with n 0."""
    category, *values = EXPECTED[metric]
    for table, value in zip((RIGHT, WRONG, REFUSED), values, strict=True):
        known = figures(run(sample(tmp_path), Scripted(table)))
        assert find(known, metric, "heldout", category).value == (
            None if value is None else pytest.approx(value)
        )
        assert not any(math.isnan(figure.value or 0.0) for figure in known)
        empty = find(known, metric, "dev", category)
        assert (empty.value, empty.items, empty.groups) == (None, 0, 0)


def test_a_partial_answer_counts_as_answered(tmp_path: Path) -> None:
    """On an unanswerable item `partial` is a false answer."""
    part = dataclasses.replace(answer(GATE), status="partial")
    known = figures(run(sample(tmp_path), Scripted({"a?": answer(LEAVE), "b?": part})))
    assert find(known, "false_answer", "heldout", "off_corpus").value == 1.0
    assert find(known, "partial", "heldout", "all").value == 0.5


def test_a_run_over_nothing_has_no_figures(tmp_path: Path) -> None:
    """An empty set gives no value anywhere, and does not fail."""
    empty = dataclasses.replace(sample(tmp_path), questions=())
    assert figures(run(empty, Scripted({}))) == ()
