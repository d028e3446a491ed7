"""Typed values: what a question asks for, and the dates, numbers, persons and places in a text.

Rules, not a model: good enough to prefer a sentence, to mark a value when it is the only candidate and to
see that two sources differ, not good enough to answer with (exact match 0.20 on SQuAD 2.0, see the design
notes), so a value is only ever shown inside the sentence it was found in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.words import STOP_WORDS
from rag.periods import DATE, is_bare_year, is_year, period
from rag.quantities import NUMBER

Kind = Literal["date", "number", "person", "place", "reason", "other"]

# Capitals of the European alphabets, for which patterns have no class of their own.
UPPER = "".join(letter for letter in map(chr, range(0x530)) if letter.isupper())
_NAME_PART = rf"[{UPPER}][\w’']*(?:-[{UPPER}]?[\w’']+)*\.?"
_NAME = re.compile(rf"\b{_NAME_PART}(?: (?:(?:de|da|di|van|von|der|den|al|bin|la|le) ){{0,2}}{_NAME_PART})+")
_PLACE_PART = rf"[{UPPER}][\w’'.-]*"
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|to|outside|inside|across) (?:the )?(?:(?:city|town|village|district"
    r"|county|state|province|region) of )?(?:(?:north|south|east|west)\w* )?"
    rf"(?P<name>{_PLACE_PART}(?: (?:(?:of|de|la|el|upon) )?{_PLACE_PART})*"
    rf"(?:, {_PLACE_PART}(?: {_PLACE_PART})*)*)"
)
_ROLES = frozenset(
    """president minister secretary-general secretary chancellor king queen prince princess ambassador
    representative spokesperson spokesman spokeswoman director chairman chairwoman professor doctor general
    colonel captain mr mrs ms dr sir lord lady senator governor mayor pope judge prime deputy permanent
    foreign ministry chief officer researcher the""".split()
)
_NO_NAME = _ROLES | STOP_WORDS
_MEASURES = (
    r"(?:population|length|height|width|depth|area|size|weight|age|elevation|altitude|capacity|speed|price"
    r"|cost|budget|fee|salary|revenue|turnover|income|density|distance|duration|temperature|death toll|toll"
    r"|turnout|percentage|proportion|number of|amount|rate|rent|discount)"
)
_ASKS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "date",
        re.compile(
            r"\b(?:whens?|(?:what|which) (?:year|date|month|day)s?|since when"
            r"|(?:what|which) (?:is|was) (?:the|her|his|its|their) (?:\w+ ){0,2}(?:date|day|year)\b)\b"
        ),
    ),
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|old|large|big|tall|often|high|strong|long|far|wide|deep|heavy|fast|quickly"
            r"|soon)\b"
            r"|^\W*what (?:did|does|do|will|would) .{1,200} (?:cost|weigh|earn|measure)\b"
            r"|\b(?:what|which) (?:number|per ?cent|percentage|proportion|share|amount|age|price|temperature"
            r"|height|speed)\b"
            rf"|\bwhat(?:['’]?s| is| was| are| were) the (?:\w+ ){{0,2}}{_MEASURES}\b"
            r"|\bwhat(?:['’]?s| is| was) the (?:mean|average|median|total|maximum|minimum|net|gross)\b"
        ),
    ),
    (
        "person",
        re.compile(
            r"^\W*(?:whos?|(?:(?:to|with|by|for|from|under) )?whom"
            r"|which (?:person|politician|leader|president|official|researcher))\b"
        ),
    ),
    (
        "place",
        re.compile(
            r"\b(?:wheres?|(?:what|which) (?:city|country|place|town|region|state|capital|county|village)"
            r"|what (?:is|was) the (?:\w+ )?(?:location|birthplace|capital)\b)\b"
        ),
    ),
    (
        "reason",
        re.compile(
            r"\b(?:why|how come|what (?:cause[sd]|led|prompted|explains?|explained)|for what reason|reasons?"
            r"|causes? of|how (?:did|does|do|was|were) (?:\S+ ){1,6}(?:explain|explained|justify|justified)"
            r"|what (?:did|does|do) (?:\S+ ){1,6}blame|(?:what|who) (?:is|was|were|got) (?:\w+ )?blamed"
            r"|what (?:\S+ ){1,4}(?:led to|caused|prompted)|(?:put down|attributed|ascribed) to"
            r"|(?:caused|triggered|sparked|explained) by .{2,80} or"
            r"|(?:excuse|explanation|justification|grounds|pretext|rationale|motives?) (?:\S+ ){0,3}for)\b"
        ),
    ),
)
_ASKING_BEFORE = re.compile(r"\b(?:who|whom|whose|what|which|where|why|how)\b[^?;]*$")
_JOINED = re.compile(r"\b(?:who|whom|what|which|where|when|why|how (?:many|much)),? (?:and|or) (?:\w+ )?$")
# Who is blamed, and whether it was an accident, is told by what a text gives as the reason.
_BLAMES = re.compile(
    r"\bto blame\b|\b(?:was|were|is|are|got|gets) (?:\w+ )?blamed\b|\bwhose (?:fault|mistake)\b"
    r"|^\W*how (?:come|could) |\bwhat (?:(?:is|was|lay|lies) behind|went wrong)\b"
    r"|^\W*(?:is|was|were|did|has|have|had) (?!there\b).*\b(?:(?:an|by) accident|accidental(?:ly)?"
    r"|(?:a|by) mistake|mistaken(?:ly)?|on purpose|deliberate(?:ly)?|intentional(?:ly)?|intended)\b"
)
_LIFESPAN_YEARS = 20


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value at `start:end` of the text it was found in."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=1024)
def asked_kind(question: str) -> Kind:
    """What kind of value a question asks for; `other` when no pattern tells."""
    lowered = question.lower()
    found = [
        (match.start(), kind)
        for kind, pattern in _ASKS
        if (match := pattern.search(lowered))
        # "What was the delay when the van got stuck?" asks for no date.
        and not (match.group() == "when" and _ASKING_BEFORE.search(lowered, 0, match.start()))
    ]
    return min(found)[1] if found else "other"


@lru_cache(maxsize=1024)
def asked_kinds(question: str) -> tuple[Kind, ...]:
    """All that one question asks for: "when and where" is a date and a place, "who is to blame" a reason."""
    lowered = question.lower()
    first = asked_kind(question)
    if _BLAMES.search(lowered):
        return ("reason",)
    joined = (
        kind
        for kind, pattern in _ASKS
        for match in pattern.finditer(lowered)
        if _JOINED.search(lowered, 0, match.start())
    )
    return tuple(dict.fromkeys([first, *joined]))


@lru_cache(maxsize=8192)
def values(text: str, kind: Kind) -> tuple[Value, ...]:
    """The dates, numbers, persons or places in a text, each whole; other kinds have no rules."""
    if kind == "date":
        return tuple(_dates(text))
    if kind == "number":
        dates = tuple(_dates(text))
        numbers = _found(NUMBER, text)
        return tuple(n for n in numbers if not any(d.start < n.end and n.start < d.end for d in dates))
    if kind == "person":
        # "The Lake Friends" are no person; "the President Ilva Marn" is one.
        persons = ((found, _without_roles(found)) for found in _found(_NAME, text))
        return tuple(
            value
            for found, value in persons
            if value and (value.start != found.start or not text[: found.start].lower().endswith("the "))
        )
    if kind == "place":
        return tuple(_places(text))
    return ()


def has_value(text: str, kind: Kind) -> bool:
    """Whether a text holds what a question of this kind asks for; False where no rule can tell."""
    return bool(values(text, kind))


def _found(pattern: re.Pattern[str], text: str) -> tuple[Value, ...]:
    return tuple(Value(match.group(), match.start(), match.end()) for match in pattern.finditer(text))


def _dates(text: str) -> Iterator[Value]:
    for value in _found(DATE, text):
        if is_bare_year(value.text) and not is_year(text, value.start, value.end):
            continue
        yield from _ends(value) if _is_lifespan(value) else (value,)


def _is_lifespan(value: Value) -> bool:
    """Whether a range is that of a life ("1889 – 1977"), of which a question asks one end."""
    days = period(value.text)
    return (
        days is not None
        and int(days.last[:4]) - int(days.first[:4]) >= _LIFESPAN_YEARS
        and len(re.findall(r"\d{4}", value.text)) > 1
    )


def _ends(value: Value) -> Iterator[Value]:
    for match in re.finditer(r"\S.*?\d{4}", value.text):
        text = match.group().lstrip(" -–—")
        text = re.sub(r"^to ", "", text)
        end = value.start + match.end()
        yield Value(text, end - len(text), end)


def _places(text: str) -> Iterator[Value]:
    for match in _PLACE.finditer(text):
        name = match["name"].rstrip(".")
        if DATE.match(text, match.start("name")) is None and name.lower() not in _NO_NAME:
            yield Value(name, match.start("name"), match.start("name") + len(name))


def _without_roles(value: Value) -> Value | None:
    """A name without the titles before it; None if fewer than two words are left."""
    words = list(re.finditer(r"\S+", value.text))
    while words and (words[0].group().lower().strip(".") in _NO_NAME or words[0].group().isupper()):
        words.pop(0)
    if len(words) < 2:
        return None
    start = value.start + words[0].start()
    text = re.sub(r"[’']s?$", "", value.text[words[0].start() :]).rstrip(".")
    return Value(text, start, start + len(text))
