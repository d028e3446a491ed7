"""Names made for machines in questions: versions, settings, functions, codes. They match whole or not at all.

"2.3.0" is not "2.0.0" with a digit changed, though the two share all their index terms.
"""

import re
from functools import lru_cache
from typing import NamedTuple

# "3.0.18" is no day of a month.
_DATE = r"(?!(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:\d{4}|\d\d)\b)"
_IDENTIFIER = re.compile(
    rf"(?<![\w.]){_DATE}v?(?P<version>\d+(?:\.\d+){{2,}}(?:-?(?:a|b|rc|alpha|beta)\.?\d+)?)(?![\w]|\.\d)"
    r"|(?<![\w.,])v?(?P<short>\d+\.\d+)(?![\w%]|\.\d)"
    r"|(?<![\w.])(?P<name>[^\W\d_]\w*_\w*[^\W_]\w*)(?!\w)"
    r"|(?<![\w-])--(?P<option>[a-z][\w-]*\w)"
)
_CODE = re.compile(
    r"(?<![\w.-])(?P<letters>[A-Z]{1,6})(?:-?|(?<=[A-Z]{2}) )(?P<digits>\d{1,5})(?![\w-]|[.,]\d)"
)
# Of errors it is told by its code what they mean; elsewhere "G20" and "B12" are names like any other.
_OF_CODES = re.compile(
    r"\b(?:means?|meaning|errors?|faults?|codes?|fix|solve|resolve|alarms?)\b",
    re.IGNORECASE,
)
# Elsewhere "1.14" is a figure, which may be written in other ways.
_OF_VERSIONS = re.compile(r"\b(?:versions?|releases?|released|upgrade|changed|new) ", re.IGNORECASE)
_VERSION = re.compile(rf"(?<![\w.,]){_DATE}v?\d+(?:\.\d+){{1,3}}(?![\w,]|\.\d)")
_CALL = re.compile(r"[^\W\d]\w*\([^()]*\)|(?<![\w.@/])[^\W\d_]\w+(?:\.[^\W\d_]\w+)+(?![\w@])|[^\W\d]\w*_\w+")
_SINCE = re.compile(
    r"(?<=\bchanges )(?:between|from|since) (?:\w+ ){0,3}v?\d[\w.]* (?:and|to) ", re.IGNORECASE
)
_ASKS_VERSION = re.compile(r"\b(?:which|what) (?:\w+ )?(?:version|release)\b|^\W*since which", re.IGNORECASE)


class Identifier(NamedTuple):
    """What a question calls by such a name, and the pattern of the same in a text."""

    name: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=1024)
def identifiers(question: str) -> tuple[Identifier, ...]:
    """The versions, options and names of the kind of `max_retries` in a question.

    A name may also be written with blanks or hyphens, and version 2.3 is any 2.3 there is.
    """
    found = []
    for match in _IDENTIFIER.finditer(question):
        if name := match["name"] or match["option"]:
            body = r"[ _-]?".join(map(re.escape, re.split("[_-]+", name.strip("_"))))
            found.append(Identifier(match.group(), re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)))
        elif match["version"] or _OF_VERSIONS.search(f"{question.rstrip('?. ')} "):
            longer = r"(?:\.\d+)*" if match["short"] else ""
            body = re.escape(match["version"] or match["short"])
            pattern = re.compile(rf"(?<![\w.])v?{body}{longer}(?!\w|\.\d)", re.IGNORECASE)
            found.append(Identifier(match.group(), pattern))
    return (*found, *codes(question))


@lru_cache(maxsize=1024)
def codes(question: str) -> tuple[Identifier, ...]:
    """The codes of the kind of E417, ERR-12 and HTTP 404 in a question that asks what they mean or need."""
    if not _OF_CODES.search(question):
        return ()
    return tuple(
        Identifier(
            match.group(), re.compile(rf"(?<![\w-]){match['letters']}[- ]?{match['digits']}(?![\w-]|[.,]\d)")
        )
        for match in _CODE.finditer(question)
    )


def opens_with(code: Identifier, text: str) -> bool:
    """Whether a text begins with a code, whatever marks stand in front of it."""
    return bool(code.pattern.match(text, len(text) - len(text.lstrip("`*_#\"'“([-•· \t\n"))))


def holds_one(named: tuple[Identifier, ...], text: str) -> bool:
    """Whether a text has one of the identifiers."""
    return any(identifier.pattern.search(text) for identifier in named)


def heads_one(named: tuple[Identifier, ...], heading: str) -> bool:
    """Whether what stands below a heading is about one of the identifiers.

    "Changes between 3.0.18 and 3.0.19" are those of 3.0.19.
    """
    return holds_one(named, _SINCE.sub(" ", heading))


@lru_cache(maxsize=1024)
def asks_version(question: str) -> bool:
    """Whether a question asks which version or release it was."""
    return bool(_ASKS_VERSION.search(question))


@lru_cache(maxsize=4096)
def has_version(text: str) -> bool:
    """Whether a text has a version in it."""
    return bool(_VERSION.search(text))


@lru_cache(maxsize=4096)
def has_code(text: str) -> bool:
    """Whether a text names a function, a setting or the like."""
    return bool(_CALL.search(text))
