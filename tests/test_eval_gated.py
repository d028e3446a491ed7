"""A whole evaluation of a small corpus by the real program: baselines, parts, exit codes."""

import json
from pathlib import Path

import pytest
from conftest import RunRag
from eval_cases import CAFE, GATE, LEAVE, corpus, gold, off, row, write

from eval.errors import BaselineError, EvalSetupError, FloorsError
from eval.gated import UnfitBaseline, Wanted, accept, depths, evaluate, regate
from eval.outputs import write_outputs
from eval.recorded import baseline_path
from eval.stored import load
from index.errors import (
    DocumentsMissing,
    GeneratorError,
    IndexCorrupt,
    MissingExtra,
    QuestionError,
    RagError,
)
from rag import Rag, load_settings
from ui.commands import eval_run_cmd
from ui.commands.eval_exit import exit_codes

ROWS = [
    row("a", question="How many weeks of leave do eligible staff receive?", split="dev"),
    row("b", question="When does the cafe open?", answers=["8"], evidence=[gold(CAFE)]),
    row("c", question="When does the gate close?", answers=["9"], evidence=[gold(GATE)], type="numeric"),
    off("d", question="Which enzyme breaks down lactose?"),
]


def opened(tmp_path: Path, **settings: object) -> Rag:
    docs = corpus(tmp_path / "docs")
    own = load_settings(docs=docs, index={"encoder": "hash:"}, **settings)
    return Rag.open(docs, index=tmp_path / "index", settings=own)


def test_a_run_is_compared_with_the_baseline_beside_its_set(tmp_path: Path) -> None:
    """Without one tier 2 is left out; accepted, it is found, and equal to the run; a reason is recorded."""
    path, rag = write(tmp_path / "my.jsonl", ROWS), opened(tmp_path)
    run, report = evaluate(Wanted(path, twice=True), rag)
    assert report.comparison is None
    assert {d.rule: d.passed for d in report.decisions}["repeatable"] is True
    write_outputs(run, report, tmp_path / "run")
    assert accept(load(tmp_path / "run"), path, "the first") == baseline_path(path, "extractive")
    again = evaluate(Wanted(path), rag)[1]
    assert again.comparison
    assert again.comparison.changes == ()
    stored = load(tmp_path / "run")
    assert regate(stored, path).decisions == again.decisions
    head = json.loads(baseline_path(path, "extractive").read_text(encoding="utf-8").partition("\n")[0])
    assert head["reason"] == "the first"
    assert {"commit", "versions", "index", "set_sha256", "seed"} <= head.keys()


def test_flips_are_recorded_when_a_baseline_is_replaced(tmp_path: Path) -> None:
    """A run that refuses everything changes the three answers; their ids stand in the new header."""
    path = write(tmp_path / "my.jsonl", ROWS)
    run, _ = evaluate(Wanted(path), opened(tmp_path))
    accept(run, path, "the first")
    other, report = evaluate(Wanted(path), opened(tmp_path, answer={"threshold": 1.0}))
    assert report.comparison
    target = accept(other, path, "for the test")
    head = json.loads(target.read_text(encoding="utf-8").partition("\n")[0])
    assert head["flipped"] == [change.id for change in report.comparison.changes if change.flips] != []


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    """Other documents, another set, a missing baseline, no reason, a part as a baseline: exit code 2 each."""
    path, rag = write(tmp_path / "my.jsonl", ROWS), opened(tmp_path)
    run, _ = evaluate(Wanted(path), rag)
    accept(run, path, "the first")
    with pytest.raises(BaselineError, match="rag eval accept"):
        evaluate(Wanted(path, baseline=tmp_path / "absent.jsonl"), rag)
    with pytest.raises(EvalSetupError, match="needs a reason"):
        accept(run, path, " ")
    with pytest.raises(EvalSetupError, match="one type"):
        accept(evaluate(Wanted(path, part="numeric"), rag)[0], path, "a part")
    (tmp_path / "docs" / "new.txt").write_text("More.", encoding="utf-8")
    with pytest.raises(BaselineError, match="is of other documents"):
        evaluate(Wanted(path), rag)
    (tmp_path / "docs" / "new.txt").unlink()
    other = write(tmp_path / "my.jsonl", ROWS[:2])
    for refused in (
        lambda: evaluate(Wanted(other), rag),
        lambda: regate(run, other),
        lambda: accept(run, other, "x"),
    ):
        with pytest.raises(EvalSetupError) as caught:
            refused()
        assert caught.value.exit_code == 2


