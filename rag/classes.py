"""Members of a class that a question names, where words alone tell them: "what sport", "the language of".

Few classes can be told so: there are not many sports and their names mean little else, and a language is
mostly called one where a work is described. Of other classes ("what genre", "which party") none is found.
"""

import re
from functools import lru_cache
from types import MappingProxyType

from rag.values import UPPER, Value

_ASKED = re.compile(
    r"\b(?:what|which) (?:(?:is|was) the (?:[a-z]+ )?)?(?P<name>sport|language)\b", re.IGNORECASE
)
_MEMBERS = MappingProxyType(
    {
        # "Soccer" is left out: it is football, and the two would be said to differ.
        "sport": re.compile(
            r"(?<![\w-])(?:(?:american|australian|association|gaelic) )?(?:football|basketball|baseball"
            r"|softball|cricket|rugby(?: union| league)?|(?:ice |field )?hockey|(?:table )?tennis|badminton"
            r"|volleyball|handball|netball|golf|snooker|billiards|boxing|wrestling|judo|karate|fencing|swimming|rowing"
            r"|sailing|cycling|athletics|gymnastics|skiing|skating|curling|archery|polo|squash|lacrosse"
            r"|hurling|darts|bowling|chess|(?:motor|auto) racing|surfing|weightlifting)(?!\w)",
            re.IGNORECASE,
        ),
        "language": re.compile(rf"\b[{UPPER}]\w+(?=[ -]language\b)"),
    }
)


@lru_cache(maxsize=1024)
def asked_class(question: str) -> str:
    """The class whose member a question asks for, or ""."""
    found = _ASKED.search(question)
    return found["name"].lower() if found else ""


@lru_cache(maxsize=4096)
def members(text: str, name: str) -> tuple[Value, ...]:
    """The members of a class in a text; of a class that is not known, none."""
    pattern = _MEMBERS.get(name)
    return tuple(Value(m.group(), m.start(), m.end()) for m in pattern.finditer(text)) if pattern else ()
