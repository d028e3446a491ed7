"""The runner, the slices and the reports; and the whole thing on the seeds."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import SEEDS, RunRag
from eval_cases import GATE, LEAVE, Scripted, about, answer, off, question_set, row, shifted, write

from eval.bench.start import BenchError, StartReport, measure
from eval.floors import floors_beside
from eval.gate import decide, gate
from eval.questions import default_set, load_questions
from eval.reports import misses, rows
from eval.runner import RunResult, run
from eval.slices import figures, find
from eval.spent import spent
from eval.stored import StoredRun, item_json, whole_json
from index.errors import QuestionError

if TYPE_CHECKING:
    from rag import Rag


def ran(tmp_path: Path, table: dict[str, Any], *items: dict[str, Any]) -> RunResult:
    return run(question_set(tmp_path, items), Scripted(table))


def test_the_history_is_passed_on_as_documented(tmp_path: Path) -> None:
    """A multi-turn item is asked with its turns; others with none."""
    turns = [{"role": "user", "content": "Hello?"}, {"role": "assistant", "content": "Hello."}]
    scripted = Scripted({"a?": answer(LEAVE), "b?": answer()})
    run(question_set(tmp_path, [row("a", type="multi_turn", history=turns), off("b")]), scripted)
    assert scripted.histories == [tuple(turns), ()]


def test_an_error_is_a_counted_failure(tmp_path: Path) -> None:
    """It scores 0 where the item has a measure, is no decision to refuse, and keeps its text."""
    result = ran(
        tmp_path, {"a?": QuestionError("too long"), "b?": QuestionError("too long")}, row("a"), off("b")
    )
    item = result.items[0]
    assert (item.outcome, item.error, item.answer) == ("error", "QuestionError: too long", None)
    known = figures(result)
    for metric in ("containment", "gold_citation_recall", "evidence_recall@10"):
        figure = find(known, metric, "heldout", "answerable")
        assert (figure.value, figure.items) == (0.0, 1)
    assert find(known, "abstention", "heldout", "off_corpus").value == 0.0
    for metric in ("over_abstention", "false_answer", "nugget_recall", "citation_validity"):
        assert find(known, metric, "all", "all").value is None


def test_a_programming_error_is_not_swallowed(tmp_path: Path) -> None:
    """Only the program's own errors become outcomes."""
    with pytest.raises(KeyError):
        ran(tmp_path, {}, row("a"))


def test_an_abstention_is_scored(tmp_path: Path) -> None:
    """A refusal is an outcome with values, not a gap."""
    assert ran(tmp_path, {"a?": answer()}, row("a")).items[0].outcome == "scored"


def test_slices_count_items_and_groups(tmp_path: Path) -> None:
    """Two items of one group are n 2/1, and the interval is that of one group."""
    rows_ = [row("a", group="g"), row("b", group="g"), row("c", split="dev"), row("d", gate="info")]
    table = {f"{name}?": answer(LEAVE) for name in "abcd"}
    known = figures(ran(tmp_path, table, *rows_))
    figure = find(known, "containment", "heldout", "single")
    assert (figure.items, figure.groups) == (2, 1)
    assert figure.interval
    assert figure.interval.low == pytest.approx(0.2065, abs=1e-4)
    assert find(known, "containment", "all", "answerable").items == 3
    assert find(known, "containment", "info", "answerable").items == 1


def test_unanswerable_categories_are_apart(tmp_path: Path) -> None:
    """The tags boilerplate and false_premise come before the kind."""
    rows_ = [
        off("a"),
        off("b", unanswerable_kind="same_topic"),
        off("c", tags=["boilerplate"]),
        off("d", unanswerable_kind="same_topic", tags=["false_premise"]),
    ]
    known = figures(ran(tmp_path, {f"{name}?": answer() for name in "abcd"}, *rows_))
    for category in ("off_corpus", "same_topic", "boilerplate", "false_premise"):
        assert find(known, "abstention", "heldout", category).items == 1


