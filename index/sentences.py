"""Sentence spans: blocks first, then nupunkt inside a block.

nupunkt (a Punkt segmenter, Kiss and Strunk 2006, https://aclanthology.org/J06-4003/) returns contiguous
spans; ours drop the white space between sentences. Its learned abbreviations hold common words
("month", "bank", "lock") and every single letter, so we cut where it takes a stop after one for its own.
"""

import re
from collections.abc import Iterator

from index.records import Span
from index.words import STOP_WORDS

# One call sees at most this many characters, so that a file that is one endless line stays linear.
_WINDOW = 20_000
_INITIALS = re.compile(r"(?:\w\.){2,}$")
_LONGEST_INITIALS = 12
# "am 20. Juli"; a month that English spells so, too, only before a year.
_DAY = re.compile(r"(?<![\w.,])(?:[12]?\d|3[01])\.$")
_LONGEST_DAY = 4
_MONTH = re.compile(
    r"(?:Januar|Jänner|Februar|März|Mai|Ju[nl]i|Oktober|Dezember)\b"
    r"|(?:April|August|September|November) \d{4}\b"
)
# "each month. From May", "building B. Do not"; a letter only before a function word ("actor B. Smith").
_WORD_END = re.compile(
    r"\b(?:(?P<word>[a-z]{4,})|[a-z]+ [A-Z])\.[\"'”’)\]]*(?P<gap>\s+)"
    r"(?=[\"'“‘(\[]?(?P<next>[A-Z]\w*))"
)
_ABBREVIATED = frozenset(
    """approx assn assoc asst attn bldg blvd capt chap chaps comm conf cont corp dept depts diss figs govt
    incl inst intl lieut messrs misc natl orig para paras pres prob proc prof profs publ refs resp secs sect
    suppl supt temp trans univ vols""".split()
)


def sentence_spans(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The sentences of `text[start:end]` as spans in `text`, without surrounding white space."""
    spans: list[Span] = []
    at = start
    while at < end:
        stop = _window_end(text, at, end)
        spans.extend(_split(text, at, stop))
        at = stop
    return tuple(spans)


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without white space at either end; a byte order mark counts as white space."""
    while start < end and (text[start].isspace() or text[start] == "\ufeff"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == "\ufeff"):
        end -= 1
    return Span(start, end)


def _split(text: str, start: int, end: int) -> list[Span]:
    import nupunkt

    sentences: list[Span] = []
    for a, b in nupunkt.sent_spans(text[start:end]):
        for span in _cut(text, start + a, start + b):
            if sentences and _goes_on(text, sentences[-1], span):
                sentences[-1] = Span(sentences[-1].start, span.end)
            else:
                sentences.append(span)
    return sentences


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for stop in _WORD_END.finditer(text, start, end):
        word = stop["word"]
        if word not in _ABBREVIATED if word else stop["next"].lower() in STOP_WORDS:
            yield trimmed(text, at, stop.start("gap"))
            at = stop.end("gap")
    rest = trimmed(text, at, end)
    if len(rest):
        yield rest


def _goes_on(text: str, before: Span, after: Span) -> bool:
    """Whether a stop only closed an abbreviation with inner dots ("anti-U.S."), or a day ("20. Juli")."""
    if _MONTH.match(text, after.start, after.end):
        return bool(_DAY.search(text, max(before.start, before.end - _LONGEST_DAY), before.end))
    if not text[after.start].islower():
        return False
    return bool(_INITIALS.search(text, max(before.start, before.end - _LONGEST_INITIALS), before.end))


def _window_end(text: str, start: int, end: int) -> int:
    if end - start <= _WINDOW:
        return end
    stop = start + _WINDOW
    space = text.rfind(" ", start + _WINDOW // 2, stop)
    return space + 1 if space > 0 else stop
