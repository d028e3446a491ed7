"""Sentence spans: blocks first, then nupunkt inside a block.

nupunkt (a Punkt segmenter, Kiss and Strunk 2006, https://aclanthology.org/J06-4003/) returns contiguous
spans; ours drop the white space between sentences.
"""

import re

from index.records import Span

# One call sees at most this many characters, so that a file that is one endless line stays linear.
_WINDOW = 20_000
_INITIALS = re.compile(r"(?:\w\.){2,}$")
_LONGEST_INITIALS = 12


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
        span = trimmed(text, start + a, start + b)
        if sentences and len(span) and _goes_on(text, sentences[-1], span):
            sentences[-1] = Span(sentences[-1].start, span.end)
        elif len(span):
            sentences.append(span)
    return sentences


def _goes_on(text: str, before: Span, after: Span) -> bool:
    """Whether a full stop only closed an abbreviation with inner dots, such as "anti-U.S."."""
    if not text[after.start].islower():
        return False
    return bool(_INITIALS.search(text, max(before.start, before.end - _LONGEST_INITIALS), before.end))


def _window_end(text: str, start: int, end: int) -> int:
    if end - start <= _WINDOW:
        return end
    stop = start + _WINDOW
    space = text.rfind(" ", start + _WINDOW // 2, stop)
    return space + 1 if space > 0 else stop
