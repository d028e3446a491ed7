"""Questions in one: "Who signed it, and when does it end?" is answered part by part.

Each part is searched and judged on its own, so one part can be answered while the other is reported as
missing. A later part that leans on an earlier one ("it") is completed like a follow-up. "What do A and B
say?" is asked of each, but not what two do together ("When did A and B meet?"), nor of one name with an
"and" in it, which is told by how the documents use it.
"""

import re
from functools import lru_cache

from index import Index
from index.words import content_terms, terms
from rag.conversation import History, standalone

_AND_ASKS = re.compile(
    r"[,;]?\s+and\s+(?=(?:(?:in|at|on|by|for|to|from|with)\s+)?(?:who|whose|what|when|where|which|why|how)\b)"
    r"|\?\s+(?=[^\s(])",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:who|whose|what|when|where|which|why|how|tell|name|list|give|describe|explain|say)\b"
    r"|^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b",
    re.IGNORECASE,
)
_CAPITAL = r"[A-Z][\w’'.-]*"
_NAME = rf"(?:[Tt]he )?{_CAPITAL}(?: (?:(?:of|de|la|the) )*{_CAPITAL})*"
_NAMES = rf"(?P<names>(?:both )?{_NAME}(?:, {_NAME})*,? and {_NAME})"
_SAYS = (
    r"(?:say|think|report|claim|propose|recommend|suggest|state|write|argue|offer|promise|require|allow|mention"
    r"|provide|contain|describe|explain|demand|believe|want|cost|measure|weigh|blame|prefer|expect|predict)"
)
_EACH = (
    # What do A and B say about it?
    re.compile(rf"(?P<before>(?i:what|how|why|how much) )(?P<verb>do|did) {_NAMES}(?P<after> {_SAYS}\b.*)"),
    # When were A and B built?
    re.compile(
        rf"(?P<before>(?i:when|where|how \w+) )(?P<verb>are|were) {_NAMES}"
        r"(?P<after>(?: (?:born|built|founded|opened|launched|published|written|located|made))?\?*$)"
    ),
    # What is the population of A and B?
    re.compile(
        r"(?P<before>(?i:what|who) )(?P<verb>is|are|was|were)(?P<of> the "
        r"(?!difference|relation|border|distance|war|treaty|agreement|conflict|union|merger)"
        r"[a-z]+(?: [a-z]+)? of )"
        rf"{_NAMES}(?P<after>\?*$)"
    ),
    # What happened according to A and B?
    re.compile(rf"(?P<before>.*\b(?i:according to) )(?P<verb>){_NAMES}(?P<after>\?*$)"),
)
_SINGULAR = {"do": "does", "are": "is", "were": "was"}
_FIRM = re.compile(r"(?:Co|Company|Sons?|Daughters|Bros|Brothers|Partners|Associates)\.?")
_APART = re.compile(r",? and |, ")
_PLURAL = r"(?:[a-z]{3,}[^s\W]s|people|men|women|children)"
_LIST = re.compile(
    rf"^\W*which {_PLURAL}(?! of\b)\b"
    rf"|^\W*what (?:(?:are|were) (?:the|some) )?(?:[a-z]+ )?{_PLURAL} (?:do|did|are|were|have|had|can|will)\b"
    r"|^\W*(?:please )?(?:(?:name|list|give)(?: me)? (?:(?:the|all|some|any) )*"
    r"(?P<count>two|three|four|five|[2-9])|(?:list|enumerate))\b",
    re.IGNORECASE,
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}
_MOST = 3
_FEWEST_TERMS = 1
_LOOKED_AT = 20
_MOST_LISTED = 5


def in_parts(question: str, history: History = (), index: Index | None = None) -> tuple[tuple[str, str], ...]:
    """The parts of a question, each completed to stand alone; one part if it does not divide well.

    Args:
        index: Tells whether "A and B" is one name; without it two are assumed.

    Returns:
        Each part with how it was put; "" where the same is asked of several names.
    """
    pieces = [piece.strip() for piece in _AND_ASKS.split(question)]
    pieces = [piece for piece in pieces if piece]
    several = 1 < len(pieces) <= _MOST
    if not several or any(len(content_terms(p)) < _FEWEST_TERMS or not _ASKS.search(p) for p in pieces):
        return _as_put(standalone(question, history), question, index)
    put = [piece if piece.endswith("?") else f"{piece}?" for piece in pieces]
    parts: list[str] = []
    asked = list(history or ())
    for piece in put:
        parts.append(standalone(piece, asked))
        asked.append({"role": "user", "content": piece})
    divided = [one for part, piece in zip(parts, put, strict=True) for one in _as_put(part, piece, index)]
    return tuple(divided) if len(divided) <= _MOST else tuple(zip(parts, put, strict=True))


def _as_put(query: str, put: str, index: Index | None) -> tuple[tuple[str, str], ...]:
    each = _of_each(query, index)
    return ((query, put),) if len(each) == 1 else tuple((one, "") for one in each)


@lru_cache(maxsize=1024)
def listed(question: str) -> int:
    """How many things a question wants to have listed: "name three …", "which countries …"; 0 if none."""
    match = _LIST.match(question)
    if match is None:
        return 0
    count = (match["count"] or "").lower()
    return min(_COUNTS.get(count) or int(count or _MOST_LISTED), _MOST_LISTED)


def _of_each(question: str, index: Index | None) -> tuple[str, ...]:
    """The question about each of the names in it, if it asks the same of several."""
    for shape in _EACH if " and " in question else ():
        match = shape.fullmatch(question)
        if match is None:
            continue
        names = _APART.split(match["names"].removeprefix("both "))
        one = _FIRM.fullmatch(names[-1]) or (index is not None and _is_one(names[-2], names[-1], index))
        if one or len(names) > _MOST:
            return (question,)
        verb = _SINGULAR.get(match["verb"].lower(), match["verb"])
        of = match.groupdict().get("of") or (" " if verb else "")
        end = "" if match["after"].endswith("?") else "?"
        return tuple(f"{match['before']}{verb}{of}{name}{match['after']}{end}" for name in names)
    return (question,)


def _is_one(first: str, second: str, index: Index) -> bool:
    """Whether the second name mostly follows "first and" in the documents, as in the names of some states."""
    last = re.sub(r"^the ", "", second, flags=re.IGNORECASE)
    found = index.matching(terms(last), _LOOKED_AT)
    texts = [chunk.text for chunk in index.chunks_by_id([number for number, _ in found]).values()]
    alone = sum(len(re.findall(rf"\b{re.escape(last)}\b", text)) for text in texts)
    after = rf"\b{re.escape(first)} (?:and|&) (?:the )?{re.escape(last)}\b"
    return 2 * sum(len(re.findall(after, text)) for text in texts) > alone > 0
