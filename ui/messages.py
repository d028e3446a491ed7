"""A turn as the page shows it: Markdown of our own around text that `ui/render.py` has made safe. Pure.

Links name what the page's script does: `#cite-` opens a source, `#sources-` a list, `#do-` an action.
"""

from collections.abc import Collection, Mapping, Sequence

from rag.records import Answer, Citation, Conflict
from rag.sides import heading, newest
from ui.choices import PLAIN
from ui.render import chip, lines, literal, marked, prose, said
from ui.turns import TURN_LIMIT, Message, Turn
from ui.wording import MISSING, NO_ANSWER, NOT_SAID, STOPPED, how_made, searched_in, took

_GLUE = "&#8288;"
_SHOWN = 160
_QUOTED = 240
_ACTIONS = {"copy": "Copy", "up": "Good answer", "down": "Bad answer"}
_LATEST = {"retry": "Try again", "edit": "Edit question"}


def messages(turns: Sequence[Turn]) -> list[Message]:
    """The conversation for the page."""
    out: list[Message] = []
    for turn in turns:
        out.append({"role": "user", "content": lines(turn.question)})
        out.append({"role": "assistant", "content": turn_markdown(turn, latest=turn is turns[-1])})
    return out


def turn_markdown(turn: Turn, *, latest: bool = True) -> str:
    """What stands under a question."""
    if not turn.finished:
        return _on_its_way(turn)
    parts = _parts(turn)
    if turn.told and turn.phase != "failed":
        parts.append(notice("error", prose(turn.told)))
    parts.append(_offer(turn) if turn.phase == "failed" and latest else _actions(turn, latest))
    return "\n\n".join(part for part in parts if part)


def notice(kind: str, html: str) -> str:
    """One of our boxes around text that is already safe."""
    return f'<div class="rag-notice rag-{kind}">{html}</div>'


def refusal(words: str) -> Message:
    """Why a question is not taken."""
    return {"role": "assistant", "content": notice("error", prose(words))}


FULL = refusal(f"This conversation holds {TURN_LIMIT} questions, the most there can be. Begin a new chat.")


def _on_its_way(turn: Turn) -> str:
    if turn.answer.sentences:
        return _said(turn)
    match turn.phase:
        case "waiting":
            words = f"Busy: {turn.told} ahead of you…" if turn.told else "Searching…"
        case "searching":
            count = turn.told or "the"
            words = f"Searching {count} document{'' if count == '1' else 's'}…"
        case _:
            words = "Reading the closest passages…"
    return f'<span class="rag-busy">{words}</span>'


def _parts(turn: Turn) -> list[str]:
    answer = turn.answer
    citations = {c.number: c for c in answer.citations}
    if turn.phase == "stopped":
        return [_said(turn), notice("stopped", STOPPED)]
    if turn.phase == "failed":
        return [
            _said(turn),
            notice("error", f"<strong>{NO_ANSWER}:</strong> {prose(turn.told)}{_stop(turn.told)}"),
        ]
    if turn.phase == "abstained":
        parts = [_abstained(answer)]
    else:
        parts = [said(answer.sentences, citations, turn.key, answer.short_answer)]
        if answer.missing:
            items = "".join(f"<li>{literal(item)}</li>" for item in answer.missing)
            parts.append(notice("missing", f"<strong>{MISSING}</strong><ul>{items}</ul>"))
    parts += [_conflict(conflict, citations, turn.key) for conflict in answer.conflicts]
    told = "<br>".join(literal(note) for note in how_made(answer.trace))
    parts.append(told and f'<div class="rag-made">{told}</div>')
    parts.append(_foot(answer, turn.key))
    return parts


def _said(turn: Turn) -> str:
    return said(turn.answer.sentences, {c.number: c for c in turn.answer.citations}, turn.key)


def _abstained(answer: Answer) -> str:
    unknown, searched = answer.trace.unknown_words, answer.trace.searched
    if not answer.missing:
        return notice("abstained", literal(answer.text))  # a greeting, which asks nothing
    if not searched:
        return notice(
            "abstained", "<strong>There is nothing to search yet.</strong><br>Add a document first."
        )
    html = f"<strong>{NOT_SAID}</strong><br>{searched_in(searched)}"
    # The question itself stands right above; only what differs from it, or parts of it, are worth repeating.
    again = "" if answer.query.strip() == answer.question.strip() else answer.query.strip()
    html += f" for “{literal(_cut(again))}”." if again else "."
    unstated = [item for item in answer.missing if item not in unknown and item != answer.query]
    if unstated:
        html += f"<br>Not stated: {literal('; '.join(map(_cut, unstated)))}."
    if unknown:
        html += f"<br>No document contains: {literal(', '.join(unknown))}."
    if answer.passages:
        html += "<br>The closest passages are listed as sources, but they do not answer the question."
    html += "<br>It may help to use the words of the documents, or to ask for less at once."
    return notice("abstained", html)


