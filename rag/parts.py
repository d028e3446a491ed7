"""Questions in one: "Who signed it, and when does it end?" is answered part by part.

Each part is searched and judged on its own, so one part can be answered while the other is reported as
missing. A later part that leans on an earlier one ("it", "and why?") is completed like a follow-up. "What do
A and B say?" is asked of each, but not what two do together ("When did A and B meet?"), nor of one name with
an "and" in it, which is told by how the documents use it. Where no document knows one of the names, whatever
else is asked is asked of each, so that the others are answered.
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
    # When did A and B ratify it?
    re.compile(
        rf"(?P<before>(?i:when|where|why|how(?: \w+)?) )(?P<verb>do|did|have|had) {_NAMES}"
        r"(?P<after> (?:ratif(?:y|ied)|join(?:ed)?|leave|left|resign(?:ed)?|retired?|graduated?|acceded?"
        r"|withdr[ae]wn?)\b.*)"
    ),
)
# The same of what no rule knows; not what two can only do together.
_OF_ALL = re.compile(
    rf"(?P<before>(?i:when|where|why|how(?: \w+)?) )(?P<verb>do|did|have|had|are|were) {_NAMES}"
    r"(?P<after> (?!.*\b(?:together|each other|one another|between)\b)(?!(?:first )?(?:meet|met|marry|married"
    r"|divorced?|merged?|united?|fight|fought|clash|clashed|agree|agreed|competed?|split|separate"
    r"|negotiated?|collaborated?|cooperated?|differ|allied|engaged|related|friends)\b)[a-z].*)"
)
_SINGULAR = {"do": "does", "have": "has", "are": "is", "were": "was"}
_BARE = re.compile(
    r"\W*(?:(?:in|at|on|by|for|to|from|with|since) )?"
    r"(?:who|whom|when|where|why|how (?:many|much|long|often|far|old))\W*",
    re.IGNORECASE,
)
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
# As many parts are answered; of more than a few each is answered in one sentence.
MOST_PARTS = 6
_FEW = 3
_LOOKED_AT = 20
_MOST_LISTED = 5


def in_parts(question: str, history: History = (), index: Index | None = None) -> tuple[tuple[str, str], ...]:
    """The parts of a question, each completed to stand alone; one part if it does not divide well.

    However many there are: `MOST_PARTS` of them are answered.

    Args:
        index: Tells whether "A and B" is one name; without it two are assumed.

    Returns:
        Each part with how it was put; "" where the same is asked of several names.
    """
    pieces = [piece.strip() for piece in _AND_ASKS.split(question)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) < 2 or not _asks(pieces[0]) or not all(_asks(p) or is_bare(p) for p in pieces[1:]):
        return _as_put(standalone(question, history), question, index)
    put = [piece if piece.endswith("?") else f"{piece}?" for piece in pieces]
    parts: list[str] = []
    asked = list(history or ())
    for piece in put:
        parts.append(standalone(piece, asked))
        asked.append({"role": "user", "content": piece})
    divided: dict[str, str] = {}
    for part, piece in zip(parts, put, strict=True):
        for query, own in _as_put(part, piece, index):
            divided.setdefault(query, own)
    return tuple(divided.items())


def _asks(piece: str) -> bool:
    return bool(content_terms(piece)) and _ASKS.search(piece) is not None


@lru_cache(maxsize=1024)
def is_bare(piece: str) -> bool:
    """Whether a part is a question word alone, one that asks for a value: "why?", "for how much?"."""
    return _BARE.fullmatch(piece) is not None


def sentences_each(most: int, parts: int, wanted: int) -> int:
    """How many sentences a part may be answered with: a list has more, one of several questions fewer.

    Args:
        most: For a question that asks one thing.
        wanted: How many things the question wants to have listed.
    """
    if 1 < most < wanted:
        return min(wanted, most + 2)
    return 1 if parts > _FEW else max(1, most - 1) if parts > 1 else most


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
    if " and " not in question:
        return (question,)
    match = next((found for shape in _EACH if (found := shape.fullmatch(question))), None)
    if match is None and index is not None:
        match = _OF_ALL.fullmatch(question)
        if match and len({_is_known(name, index) for name in _names(match)}) == 1:
            match = None
    if match is None:
        return (question,)
    names = _names(match)
    if _FIRM.fullmatch(names[-1]) or (index is not None and _is_one(names[-2], names[-1], index)):
        return (question,)
    verb = _SINGULAR.get(match["verb"].lower(), match["verb"])
    of = match.groupdict().get("of") or (" " if verb else "")
    end = "" if match["after"].endswith("?") else "?"
    return tuple(f"{match['before']}{verb}{of}{name}{match['after']}{end}" for name in names)


def _names(match: re.Match[str]) -> list[str]:
    return _APART.split(match["names"].removeprefix("both "))


def _is_known(name: str, index: Index) -> bool:
    """Whether any document has a word of a name."""
    return any(index.chunk_frequency(term) for term in content_terms(name))


def _is_one(first: str, second: str, index: Index) -> bool:
    """Whether the second name mostly follows "first and" in the documents, as in the names of some states."""
    last = re.sub(r"^the ", "", second, flags=re.IGNORECASE)
    found = index.matching(terms(last), _LOOKED_AT)
    texts = [chunk.text for chunk in index.chunks_by_id([number for number, _ in found]).values()]
    alone = sum(len(re.findall(rf"\b{re.escape(last)}\b", text)) for text in texts)
    after = rf"\b{re.escape(first)} (?:and|&) (?:the )?{re.escape(last)}\b"
    return 2 * sum(len(re.findall(after, text)) for text in texts) > alone > 0
