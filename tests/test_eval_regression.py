"""Tiers 2 and 3: what counts as a regression, what does not, and what is refused."""

import dataclasses
import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from eval_cases import CAFE, GATE, LEAVE, Scripted, about, answer, off, question_set, row

from eval.errors import BaselineError
from eval.gate import gate
from eval.metrics.catalogue import KS
from eval.provenance import corpus_sha256
from eval.recorded import (
    Recorded,
    RecordedItem,
    baseline_path,
    read_baseline,
    recorded,
    write_baseline,
)
from eval.regression import Paired, compare
from eval.runner import RunResult, run
from index.settings import IndexSettings
from rag.records import Answer

if TYPE_CHECKING:
    pass


def item(name: str, group: str = "", gate: str = "normal", **values: float | None) -> RecordedItem:
    digest = repr(sorted(values.items()))
    return RecordedItem(name, group or name, "single", gate, "scored", "answered", digest, "said", values)


def record(*items: RecordedItem) -> Recorded:
    return Recorded(about(), items)


def flipped(groups: int, losses: int, wins: int, metric: str = "correct") -> Paired:
    """A measure over groups of one item, of which some were lost and some won."""
    was = [1.0] * losses + [0.0] * wins + [1.0] * (groups - losses - wins)
    now = [0.0] * losses + [1.0] * wins + [1.0] * (groups - losses - wins)
    before = record(*(item(f"i{at}", **{metric: value}) for at, value in enumerate(was)))
    after = record(*(item(f"i{at}", **{metric: value}) for at, value in enumerate(now)))
    return next(one for one in compare(after, before, KS).paired if one.measure == metric)


@pytest.mark.parametrize(
    ("losses", "wins", "fails"),
    [(0, 0, False), (4, 0, False), (5, 0, True), (6, 1, False), (7, 1, True), (8, 2, False), (9, 2, True),
     (0, 9, False), (9, 9, False)],
)  # fmt: skip
def test_a_binary_measure_fails_by_mcnemar(losses: int, wins: int, fails: bool) -> None:
    """At 90 groups the test alone decides, at its known limits."""
    found = flipped(90, losses, wins)
    assert (found.losses, found.wins, found.failed) == (losses, wins, fails)


@pytest.mark.parametrize(
    ("groups", "losses", "fails"), [(100, 2, False), (100, 3, True), (99, 3, False), (200, 4, False)]
)
def test_a_net_loss_over_the_budget_fails_whatever_the_test_says(
    groups: int, losses: int, fails: bool
) -> None:
    """More than 2 points of 100 groups or more; exactly 2 points are within it."""
    assert flipped(groups, losses, 0).failed is fails
    assert not flipped(groups, losses, 0, "abstention").failed, "its flips are too common by chance"


def test_a_group_counts_once() -> None:
    """Ten lost items of one group are one loss."""
    before = record(*(item(f"i{at}", group="g", correct=1.0) for at in range(10)), *map_right(80))
    after = record(*(item(f"i{at}", group="g", correct=0.0) for at in range(10)), *map_right(80))
    found = compare(after, before, KS).paired[0]
    assert (found.items, found.groups, found.losses, found.failed) == (90, 81, 1, False)


def map_right(count: int) -> list[RecordedItem]:
    return [item(f"r{at}", correct=1.0) for at in range(count)]


def test_a_continuous_measure_fails_by_its_bootstrap() -> None:
    """A small fall in most groups is found; noise around nothing is not; a rise never fails."""
    chance = random.Random(2)
    noise = [chance.uniform(-0.1, 0.1) for _ in range(60)]

    def moved(by: float) -> Paired:
        before = record(*(item(f"i{at}", **{"mrr@10": 0.6}) for at in range(60)))
        after = record(*(item(f"i{at}", **{"mrr@10": 0.6 + by + n}) for at, n in enumerate(noise)))
        return next(one for one in compare(after, before, KS).paired if one.measure == "mrr@10")

    assert [moved(by).failed for by in (-0.05, 0.0, 0.05)] == [True, False, False]


def test_a_measure_that_is_better_low_fails_when_it_rises() -> None:
    """More forbidden values are worse."""
    before = record(*(item(f"i{at}", wrong_value=0.0) for at in range(20)))
    after = record(*(item(f"i{at}", wrong_value=float(at < 6)) for at in range(20)))
    assert next(one for one in compare(after, before, KS).paired).failed
    assert not next(one for one in compare(before, after, KS).paired).failed


