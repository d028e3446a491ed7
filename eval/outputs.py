"""All files of a run in one folder: results, summary, JUnit, Markdown and the page."""

import os
from pathlib import Path

from eval.gate import GateReport
from eval.junit import junit
from eval.markdown import markdown
from eval.page import page
from eval.stored import StoredRun, save

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


def write_outputs(run: StoredRun, report: GateReport, folder: Path, heldout: bool = False) -> None:
    """Write `results.jsonl`, `summary.json`, `junit.xml`, `report.md` and `report.html`.

    The Markdown is also appended to the file that `$GITHUB_STEP_SUMMARY` names, where it is set.

    Raises:
        OSError: The folder cannot be written.
    """
    save(run, report, folder)
    (folder / "junit.xml").write_bytes(junit(run.result, report))
    told = markdown(run, report, heldout)
    (folder / "report.md").write_text(told, encoding="utf-8", errors="replace")
    (folder / "report.html").write_text(page(run, report, heldout), encoding="utf-8", errors="replace")
    if summary := os.environ.get(SUMMARY_VARIABLE):
        with Path(summary).open("a", encoding="utf-8", errors="replace") as file:
            file.write(told)
