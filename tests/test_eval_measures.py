"""The measures against published examples, hand-computed ones, and other people's libraries."""

import dataclasses
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from eval_cases import CAFE, DOC, GATE, LEAVE, TEXT, Scripted, answer, gold, question_set, row
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import answers, calibration, conflicts, grounding, retrieval
from eval.runner import run
from eval.schema import Question
from eval.whole import whole_set
from rag.records import Answer, Citation, Conflict, ConflictValue, Passage, Scores, Sentence, Support

ONES = np.ones((1, 4))


def question(tmp_path: Path, **fields: Any) -> Question:
    return question_set(tmp_path, [row("a", **fields)]).questions[0]


def ranked(item: Question, *relevant: bool) -> list[Passage]:
    """Passages of which those marked hold the first gold span."""
    span = item.evidence[0]
    return [
        Passage(DOC, span.start, span.end, "", 1.0, Scores())
        if good
        else Passage("other.txt", 0, 9, "", 1.0, Scores())
        for good in relevant
    ]


def test_ranking_measures_by_hand(tmp_path: Path) -> None:
    """Relevant at ranks 2 and 3: reciprocal rank 1/2, context precision (1/2 + 2/3) / 2, hit from k = 2."""
    item = question(tmp_path)
    found = ranked(item, False, True, True)
    assert retrieval.reciprocal_rank(item, found) == 0.5
    assert retrieval.context_precision(item, found) == pytest.approx(7 / 12)
    assert [retrieval.hit(item, found, k) for k in (1, 2, 3)] == [0.0, 1.0, 1.0]
    gained, ideal = 1 / math.log2(3) + 1 / math.log2(4), 1 + 1 / math.log2(3)
    assert retrieval.ndcg(item, found) == pytest.approx(gained / ideal)
    assert (retrieval.reciprocal_rank(item, []), retrieval.ndcg(item, []), retrieval.hit(item, [], 5)) == (
        0,
        0,
        0,
    )


def test_a_span_that_no_passage_holds_counts_against_the_ranking(tmp_path: Path) -> None:
    """Of two spans that are both needed one is found first: the gain of one over the ideal of two."""
    item = question(tmp_path, type="list", evidence=[gold(LEAVE), gold(CAFE)])
    assert retrieval.ndcg(item, ranked(item, True)) == pytest.approx(1 / (1 + 1 / math.log2(3)))
    either = question(tmp_path, evidence=[gold(LEAVE), gold(CAFE)])
    assert retrieval.ndcg(either, ranked(either, True)) == 1.0


def test_ranking_measures_equal_those_of_ir_measures(tmp_path: Path) -> None:
    """Hundreds of random rankings, none of whose relevant passages is missed."""
    import ir_measures
    from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG

    item = question(tmp_path)
    chance = random.Random(5)
    for _ in range(200):
        marks = [chance.random() < 0.3 for _ in range(chance.randint(1, 14))]
        if not any(marks):
            continue
        qrels = [Qrel("q", f"{at:03}", int(good)) for at, good in enumerate(marks)]
        scored = [ScoredDoc("q", f"{at:03}", -float(at)) for at in range(len(marks))]
        theirs = ir_measures.calc_aggregate([RR @ 10, nDCG @ 10, Success @ 5], qrels, scored)
        found = ranked(item, *marks)
        assert retrieval.reciprocal_rank(item, found) == pytest.approx(theirs[RR @ 10])
        assert retrieval.ndcg(item, found) == pytest.approx(theirs[nDCG @ 10])
        assert retrieval.hit(item, found, 5) == theirs[Success @ 5]


def said(text: str) -> Answer:
    return dataclasses.replace(
        answer(LEAVE), sentences=(Sentence(text, (1,), Support("supported", "verbatim")),)
    )


@pytest.mark.parametrize(
    ("text", "exact", "f1"),
    [
        ("26 weeks", 1.0, 1.0),
        ("The 26 Weeks.", 1.0, 1.0),
        ("26 weeks of leave", 0.0, 2 / 3),
        ("weeks weeks", 0.0, 0.5),  # a multiset: the second "weeks" finds no partner
        ("9 o'clock", 0.0, 0.0),
    ],
)
def test_exact_match_and_f1_are_those_of_squad(tmp_path: Path, text: str, exact: float, f1: float) -> None:
    """Articles, case and punctuation do not count; the best of the aliases does."""
    item = question(tmp_path, answers=["26 weeks", "half a century of days"], type="yes_no")
    assert answers.exact_match(item, said(text)) == exact
    assert answers.token_f1(item, said(text)) == pytest.approx(f1)


