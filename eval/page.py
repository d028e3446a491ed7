"""A run as one self-contained page: no script, no address, a policy that forbids both, all text escaped."""

import base64
import hashlib
import html
import re
from collections.abc import Iterator, Mapping, Sequence

from eval.gate import GateReport
from eval.judging import judging_told
from eval.markdown import NOTE
from eval.page_items import changes, items
from eval.page_plots import plots
from eval.reports import SHOWN_SPLITS, rows
from eval.spent import cost_told
from eval.stored import StoredRun
from index.unseen import visible

_BREAKS = re.compile("[\x0b-\r\x85\u2028\u2029]")
_VERDICTS = {0: "passed", 1: "failed", 3: "not to be trusted: too many errors"}
STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --dim: #57606a; --line: #d0d7de;
  --a: #2563a8; --b: #b45309; --bad: #b42318; --good: #1a7f37; --soft: #f3f5f8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --paper: #14171c; --dim: #9aa4b2;
  --line: #353c46; --a: #6ea8fe; --b: #f0b35a; --bad: #ff8a80; --good: #6fd08c; --soft: #1d2229; } }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
p, dl { margin: .4rem 0; } .dim { color: var(--dim); } .bad { color: var(--bad); font-weight: 600; }
.good { color: var(--good); } .wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .2rem .9rem .2rem 0;
  border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--dim); } td.figure { white-space: nowrap; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(21rem, 1fr)); gap: 1.2rem; }
figure { margin: 0; } figcaption { font-weight: 600; margin-bottom: .2rem; }
svg { width: 100%; height: auto; } svg text { font-size: 13px; fill: var(--dim); }
.axis { stroke: var(--dim); } .whisker { stroke: var(--ink); stroke-width: 1.4; }
.bar { fill: var(--a); opacity: .55; }
.line { fill: none; stroke-width: 2; stroke: var(--a); } .line1 { stroke: var(--b); }
.dot { fill: var(--a); } .dot1 { fill: var(--b); }
.ideal { stroke: var(--dim); stroke-dasharray: 4 4; }
details { border: 1px solid var(--line); border-radius: 6px; padding: .5rem .8rem; margin: .5rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; } dt { font-weight: 600; margin-top: .5rem; }
dd { margin: 0 0 .2rem; overflow-wrap: anywhere; white-space: pre-wrap; }
blockquote { margin: .2rem 0; padding: .2rem .7rem; border-left: 3px solid var(--line);
  background: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.same { color: var(--dim); } .only { display: block; border-radius: 3px; }
.was { background: color-mix(in srgb, var(--bad) 16%, transparent); }
.is { background: color-mix(in srgb, var(--good) 18%, transparent); }
@media (max-width: 40rem) { body { padding: 1rem; } .pair { grid-template-columns: 1fr; }
  thead { display: none; } tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  td { display: block; border: 0; padding: 0; overflow-wrap: anywhere; } td:empty { display: none; }
  td[data-of]:not([data-of=""])::before { content: attr(data-of) ": "; color: var(--dim); } }
"""


def page(run: StoredRun, report: GateReport, heldout: bool = False) -> str:
    """The report.

    Args:
        heldout: Also show the held-out items that went wrong, which nobody should tune on.
    """
    title = f"{text(run.about.name)}: {_VERDICTS[report.exit_code]}"
    return closed(title, "\n".join(_body(run, report, heldout)), STYLE)


def closed(title: str, body: str, style: str) -> str:
    """A page that loads nothing and runs nothing, around a title and a body that are already inert."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n"
        f"<style>{style}</style></head><body>\n{body}\n</body></html>\n"
    )


def text(value: object) -> str:
    """A value as inert text of the page."""
    return html.escape(visible(_BREAKS.sub("\ufffd", str(value)), "\ufffd"))


def table(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """A table whose cells are already inert."""
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(map(_cell, headings, row))}</tr>" for row in cells)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(heading: str, cell: str) -> str:
    """One cell; on a narrow screen, where rows are stacked, its heading stands before it."""
    return f'<td data-of="{heading}">{cell}</td>'


def _body(run: StoredRun, report: GateReport, heldout: bool) -> Iterator[str]:
    groups = len({item.question.group for item in run.result.items})
    kind = "good" if report.exit_code == 0 else "bad"
    yield f'<h1>{text(run.about.name)}: <span class="{kind}">{_VERDICTS[report.exit_code]}</span></h1>'
    yield f"<p>{len(run.result.items)} items in {groups} groups, configuration {text(run.about.config)}.</p>"
    yield f'<p class="dim">{NOTE}</p>'
    yield "<h2>Decisions</h2>"
    decided = [_decision(report, at) for at in range(len(report.decisions))]
    yield table(("", "tier", "decision", "reason"), decided)
    yield "<h2>Plots</h2>"
    yield f'<div class="plots">{"".join(plots(run, report, text))}</div>'
    yield '<h2>Measures</h2><p class="dim">Value, 95 % interval over groups, n items/groups.</p>'
    shown = [
        row for row in rows(run.result, report, by_type=True) if any(not c.endswith("n 0") for c in row.cells)
    ]
    cells = [[text(cell) for cell in (r.metric, r.category, *r.cells, r.floor, r.verdict)] for r in shown]
    yield table(("measure", "on", *SHOWN_SPLITS, "floor", ""), cells)
    if report.comparison:
        yield "<h2>Changed since the baseline</h2>"
        yield from changes(report.comparison, run, heldout, text)
    yield "<h2>Items that went wrong</h2>"
    yield from items(run, report, heldout, text)
    yield "<h2>Made of</h2>"
    yield _about(run)


def _decision(report: GateReport, at: int) -> list[str]:
    decision = report.decisions[at]
    word = {True: '<span class="good">pass</span>', False: '<span class="bad">FAIL</span>', None: ""}
    return [word[decision.passed], str(decision.tier), text(decision.rule), text(decision.reason)]


def _flat(settings: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """Settings as they are written on the command line of a sweep: `retrieval.k`."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _about(run: StoredRun) -> str:
    about = run.about
    known = {
        "set": f"{about.name}, sha256 {about.set_sha256}",
        "documents": f"sha256 {about.corpus_sha256}",
        "index": about.index,
        "commit": about.commit or "unknown",
        "seed": about.seed,
        "settings": ", ".join(f"{key} {value}" for key, value in _flat(about.settings)),
        "versions": ", ".join(f"{key} {value}" for key, value in _flat(about.versions)),
    }
    if about.part:
        known["only items of type"] = about.part
    if about.replicates > 1:
        known["replicates"] = about.replicates
    known["cost"] = cost_told(run.cost)
    if run.judging:
        known["judge, which decides nothing"] = judging_told(run.judging)
    return table(("", ""), [[text(name), text(value)] for name, value in known.items()])
