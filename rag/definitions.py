"""Sentences that say what a thing is, for questions that ask just that."""

import re
from functools import lru_cache

_ASKS = re.compile(
    r"\W*(?:what(?:'s|’s| is| are| was| were) (?:meant by )?(?:an? |the )?(?P<is>[^?]{2,60}?)"
    r"|what (?:does|do|did) (?:an? |the )?(?P<means>[^?]{2,60}?) (?:mean|stand for|refer to|do)"
    r"|(?:please )?(?:define|what is the (?:meaning|definition) of) (?:an? |the )?(?:term )?"
    r"(?P<of>[^?]{2,60}?))"
    r"[\s?.!]*",
    re.IGNORECASE,
)
_MOST_WORDS = 4
_RELATES = re.compile(
    r"\b(?:of|in|for|on|at|by|to|from|with|when|if|between|that|who|which)\b", re.IGNORECASE
)
_SAYS = (
    r"(?:is|are|was|were|means?|stands? for|refers? to|denotes?|describes?"
    r"|(?:is|are) (?:defined as|called|known as))\b"
)


@lru_cache(maxsize=1024)
def definition_of(question: str) -> re.Pattern[str] | None:
    """What the beginning of a sentence that defines the asked thing matches; None if no definition is asked.

    "X is …", "X (short for Y) means …", "**X**: …" and "`X` - …" define X.
    """
    match = _ASKS.fullmatch(question)
    if match is None:
        return None
    thing = (match["of"] or match["means"] or match["is"] or "").strip(" \"'“”‘’`*")
    if not thing or len(thing.split()) > _MOST_WORDS or _RELATES.search(thing):
        return None
    name = r"\s+".join(map(re.escape, thing.split()))
    return re.compile(
        rf"[\W_]*(?:(?:an?|the)\s+)?[\W_]*{name}(?:e?s)?[`*\"'”’_]*(?:\s*\([^)]{{1,60}}\)|, [^,]{{1,60}},)?"
        rf"(?:\s+{_SAYS}|[`*_]*\s*:|[`*_]*\s+[-–—=]\s)",
        re.IGNORECASE,
    )
