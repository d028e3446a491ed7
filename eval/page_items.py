"""The items of the report: each that went wrong, with its evidence, its answer and what it was before."""

from collections.abc import Callable, Iterator

from eval.gate import GateReport
from eval.metrics.citations import is_on
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
    asked = {item.question.id: item.question for item in run.result.items}
    flipped = [change for change in comparison.changes if change.flips]
    told = (
        f"{len(comparison.changes)} answers differ, {len(flipped)} of them in a measure or in their status."
    )
    yield f"<p>{told}</p>"
    for change in flipped:
        word = '<span class="bad">worse</span>' if change.worse else "changed"
        head = f"{word} {text(change.id)} ({text(change.category)}): {text('; '.join(change.flips))}"
        question = asked.get(change.id)
        if question and (heldout or question.split == "dev"):
            said = f"<p>{text(question.question)}</p>{_pair(change, text)}"
            yield f"<details><summary>{head}</summary>{said}</details>"
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
    parts += _answers(miss.item, text)
    if verdict := miss.item.verdict:
        word = {True: "right", False: "wrong", None: "no verdict"}[verdict.right]
        parts.append(f"<dt>The judge</dt><dd>{text(f'{word}: {verdict.reason}')}</dd>")
    if change:
        parts.append(f"<dt>Before</dt><dd>{text('; '.join(change.flips) or 'other words')}</dd>")
        parts.append(f"<dd>{_pair(change, text)}</dd>")
    head = f"{text(question.id)} ({text(question.category)}): {text(question.question)}"
    head += f'<br><span class="dim">{text(miss.what)}</span>'
    return f"<details><summary>{head}</summary><dl>{''.join(parts)}</dl></details>"


def _answers(item: ItemResult, text: Escape) -> Iterator[str]:
    """What was said, on what, what was left out, and what was said when it was asked again."""
    yield f"<dt>Answer{' 1' if item.further else ''}</dt><dd>{text(_answered(item))}</dd>"
    if item.answer:
        for cited in item.answer.citations:
            place = text(f"[{cited.number}] {cited.document}:{cited.start}-{cited.end}")
            if any(is_on(cited, gold) for gold in item.question.evidence):
                place += ' <span class="good">on the evidence</span>'
            yield f"<dd>{place}<blockquote>{text(cited.quote)}</blockquote></dd>"
        for sentence in item.answer.trace.rejected:
            yield f'<dd class="dim">left out: {text(sentence)}</dd>'
    for number, one in enumerate(item.further, start=2):
        word = {1.0: "right", 0.0: "wrong"}.get(one.correct if one.correct is not None else -1.0, "")
        yield f"<dt>Answer {number} {word}</dt>"
        yield f"<dd>{text(one.answer.text if one.answer else one.error)}</dd>"


def _pair(change: Change, text: Escape) -> str:
    """Before and now side by side; sentences that stand on one side only are marked."""
    was, now = change.before.split("\n"), change.now.split("\n")
    sides = (("before", was, now, "was"), ("now", now, was, "is"))
    cells = (
        f"<div>{name}<blockquote>{_marked(said, other, kind, text)}</blockquote></div>"
        for name, said, other, kind in sides
    )
    return f'<div class="pair">{"".join(cells)}</div>'


def _marked(said: list[str], other: list[str], kind: str, text: Escape) -> str:
    if said == [""]:
        return "(abstained)"
    kinds = ("same" if sentence in other else kind for sentence in said)
    return "".join(
        f'<span class="only {kind}">{text(sentence)}</span>'
        for kind, sentence in zip(kinds, said, strict=True)
    )


def _expected(item: ItemResult) -> str:
    question = item.question
    if not question.answerable:
        return f"no answer ({question.category})"
    if question.conflict:
        sides = [
            " or ".join(f"{one.value} ({one.doc})" for one in side.told) for side in question.conflict.values
        ]
        return "\n".join(["all of these, told to differ:", *sides])
    told = [f"one of: {' | '.join(question.answers)}"] if question.answers else []
    return "\n".join([*told, *(f"{one.importance}: {' | '.join(one.any_of)}" for one in question.nuggets)])


def _answered(item: ItemResult) -> str:
    return item.answer.text if item.answer else item.error