def test_the_table_shows_both_halves_n_and_floors(tmp_path: Path) -> None:
    """Held-out beside dev; an empty half is n 0; a floor stands in the row it is about."""
    set_file = default_set()
    result = ran(tmp_path, {"a?": answer(LEAVE)}, row("a"))
    table = rows(result, gate(result, floors_beside(set_file)), by_type=True)
    found = next(r for r in table if r.metric == "containment")
    assert found.cells == ("1.000 [0.21, 1.00]  n 1/1", "-  n 0")
    assert (found.floor, found.verdict) == ("0.66 (heldout)", "pass")
    assert {r.category for r in table if r.metric == "abstention"} == {
        "off_corpus",
        "boilerplate",
        "same_topic",
        "false_premise",
    }
    assert ("containment", "single") in {(r.metric, r.category) for r in table}


def test_misses_name_the_item_and_what_went_wrong(tmp_path: Path) -> None:
    """A wrong answer, an invalid citation and an error are listed; a right one is not."""
    table = {"a?": answer(LEAVE), "b?": answer(GATE), "c?": shifted(answer(LEAVE)), "d?": QuestionError("no")}
    told = {miss.question.id: miss.what for miss in misses(ran(tmp_path, table, *map(row, "abcd")))}
    assert set(told) == {"b", "c", "d"}
    assert told["b"] == "containment 0.00; gold_citation_recall 0.00"
    assert "is not the quote" in told["c"]
    assert told["d"].startswith("QuestionError: no")


def test_the_json_is_whole_and_plain(tmp_path: Path) -> None:
    """Every item with its values and its answer; no NaN; equal for equal runs."""
    table = {"a?": answer(LEAVE), "b?": QuestionError("no")}
    texts = []
    for _ in range(2):
        result = ran(tmp_path, table, row("a"), off("b"))
        texts.append(
            json.dumps(whole_json(StoredRun(about(), result, spent(result)), gate(result)), allow_nan=False)
        )
    assert texts[0] == texts[1]
    data = json.loads(texts[0])
    assert [(i["id"], i["outcome"]) for i in data["items"]] == [("a", "scored"), ("b", "error")]
    assert data["items"][0]["answer"]["citations"][0]["quote"] == LEAVE
    assert data["exit_code"] == 3


def test_progress_is_told(tmp_path: Path) -> None:
    """Called once an item."""
    seen: list[tuple[int, int]] = []
    scripted = Scripted({"a?": answer(LEAVE), "b?": answer()})
    run(question_set(tmp_path, [row("a"), off("b")]), scripted, progress=lambda *step: seen.append(step))
    assert seen == [(1, 2), (2, 2)]


def test_a_measured_process_reports_what_it_used() -> None:
    """Processor time and memory follow what the process does, beyond what it costs to start."""
    idle = measure([sys.executable, "-c", "pass"])
    busy = measure([sys.executable, "-c", "x = bytearray(200_000_000); sum(range(20_000_000))"])
    assert busy.cpu_seconds > idle.cpu_seconds
    assert busy.peak_mb > 200
    report = StartReport("q?", ask=(idle,), load=(busy,))
    assert report.ratio is not None
    assert report.ratio < 1
    assert json.loads(json.dumps(report.to_dict()))["ask"]["cpu_seconds"]["runs"] == [idle.cpu_seconds]


def test_a_process_that_fails_is_not_measured() -> None:
    """The error carries what the process said last."""
    with pytest.raises(BenchError, match=r"code 3: (?s:.*)oh no"):
        measure([sys.executable, "-c", "import sys; print('oh no', file=sys.stderr); sys.exit(3)"])


@pytest.mark.slow
def test_the_seeds_meet_their_floors(seeds_run: RunResult) -> None:
    """The shipped set on the seeds: every committed floor and invariant."""
    report = decide(seeds_run, floors_beside(default_set()))
    failed = [f"{d.rule}: {d.reason}" for d in report.decisions if d.passed is False]
    assert (failed, report.exit_code) == ([], 0)


