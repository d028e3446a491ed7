"""The bench on follow-ups, on made-up conversations."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval.bench.turns import Turn, bench_turns, history_of, ways
from eval.bench.turns_search import bench_turns_search
from eval.errors import EvalSetupError
from index.settings import IndexShape
from rag import RagSettings
from ui.cli import app

TITLED = "title, section, then alternating question/answer"
BRIDGE = "Who built the Quillmere bridge?"


def turn(
    dialog: int, question: str, rewrite: str, *history: str, kind: str = "user turns only"
) -> dict[str, Any]:
    """One line of a set."""
    return {
        "id": f"{dialog}#{len(history)}",
        "dialog_id": f"d{dialog}",
        "history": history,
        "history_kind": kind,
        "question": question,
        "rewrite": rewrite,
        "changed": question != rewrite,
    }


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows: list[dict[str, Any]] = []
    for dialog in range(8):
        rows.append(turn(dialog, BRIDGE, BRIDGE))
        rows.append(turn(dialog, "When did it open?", "When did the Quillmere bridge open?", BRIDGE))
        rows.append(
            turn(dialog, "Is bread dear in Ashford?", "Is bread dear in Ashford this winter?", BRIDGE)
        )
    return write(tmp_path, "made_up", rows)


def test_figures(folder: Path) -> None:
    """What is completed rightly counts as found; the human's own rewriting finds all there is."""
    report = bench_turns(folder, "all")
    rows = {row.way: row for row in report.rows}
    assert set(rows) == {"as asked", "questions only", "human"}
    assert [figure.value for figure in rows["questions only"].added] == [1.0, 1.0, 1.0]
    assert rows["as asked"].added[1].value == 0.0
    assert rows["human"].query[2].value == 1.0 and rows["human"].added[1].value == 1.0
    precision, recall, _ = report.gates["made_up"]
    assert (precision.value, recall.value) == (1.0, 0.5)
    assert recall.interval.low <= recall.value <= recall.interval.high


def test_halves(folder: Path) -> None:
    """The halves share no conversation and are together the whole."""
    counts = [bench_turns(folder, half).rows[0].dialogs for half in ("judged", "chosen", "all")]
    assert counts[0] + counts[1] == counts[2] == 8 and min(counts) > 0


def test_histories(tmp_path: Path) -> None:
    """Titles and answers are handed over only where the way says so."""
    row = turn(
        1, "When did it open?", "?", "Quillmere bridge", "Works", "Who paid?", "The town.", kind=TITLED
    )
    asked = Turn.model_validate(row)
    assert list(ways([asked])) == ["as asked", "questions only", "with answers", "with title", "human"]
    assert history_of(asked, answers=False) == [{"role": "user", "content": "Who paid?"}]
    titled = history_of(asked, titled=True)
    assert [said.get("titles") for said in titled] == [("Quillmere bridge",), None, ("Quillmere bridge",)]
    assert ways([asked])["with title"](asked) == "When did it open? (Quillmere bridge)"


def test_a_corpus_is_searched(tmp_path: Path) -> None:
    """Completed follow-ups find the passage that the bare question does not name."""
    corpus, queries = [], []
    for number, town in enumerate(("Quillmere", "Ashford", "Velmora", "Tarnholm", "Zelt", "Brenn")):
        text = f"The {town} bridge was opened in the year {1900 + number} by the mayor."
        corpus.append({"id": town, "title": "", "text": text})
        asked = [f"user: Who built the {town} bridge?", "agent: I do not know.", "odd line"]
        queries.append(
            {"id": town, "dialog_id": town, "history": asked, "question": "When did it open?"}
            | {"answers": [], "answerable": True, "gold_doc_ids": [town]}
        )
    write(tmp_path, "corpus", corpus)
    write(tmp_path, "queries", queries)
    report = bench_turns_search(tmp_path, RagSettings(index=IndexShape(encoder="hash:")), "all")
    assert report.completed == 6
    assert report.every["completed"][0].value == 1.0 == report.every["both fused"][0].value
    assert (report.every["as asked"][0].value or 0) < 1.0
    assert report.sheets()[0].rows[0][0] == "as asked"


def test_the_command(folder: Path, tmp_path: Path) -> None:
    """The figures come as tables and as JSON; a folder without sets is an error that says so."""
    runner = CliRunner()
    shown = runner.invoke(app, ["bench", "turns", "--data", str(folder)])
    assert shown.exit_code == 0 and "made_up" in shown.output and "questions only" in shown.output
    told = json.loads(runner.invoke(app, ["bench", "turns", "--data", str(folder), "--json"]).output)
    assert {row["way"] for row in told["rows"]} == {"as asked", "questions only", "human"}
    (tmp_path / "empty").mkdir()
    with pytest.raises(EvalSetupError, match=r"no \.jsonl"):
        bench_turns(tmp_path / "empty")
