"""Questions in one: "Who signed it, and when does it end?" is answered part by part.

Each part is searched and judged on its own, so one part can be answered while the other is reported as
missing. A later part that leans on an earlier one ("it") is completed like a follow-up.
"""

import re

from index.words import content_terms
from rag.conversation import History, standalone

_AND_ASKS = re.compile(
    r"[,;]?\s+and\s+(?=(?:(?:in|at|on|by|for|to|from|with)\s+)?(?:who|whose|what|when|where|which|why|how)\b)"
    r"|\?\s+(?=[^\s(])",
    re.IGNORECASE,
)
_MOST = 3
_FEWEST_TERMS = 2


def split_question(question: str, history: History = ()) -> tuple[str, ...]:
    """The parts of a question, each completed to stand alone; one part if it does not divide well."""
    pieces = [piece.strip() for piece in _AND_ASKS.split(question)]
    pieces = [piece for piece in pieces if piece]
    if not 1 < len(pieces) <= _MOST or any(len(content_terms(piece)) < _FEWEST_TERMS for piece in pieces):
        return (standalone(question, history),)
    parts = [piece if piece.endswith("?") else f"{piece}?" for piece in pieces]
    asked = list(history or ())
    for at, part in enumerate(parts):
        parts[at] = standalone(part, asked)
        asked.append({"role": "user", "content": part})
    return tuple(parts)
