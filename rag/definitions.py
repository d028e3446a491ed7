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
_LEAD = re.compile(r"[\W_]*(?:(?:an?|the)\s+)?[\W_]*", re.IGNORECASE)
_SAYS = re.compile(
    r"(?:e?s)?[`*\"'”’_]*(?:\s*\([^)]{1,60}\)|, [^,]{1,60},)?"
    r"(?:\s+(?:is|are|was|were|means?|stands? for|refers? to|denotes?|describes?)\b"
    r"|[`*_]*\s*:|[`*_]*\s+[-–—=]\s)",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def thing_defined(question: str) -> str:
    """The thing that a question wants defined, in small letters; "" if it asks for something else."""
    match = _ASKS.fullmatch(question)
    if match is None:
        return ""
    thing = (match["of"] or match["means"] or match["is"] or "").strip(" \"'“”‘’`*")
    if len(thing.split()) > _MOST_WORDS or _RELATES.search(thing):
        return ""
    return " ".join(thing.lower().split())


def defines(thing: str, text: str) -> bool:
    """Whether a text opens with a thing and says what it is.

    So do "X is …", "X (short for Y) means …", "**X**: …" and "`X` - …".
    """
    lead = _LEAD.match(text)
    at = lead.end() if lead else 0
    return text[at : at + len(thing)].lower() == thing and bool(_SAYS.match(text, at + len(thing)))
