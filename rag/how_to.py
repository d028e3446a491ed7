"""Questions that ask what to do, step by step, and sentences that open with doing it."""

import re
from functools import lru_cache

from index.words import content_terms

_HOW_TO = re.compile(
    r"\W*(?:(?:please )?(?:tell|show|explain|describe)(?: to)?(?: me| us)? )?"
    r"(?:how (?:do|can|could|should|would|must|may) (?:i|we|you|one|they|people|users?|employees|somebody)\b"
    r"|how to\b|(?:what|which)(?: are)?(?: the)? steps\b"
    r"|(?:the )?(?:steps|instructions|procedure) (?:to|for)\b"
    r"|what (?:should|must|do|can) (?:i|we|you|one) do\b)",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\W*(?:how (?:do|can|could|should|would|must|may) (?:i|we|you|one|they|people)|how to)"
    r"\s+(?P<done>[^\W\d_]+)",
    re.IGNORECASE,
)
_OPENS = re.compile(r"\W*(?:(?:to|please|first|then|now|you can),? )?(?P<done>[^\W\d_]+)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def is_how_to(question: str) -> bool:
    """Whether a question asks what to do, step by step."""
    return bool(_HOW_TO.match(question))


@lru_cache(maxsize=1024)
def thing_done(question: str) -> str:
    """The term of what is to be done: of "add" where it is asked "How do I add a printer?"; "" for none."""
    match = _DONE.match(question)
    found = content_terms(match["done"]) if match else []
    return found[0] if found else ""


@lru_cache(maxsize=8192)
def opens_doing(text: str) -> str:
    """The term of the word a sentence opens with, as "Add a printer with …" and "To add a printer, …" do."""
    match = _OPENS.match(text)
    found = content_terms(match["done"]) if match else []
    return found[0] if found else ""