@pytest.mark.slow
def test_a_fault_planted_in_a_real_run_fails_the_gate(seeds_run: RunResult, seeds_rag: "Rag") -> None:
    """One citation of the real program moved by one code point breaks the run."""
    table = {item.question.question: item.answer for item in seeds_run.items if item.answer}
    whole = load_questions(default_set(), SEEDS)
    some = replace(whole, questions=tuple(q for q in whole.questions if q.question in table)[:20])
    asked = {question.id for question in some.questions}
    cited = next(i for i in seeds_run.items if i.question.id in asked and i.answer and i.answer.citations)
    assert cited.answer
    assert "citation validity" not in {d.rule for d in decide(run(some, Scripted(table))).failed}
    table[cited.question.question] = shifted(cited.answer)
    report = decide(run(some, Scripted(table)))
    assert report.exit_code == 1
    assert cited.question.id in next(d.reason for d in report.decisions if d.rule == "citation validity")


@pytest.mark.slow
def test_a_process_with_another_hash_seed_agrees(
    run_rag: RunRag, seeds_index: str, seeds_run: RunResult
) -> None:
    """`rag eval run --json` says of every item what this process found, but for `trace.timings`."""
    other = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    asked = ("eval", "run", "--docs", SEEDS, "--index", seeds_index, "--json")
    done = run_rag(*asked, env={"PYTHONHASHSEED": other})
    assert done.returncode in (0, 1), done.stderr
    told = json.loads(done.stdout)["items"]
    here = json.loads(json.dumps([item_json(item) for item in seeds_run.items]))
    for item in (*told, *here):
        if item["answer"]:
            del item["answer"]["trace"]["timings"]
    assert told == here


@pytest.mark.slow
def test_the_command_fails_below_a_floor_and_refuses_a_broken_set(
    rag_here: RunRag, seeds_index: str, tmp_path: Path
) -> None:
    """Exit code 1 and the failed floor in print; a broken set or no documents: 2, told without traceback."""
    item = next(q for q in load_questions(default_set(), SEEDS).questions if q.answerable and not q.history)
    line = item.model_dump(by_alias=True, mode="json")
    asked = ("--docs", SEEDS, "--index", seeds_index)
    path = write(tmp_path / "mine.jsonl", [line])
    assert rag_here("eval", "run", path, *asked).returncode == 0
    floor = {"metric": "containment", "split": "all", "category": "unanswerable", "floor": 0.9}
    (tmp_path / "mine.floors.json").write_text(json.dumps({"schema": 1, "floors": [floor]}), encoding="utf-8")
    below = rag_here("eval", "run", path, *asked)
    assert below.returncode == 1
    assert "FAIL  tier 1  containment on all/unanswerable" in below.stdout
    refused = rag_here("eval", "run", write(path, [line | {"colour": "red"}]), *asked)
    assert refused.returncode == 2
    assert "line 1: colour: Extra inputs are not permitted" in refused.stderr
    assert "Traceback" not in refused.stderr
    absent = rag_here("eval", "run", write(path, [line]), "--docs", tmp_path / "absent")
    assert absent.returncode == 2, "3 would say that the run broke down"


@pytest.mark.slow
def test_citations_are_checked_on_disk_and_not_in_the_store(tmp_path: Path, seeds_rag: "Rag") -> None:
    """A copy of the documents with one byte more makes the citations of that file invalid."""
    folder = tmp_path / "docs"
    folder.mkdir()
    for file in sorted(SEEDS.iterdir()):
        (folder / file.name).write_bytes(file.read_bytes())
    questions = load_questions(default_set(), folder)
    first = next(q for q in questions.questions if q.answerable and not q.history)
    document = first.evidence[0].doc
    (folder / document).write_bytes(b"." + (folder / document).read_bytes())
    result = run(replace(questions, questions=(first,)), seeds_rag)
    told = [fault for item in result.items for fault in item.faults]
    assert any(f"{document!r} on disk is not the file that was cited" in fault for fault in told)
