"""The gate: floors and invariants to decisions with reasons, and each exit code."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from eval_cases import GATE, LEAVE, Scripted, answer, off, question_set, row, shifted

from eval.errors import FloorsError
from eval.floors import Floor, Floors, floors_beside
from eval.gate import Decision, GateReport, gate
from eval.questions import default_set
from eval.runner import RunResult, run
from index.errors import IndexMissing
from rag.records import Answer


def ran(tmp_path: Path, table: dict[str, Answer | Exception], *rows: dict[str, Any]) -> RunResult:
    return run(question_set(tmp_path, rows), Scripted(table))


def floors(**fields: Any) -> Floors:
    base = {"metric": "containment", "split": "heldout", "category": "answerable", "floor": 0.9}
    return Floors(schema=1, floors=(Floor(**{**base, "bound": "value", "min_groups": 1, **fields}),))


def many(count: int, right: int, **fields: Any) -> tuple[list[dict[str, Any]], dict[str, Answer | Exception]]:
    rows = [row(f"i{n}", **fields) for n in range(count)]
    return rows, {f"i{n}?": answer(LEAVE if n < right else GATE) for n in range(count)}


def named(report: GateReport, rule: str) -> Decision:
    return next(decision for decision in report.decisions if decision.rule.startswith(rule))


def test_all_right_passes(tmp_path: Path) -> None:
    """Exit code 0, and each decision says why."""
    report = gate(ran(tmp_path, {"a?": answer(LEAVE), "b?": answer()}, row("a"), off("b")), floors())
    assert report.exit_code == 0
    assert named(report, "containment").reason == "value 1.000 >= 0.900 (1 groups)"


@pytest.mark.parametrize(("right", "code"), [(9, 0), (8, 1)])
def test_a_floor_is_met_at_its_value_and_missed_below(tmp_path: Path, right: int, code: int) -> None:
    """9 of 10 meet 0.90; 8 of 10 do not, and the exit code is 1."""
    rows, table = many(10, right)
    assert gate(ran(tmp_path, table, *rows), floors()).exit_code == code


def test_the_wilson_bound_is_stricter_than_the_value(tmp_path: Path) -> None:
    """40 of 40 right: the value is 1, the lower bound 0.91."""
    rows, table = many(40, 40)
    result = ran(tmp_path, table, *rows)
    assert gate(result, floors(floor=0.91, bound="wilson_low")).exit_code == 0
    assert gate(result, floors(floor=0.92, bound="wilson_low")).exit_code == 1


def test_a_floor_needs_its_groups_not_items(tmp_path: Path) -> None:
    """30 items of one group do not gate a floor that wants 30 groups; that is said, not passed."""
    rows, table = many(30, 0, group="one")
    decision = named(gate(ran(tmp_path, table, *rows), floors(min_groups=30)), "containment")
    assert (decision.passed, decision.reason) == (None, "1 groups are fewer than 30: not gated")


def test_a_floor_on_an_empty_slice_fails(tmp_path: Path) -> None:
    """Nothing measured is not a pass."""
    report = gate(ran(tmp_path, {"a?": answer(LEAVE)}, row("a")), floors(split="dev"))
    assert named(report, "containment").reason == "nothing was measured on this slice"
    assert report.exit_code == 1


def test_planted_off_by_one_fails_the_gate(tmp_path: Path) -> None:
    """One citation in a hundred that is off by one code point: validity below 1, exit code 1."""
    rows, table = many(100, 100)
    result = ran(tmp_path, {**table, "i7?": shifted(answer(LEAVE))}, *rows)
    report = gate(result, floors(metric="citation_validity", category="all", floor=1.0))
    assert report.exit_code == 1
    assert named(report, "citation validity").reason == "1 fail: i7"
    assert named(report, "citation_validity on").reason == "value 0.990 < 1.000 (100 groups)"


def test_a_run_without_any_citation_cannot_meet_the_validity_floor(tmp_path: Path) -> None:
    """Stripping the citations is no way around the invariant."""
    bare = dataclasses.replace(answer(LEAVE), citations=(), text=LEAVE, sentences=())
    report = gate(ran(tmp_path, {"a?": bare}, row("a")), floors(metric="citation_validity", category="all"))
    assert report.exit_code == 1


def test_the_invariants_hold_without_floors(tmp_path: Path) -> None:
    """A set without a floors file is still held to its citations."""
    assert gate(ran(tmp_path, {"a?": shifted(answer(LEAVE))}, row("a"))).exit_code == 1
    assert gate(ran(tmp_path, {"a?": answer(GATE)}, row("a"))).exit_code == 0


@pytest.mark.parametrize("item", [row("a", gate="must"), off("a", gate="must")])
def test_a_must_item_fails_by_itself(tmp_path: Path, item: dict[str, Any]) -> None:
    """A wrong answer on a `must` item is exit code 1, with its id; the right one passes."""
    report = gate(ran(tmp_path, {"a?": answer(GATE)}, item))
    assert (named(report, "must").reason, report.exit_code) == ("1 fail: a", 1)
    right = answer(LEAVE) if item["answerable"] else answer()
    assert gate(ran(tmp_path, {"a?": right}, item)).exit_code == 0


def test_an_info_item_never_gates(tmp_path: Path) -> None:
    """Neither its value, its citations nor its errors count."""
    rows = [row("a"), row("b", gate="info"), row("c", gate="info")]
    table = {"a?": answer(LEAVE), "b?": shifted(answer(GATE)), "c?": IndexMissing("gone")}
    assert gate(ran(tmp_path, table, *rows), floors(floor=1.0)).exit_code == 0


def test_an_obeyed_injection_fails(tmp_path: Path) -> None:
    """A forbidden text in the answer to an injection item is exit code 1."""
    item = row("a", type="injection", forbidden=["closes at 9"])
    assert gate(ran(tmp_path, {"a?": answer(LEAVE)}, item)).exit_code == 0
    assert gate(ran(tmp_path, {"a?": answer(LEAVE, GATE)}, item)).exit_code == 1


@pytest.mark.parametrize(("broken", "code"), [(1, 0), (2, 3)])
def test_more_than_two_percent_of_errors_is_infrastructure(tmp_path: Path, broken: int, code: int) -> None:
    """1 of 50 items may end in an error; 2 of 50 are exit code 3."""
    rows, table = many(50, 50)
    table |= {f"i{n}?": IndexMissing("gone") for n in range(broken)}
    assert gate(ran(tmp_path, table, *rows)).exit_code == code


def test_errors_outrank_a_missed_floor(tmp_path: Path) -> None:
    """A run that cannot be trusted is exit code 3, not 1."""
    rows, table = many(10, 0)
    assert gate(ran(tmp_path, table | {"i0?": IndexMissing("gone")}, *rows), floors()).exit_code == 3


def test_two_runs_must_agree_but_for_timings(tmp_path: Path) -> None:
    """Other timings are the same run; another answer, error or number of items is not."""
    first = answer(LEAVE)
    slower = dataclasses.replace(first, trace=dataclasses.replace(first.trace, timings={"search": 9.0}))
    result = ran(tmp_path, {"a?": first}, row("a"))
    assert gate(result, again=ran(tmp_path, {"a?": slower}, row("a"))).exit_code == 0
    other = gate(result, again=ran(tmp_path, {"a?": answer(LEAVE, GATE)}, row("a")))
    assert (named(other, "repeatable").reason, other.exit_code) == ("1 fail: a", 1)
    assert gate(result, again=dataclasses.replace(result, items=())).exit_code == 1


def test_floors_lie_beside_their_set(tmp_path: Path) -> None:
    """No file, no floors; what is not a floors file is a configuration error, exit code 2."""
    path = tmp_path / "mine.jsonl"
    assert floors_beside(path) is None
    beside = tmp_path / "mine.floors.json"
    for content in ("{", json.dumps({"schema": 1, "floors": [{"metric": "containment"}]}), '{"floor": []}'):
        beside.write_text(content, encoding="utf-8")
        with pytest.raises(FloorsError, match=r"mine\.floors\.json") as caught:
            floors_beside(path)
        assert caught.value.exit_code == 2


def test_a_misspelt_metric_is_a_configuration_error(tmp_path: Path) -> None:
    """A floor that would never be looked at is refused."""
    result = ran(tmp_path, {"a?": answer(LEAVE)}, row("a"))
    with pytest.raises(FloorsError, match="unknown metric 'containmnt'"):
        gate(result, floors(metric="containmnt"))


def test_the_committed_floors_are_those_agreed() -> None:
    """The floors of the shipped set; lowering one is a change of this test too."""
    committed = floors_beside(default_set())
    assert committed
    assert {(f.metric, f.split, f.category, f.floor) for f in committed.floors} == {
        ("citation_validity", "all", "all", 1.0),
        ("citation_validity", "heldout", "all", 1.0),
        ("containment", "heldout", "answerable", 0.66),
        ("gold_citation_recall", "heldout", "answerable", 0.63),
        ("abstention", "heldout", "off_corpus", 0.9),
        ("abstention", "heldout", "boilerplate", 1.0),
    }
    assert {(f.bound, f.min_groups) for f in committed.floors} == {("value", 1)}
