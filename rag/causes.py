"""Reasons as a text attributes them: "because of …", "attributed it to …", "blamed on …".

Only what a writer says is the reason is one, or that something was done on purpose; that one thing follows
another in a text is not.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rag.values import Value

_STATED = re.compile(
    r"\b(?:because of|due to|owing to|on account of|as a (?:result|consequence) of"
    r"|(?:was|were|been|is|are) the result of"
    r"|attribut\w+ (?:[^.;,]{1,60}? )?to|(?:was|were|been|is|are|being)? ?blamed (?:[^.;,]{1,60}? )?on"
    r"|(?:put(?:ting)?|pinn(?:ed|ing)) (?:the blame|it) (?:down to|on)"
    r"|fault(?:ed|ing) (?:[^.;,]{1,40}? )?on"
    r"|(?:ascrib\w+|chalk\w+ (?:[^.;,]{1,40}? )?up|(?:was|were|been|is|are) put down) (?:[^.;,]{1,40}? )?to"
    r"|(?:was|were|been|is|are|being) (?:caused|triggered|prompted|sparked|provoked|motivated) by"
    r"|(?:arose|stems?|stemmed|stemming|resulted|resulting|results) from"
    r"|in (?:response|retaliation) (?:to|for)"
    r"|the (?:reason|cause) (?:was|is|for [^.;,]{1,60}? (?:was|is)) (?:that )?"
    r"|because|mistook (?:it|\w+ \w+) for|in order to) +",
    re.IGNORECASE,
)
# "Wind, not rain, seems to be the main cause of …"
_SUBJECT = re.compile(
    r"^\W*(?P<cause>[^.;:]{3,80}?),?(?: not [^.;:,]{2,60},)?"
    r" (?:is|was|were|are|(?:seems?|appears?|turned out|proved"
    r"|(?:is|are|was|were) (?:thought|believed|said|held)) to (?:be|have been))"
    r" (?:\w+ ){0,3}(?:cause|reason|culprit)s? (?:of|for|behind)\b",
    re.IGNORECASE,
)
# "Started deliberately" is told instead of a cause.
_DELIBERATE = re.compile(
    r"(?P<before>deliberately|intentionally|maliciously|wilfully) (?:started|set|lit|caused|laid|triggered)\b"
    r"|\b(?:started|set|lit|caused|laid|triggered) "
    r"(?P<behind>deliberately|intentionally|maliciously|wilfully|on purpose)\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:not|no|never|nobody|whether|if|den(?:y|ies|ied|ying)|ruled? out)\b|n[’']t\b", re.IGNORECASE
)
_INTENT = re.compile(
    r"\b(?:(?:deliberate|intentional|malicious|wilful)(?:ly)?|on purpose|arson\w*|sabotage)\b",
    re.IGNORECASE,
)
_PUT_DOWN = re.compile(r"attribut|ascrib|put|pinn|blame|chalk|fault", re.IGNORECASE)
_POINTS = re.compile(r"(?:this|that|it|these|there|what|he|she|they|which)\b", re.IGNORECASE)
_END = re.compile(
    r"[.;:!?()\[\]“”\"—–]|, (?!(?:and|or) \w+ed\b)"
    r"|\s(?:which|who|while|whereas|but|although|and (?:that|it|was|were))\b|$"
)
_LONGEST = 14
_READ = 300


@lru_cache(maxsize=4096)
def stated_causes(text: str) -> tuple[Value, ...]:
    """The words after each attribution in a sentence, up to the end of the clause."""
    return tuple(_stated(text))


def is_intent(cause: str) -> bool:
    """Whether a cause is that somebody wanted it."""
    return _INTENT.search(cause) is not None


def _stated(text: str) -> Iterator[Value]:
    subject = _SUBJECT.match(text)
    if subject and not _POINTS.match(subject["cause"]):
        yield Value(subject["cause"], *subject.span("cause"))
        return
    done = _DELIBERATE.search(text)
    if done and not _UNSURE.search(text[: done.start()]):
        at = done.span("before" if done["before"] else "behind")
        yield Value(text[slice(*at)], *at)
    attributed = False
    for match in _STATED.finditer(text):
        if attributed and match.group().strip().lower() == "because":
            continue  # why it is put down to that
        attributed = attributed or _PUT_DOWN.match(match.group()) is not None
        rest = text[match.end() : match.end() + _READ]
        end = _END.search(rest)
        words = list(re.finditer(r"\S+", rest[: end.start() if end else len(rest)]))[:_LONGEST]
        if words:
            stop = match.end() + words[-1].end()
            yield Value(text[match.end() : stop], match.end(), stop)
