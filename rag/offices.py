"""Who holds an office, as sentences name it, for questions like "Who is the mayor of Harlow?"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from index.words import content_set, term_set, terms
from rag.peoples import by_place
from rag.values import UPPER, Value

_ASKS = re.compile(
    r"\W*who(?:'s|’s| is| was| are| were)(?: currently| now)? (?:(?:the|our|their|its) )?"
    r"(?P<office>[\w’' -]{3,60}?)(?: (?:of|at|for|in|on|to) (?P<place>[\w’' .-]{2,60}))?\W*",
    re.IGNORECASE,
)
_HELD = re.compile(r"\W*who (?:was|were)\b", re.IGNORECASE)
_WAS = re.compile(r"\b(?:was|served|worked)\b")
_MOST_WORDS = 4
_WORD = re.compile(r"\w[\w’'-]*")
_PART = rf"(?:[{UPPER}][\w’'-]+|[{UPPER}]\.)"
_NAME = rf"(?P<name>{_PART}(?: {_PART}){{0,3}})"
_IS = r"(?:(?:who )?(?:is|was|has been|became|becomes|remains|serves|served|works|worked)(?: as| now)?)"
_SOME = r"(?: [\w’'-]+)"
# "… of the Harlow weir": what the office is of, in front of its holder or behind.
_TIES = r" (?:of|at|for|in|to)"
_OF = rf"{_TIES}(?P<of>{_SOME}{{1,5}}?)"
_LINK = rf"(?P<link>[,:]|,? {_IS})"
_TO = rf" {_NAME}(?:{_TIES}(?P<to>{_SOME}{{1,3}}))?"
_BEHIND = re.compile(rf"(?:{_OF})?{_LINK}?{_TO}")
# What it is of may have a name of several words: "of Green Roofs is Ann Lee".
_LINKED_BEHIND = re.compile(rf"{_OF}{_LINK}{_TO}")
_AHEAD = re.compile(rf"{_NAME}(?:,| \(|,? {_IS})(?P<own> ?(?:[\w’'-]+ ){{0,4}})$")
_OFFICE_OF = re.compile(rf"{_TIES}(?P<to>{_SOME}{{1,5}})")
# In front of a name: in "Ann Lee of Green Roofs, the mayor" it is she.
_OF_WHAT = re.compile(rf"\b(?:of|at|in|for) (?:the )?(?:{_PART} )*$")
# The words in front of an office that are its own: "the former Norwegian".
_OWN = re.compile(r"(?:[\w’'-]+ ){0,3}$")
# "The directors are Ann Lee, Bo Ek and Cia Fors", and the other way round.
_PLURAL = re.compile(r"(?:[^s]s|men|people)$", re.IGNORECASE)
_AND = r"(?:, (?:and )?| and | & )"
_MORE_BEHIND = re.compile(rf"{_AND}{_NAME}")
_MORE_AHEAD = re.compile(rf"{_NAME}{_AND}$")
# Who was that, or stands in for it, does not hold it.
_OTHER = "deputy vice former assistant ex outgoing"


@dataclass(frozen=True, slots=True)
class Office:
    """What somebody is asked to be, and of what.

    Attributes:
        noun: The term of the word that names it, "president".
        rest: The other terms: "deputy", and the place.
        now: It is asked who holds it, and not who held it.
    """

    noun: str
    rest: frozenset[str]
    now: bool = True


@lru_cache(maxsize=1024)
def office_asked(question: str) -> Office | None:
    """The office whose holder a question asks for; None if it asks for something else."""
    match = _ASKS.fullmatch(question)
    if match is None or len(match["office"].split()) > _MOST_WORDS:
        return None
    words = _WORD.findall(match["office"])
    if "not" in words:
        return None
    # "Who is Ann Lee?" asks what she is.
    if not words or words[-1][0].isupper():
        return None
    noun = terms(words[-1])
    if len(noun) != 1:
        return None
    rest = content_set(f"{match['office']} {match['place'] or ''}") - {noun[0]}
    return Office(noun[0], by_place(rest), not _HELD.match(question))


@cache
def _other_terms() -> frozenset[str]:
    return term_set(_OTHER)


def holder(office: Office, text: str) -> Value | None:
    """The name that a text puts beside an office, where it says in the same breath what the office is of."""
    return next(iter(holders(office, text)), None)


@lru_cache(maxsize=8192)
def holders(office: Office, text: str) -> tuple[Value, ...]:
    """All names that a text puts beside an office: several where it speaks of several holders."""
    for word in _WORD.finditer(text):
        if terms(word.group()) != [office.noun]:
            continue
        if found := _beside(office, text, word):
            more = _joined(text, found) if _PLURAL.search(word.group()) else ()
            return (found, *more)
    return ()


def _beside(office: Office, text: str, word: re.Match[str]) -> Value | None:
    """The name behind the word for an office, or else in front of it."""
    ahead = text[: word.start()]
    own, behind = _OWN.search(ahead), _behind(office, text, word.end())
    found = own and behind and _held(office, behind, own.group(), behind["of"] or "", behind["to"] or "")
    if found and behind and office.now and _WAS.search(behind["link"] or ""):
        found = None
    if found and behind and not behind["link"]:
        return found  # in "Ann Lee, governor Jorn Vask and others" he is
    match = _AHEAD.search(ahead)
    if match and not _OF_WHAT.search(ahead[: match.start()]):
        of = _OFFICE_OF.match(text, word.end())
        before = _held(office, match, match["own"], of["to"] if of else "")
        found = before or found
    return found or None


def _behind(office: Office, text: str, end: int) -> re.Match[str] | None:
    linked = _LINKED_BEHIND.match(text, end)
    if linked and by_place(content_set(linked["of"])) <= office.rest:
        return linked
    return _BEHIND.match(text, end)


def _joined(text: str, found: Value) -> Iterator[Value]:
    """The names that are joined to one by commas and an "and"."""
    start, end = found.start, found.end
    while behind := _MORE_BEHIND.match(text, end):
        yield Value(behind["name"], *behind.span("name"))
        end = behind.end()
    while ahead := _MORE_AHEAD.search(text, 0, start):
        yield Value(ahead["name"], *ahead.span("name"))
        start = ahead.start()


def _held(office: Office, match: re.Match[str], *around: str) -> Value | None:
    name, said = by_place(content_set(match["name"])), by_place(terms(" ".join(around)))
    if not name or name & office.rest or not office.rest <= said or said & _other_terms() - office.rest:
        return None
    return Value(match["name"], *match.span("name"))