def test_few_groups_and_info_items_do_not_gate() -> None:
    """Four lost groups of four are told and not gated; an item marked info is not even compared."""
    found = flipped(4, 4, 0)
    assert (found.failed, found.corrected) == (False, None)
    assert "fewer than 5" in found.reason
    items = [item(f"i{at}", gate="info", correct=1.0) for at in range(9)]
    assert compare(record(*items), record(*items), KS).paired == ()


def test_what_changed_is_listed_and_fails_nothing() -> None:
    """A flip either way is named with what flipped; an equal answer is not."""
    before = record(item("a", correct=1.0), item("b", correct=0.0), *map_right(30))
    after = record(item("a", correct=0.0), item("b", correct=1.0), *map_right(30))
    found = compare(after, before, KS)
    assert [(c.id, c.flips, c.worse) for c in found.changes] == [
        ("a", ("correct 1 → 0",), True),
        ("b", ("correct 0 → 1",), False),
    ]
    assert (found.groups, found.smallest) == (32, None)


@pytest.mark.parametrize("field", ["set_sha256", "corpus_sha256"])
def test_other_questions_or_documents_are_refused(field: str) -> None:
    """Exit code 2, not a pass."""
    other = dataclasses.replace(record(), about=about(**{field: "0" * 64}))
    with pytest.raises(BaselineError, match="cannot compare") as caught:
        compare(record(), other, KS)
    assert caught.value.exit_code == 2


def test_another_index_over_the_same_documents_is_compared() -> None:
    """Another model or cleaning is what a gate is for."""
    other = dataclasses.replace(record(*map_right(9)), about=about(index="index-2"))
    assert compare(record(*map_right(9)), other, KS).paired


def ran(tmp_path: Path, reply: Callable[[int], Answer]) -> RunResult:
    rows = [row(f"i{at}") for at in range(60)] + [off("z")]
    table = {f"i{at}?": reply(at) for at in range(60)} | {"z?": answer()}
    return run(question_set(tmp_path, rows), Scripted(table))


def test_the_gate_fails_on_a_regression_and_says_so(tmp_path: Path) -> None:
    """Exit code 1 with the measure, its p and the items; the same run as its own baseline passes."""
    good, bad = (
        ran(tmp_path, lambda at: answer(LEAVE)),
        ran(tmp_path, lambda at: answer(GATE if at < 6 else LEAVE)),
    )
    before = recorded(good, about())
    report = gate(bad, comparison=compare(recorded(bad, about()), before, KS))
    assert report.exit_code == 1
    failed = next(d for d in report.decisions if d.rule == "correct against the baseline")
    assert (failed.tier, failed.passed) == (2, False)
    assert failed.reason.startswith("6 groups worse, 0 better of 61; net -9.8 points; p 0.016")
    told = next(d for d in report.decisions if d.tier == 3)
    assert told.passed is None
    assert "6 for the worse: i0, i1, i2, i3, i4, i5." in told.reason
    assert gate(good, comparison=compare(before, before, KS)).exit_code == 0


def test_a_baseline_survives_its_file(tmp_path: Path) -> None:
    """What is written is read again, reason and flipped items included; other files are refused."""
    result = ran(tmp_path, lambda at: answer(LEAVE, CAFE))
    whole = dataclasses.replace(recorded(result, about()), reason="first", flipped=("i1",))
    path = baseline_path(tmp_path / "mine.jsonl", "openai:x@http://y")
    assert path.name == "mine.openai-x-http---y.baseline.jsonl"
    write_baseline(path, whole)
    assert read_baseline(path) == whole
    for content in ("", "{}", "[]", '{"schema": 9, "reason": "", "flipped": []}', "\x00"):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(BaselineError):
            read_baseline(path)
    with pytest.raises(BaselineError, match="rag eval accept"):
        read_baseline(tmp_path / "absent.jsonl")


def test_the_corpus_hash_is_of_the_files(tmp_path: Path) -> None:
    """One byte, name or date more is another corpus; the set itself beside the documents is none."""
    (tmp_path / "a.txt").write_text("One.", encoding="utf-8")
    first = corpus_sha256(tmp_path, IndexSettings())
    (tmp_path / "my.questions.jsonl").write_text("{}", encoding="utf-8")
    assert corpus_sha256(tmp_path, IndexSettings()) == first
    (tmp_path / "a.txt").write_text("One!", encoding="utf-8")
    second = corpus_sha256(tmp_path, IndexSettings())
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    third = corpus_sha256(tmp_path, IndexSettings())
    (tmp_path / "metadata.jsonl").write_text('{"document": "b.txt", "date": "2020"}', encoding="utf-8")
    assert len({first, second, third, corpus_sha256(tmp_path, IndexSettings())}) == 4
