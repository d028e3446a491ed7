"""The items of the report: each that went wrong, with its evidence, its answer and what it was before."""

from collections.abc import Callable, Iterator

from eval.gate import GateReport
from eval.regression import Change, Comparison
from eval.reports import Miss, misses
from eval.runner import ItemResult
from eval.stored import StoredRun

Escape = Callable[[object], str]


def items(run: StoredRun, report: GateReport, heldout: bool, text: Escape) -> Iterator[str]:
    """Every item that went wrong; the held-out ones are only counted unless asked for."""
    missed = misses(run.result)
    before = {change.id: change for change in report.comparison.changes} if report.comparison else {}
    shown = [miss for miss in missed if heldout or miss.question.split == "dev"]
    for miss in shown:
        yield _item(miss, before.get(miss.question.id), text)
    if not missed:
        yield "<p>None.</p>"
    elif len(shown) < len(missed):
        yield (
            f'<p class="dim">{len(missed) - len(shown)} held-out items went wrong. '
            "They are not shown, so that nobody tunes on them.</p>"
        )


def changes(comparison: Comparison, run: StoredRun, heldout: bool, text: Escape) -> Iterator[str]:
    """Every item that flipped, before and now side by side."""
    splits = {item.question.id: item.question.split for item in run.result.items}
    flipped = [change for change in comparison.changes if change.flips]
    told = (
        f"{len(comparison.changes)} answers differ, {len(flipped)} of them in a measure or in their status."
    )
    yield f"<p>{told}</p>"
    for change in flipped:
        word = '<span class="bad">worse</span>' if change.worse else "changed"
        head = f"{word} {text(change.id)} ({text(change.category)}): {text('; '.join(change.flips))}"
        if heldout or splits.get(change.id) == "dev":
            yield f"<details><summary>{head}</summary>{_pair(change, text)}</details>"
        else:
            yield f"<p>{head}</p>"


def _item(miss: Miss, change: Change | None, text: Escape) -> str:
    question = miss.question
    parts = [f"<dt>Question</dt><dd>{text(question.question)}</dd>"]
    if question.history:
        turns = "\n".join(f"{turn.role}: {turn.content}" for turn in question.history)
        parts.insert(0, f"<dt>Earlier turns</dt><dd>{text(turns)}</dd>")
    parts.append(f"<dt>Expected</dt><dd>{text(_expected(miss.item))}</dd>")
    if question.forbidden:
        parts.append(f"<dt>Forbidden</dt><dd>{text(' | '.join(question.forbidden))}</dd>")
    if question.evidence:
        parts.append("<dt>Evidence</dt>")
        parts += [
            f"<dd>{text(f'{gold.doc}:{gold.start}-{gold.end}')}<blockquote>{text(gold.quote)}</blockquote></dd>"
            for gold in question.evidence
        ]
    parts.append(f"<dt>Answer</dt><dd>{text(_answered(miss.item))}</dd>")
    if miss.item.answer:
        for cited in miss.item.answer.citations:
            place = text(f"[{cited.number}] {cited.document}:{cited.start}-{cited.end}")
            parts.append(f"<dd>{place}<blockquote>{text(cited.quote)}</blockquote></dd>")
    if verdict := miss.item.verdict:
        word = {True: "right", False: "wrong", None: "no verdict"}[verdict.right]
        parts.append(f"<dt>The judge</dt><dd>{text(f'{word}: {verdict.reason}')}</dd>")
    if change:
        parts.append(f"<dt>Before</dt><dd>{text('; '.join(change.flips) or 'other words')}</dd>")
        parts.append(f"<dd>{_pair(change, text)}</dd>")
    head = f"{text(question.id)} ({text(question.category)}): {text(question.question)}"
    head += f'<br><span class="dim">{text(miss.what)}</span>'
    return f"<details><summary>{head}</summary><dl>{''.join(parts)}</dl></details>"


def _pair(change: Change, text: Escape) -> str:
    sides = (("before", change.before), ("now", change.now))
    cells = (
        f"<div>{name}<blockquote>{text(said or '(abstained)')}</blockquote></div>" for name, said in sides
    )
    return f'<div class="pair">{"".join(cells)}</div>'


def _expected(item: ItemResult) -> str:
    question = item.question
    if not question.answerable:
        return f"no answer ({question.category})"
    told = [" | ".join(question.answers)] if question.answers else []
    told += [f"{nugget.importance}: {' | '.join(nugget.any_of)}" for nugget in question.nuggets]
    if question.conflict:
        told += [f"{side.value} ({side.doc})" for side in question.conflict.values]
    return "\n".join(told)


def _answered(item: ItemResult) -> str:
    return item.answer.text if item.answer else item.error