def _stop(text: str) -> str:
    """The full stop that a message of ours may lack."""
    return "" if text.rstrip()[-1:] in ".!?" else "."


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _conflict(conflict: Conflict, citations: Mapping[int, Citation], key: str) -> str:
    rows, newer = [], newest(conflict)
    for value in conflict.values:
        cited = citations.get(value.citation)
        link = _GLUE + chip(key, cited) if cited else ""
        source = literal(_named(cited, citations.values())) if cited else ""
        date = literal(value.date) if value.date else "date unknown"
        told = " · ".join(filter(None, [source, date, "newer" if value.citation == newer else ""]))
        quote = f'<br><span class="rag-side-quote">{_quote(cited, value.value)}</span>' if cited else ""
        side = f"<strong>{literal(value.value)}</strong>{link}{quote}<br><small>{told}</small>"
        rows.append(f'<div class="rag-side">\n\n{side}\n\n</div>')
    says = literal(heading(conflict, citations.values()))
    head = f'<div class="rag-notice rag-conflict"><strong>{says}</strong>'
    return f'{head}<div class="rag-sides">\n\n' + "\n\n".join(rows) + "\n\n</div></div>"


def _named(cited: Citation, others: Collection[Citation]) -> str:
    """Its title, and its file where another has the same: two editions of a document often do."""
    title = cited.title or cited.document
    twins = any(one.title == title and one.document != cited.document for one in others)
    return f"{title} · {cited.document}" if twins else title


def _quote(cited: Citation, value: str) -> str:
    """The words of one side, with what is in dispute marked; cut around it where they are many."""
    words = " ".join(cited.quote.split())
    pieces = marked(words, value)
    before = len(pieces[0][0]) if len(pieces) > 1 and not pieces[0][1] else 0
    start = max(0, before - _QUOTED // 2) if len(words) > _QUOTED else 0
    cut = words[start : start + _QUOTED]
    shown = (f"<mark>{literal(piece)}</mark>" if on else _spaced(piece) for piece, on in marked(cut, value))
    return "…" * bool(start) + "".join(shown) + "…" * (start + _QUOTED < len(words))


def _spaced(text: str) -> str:
    """A piece of a line, with the blanks at its ends."""
    return " " * text[:1].isspace() + literal(text) + " " * text[-1:].isspace()


def _foot(answer: Answer, key: str) -> str:
    count, word = len(answer.citations), "source"
    if answer.status == "abstained":
        count, word = len(answer.passages), "closest passage"
    told = [f"[{count} {word}{'s' if count != 1 else ''}](#sources-{key})"] if count else []
    if answer.sentences and all(s.support.reason == "verbatim" for s in answer.sentences):
        told.append("every sentence is word for word from its source")
    if answer.confidence is not None:
        told.append(f"confidence {round(answer.confidence * 100)} %")
    if answer.query.strip() and answer.query.strip() != answer.question.strip():
        told.append(f"understood as “{literal(_cut(answer.query))}”")
    if answer.trace.corrected:
        told.append(f"spelling taken as: {literal(', '.join(answer.trace.corrected))}")
    told += [words] if (words := took(answer.trace)) else []
    return f'<div class="rag-foot">\n\n{" · ".join(told)}\n\n</div>' if told else ""


def _offer(turn: Turn) -> str:
    """What can be done about an error."""
    links = [f"[Try again](#do-retry-{turn.key})"]
    if turn.answer.trace.generator != PLAIN:
        links.append(f"[Answer without a model](#do-plain-{turn.key})")
    links.append(f"[Edit question](#do-edit-{turn.key})")
    return f'<div class="rag-offer">\n\n{" ".join(links)}\n\n</div>'


def _actions(turn: Turn, latest: bool) -> str:
    shown = {} if turn.phase in ("failed", "stopped") and not turn.answer.sentences else dict(_ACTIONS)
    if latest:
        shown |= _LATEST
    links = " ".join(f'[{name}](#do-{what}-{turn.key} "{name}")' for what, name in shown.items())
    return f'<div class="rag-acts">\n\n{links}\n\n</div>' if links else ""