def test_a_part_is_asked_alone_and_without_floors(tmp_path: Path) -> None:
    """Only items of the type; floors about the whole set are left out; an unknown type is refused."""
    path, rag = write(tmp_path / "my.jsonl", ROWS), opened(tmp_path)
    floor = {"metric": "containment", "split": "all", "category": "single", "floor": 0.1}
    path.with_suffix(".floors.json").write_text(
        json.dumps({"schema": 1, "floors": [floor]}), encoding="utf-8"
    )
    run, report = evaluate(Wanted(path, part="numeric"), rag)
    assert [item.question.id for item in run.result.items] == ["c"]
    assert {decision.tier for decision in report.decisions} == {0}
    for part in ("riddle", "conflict"):
        with pytest.raises(EvalSetupError, match=part):
            evaluate(Wanted(path, part=part), rag)


def test_depths_are_a_list(tmp_path: Path) -> None:
    """In the order given, once each, 1 to 100; a floor on a depth that is not measured is refused."""
    assert depths("3, 1,3") == (3, 1)
    for text in ("", "0", "1,x", "101", "-1"):
        with pytest.raises(EvalSetupError, match="--k"):
            depths(text)
    path, rag = write(tmp_path / "my.jsonl", ROWS), opened(tmp_path)
    floor = {"metric": "evidence_recall@10", "split": "all", "category": "all", "floor": 0.1}
    path.with_suffix(".floors.json").write_text(
        json.dumps({"schema": 1, "floors": [floor]}), encoding="utf-8"
    )
    with pytest.raises(FloorsError, match="evidence_recall@10"):
        evaluate(Wanted(path, ks=(2,)), rag)
    assert LEAVE in ROWS[0]["evidence"][0]["quote"]


def test_the_wrong_folder_is_one_short_message(rag_here: RunRag, tmp_path: Path) -> None:
    """Not one fault for each item; and faults of a set come one a line."""
    path = write(tmp_path / "my.jsonl", ROWS)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.txt").write_text("Nothing.", encoding="utf-8")
    done = rag_here("eval", "validate", path, "--docs", tmp_path / "other")
    assert done.returncode == 2
    assert "is about other documents" in done.stderr and len(done.stderr) < 500
    bad = write(tmp_path / "bad.jsonl", [{**ROWS[0], "answers": ["x"]}, {**ROWS[1], "colour": "red"}])
    told = rag_here("eval", "validate", bad, "--docs", corpus(tmp_path / "docs"))
    assert told.returncode == 2
    assert [line[:7] for line in told.stderr.splitlines()[1:]] == ["line 1:", "line 2:"]
    schema = json.loads(rag_here("eval", "validate", "--schema").stdout)
    assert schema["additionalProperties"] is False


def test_a_set_that_grew_can_be_accepted_again(tmp_path: Path) -> None:
    """The run over the set as it is now is kept, so that it can become the next baseline."""
    path, rag = write(tmp_path / "my.jsonl", ROWS), opened(tmp_path)
    accept(evaluate(Wanted(path), rag)[0], path, "first")
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    with pytest.raises(UnfitBaseline, match=r"another question set.*rag eval accept") as caught:
        evaluate(Wanted(path), rag)
    accept(caught.value.stored, path, "the set has changed")
    assert evaluate(Wanted(path), rag)[1].comparison is not None


@pytest.mark.parametrize(("error", "code"), [
    (QuestionError("x"), 2), (DocumentsMissing("x"), 2), (MissingExtra("x"), 2),
    (IndexCorrupt("x"), 3), (GeneratorError("x"), 3), (OSError("disk full"), 3),
])  # fmt: skip
def test_nothing_but_worse_answers_exits_with_1(error: Exception, code: int) -> None:
    """The codes of other commands would read as a failed gate, or as the wrong kind of trouble."""
    with pytest.raises(RagError) as told, exit_codes():
        raise error
    assert (told.value.exit_code, str(told.value)) == (code, str(error))


def test_a_run_judges_the_documents_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An index that lags behind its folder is brought up to date first, and that is said."""
    monkeypatch.setenv("RAG_INDEX__ENCODER", "hash:")
    docs = corpus(tmp_path / "docs")
    eval_run_cmd.opened(docs, None, None, lambda *_: None)
    assert capsys.readouterr().err == ""
    (docs / "mill.txt").write_text("The mill burned down in 1987.", encoding="utf-8")
    late = eval_run_cmd.opened(docs, None, None, lambda *_: None)
    assert len(late.documents) == 2 and late.ask("When did the mill burn down?").status == "answered"
    assert "brought up to date first: 1 added, 0 changed, 0 removed" in capsys.readouterr().err
