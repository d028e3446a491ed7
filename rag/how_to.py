"""Questions that ask what to do, step by step."""

import re
from functools import lru_cache

_HOW_TO = re.compile(
    r"\W*(?:(?:please )?(?:tell|show|explain|describe)(?: to)?(?: me| us)? )?"
    r"(?:how (?:do|can|could|should|would|must|may) (?:i|we|you|one|they|people|users?|employees|somebody)\b"
    r"|how to\b|(?:what|which)(?: are)?(?: the)? steps\b"
    r"|(?:the )?(?:steps|instructions|procedure) (?:to|for)\b"
    r"|what (?:should|must|do|can) (?:i|we|you|one) do\b)",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def is_how_to(question: str) -> bool:
    """Whether a question asks what to do, step by step."""
    return bool(_HOW_TO.match(question))
