"""Members of a class that a question names, where words alone tell them: "what sport", "the language of".

Few classes can be told so: there are not many sports and their names mean little else, a language is mostly
called one where a work is described, and who made it stands behind a "by". Of other classes ("what genre",
"which party") none is found.
"""

import re
from functools import cache, lru_cache
from types import MappingProxyType

from index.words import term_set
from rag.values import UPPER, Value

_ASKED = re.compile(
    r"\b(?:what|which) (?:(?:is|was) the (?:[a-z]+ )?)?(?P<name>sport|language)\b", re.IGNORECASE
)
_WORKS = "album|song|single|record|book|novel|story|poem|play|report|paper|article|study|essay|painting|work"
_MADE_BY = re.compile(
    r"^\W*who (?:(?:is|are|was|were) the (?:\w+ )?"
    r"(?:artist|author|writer|singer|band|performer)s? (?:of|behind)"
    rf"|wrote|recorded|sang|performed|painted)\b(?:.*?\b(?P<work>{_WORKS})\b)?",
    re.IGNORECASE,
)
_NAME = rf"(?:The )?[{UPPER}][\w’'-]*(?:(?: | & | and )(?:The )?[{UPPER}][\w’'-]*)*"
_BY = (
    r"by (?:the )?(?:(?:[\w&’'-]+ ){0,6}?(?!after|over|under|other|her|for|later|former)[a-z]*"
    r"(?:er|or|ist|ian|band|group|duo|trio|quartet) )?"
)
_DONE_BY = re.compile(rf"\b(?P<deed>[a-z]+) {_BY}(?P<name>{_NAME})")
_MEMBERS = MappingProxyType(
    {
        # "Soccer" is left out: it is football, and the two would be said to differ.
        "sport": re.compile(
            r"(?<![\w-])(?:(?:american|australian|association|gaelic) )?(?:(?:football|basketball|baseball"
            r"|softball|cricket|volleyball|handball|golf)(?:ers?)?|rugby(?: union| league)?"
            r"|(?:ice |field )?hockey|(?:table )?tennis|badminton|netball|snooker|billiards|boxing|wrestling"
            r"|judo|karate|fencing|swimming|rowing|sailing|cycling|athletics|gymnastics|skiing|skating|curling"
            r"|archery|polo|squash|lacrosse"
            r"|hurling|darts|bowling|chess|(?:motor|auto) racing|surfing|weightlifting)(?!\w)",
            re.IGNORECASE,
        ),
        "language": re.compile(rf"\b[{UPPER}]\w+(?=[ -]language\b)"),
    }
)


_MAKER = "maker of "


@lru_cache(maxsize=1024)
def asked_class(question: str) -> str:
    """The class whose member a question asks for, or ""."""
    if made := _MADE_BY.search(question):
        return _MAKER + (made["work"] or "").lower()
    found = _ASKED.search(question)
    return found["name"].lower() if found else ""


@lru_cache(maxsize=4096)
def members(text: str, name: str) -> tuple[Value, ...]:
    """The members of a class in a text; of a class that is not known, none."""
    pattern = _makers(name.removeprefix(_MAKER)) if name.startswith(_MAKER) else _MEMBERS.get(name)
    if pattern is None:
        return ()
    part = pattern.groups  # what is told apart from the words around it, else all
    return tuple(Value(m.group(part), m.start(part), m.end(part)) for m in pattern.finditer(text))


def doers(text: str, deeds: frozenset[str]) -> tuple[Value, ...]:
    """Who a text says something was done by, the name of one word and the company among them.

    Args:
        deeds: Terms of what was done: "directed by Ilva Marn" for "direct".
    """
    found = ((match, term_set(match["deed"])) for match in _DONE_BY.finditer(text))
    return tuple(
        Value(match["name"], match.start("name"), match.end("name")) for match, deed in found if deed & deeds
    )


@cache
def _makers(work: str) -> re.Pattern[str]:
    """ "An album by the American singer Ilva Marn", but not "released by Harl Records"."""
    return re.compile(rf"\b(?:{work or _WORKS}|written|recorded|sung|painted|performed) {_BY}({_NAME})")