def test_nuggets_count_halves_where_asked(tmp_path: Path) -> None:
    """One vital nugget whole, one vital in part, one okay whole: 1/2 strict, 3/4 vital, 5/6 all."""
    parts = [("a", "vital", "26 weeks", []), ("b", "vital", "cash", ["staff"]), ("c", "okay", "leave", [])]
    nuggets = [
        {"id": name, "text": name, "importance": kind, "any_of": [whole], "partial_of": half}
        for name, kind, whole, half in parts
    ]
    item = question(tmp_path, nuggets=nuggets)
    right = answer(LEAVE)
    assert answers.nugget_recall(item, right) == 0.5
    assert answers.nugget_recall(item, right, "vital") == 0.75
    assert answers.nugget_recall(item, right, "all") == pytest.approx(2.5 / 3)


def cites(*cited: tuple[int, ...]) -> Answer:
    """An answer of sentences that cite by number: quote 1 supports, 2 adds nothing, 3 and 4 only together."""
    quotes = {1: "whole", 2: "nothing", 3: "half-a", 4: "half-b"}
    base = answer(LEAVE).citations[0]
    used = sorted({number for numbers in cited for number in numbers})
    citations: list[Citation] = [dataclasses.replace(base, number=n, quote=quotes[n]) for n in used]
    sentences = tuple(Sentence("said", numbers, Support("supported", "verbatim")) for numbers in cited)
    return dataclasses.replace(answer(LEAVE), sentences=sentences, citations=tuple(citations))


def judge(sentence: str, quotes: Any) -> Support:
    held = "whole" in quotes or {"half-a", "half-b"} <= set(quotes)
    return Support("supported" if held else "not", "coverage")


@pytest.mark.parametrize(
    ("cited", "recall", "precision"),
    [
        ([(1,)], 1.0, 1.0),
        ([(1, 2)], 1.0, 0.5),  # 2 fails alone and the other still supports
        ([(3, 4)], 1.0, 1.0),  # each fails alone, but neither can be spared
        ([(3,)], 0.0, 0.0),
        ([(1,), ()], 0.5, 1.0),
        ([()], 0.0, None),
    ],
)
def test_citation_recall_and_precision_follow_alce(
    cited: list[tuple[int, ...]], recall: float, precision: float | None
) -> None:
    """The rule of ALCE, case by case."""
    assert grounding.citation_recall(cites(*cited), judge) == recall
    assert grounding.citation_precision(cites(*cited), judge) == precision


def test_figures_and_names_that_the_source_lacks(tmp_path: Path) -> None:
    """Figures by value, names by words; an answer without any has no value."""
    right = answer(LEAVE)
    wrong = dataclasses.replace(
        right, sentences=(Sentence("Staff of Oslo get 26 weeks and 5 days.", (1,), Support("not", "figure")),)
    )
    assert (grounding.unsupported_figures(right), grounding.unsupported_figures(wrong)) == (0.0, 0.5)
    assert grounding.unsupported_names(wrong) == 1.0
    assert grounding.unsupported_figures(answer("Nobody is paid in cash.")) is None
    assert grounding.faithfulness(wrong) == 0.0
    assert grounding.faithfulness(answer()) is None


def test_conflicts_need_both_sides_cited(tmp_path: Path) -> None:
    """Both sides, from their documents; one side alone is told apart; a report is a detection."""
    sides = [{"value": "8", "doc": DOC}, {"value": "9", "doc": DOC}]
    expected = {"values": sides, "expected": "report_both"}
    item = question(tmp_path, type="conflict", answers=["8"], evidence=[gold(CAFE)], conflict=expected)
    assert [conflicts.both_cited(item, a) for a in (answer(CAFE, GATE), answer(CAFE), answer())] == [1, 0, 0]
    assert [conflicts.single_side(item, a) for a in (answer(CAFE, GATE), answer(CAFE), answer())] == [0, 1, 0]
    told = dataclasses.replace(answer(CAFE, GATE), conflicts=(Conflict("number", "hour", ()),))
    result = run(question_set(tmp_path, [row("a"), row("b")]), Scripted({"a?": told, "b?": answer(CAFE)}))
    found = dict(whole_set(result.items))
    assert (found["conflict_precision"].value, found["conflict_recall"].value) == (0.0, None)


