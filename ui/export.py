"""A conversation as a file to keep: Markdown, a page of HTML, or the Answer records as JSON. Pure."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Literal, get_args

from index.formats import place_of
from rag.records import Citation
from rag.sides import wording
from ui.render import visible
from ui.turns import Turn
from ui.wording import MISSING, NO_ANSWER, NOT_SAID, STOPPED, how_made, laid_out, took

Kind = Literal["md", "html", "json"]
KINDS: dict[str, str] = {"md": "text/markdown", "html": "text/html", "json": "application/json"}
# A static page: nothing runs in it, nothing is fetched by it.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'none'; "
    "form-action 'none'; base-uri 'none'"
)
_STYLE = (
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:16px/1.6 system-ui,sans-serif;color:#1d2226}"
    "h2{margin-top:2.5rem;font-size:1.15rem}small,.note{color:#5b636b}"
    "blockquote{margin:.3rem 0 1rem;padding-left:1rem;border-left:3px solid #dedbd2}"
    "@media(prefers-color-scheme:dark){body{background:#14181a;color:#e9e7e1}small,.note{color:#a4adb3}}"
)
_FILED = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_LONGEST_NAME = 60
_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>#|!~&"})


def exported(title: str, turns: Sequence[Turn], kind: Kind) -> str:
    """The conversation in one of the kinds."""
    write = {"md": _markdown, "html": _html, "json": _json}[kind]
    return write(title, turns)


def is_kind(value: object) -> bool:
    """Whether there is an export of this name."""
    return value in get_args(Kind)


def file_name(title: str) -> str:
    """What a kept conversation is called, from its title: words alone, no ending."""
    return " ".join(_FILED.findall(title))[:_LONGEST_NAME].strip() or "conversation"


def _json(title: str, turns: Sequence[Turn]) -> str:
    rows = [
        {"question": t.question, "asked": _time(t), "phase": t.phase, "answer": t.answer.to_dict()}
        for t in turns
    ]
    return json.dumps({"title": title, "turns": rows}, ensure_ascii=False, indent=2) + "\n"


def _markdown(title: str, turns: Sequence[Turn]) -> str:
    out = [f"# {_md(title)}"]
    for turn in turns:
        out += [f"## {_md(turn.question)}", "  \n".join(map(_md, _text(turn).splitlines()))]
        out += [_md(note) for note in _notes(turn)]
        out += [f"[{c.number}] {_md(_source(c))}\n> {_md(c.quote)}" for c in turn.answer.citations]
    return "\n\n".join(out) + "\n"


def _html(title: str, turns: Sequence[Turn]) -> str:
    out = []
    for turn in turns:
        words = "</p><p>".join(map(_esc, _text(turn).splitlines()))
        out.append(f"<h2>{_esc(turn.question)}</h2><p>{words}</p>")
        out += [f'<p class="note">{_esc(note)}</p>' for note in _notes(turn)]
        for citation in turn.answer.citations:
            out.append(f"<div><strong>[{citation.number}]</strong> <small>{_esc(_source(citation))}</small>")
            out.append(f"<blockquote>{_esc(citation.quote)}</blockquote></div>")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{_esc(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>{_esc(title)}</h1>\n" + "\n".join(out) + "\n</body></html>\n"
    )


def _text(turn: Turn) -> str:
    """The answer with its markers, then how it ended where it did not end well."""
    said = laid_out(turn.answer) if turn.phase in ("answered", "partial") else ""
    if not said:
        said = " ".join(" ".join([s.text, *(f"[{n}]" for n in s.citations)]) for s in turn.answer.sentences)
    ends = {"stopped": STOPPED, "failed": f"{NO_ANSWER}: {turn.told}", "abstained": NOT_SAID}
    return " ".join(filter(None, [said, ends.get(turn.phase, "")]))


def _notes(turn: Turn) -> list[str]:
    """What else there is to say of an answer, a paragraph each."""
    answer = turn.answer
    missing = [f"{MISSING} {'; '.join(answer.missing)}"] if answer.sentences and answer.missing else []
    notes = [*missing, *map(wording, answer.conflicts), *how_made(answer.trace)]
    return [*notes, f"{answer.trace.generator}: {told}"] if (told := took(answer.trace)) else notes


def _source(citation: Citation) -> str:
    page = place_of(citation.document, citation.page)
    place = f"characters {citation.start}–{citation.end}"
    parts = [citation.title, citation.document, page, citation.heading or "", citation.date or "", place]
    return ", ".join(dict.fromkeys(filter(None, parts)))


def _time(turn: Turn) -> str:
    return datetime.fromtimestamp(turn.at, UTC).isoformat(timespec="seconds")


def _md(text: str) -> str:
    """One line that shows exactly this; an address is no link."""
    words = " ".join(visible(text).split()).translate(_MARKDOWN)
    return words.replace("://", ":\\/\\/").replace("www.", "www\\.").replace("@", "\\@")


def _esc(text: str) -> str:
    return escape(" ".join(visible(text).split()))
