"""Bracketed numbers that are not ours: the footnote marks of a source, indices in code, invented pointers.

In an answer `[n]` always leads to citation n, so no sentence may hold one of its own. A footnote mark says
nothing there and is left out; any other is put in round brackets, in code it is set apart: `argv[ 1 ]`.
"""

import re

from index.records import Span

_MARK = re.compile(
    r"(?P<gap>\s{0,2})\\?[\[［【]\d+(?:\s?[,;–—-]\s?\d+)*\\?[\]］】]"
    r"(?:\\?[\[［【]\d+(?:\s?[,;–—-]\s?\d+)*\\?[\]］】])*"
)
_BRACKETS = "[［【"
_OPENS = re.compile(rf"\\?[\{_BRACKETS}]")
_CLOSES = re.compile(r"\\?[\]］】]")
_CODE = re.compile(r"[`={}]|\w\([^)\s]*\)|\[0\]|\w_\w|[a-z]{2}\.[a-z]{2}|\b[A-Za-z]\[")
_ANY = r"\\?\[(?:\d{1,4}|[a-z]|[A-Za-z]{1,5}\.? \d{1,3}|[a-z]+(?: [a-z]+){0,3}\??)\\?\]"
_GLUED = re.compile(rf"(?:{_ANY})+(?![(:\[\w])\s*")
_AT_END = re.compile(rf"(?<=[.!?…\"”’»)])(?:{_ANY})+$")
_BEFORE = re.compile(r"(?:^|[\s(\[{［【（“‘«—–/-])[\"']?$")
# A mark behind a whole sentence, before the next.
_STOPPED = re.compile(r"\w[.!?…][\"”’»)]?$")
_NEXT = re.compile(r"\s*$|\s+[^\s\Wa-z]|\s+[\"“‘«(]")
_INTERVAL = re.compile(r"\D0,|,\s?0\D")
_LONGEST = 120


def unmarked(text: str) -> str:
    """The text without a bracketed number in it that could be taken for a marker of the answer."""
    if not any(bracket in text for bracket in _BRACKETS):
        return text
    code = bool(_CODE.search(text))
    plain = _MARK.sub(lambda mark: _told(mark, code), text)
    # Of brackets in brackets, what is left out may leave a mark behind; round ones do not.
    return _MARK.sub(lambda mark: _round(mark.group()), plain)


def without_footnotes(text: str, start: int, end: int) -> Span:
    """The span without the footnote marks at its edges: those of the sentence before, and its own last ones.

    A sentence splitter leaves the "[4]" of "It opened in 1931.[4] It is long." to the second sentence.
    """
    first, last = start, end
    if start and not text[start - 1].isspace() and (mark := _GLUED.match(text, start, end)):
        first = mark.end()
    near = max(first, end - _LONGEST)
    if mark := _AT_END.search(text[near:end]):
        last = near + mark.start()
    return Span(first, last) if first < last else Span(start, end)


def _told(mark: re.Match[str], code: bool) -> str:
    text, at, gap = mark.string, mark.start(), mark["gap"]
    after = text[mark.end() : mark.end() + 1]
    if code and text.count("`", 0, at) % 2:
        return _apart(mark.group())
    if gap and _STOPPED.search(text[max(0, at - 4) : at]) and _NEXT.match(text, mark.end()):
        return ""
    if gap or _BEFORE.search(text[max(0, at - 2) : at]):
        return _round(mark.group())
    return _apart(mark.group()) if code or after.isalnum() or after in ("(", "_") else ""


def _round(mark: str) -> str:
    return mark if _INTERVAL.search(mark) else _CLOSES.sub(")", _OPENS.sub("(", mark))


def _apart(mark: str) -> str:
    return _CLOSES.sub(lambda close: f" {close.group()}", _OPENS.sub(lambda begin: f"{begin.group()} ", mark))
