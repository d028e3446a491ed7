"""`rag bench conflicts` on made-up questions, with the hashing encoder."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval.bench.conflicts import bench_conflicts, half_of
from eval.errors import EvalSetupError
from rag import RagSettings
from ui.cli import app

Row = dict[str, Any]
SETTINGS = RagSettings.model_validate({"index": {"encoder": "hash:"}, "answer": {"threshold": 0}})
FACT = (
    "The harbour of {} is deep and well kept. The harbour of {} was opened in the year {} by its mayor. "
    "Many people walk along it on a sunny morning."
)


def made_up(folder: Path) -> Path:
    """Eight questions with the right answer twice; four of them with an edited copy beside it."""
    sources: list[Row] = []
    queries: list[Row] = []
    for number, town in enumerate(["Tolme", "Bregan", "Suvik", "Pardo", "Melun", "Zivar", "Kolda", "Finmo"]):
        years = [1801 + number, 1801 + number, 1871 if number % 2 else 1801 + number]
        names = [f"d{number}{at}" for at in range(3)]
        sources += [
            {"id": name, "title": "", "text": FACT.format(town, town, year)}
            for name, year in zip(names, years, strict=True)
        ]
        wrong = number % 2 == 1
        queries.append(
            {
                "id": f"made-{number}",
                "question": f"In what year was the harbour of {town} opened?",
                "answers": [str(years[0])],
                "answerable": True,
                "gold_doc_ids": names[:2] if wrong else names,
                "misinfo_doc_ids": names[2:] if wrong else [],
                "wrong_answers": [str(years[2])] if wrong else [],
                "doc_answers": {name: str(year) for name, year in zip(names, years, strict=True)},
            }
        )
    folder.mkdir()
    for name, rows in (("corpus", sources), ("queries", queries)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_edited_copies_are_found(tmp_path: Path) -> None:
    """Each planted disagreement is told with both values rightly cited, and no other is."""
    report = bench_conflicts(made_up(tmp_path / "data"), settings=SETTINGS)
    assert len(report.seen) == 8
    for half in ("chosen on", "reported"):
        for measure in ("precision", "recall", "both"):
            assert report.share(half, measure).value in (1.0, None)
    told = [item for item in report.seen if item.claimed]
    assert len(told) == 4 and not any(item.none_wrong for item in told)
    assert all(item.all_right for item in report.seen)


def test_halves_are_fixed() -> None:
    """The half of a question hangs on its id alone, and both halves are used."""
    halves = [half_of(f"made-{number}") for number in range(40)]
    assert halves == [half_of(f"made-{number}") for number in range(40)]
    assert 10 < halves.count("reported") < 30


def test_a_set_without_the_documents_is_refused(tmp_path: Path) -> None:
    """A question that names a document the corpus lacks is an error that names both."""
    folder = made_up(tmp_path / "data")
    (folder / "corpus.jsonl").write_text('{"id": "x", "text": "Nothing."}\n', encoding="utf-8")
    with pytest.raises(EvalSetupError, match="made-0: the corpus has no document d00"):
        bench_conflicts(folder, settings=SETTINGS)


def test_the_command_prints_both_halves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table has a column for each half; the JSON holds the same shares with their intervals."""
    monkeypatch.setenv("RAG_INDEX__ENCODER", "hash:")
    monkeypatch.setenv("RAG_ANSWER__THRESHOLD", "0")
    folder = made_up(tmp_path / "data")
    shown = CliRunner().invoke(app, ["bench", "conflicts", "--data", str(folder), "--sample", "1"])
    assert shown.exit_code == 0, shown.output
    assert "half chosen on" in shown.output and "half reported" in shown.output
    data = json.loads(
        CliRunner()
        .invoke(app, ["bench", "conflicts", "--data", str(folder), "--sample", "1", "--json"])
        .output
    )
    assert data["data"] == "data"
    assert set(data["halves"]["reported"]["recall"]) == {"value", "interval", "items", "groups"}


def test_published_figures_stand_beside_the_strict_match_with_their_source(tmp_path: Path) -> None:
    """Only of the set that they were reported for."""
    known, other = (
        bench_conflicts(made_up(tmp_path / name), sample=1, settings=SETTINGS) for name in ("ramdocs", "mine")
    )
    beside = known.sheets()[1]
    assert [row[1:] for row in beside.rows if "Llama" in row[0]] == [("0.326", known.published[0].source)]
    assert sum(row[2] == "this run" for row in beside.rows) == 2
    assert known.to_dict()["published"][0]["source"].endswith("arXiv:2504.13079")
    assert len(other.sheets()) == 1 and other.to_dict()["published"] == []
