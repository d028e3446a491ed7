"""Untrusted text as Markdown that is safe to put into the chat page. Pure: no page, no index, no gradio.

Questions, sentences, titles and quotes are untrusted. Every ASCII character that could mean something
to a Markdown or HTML parser leaves here as a numeric entity, which no Markdown construct can be made
of, so the only markup in the result is our own: a few tags, and one link per citation of this answer.
"""

import re
from collections.abc import Iterable, Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index import unseen
from rag.records import Citation, Sentence, ShortAnswer
from ui.wording import is_code, is_line

TITLE_LIMIT = 140
_GLUE = "&#8288;"  # word joiner: a chip never wraps alone to the next line
_TAGS = {
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "em_open": "<em>",
    "em_close": "</em>",
    "heading_open": "<strong>",
    "heading_close": "</strong>",
    "softbreak": " ",
    "hardbreak": "<br>",
    "list_item_open": "• ",
}
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_DOUBT = {
    "figure": "the source does not give this figure",
    "name": "the source does not give this name",
    "quote": "the source does not have the quoted words",
    "negation": "the source says otherwise",
    "coverage": "the source covers only part of it",
    "verbatim": "",
    "none": "no source carries it",
}


def visible(text: str) -> str:
    """The text without invisible and control characters, all line ends as `\\n`."""
    return unseen.visible(_BREAKS.sub("\n", text))


def literal(text: str) -> str:
    """The text as one line of Markdown that shows exactly these characters."""
    return re.sub(r"[!-/:-@\[-`{-~]", lambda m: f"&#{ord(m[0])};", " ".join(visible(text).split()))


def lines(text: str) -> str:
    """Like `literal`, with line ends kept as breaks."""
    return "<br>".join(literal(line) for line in visible(text).strip().split("\n"))


def prose(text: str) -> str:
    """Untrusted Markdown reduced to emphasis, code and list marks; links and images stay as written."""
    parser = MarkdownIt("commonmark", {"html": False})
    parser.disable(["link", "image", "autolink", "reference", "html_inline", "html_block"])
    out: list[str] = []
    for token in parser.parse(visible(text)):
        if token.type in ("fence", "code_block"):
            out.append("".join(f"<br>{_code(line)}" for line in token.content.splitlines()))
        elif token.type == "inline":
            out.append("".join(_inline(child) for child in token.children or []))
        elif token.type in ("paragraph_close", "heading_close"):
            out.append(_TAGS.get(token.type, "") + "<br>")
        else:
            out.append(_TAGS.get(token.type, ""))
    return re.sub(r"^(<br>)+|(<br>)+$", "", "".join(out))


def chip(key: str, citation: Citation) -> str:
    """The link of one citation. `key` names the turn on the server; it is never a path."""
    words = re.sub(r"[\[\]()\\*_`]", " ", visible(f"{citation.title or citation.document}: {citation.quote}"))
    words = " ".join(words.split())
    if len(words) > TITLE_LIMIT:
        words = words[: TITLE_LIMIT - 1] + "…"
    return f'[{citation.number}](#cite-{key}-{citation.number} "{literal(words)}")'


def said(
    sentences: Iterable[Sentence],
    citations: Mapping[int, Citation],
    key: str,
    short: ShortAnswer | None = None,
) -> str:
    """The sentences with their chips; a number that is not in `citations` is dropped."""
    out, before = "", False
    for place, sentence in enumerate(sentences):
        text = _words(sentence, short if short and short.sentence == place else None)
        chips = [chip(key, citations[n]) for n in dict.fromkeys(sentence.citations) if n in citations]
        alone = is_line(sentence.text)
        out += ("\n\n" if alone or before else " ") if out else ""
        out += text + "".join(_GLUE + c for c in chips) + _doubt(sentence)
        before = alone
    return out


def marked(text: str, value: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it tells the value: as written, or else its single words."""
    parts = value.split()
    if not parts:
        return [(text, False)]
    whole = r"\s+".join(map(re.escape, parts))
    single = "|".join(re.escape(word) for word in parts if len(word) > 2 or any(map(str.isdigit, word)))
    for pattern in filter(None, (whole, single)):
        cut = re.split(rf"(?<!\w)({pattern})(?!\w)", text, flags=re.IGNORECASE)
        if len(cut) > 1:
            return [(piece, at % 2 == 1) for at, piece in enumerate(cut) if piece]
    return [(text, False)]


def _inline(token: Token) -> str:
    if token.type == "code_inline":
        return _code(token.content)
    if token.type in _TAGS:
        return _TAGS[token.type]
    start, end = len(token.content) - len(token.content.lstrip()), len(token.content.rstrip())
    blank = not token.content.strip()
    return " " * bool(start) + ("" if blank else literal(token.content) + " " * (end < len(token.content)))


def _code(text: str) -> str:
    return f"<code>{literal(text)}</code>" if text.strip() else ""


def _words(sentence: Sentence, short: ShortAnswer | None) -> str:
    text = sentence.text
    if short and text[short.start : short.end] == short.text and short.text.strip():
        before, after = text[: short.start], text[short.end :]
        gap = " " if before[-1:].isspace() else ""
        tail = " " if after[:1].isspace() else ""
        return f"{literal(before)}{gap}<strong>{literal(short.text)}</strong>{tail}{literal(after)}"
    if sentence.support.reason != "verbatim":
        return prose(text)
    # A verbatim sentence is the source's own characters: its asterisks are not emphasis.
    return _listing(text) if is_code(text) else literal(text)


def _listing(text: str) -> str:
    rows = (row for row in visible(text).expandtabs(4).split("\n") if row.strip())
    return "<br>".join("&#160;" * (len(row) - len(row.lstrip())) + _code(row) for row in rows)


def _doubt(sentence: Sentence) -> str:
    support = sentence.support
    if support.label not in ("partly", "not"):
        return ""
    lead = "Partly supported" if support.label == "partly" else "Not supported"
    why = ": ".join(filter(None, [_DOUBT[support.reason], literal(", ".join(support.missing))]))
    return f' <span class="rag-doubt">{lead}{"; " if why else ""}{why}</span>'
