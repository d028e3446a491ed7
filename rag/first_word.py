"""The first word of a sentence: whether it is a name, which its capital does not tell.

"Smith designed the dam" names somebody, "Workers built the dam" does not. What the documents write in small
letters is no name, and what they write in capitals in mid-sentence is one; a word they do not have is taken
for one where it is no plural and a verb follows.
"""

import re
from collections.abc import Set

from index import Index
from index.dates import MONTH
from index.words import STOP_WORDS, terms

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_FIRST = re.compile(rf"\W*({_WORD.pattern})")
_OPENERS = frozenset(
    """according additionally afterwards along although amid among another anybody anyone based besides both
    despite due earlier elsewhere everybody everyone everything fewer finally first following former
    furthermore hence however including indeed instead last later latter left less like likewise long
    meanwhile moreover neither nevertheless next nobody none nonetheless note nothing numerous otherwise
    overall perhaps previously rather regarding several somebody someone something still therefore
    though thus today together unless unlike various whereas within yet""".split()
)
_CALENDAR = re.compile(rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|{MONTH})")
_VERB = re.compile(
    r"\W*\w+(?:['’\-]\w+)* (?:(?:also|first|later|never|then|had|has|have|will|would) )?(?:\w{2,}ed"
    r"|is|was|are|were|has|had|have|will|would|can|could|does|did|may|might|must|says?|said"
    r"|began|became|brought|bought|built|came|chose|drew|fell|found|gave|got|grew|held|kept|knew|led|left"
    r"|lost|made|met|paid|put|ran|rose|sang|saw|sent|set|sold|spent|spoke|stole|struck|taught|threw|told|took"
    r"|thought|went|won|wrote)\b"
)
_ORDINARY = re.compile(r"(?:s|tion|sion|ment|ness|ity|ism|ance|ence|ship|hood|age|ure|work|ice)$")
_IN_SENTENCE = re.compile(r"[^\W_],? $")
_MOST_READ = 40


def first_name(text: str, held: Set[str]) -> str:
    """The first word, if sources with the index terms `held` lack it and it may be a name; else ""."""
    match = _FIRST.match(text)
    if match is None or not match[1][0].isupper() or set(terms(match[1])) <= held:
        return ""
    plain = match[1].lower()
    return "" if plain in STOP_WORDS | _OPENERS or plain.endswith(("ly", "ing")) else match[1]


def is_surely_name(word: str, text: str, index: Index) -> bool:
    """Whether the first word of a text is a name by what the documents write, or what follows it."""
    if _CALENDAR.fullmatch(word):
        return True
    written = index.fact(_written, " ".join(terms(word)))
    if written:
        return written == "name"
    return not _ORDINARY.search(word) and _VERB.match(text) is not None


def _written(index: Index, term: str) -> str:
    """How the documents write a term: as a "word", as a "name", or ""."""
    found = ""
    numbers = [number for number, _ in index.matching([term], _MOST_READ)] if term else []
    chunks = index.chunks_by_id(numbers)
    for number in numbers:
        text = chunks[number].text
        for match in _WORD.finditer(text):
            if " ".join(terms(match.group())) != term:
                continue
            if match.group()[0].islower():
                return "word"
            if _IN_SENTENCE.search(text, max(0, match.start() - 3), match.start()):
                found = "name"
    return found
