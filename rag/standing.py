"""Which of the values in a sentence stand: not the number of a house, and not what was before a change.

"Raised from 45 to 52" gives 52; "on 9 May, not on 2 May" gives the ninth; a number in brackets behind another
(an error, an interval) qualifies it; "the only one who" counts nothing. Its date is what its document
says of itself.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from index import Document
from index.dates import first_day, normal_date
from rag.periods import DATE
from rag.values import Kind, Value

_PRONOUN_BEFORE = re.compile(
    r"\b(?:the|only|no|this|that|each|every|which|any|another|last|first|next|other|new|old|right|wrong|better"
    r"|best|from) $",
    re.IGNORECASE,
)
_PRONOUN_AFTER = re.compile(
    r"\W*$|[,;:)]| (?:of|who|that|which|another|in|on|at|by|to|is|was|are|has|had|can|could|may|might|must"
    r"|should|will|would|does|did|another|day (?:he|she|they|we|it|you|i))\b",
    re.IGNORECASE,
)
_NUMBERED = (
    r"house|room|flat|apartment|suite|building|block|gate|platform|pier|berth|page|chapter|section|step|figure"
    r"|fig\.|table|line|version|release|article|clause|paragraph|item|option|phase|stage|level|grade|door|bus"
    r"|tram|train|flight|route|highway|street|no\.|nr\.|number|#"
)
_LABEL = re.compile(rf"\b(?:{_NUMBERED}) ?$", re.IGNORECASE)
# "7. Heating. The flat is heated …"
_NUMBERS = re.compile(r"\W*\d{1,3}[.)]\s")
_LABELLED = re.compile(rf"\b({_NUMBERED}) ?(\d+)\b(?![.,]\d)", re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:rais|increas|chang|lower|reduc|cut|mov|postpon|shift|drop|fell|fall|rose|rise|grew|grow|declin"
    r"|went|gone|goes|going|go up|go down|shr[aiu]nk|correct|revis|updat"
    r"|extend|adjust|bring|brought|put back|resched|delay)",
    re.IGNORECASE,
)
_CHANGED_WITHIN = 90
_LONGEST_BRACKET = 60
_FORMER = re.compile(
    r"\b(?:not|instead of|rather than|in place of|formerly|previously|originally|no longer|used to be"
    r"|replac(?:es|ed|ing)|compared (?:with|to)|(?:down|up) from)"
    r"(?: (?:in|on|at|the|for|about|only|be))*\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\bfrom(?: the)?\s*$", re.IGNORECASE)
_TO = re.compile(r"\s(?:to|until)\s|\s?[–—]\s?")
_OPENING = 400
_CLOSING = 160
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
_DAY = rf"(?:the )?{_WEEKDAY}(?P<day>{DATE.pattern})"
_SAYS_DATE = re.compile(
    r"(?:(?:^\W*|\S {3,})(?:date|dated|updated|revised|amended|issued|published)(?: on)?:?"
    r"|^[^.\n]{1,40}[,;(|–—-] ?(?:updated|revised|amended)(?: on)?:?"
    r"|\b(?:last|latest) (?:updated?|changed?|revised|revision|amended|amendment|modified|edited)(?: on)?:?)"
    rf" {_DAY}",
    re.IGNORECASE | re.MULTILINE,
)
_VALID = re.compile(rf"\b(?:in force|valid|effective)(?: since| from)?:? {_DAY}", re.IGNORECASE)
_TITLE_DATE = re.compile(
    rf"(?:^|[,(:–—-] ?|\b(?:from|as of|minutes of) ){_DAY}(?:,? (?:at )?\d\d?[.:]\d\d\b.*|\W*)$"
)
_WORD = r"[A-Z&][\w’'.-]*"
# The head of a newspaper or of a letter is a line of its own: "Dolm, 2 December 2025".
_DATELINE = re.compile(
    rf"^{_WORD}(?: (?:{_WORD}|of|the|and|upon)){{0,4}}(?:,| [–—-]) {_DAY}\W*$", re.MULTILINE
)
_RESOLVED = re.compile(
    rf"^(?:Resolved|Adopted|Approved|Agreed|Signed|Passed)\b[^.\n]{{0,80}}? {_DAY}(?:\W*$|\. )", re.MULTILINE
)
_NAME_DATE = re.compile(r"(?<!\d)(?P<day>\d{4}-\d\d(?:-\d\d)?)(?!\d)")
_REPORTED = re.compile(
    r"\b[A-Z][\w’'-]+(?: et al\.?|,? (?:and|&) [A-Z][\w’'-]+)?,? \(?(?:1[89]|20)\d\d[a-z]?\)?"
    r"(?=[\s,;:]+(?:\w+ed|found|gave|gives|saw|wrote|held)\b)"
    r"|\b(?:[Aa]ccording to|as reported (?:by|in)|reported by|announced (?:in|by)) (?!us\b|our\b)"
    r"|\b(?:(?:was|were|had been) (?:\w+ )?(?:planned|estimated|expected)|estimates?)\b",
)


def dated(document: Document) -> str:
    """The date of a document, or the one that its title, its name, its first or last lines state; else ""."""
    # The date of a record is no date of all of them.
    rows = bool(document.blocks) and document.blocks[0].kind == "row"
    text = "" if rows else document.text
    return document.date or _dated(document.title, document.path, text[:_OPENING], text[-_CLOSING:])


@lru_cache(maxsize=4096)
def _dated(title: str, path: str, opening: str, closing: str) -> str:
    stem = path.rpartition("/")[2].rpartition(".")[0].replace("_", "-")
    last = closing.rstrip().rpartition("\n")[2]
    places = (
        (_SAYS_DATE, opening),
        (_TITLE_DATE, title),
        (_DATELINE, opening),
        (_VALID, opening),
        (_NAME_DATE, stem),
        (_DATELINE, last),
        (_RESOLVED, last),
    )
    for pattern, text in places:
        if match := pattern.search(text):
            day = normal_date(match["day"])
            if first_day(day) and "-" in day:  # a year alone is mostly what a document is about
                return day
    return ""


def standing(kind: Kind, text: str, found: Sequence[Value]) -> tuple[Value, ...]:
    """The values of a sentence that it gives as holding; all of them where that leaves none."""
    if kind not in ("number", "date") or not found:
        return tuple(found)
    found = [value for value in found if not _is_day_of_date(text, value, found)]
    ends = [(value, _outcome(text, value)) for value in found]
    now = [end for value, end in ends if end is not value or not _is_former(text, value)]
    # Of a person, the day of birth is what stands in brackets.
    plain = [value for value in now if kind == "date" or not _qualifies(text, value, now)]
    return tuple(plain or now or found)


def counts(text: str, value: Value) -> bool:
    """Whether a number counts or measures: "one" may be a pronoun, and a house is numbered."""
    before, behind = text[: value.start], text[value.end :]
    if value.text.lower() == "one":
        return not (_PRONOUN_BEFORE.search(before) or _PRONOUN_AFTER.match(behind))
    return not (value.text.isdecimal() and (_LABEL.search(before) or _NUMBERS.match(text, 0, value.end + 2)))


def names_another(one: str, other: str, query: str = "") -> bool:
    """Whether two texts speak of things of one kind with other numbers: of house 2 and of house 11.

    Args:
        query: The question; where it asks "which room?", the number of the room is what may differ.
    """
    found, others = _labels(one), _labels(other)
    return any(
        noun in others
        and not numbers & others[noun]
        and (noun not in query.lower() or noun in _labels(query))
        for noun, numbers in found.items()
    )


@lru_cache(maxsize=4096)
def _labels(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for match in _LABELLED.finditer(text):
        found.setdefault(match[1].lower(), set()).add(match[2])
    return found


def is_reported(text: str) -> bool:
    """Whether a sentence tells what others found, or what was before, and not what its writer holds."""
    return _REPORTED.search(text) is not None


def _is_former(text: str, value: Value) -> bool:
    before = text[: value.start]
    if _FORMER.search(before):
        return True
    # "From 45 euros in 2024 to 52 euros": the range of one value is read by `_outcome`.
    later = re.search(r"\bto\b", text[value.end : value.end + _CHANGED_WITHIN])
    return bool(later and _is_changed(before) and not _TO.search(value.text))


def _is_day_of_date(text: str, value: Value, found: Sequence[Value]) -> bool:
    """Whether a value is the day of the week of the date behind it: "Tuesday 7 April"."""
    return value.text.endswith("day") and any(text[value.end : v.start] in (" ", ", ") for v in found)


def _outcome(text: str, value: Value) -> Value:
    parts = list(_TO.finditer(value.text))
    if len(parts) != 1 or not _is_changed(text[: value.start]):
        return value
    start = value.start + parts[0].end()
    return Value(value.text[parts[0].end() :], start, value.end)


def _is_changed(before: str) -> bool:
    return bool(_FROM.search(before) and _CHANGED.search(before[-_CHANGED_WITHIN:]))


def _qualifies(text: str, value: Value, others: Sequence[Value]) -> bool:
    """Whether a value stands in a short bracket that follows another at once: "0.9 °C (0.5 to 1.3 °C)"."""
    opened = text.rfind("(", 0, value.start)
    closed = text.find(")", opened) if opened >= 0 else -1
    inside = value.start < closed <= opened + _LONGEST_BRACKET
    return inside and any(other.end <= opened <= other.end + 1 for other in others)
