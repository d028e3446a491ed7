"""`rag bench gate`: how often the gate fails by chance alone, and whether it notices a real fall."""

import dataclasses
import json
from pathlib import Path

import pytest
from conftest import SEEDS
from eval_cases import GATE, LEAVE, Scripted, about, answer, off, question_set, row
from typer.testing import CliRunner

from eval.bench.alarms import bench_alarms
from eval.errors import EvalSetupError
from eval.floors import Floor, Floors, floors_beside
from eval.gate import decide
from eval.outputs import write_outputs
from eval.provenance import provenance
from eval.questions import default_set, load_questions
from eval.runner import RunResult, run
from eval.spent import spent
from eval.stored import StoredRun
from rag import Rag
from ui.cli import app


def stored(tmp_path: Path, items: int = 120, wrong: int = 30) -> StoredRun:
    """A run of which every fourth item or so is wrong, with some that nobody answers."""
    rows = [row(f"i{at}") for at in range(items)] + [off(f"z{at}") for at in range(10)]
    replies = {f"i{at}?": answer(GATE if at < wrong else LEAVE) for at in range(items)}
    replies |= {f"z{at}?": answer() for at in range(10)}
    questions = question_set(tmp_path, rows)
    result = run(questions, Scripted(replies))
    return StoredRun(dataclasses.replace(about(), set_sha256=questions.sha256), result, spent(result))


def floor(value: float) -> Floors:
    one = Floor(metric="correct", split="all", category="all", floor=value, bound="value", min_groups=1)
    return Floors(schema=1, floors=(one,))


def test_chance_seldom_fails_the_gate_and_a_fall_does(tmp_path: Path) -> None:
    """5 % of the items drawn again against a fall of 10 points, in which each round loses a tenth."""
    base = stored(tmp_path)
    quiet = bench_alarms(base, None, rounds=60)
    assert (quiet.items, quiet.rerolled, quiet.rounds) == (130, 6, 60)
    assert 0 < quiet.flipped < quiet.rerolled, "some draws change nothing, some do"
    assert quiet.interval.low <= quiet.rate <= 0.05
    fallen = bench_alarms(base, None, rounds=20, fall=0.1)
    assert fallen.rate > 0.9
    assert fallen.rules["correct against the baseline"] > 18


def test_nothing_drawn_is_no_alarm_and_everything_drawn_is_many(tmp_path: Path) -> None:
    """The rate moves with the share; the same seed gives the same report."""
    base = stored(tmp_path)
    none = bench_alarms(base, None, rounds=20, share=0.0)
    assert (none.failed, none.flipped) == (0, 0.0)
    every = bench_alarms(base, None, rounds=20, share=1.0)
    assert every.rate > 0.05
    assert bench_alarms(base, None, rounds=20, share=1.0) == every


def test_floors_count_as_alarms(tmp_path: Path) -> None:
    """A floor that the run just reaches fails about every second round; one above it is refused."""
    base = stored(tmp_path)
    reached = next(f for f in decide(base.result, floor(0.0)).decisions if f.floor).reason.split()[1]
    tight = bench_alarms(base, floor(float(reached)), rounds=40)
    assert 0.2 < tight.rate < 0.8
    assert tight.rules["correct on all/all"] == tight.failed
    with pytest.raises(EvalSetupError, match="fails as it is"):
        bench_alarms(base, floor(0.99), rounds=1)


def test_a_run_without_items_that_gate_is_refused(tmp_path: Path) -> None:
    """Drafts and single items of a kind cannot be drawn again."""
    questions = question_set(tmp_path, [row("a", gate="info"), row("b", gate="info"), off("z")])
    result = run(questions, Scripted({"a?": answer(LEAVE), "b?": answer(LEAVE), "z?": answer()}))
    with pytest.raises(EvalSetupError, match="nothing can be drawn"):
        bench_alarms(StoredRun(about(), result, spent(result)), None, rounds=1)


def test_the_command_gates_a_stored_run(tmp_path: Path) -> None:
    """Floors beside the set count; a run of another set is exit code 2."""
    base = stored(tmp_path)
    write_outputs(base, decide(base.result), tmp_path / "run")
    asked = ["bench", "gate", str(tmp_path / "set.jsonl"), "--run", str(tmp_path / "run"), "--rounds", "20"]
    shown = CliRunner().invoke(app, asked)
    assert shown.exit_code == 0, shown.output
    assert "6 of 130" in shown.stdout
    told = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert (told["rounds"], told["rerolled"]) == (20, 6)
    (tmp_path / "set.jsonl").write_text("{}\n", encoding="utf-8")
    assert isinstance(CliRunner().invoke(app, asked).exception, EvalSetupError)


@pytest.mark.slow
def test_false_alarms_are_rare_on_the_shipped_set(
    seeds_run: RunResult, seeds_rag: Rag, long_form: bool
) -> None:
    """5 % of the items drawn again, no real change: 5 % of the rounds fail at most, floors included.

    The short form has few rounds: it fails where they show that the rate is higher.
    """
    made_of = provenance(load_questions(default_set(), SEEDS), seeds_rag)
    base = StoredRun(made_of, seeds_run, spent(seeds_run))
    found = bench_alarms(base, floors_beside(default_set()), rounds=1000 if long_form else 40)
    assert (found.rate if long_form else found.interval.low) <= 0.05, found.rules