def test_what_is_expected_of_a_conflict(tmp_path: Path) -> None:
    """All sides in one reported disagreement; where the newer counts, its date is told and is the latest."""
    sides = [{"value": "8", "doc": DOC}, {"value": "9", "doc": DOC}]

    def expecting(what: str) -> Question:
        known = {"values": sides, "expected": what}
        return question(tmp_path, type="conflict", answers=["8"], evidence=[gold(CAFE)], conflict=known)

    def telling(*dates: str | None) -> Answer:
        values = tuple(ConflictValue("x", number, date) for number, date in enumerate(dates, 1))
        return dataclasses.replace(answer(CAFE, GATE), conflicts=(Conflict("number", "hour", values),))

    both, newer = expecting("report_both"), expecting("prefer_newer")
    told = [telling(None, None), telling("2020"), telling("2020", "2021"), answer(CAFE, GATE)]
    assert [conflicts.as_expected(both, one) for one in told] == [1, 0, 1, 0]
    told = [telling("2020", "2021"), telling("2021", "2020"), telling("2020", "2020"), telling(None, "2021")]
    assert [conflicts.as_expected(newer, one) for one in told] == [1, 0, 0, 0]
    assert conflicts.as_expected(question(tmp_path), told[0]) is None


def test_confidence_measures_by_hand() -> None:
    """Right, wrong, right, right by falling confidence: risks 0, 1/2, 1/3, 1/4."""
    items = calibration.judged([(0.7, False), (0.9, True), (0.5, True), (0.3, True)])
    assert float(calibration.aurc(items, ONES)[0]) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert float(calibration.excess_aurc(items, ONES)[0]) == pytest.approx((1 / 2 + 1 / 3) / 4)
    assert float(calibration.coverage_at(items, ONES, 0.1)[0]) == 0.25
    assert float(calibration.coverage_at(items, ONES, 0.25)[0]) == 1.0
    gaps = [0.1, 0.7, 0.5, 0.7]
    assert float(calibration.calibration_error(items, ONES)[0]) == pytest.approx(sum(gaps) / 4)
    assert calibration.curve(items)[1] == (0.5, 0.5)


def test_equal_confidence_has_no_order() -> None:
    """Whatever the order of items of one confidence, the figures are the same; no threshold cuts them."""
    one = calibration.judged([(0.5, True), (0.5, False), (0.5, True), (0.5, True)])
    two = calibration.judged([(0.5, False), (0.5, True), (0.5, True), (0.5, True)])
    assert calibration.aurc(one, ONES) == calibration.aurc(two, ONES)
    assert calibration.coverage_at(one, ONES, 0.1)[0] == 0.0
    assert calibration.curve(one) == ((1.0, 0.25),)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_confidence_measures_stay_in_bounds(pairs: list[tuple[float, bool]]) -> None:
    """Between 0 and 1, never NaN; a right answer in place of a wrong one never raises the risk."""
    items = calibration.judged(pairs)
    ones = np.ones((1, len(pairs)))
    better = calibration.judged([(confidence, True) for confidence, _ in pairs])
    for measure in (calibration.aurc, calibration.excess_aurc, calibration.calibration_error):
        assert -1e-9 <= float(measure(items, ones)[0]) <= 1 + 1e-9
    assert float(calibration.aurc(better, ones)[0]) == 0.0
    assert sum(part.items for part in calibration.bins(items)) == len(pairs)
    assert 0 <= float(calibration.coverage_at(items, ones, 0.05)[0]) <= 1


def test_null_confidence_is_not_applicable(tmp_path: Path) -> None:
    """No value and n 0; an abstention with a confidence is no answer to be judged either."""
    sure = dataclasses.replace(answer(LEAVE), confidence=0.8)
    refusal = dataclasses.replace(answer(), confidence=0.1)
    rows_ = [row("a"), row("b"), row("c")]
    result = run(question_set(tmp_path, rows_), Scripted({"a?": sure, "b?": refusal, "c?": answer(GATE)}))
    found = dict(whole_set(result.items))
    assert len(found["brier"].over) == 1
    assert found["brier"].value == pytest.approx(0.04)
    none = dict(whole_set(result.items[1:]))
    assert {name: (none[name].value, len(none[name].over)) for name in ("brier", "aurc", "ece")} == {
        name: (None, 0) for name in ("brier", "aurc", "ece")
    }


def test_paraphrases_are_items_of_a_group_that_expect_the_same(tmp_path: Path) -> None:
    """One of two paraphrases answered is a range of 1; another question of the group does not count."""
    rows_ = [
        row("a", group="g"),
        row("b", group="g"),
        row("c", group="g", answers=["8"], evidence=[gold(CAFE)]),
    ]
    table = {"a?": answer(LEAVE), "b?": answer(GATE), "c?": answer(GATE)}
    found = dict(whole_set(run(question_set(tmp_path, rows_), Scripted(table)).items))["paraphrase_range"]
    assert (found.value, [item.question.id for item in found.over]) == (1.0, ["a", "b"])
    assert TEXT.count(LEAVE) == 1
