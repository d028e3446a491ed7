"""Sweeps, replicates and public data: small runs of the real program."""

import dataclasses
import json
from pathlib import Path

import pytest
from conftest import SEEDS, RunRag
from eval_cases import GATE, LEAVE, Scripted, answer, question_set, row, write

from eval.errors import EvalSetupError
from eval.gate import Decision, GateReport
from eval.public import prepared
from eval.questions import default_set, load_questions
from eval.replicates import advisory, averaged
from eval.runner import run
from eval.sweep import combinations, settings_for, sweep
from eval.sweep_report import cells, difference, sweep_json, sweep_page
from index.errors import SettingsError


def test_combinations_are_all_of_them_in_order() -> None:
    """The last setting varies fastest; what is not KEY=VALUE is refused, and too many are."""
    assert combinations(["a=1,2", "b=x,y"]) == [
        {"a": "1", "b": "x"}, {"a": "1", "b": "y"}, {"a": "2", "b": "x"}, {"a": "2", "b": "y"},
    ]  # fmt: skip
    for over in ([], ["retrieval.k"], ["=1"], ["a=1,,2"], ["a=" + "1," * 50 + "1"]):
        with pytest.raises(EvalSetupError):
            combinations(over)


def test_settings_keep_their_bounds_and_names() -> None:
    """A value is that of the type; an unknown name or a value out of bounds is an error."""
    assert settings_for({"retrieval.k": "3", "answer.sentences": "1"}, None).retrieval.k == 3
    for chosen in ({"retrieval.k": "0"}, {"retrieval.depth": "3"}, {"colour": "red"}):
        with pytest.raises(SettingsError):
            settings_for(chosen, None)


@pytest.mark.slow
def test_a_sweep_asks_dev_items_under_each_setting(tmp_path: Path) -> None:
    """k = 1 finds less than k = 8, with its paired difference; nobody's held-out items are asked."""
    every = load_questions(default_set(), SEEDS).questions
    some = [q for q in every if q.answerable and q.split == "dev"][:25] + [
        q for q in every if q.split != "dev"
    ][:3]
    path = write(tmp_path / "some.jsonl", [q.model_dump(mode="json", by_alias=True) for q in some])
    tried = sweep(path, combinations(["retrieval.k=8,1"]), SEEDS)
    assert [one.items for one in tried] == [25, 25]
    best, worst = (one.shown["evidence_recall@10"] for one in tried)
    assert best and worst
    assert worst[0] < best[0]
    assert tried[1].against
    page = sweep_page(path.name, tried)
    assert page.count("<svg") == 6 and "retrieval.k=1" in page and "<script" not in page
    assert "Paired differences to retrieval.k=8" in page
    assert difference(tried[1], "evidence_recall@10").startswith("-")
    assert [difference(tried[0]), cells(tried[1])[0]] == ["(the first)", "retrieval.k=1"]
    assert [row["settings"] for row in json.loads(sweep_json(tried))] == [
        {"retrieval.k": "8"},
        {"retrieval.k": "1"},
    ]


def test_replicates_are_averaged_and_do_not_block(tmp_path: Path) -> None:
    """One right of two runs is 0.5; floors and regressions are told only, invariants decide."""
    questions = question_set(tmp_path, [row("a")])
    runs = [run(questions, Scripted({"a?": answer(quote)})) for quote in (LEAVE, GATE)]
    both = averaged(runs)
    assert both.items[0].values["correct"] == 0.5
    assert both.items[0].values["nugget_recall"] is None
    assert averaged(runs[:1]) is runs[0]
    failing = GateReport((Decision(1, "floor", False, "low"), Decision(0, "validity", True, "fine")), 1)
    told = advisory(failing)
    assert (told.exit_code, told.decisions[0].passed) == (0, None)
    broken = dataclasses.replace(failing, decisions=(Decision(0, "validity", False, "1 fail"),))
    assert advisory(broken).exit_code == 1


def public(folder: Path) -> Path:
    folder.mkdir()
    sources = [
        {"id": "p0", "title": "Mills", "text": "The mill was built in 1750. It has two wheels."},
        {"id": "p1", "title": "Oaks", "text": "Oaks grow slowly. Their wood is hard."},
    ]
    queries = [
        {"id": "q1", "question": "When was the mill built?", "answers": ["1750"], "answerable": True,
         "gold_doc_ids": ["p0"]},
        {"id": "q2", "question": "How is oak wood?", "answers": ["It is a hard wood."], "answerable": True,
         "gold_doc_ids": ["p1"], "gold_evidence": ["Their wood is hard."]},
        {"id": "q3", "question": "Who built it?", "answers": [], "answerable": False, "source_doc_id": "p0"},
        {"id": "q4", "question": "And when?", "answers": ["1750"], "answerable": True, "gold_doc_ids": ["p0"],
         "history": [{"speaker": "user", "text": "Tell me of the mill."}]},
        {"id": "q5", "question": "Whose is it?", "answers": [], "answerable": False, "dialog_id": "talk",
         "history": ["user: Tell me of the mill.", "agent: It has two wheels.", "stage: applause", "user: "]},
        {"id": "q6", "question": "How many wheels has it?", "answers": ["two"], "answerable": True,
         "gold_doc_ids": ["p0"], "wrong_answers": ["three", "two", ""]},
    ]  # fmt: skip
    for name, rows in (("corpus", sources), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return folder


def test_public_data_becomes_a_set_that_fits_its_documents(tmp_path: Path) -> None:
    """Evidence is the marked sentence or the one around the answer; kinds, groups and turns are kept."""
    docs, path = prepared(public(tmp_path / "data"), 100, tmp_path / "home")
    items = {question.id: question for question in load_questions(path, docs).questions}
    assert items["q1"].evidence[0].quote == "The mill was built in 1750."
    assert items["q1"].answers == ("1750",)
    assert items["q2"].evidence[0].quote == "Their wood is hard."
    assert items["q2"].nuggets[0].any_of == ("It is a hard wood.",)
    assert items["q2"].nuggets[0].importance == "okay", "no string tells whether it was said"
    assert items["q3"].category == "same_topic"
    assert (items["q4"].type, items["q4"].history[0].content) == ("multi_turn", "Tell me of the mill.")
    assert {items[name].group for name in ("q1", "q3", "q4")} == {"p0"}
    assert (items["q5"].category, items["q5"].group) == ("same_topic", "talk")
    assert [(t.role, t.content) for t in items["q5"].history] == [
        ("user", "Tell me of the mill."), ("assistant", "It has two wheels."),
    ]  # fmt: skip
    assert items["q6"].forbidden == ("three",)
    assert len(load_questions(prepared(tmp_path / "data", 2, tmp_path / "home")[1], docs).questions) == 2


@pytest.mark.slow
def test_public_data_is_run_with_one_option(rag_here: RunRag, tmp_path: Path) -> None:
    """`--data FOLDER` indexes and asks; a folder that is none is exit code 2."""
    done = rag_here("eval", "run", "--data", public(tmp_path / "data"), "--json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["items"]) == 6
    assert rag_here("eval", "run", "--data", tmp_path).returncode == 2
