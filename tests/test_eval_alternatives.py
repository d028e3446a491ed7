"""Items that need several things: each part of the evidence once, each side of a conflict in any wording."""

from pathlib import Path
from typing import Any

import pytest
from eval_cases import CAFE, DOC, GATE, LEAVE, answer, gold, question_set, row

from eval.metrics import answers, citations, conflicts, retrieval
from eval.schema import Question

TWO = [{**gold(LEAVE), "part": "times"}, {**gold(CAFE), "part": "times"}, gold(GATE)]


def question(tmp_path: Path, **fields: Any) -> Question:
    return question_set(tmp_path, [row("a", **fields)]).questions[0]


def test_spans_of_one_part_are_alternatives(tmp_path: Path) -> None:
    """One of them and the other part are all; without names each span is a part of its own."""
    named = question(tmp_path, type="multi_hop", evidence=TWO)
    assert named.parts == ((0, 1), (2,))
    single = question(tmp_path, type="single", evidence=TWO)
    assert single.parts == ((0, 1, 2),)
    plain = question(tmp_path, type="multi_hop", evidence=[gold(LEAVE), gold(CAFE), gold(GATE)])
    assert plain.parts == ((0,), (1,), (2,))
    for said, one, other in (((CAFE, GATE), 1.0, 2 / 3), ((LEAVE, CAFE), 0.5, 2 / 3), ((GATE,), 0.5, 1 / 3)):
        reply = answer(*said)
        assert citations.gold_recall(named, reply) == one
        assert citations.gold_recall(plain, reply) == pytest.approx(other)
        assert citations.gold_recall(single, reply) == 1.0
        assert retrieval.evidence_recall(named, reply.passages, 5) == one


def test_a_missed_part_counts_against_the_ranking_once(tmp_path: Path) -> None:
    """Both alternatives missing are one thing that is missing."""
    named = question(tmp_path, type="multi_hop", evidence=TWO)
    plain = question(tmp_path, type="multi_hop", evidence=[gold(LEAVE), gold(CAFE), gold(GATE)])
    found = answer(GATE).passages
    assert (retrieval.ndcg(named, found) or 0) > (retrieval.ndcg(plain, found) or 0)
    assert retrieval.ndcg(named, answer(CAFE, GATE).passages) == 1.0


def test_a_side_of_a_conflict_may_be_worded_in_two_ways(tmp_path: Path) -> None:
    """Either wording states and cites the side; the other side is needed still."""
    sides = [
        {"value": "26 weeks", "doc": DOC, "others": [{"value": "opens at 8", "doc": DOC}]},
        {"value": "closes at 9", "doc": DOC},
    ]
    conflict = {"values": sides, "expected": "report_both"}
    asked = question(tmp_path, type="conflict", conflict=conflict, evidence=TWO)
    for said, right in (((LEAVE, GATE), 1.0), ((CAFE, GATE), 1.0), ((LEAVE, CAFE), 0.0), ((GATE,), 0.0)):
        reply = answer(*said)
        assert answers.containment(asked, reply) == right
        assert conflicts.both_cited(asked, reply) == right
        assert conflicts.single_side(asked, reply) == 1.0 - right
