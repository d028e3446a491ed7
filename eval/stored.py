"""A run on disk: `results.jsonl` with each item, its values and its answer; `summary.json` with the rest.

Two runs of the extractive path over the same files write the same bytes, but for `trace.timings` in the one
and `cost` in the other.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from eval.errors import BaselineError
from eval.gate import GateReport
from eval.judging import Judging, judging_from, judging_json
from eval.metrics.verdicts import Verdict
from eval.provenance import SCHEMA, Provenance
from eval.recorded import Recorded, read_baseline, recorded
from eval.reports import decision_json
from eval.runner import ItemResult, Replicate, RunResult
from eval.schema import Question
from eval.spent import Spent
from rag.records import Answer

RESULTS, SUMMARY = "results.jsonl", "summary.json"


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run and what it was made of.

    Attributes:
        cost: What all its replicates cost.
        judging: What a model said about the answers; None where none was asked.
    """

    about: Provenance
    result: RunResult = field(repr=False)
    cost: Spent
    judging: Judging | None = None

    @property
    def record(self) -> Recorded:
        """The run as far as it is compared."""
        return recorded(self.result, self.about)


def save(run: StoredRun, report: GateReport, folder: Path) -> None:
    """Write a run and the decisions on it into a folder, replacing what a run wrote there before."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(item_json(item), allow_nan=False) for item in run.result.items)
    (folder / RESULTS).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    summary = json.dumps(summary_json(run, report), indent=1, allow_nan=False)
    (folder / SUMMARY).write_text(summary + "\n", encoding="utf-8")


def load(folder: Path) -> StoredRun:
    """A run that was saved.

    Raises:
        BaselineError: A file is missing or is not of this version.
    """
    try:
        summary = json.loads((folder / SUMMARY).read_bytes())
        about = Provenance(**summary["about"])
        if about.schema != SCHEMA:
            raise BaselineError(f"{folder}: schema {about.schema} is not {SCHEMA}; run the set again")
        ks = tuple(int(k) for k in summary["ks"])
        cost = Spent(**summary["cost"])
        judging = judging_from(summary["judge"]) if summary.get("judge") else None
        lines = (folder / RESULTS).read_bytes().split(b"\n")
        items = tuple(_item(json.loads(line)) for line in lines if line.strip())
    except OSError as error:
        raise BaselineError(
            f"{folder}: no stored run ({error.strerror or error}); make one with: rag eval run --out {folder}"
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise BaselineError(
            f"{folder}: the stored run cannot be used ({error}); run the set again"
        ) from error
    result = RunResult(about.name, about.set_sha256, ks, items)
    return StoredRun(about, result, cost, judging)


def load_record(path: Path) -> tuple[Recorded, tuple[int, ...] | None]:
    """What is compared of a stored run (a folder) or a baseline (a file), and the run's depths.

    Raises:
        BaselineError: It cannot be used.
    """
    if path.is_dir():
        run = load(path)
        return run.record, run.result.ks
    return read_baseline(path), None


def summary_json(run: StoredRun, report: GateReport) -> dict[str, Any]:
    """Everything but the items: provenance, decisions with reasons, figures with intervals and n, cost."""
    outcomes = [item.outcome for item in run.result.items]
    return {
        "schema": SCHEMA,
        "about": asdict(run.about),
        "ks": list(run.result.ks),
        "exit_code": report.exit_code,
        "outcomes": {name: outcomes.count(name) for name in ("scored", "error", "not_applicable")},
        "decisions": [decision_json(decision) for decision in report.decisions],
        "comparison": asdict(report.comparison) if report.comparison else None,
        "figures": [asdict(figure) for figure in report.figures],
        "cost": asdict(run.cost),
        "judge": judging_json(run.judging) if run.judging else None,
    }


def whole_json(run: StoredRun, report: GateReport) -> dict[str, Any]:
    """The summary and every item in one object."""
    return {**summary_json(run, report), "items": [item_json(item) for item in run.result.items]}


def item_json(item: ItemResult) -> dict[str, Any]:
    """One line of `results.jsonl`."""
    return {
        "id": item.question.id,
        "outcome": item.outcome,
        "error": item.error,
        "values": dict(item.values),
        "faults": list(item.faults),
        **({"verdict": asdict(item.verdict)} if item.verdict else {}),
        "question": item.question.model_dump(mode="json", by_alias=True),
        "answer": item.answer.to_dict() if item.answer else None,
        **({"further": list(map(_replicate_json, item.further))} if item.further else {}),
    }


def _replicate_json(one: Replicate) -> dict[str, Any]:
    answer = one.answer.to_dict() if one.answer else None
    return {"answer": answer, "error": one.error, "correct": one.correct}


def _answer(plain: Mapping[str, Any] | None) -> Answer | None:
    return Answer.from_dict(plain) if plain else None


def _item(line: Mapping[str, Any]) -> ItemResult:
    return ItemResult(
        question=Question.model_validate_json(json.dumps(line["question"])),
        outcome=line["outcome"],
        error=line["error"],
        values=line["values"],
        faults=tuple(line["faults"]),
        answer=_answer(line["answer"]),
        verdict=Verdict(**line["verdict"]) if line.get("verdict") else None,
        further=tuple(
            Replicate(_answer(one["answer"]), one["error"], one["correct"]) for one in line.get("further", ())
        ),
    )
