"""Questions, refusals and greetings: sentences that assert nothing, as long as they keep to that.

"I cannot find more; the mayor stole it" and "Did you know that the mayor stole it?" assert something. Not
covered: what a refusal takes for granted ("The documents do not say how the mayor stole it").
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.words import STOP_WORDS

_REFUSAL = re.compile(
    r"\W*(?:(?:unfortunately|sorry|sadly),? )?(?:"
    r"(?:the )?(?:given |provided |cited )?(?:documents?|sources?|passages?|context|text|evidence)"
    r" (?:do(?:es)? not|don't|doesn't) (?:say|state|mention|contain|provide|answer|tell|specify)\b"
    r"|I (?:cannot|can't|could not|couldn't|do not|don't) (?:answer|know|find|tell)\b)",
    re.IGNORECASE,
)
# Behind it something else begins, or what is refused is said all the same.
_TURN = re.compile(
    r"[;:—–]|\s-\s|[.!?]\s+\S|,\s+\w+\s+\w+"
    r"|\b(?:and|but|however|although|though|yet|except|while|whereas|because|since|so|only)\b"
    r"|\bthat\b(?! (?:information|question|detail|answer|part|fact)s?\b)",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"\?[\"'”’»)\]*_\s]*$")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
# What a question is made of that offers help or asks what is meant.
_ABOUT_TALK = frozenset(
    """anything clarify detail details document documents evidence explain find help information know
    like look mean need question questions rephrase search something source sources specific
    want""".split()
)


@dataclass(frozen=True, slots=True)
class Talk:
    """A sentence of talk.

    Attributes:
        beside: What it says besides being talk, where that is anything.
        claims: Whether that has to be in the sources; else only its figures and names have to.
    """

    beside: str
    claims: bool


@lru_cache(maxsize=1024)
def talk_in(sentence: str) -> Talk | None:
    """What a question or a refusal says besides; None for a sentence that is neither."""
    if _QUESTION.search(sentence):
        plain = {word.lower() for word in _WORD.findall(sentence)}
        return Talk("" if plain <= STOP_WORDS | _ABOUT_TALK else sentence, claims=True)
    refusal = _REFUSAL.match(sentence.replace("’", "'"))
    if refusal is None:
        return None
    beside = sentence[refusal.end() :]
    # Behind a word of ours, its first word is none whose capital says nothing.
    return Talk(f"The{beside}" if _WORD.search(beside) else "", claims=_TURN.search(beside) is not None)
