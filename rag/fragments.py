"""Values that are no answer of their own: part of a sum, of a change, of a time before another, of a limit.

"concurrency + 2", "from 45 to 52 euros", "three months before 1 June" and "starting at 2 seconds and capped
at 10 minutes" hold figures and dates that would be wrong alone. A wrong short answer is worse than none.
"""

import re

from index.words import content_set
from rag.values import Kind, Value

_CALCULATES = re.compile(r"[+*/×÷]\s*$")
_CALCULATED = re.compile(r"\s*[+*/×÷]\s")
_CHANGES = re.compile(r"\b(?:from|between)\s+$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|long)"
    r" (?:before|after|prior to|from|until|ahead of) (?:the )?$",
    re.IGNORECASE,
)
_ASKS_LIMIT = re.compile(
    r"\b(?:at most|at least|max(?:imum|imal)?|min(?:imum|imal)?|limit|up to|longest|shortest|highest|lowest"
    r"|largest|smallest|latest|earliest)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\b(?:at most|at least|max(?:imum|imal)?|min(?:imum|imal)?|limit\w*|up to|capped at"
    r"|(?:not|never) exceed\w*"
    r"|no (?:more|less|fewer|later) than|within|longest|shortest|highest|lowest|largest|smallest|latest"
    r"|earliest)\b",
    re.IGNORECASE,
)
_LIMITED = re.compile(r" (?:at (?:the )?(?:most|least)|or (?:more|less|fewer)|max|min)", re.IGNORECASE)
_ENDS = re.compile(r"[;!?]|\.(?=\s)")
_DIGITS_OR_PAUSE = re.compile(r"\d|[,;.!?]")
_LEAST_SHARE = 0.5


def is_fragment(text: str, value: Value, kind: Kind) -> bool:
    """Whether a value means something only together with what stands beside it."""
    before, after = text[: value.start], text[value.end :]
    if kind == "date":
        return bool(_COUNTED.search(before))
    changes = re.search(r"\d (?:to|and) \w", value.text) and _CHANGES.search(before)
    return kind == "number" and bool(_CALCULATES.search(before) or _CALCULATED.match(after) or changes)


def is_other_limit(question: str, text: str, value: Value) -> bool:
    """Whether a question asks for the most or the least, and a value is not said to be that."""
    if not _ASKS_LIMIT.search(question):
        return False
    before = _DIGITS_OR_PAUSE.split(text[: value.start])[-1]
    return not _LIMITS.search(before) and not _LIMITED.match(text, value.end)


def is_aside(text: str, value: Value, wanted: frozenset[str]) -> bool:
    """Whether a value stands in a clause that is not about what a question wants."""
    start = max((match.end() for match in _ENDS.finditer(text, 0, value.start)), default=0)
    end = _ENDS.search(text, value.end)
    clause = text[start : end.start() if end else len(text)]
    return len(wanted & content_set(clause)) < _LEAST_SHARE * len(wanted)
