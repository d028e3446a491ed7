"""A run as Markdown for a pull request or a job's summary, at most 1 MiB. Text of documents stays inert."""

import html
import re
from collections.abc import Iterator

from eval.gate import GateReport
from eval.judging import judging_told
from eval.metrics.answers import said
from eval.reports import SHOWN_SPLITS, misses, rows
from eval.spent import cost_told
from eval.stored import StoredRun
from index.unseen import visible

LARGEST = 1 << 20

_SPECIAL = re.compile(r"[\\`*\[\]#|~:@]|(?<!\w)_|_(?!\w)|\bw(?=ww\.)", re.IGNORECASE)
_BREAKS = re.compile("[\t-\r\x85\u2028\u2029]+")
NOTE = "Valid citations prove where a text comes from, not that it is true. Support is lexical."


def markdown(run: StoredRun, report: GateReport, heldout: bool = False) -> str:
    """The report.

    Args:
        heldout: Also show the held-out items that went wrong, which nobody should tune on.
    """
    text = "\n".join(_lines(run, report, heldout)) + "\n"
    if len(text.encode()) <= LARGEST:
        return text
    cut = text.encode()[: LARGEST - 200].decode("utf-8", "ignore")
    return (
        cut.rpartition("\n")[0]
        + "\n\nCut here: the report is longer than 1 MiB. All of it is in report.html.\n"
    )


def _lines(run: StoredRun, report: GateReport, heldout: bool) -> Iterator[str]:
    verdict = {0: "passed", 1: "failed", 3: "not trusted: too many errors"}[report.exit_code]
    yield f"## {_inert(run.about.name)}: {verdict}"
    yield ""
    yield f"{len(run.result.items)} items, configuration {_inert(run.about.config)}. {NOTE}"
    yield ""
    yield from _table(
        ("", "tier", "decision", "reason"),
        [
            (
                {True: "pass", False: "**FAIL**", None: ""}[decision.passed],
                str(decision.tier),
                _inert(decision.rule),
                _inert(decision.reason),
            )
            for decision in report.decisions
        ],
    )
    yield ""
    yield _inert(cost_told(run.cost))
    if run.judging:
        yield ""
        yield _inert(f"{judging_told(run.judging)}. It decides nothing.")
    yield ""
    yield "Value, 95 % interval, n items/groups:"
    yield ""
    shown = [row for row in rows(run.result, report) if any(not cell.endswith("n 0") for cell in row.cells)]
    yield from _table(
        ("measure", "on", *SHOWN_SPLITS, "floor"),
        [tuple(map(_inert, (row.metric, row.category, *row.cells, row.floor))) for row in shown],
    )
    yield ""
    if report.comparison and report.comparison.changes:
        yield "### Changed since the baseline"
        yield ""
        for change in (change for change in report.comparison.changes if change.flips):
            told = _inert(f"{change.id}: {'; '.join(change.flips)}")
            yield f"- {'worse' if change.worse else 'changed'}: {told}"
        yield ""
    missed = misses(run.result)
    yield "### Items that went wrong"
    yield ""
    for miss in missed:
        if heldout or miss.question.split == "dev":
            yield f"- {_inert(miss.question.id)} ({_inert(miss.question.category)}): {_inert(miss.what)}"
            yield f"  <br>Q {_inert(miss.question.question)}<br>A {_inert(miss.answer)}"
            for one in miss.item.further:
                yield f"  <br>A {_inert(said(one.answer) if one.answer else one.error)}"
    hidden = 0 if heldout else sum(miss.question.split != "dev" for miss in missed)
    yield f"- {hidden} held-out items went wrong; they are not shown, so that nobody tunes on them."


def _table(headings: tuple[str, ...], cells: list[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(headings) + " |"
    yield "|" + "---|" * len(headings)
    for row in cells:
        yield "| " + " | ".join(row) + " |"


def _inert(text: str) -> str:
    """Text as a reader sees it: no markup of either kind, no links, no mentions, one line."""
    plain = html.escape(visible(_BREAKS.sub(" ", text), " "), quote=False)
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", plain)
