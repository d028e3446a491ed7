"""What each line of a page looks like by itself: its words, its punctuation, its furniture wording."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.furniture import furniture_reason, is_unmistakable, opens_section
from index.words import STOP_WORDS

SHORT = 80
LONG = 140
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BULLET = re.compile(r"[-*+•·‣▪–—>»|]\s|o\s|\(?\d{1,3}[.)]\s|[-*+•·‣▪–—>»|]$")
_SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_TIME = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_ADDRESS = re.compile(r"https?:|www\.|\w\.(?:com|org|net)\b|@\w")
_JOINT = re.compile(r"\s[|/»›·•]\s")
_REMARK = re.compile(
    r"\b(?:says|said|wrote|writes|replies|responses?)\W*$|\bago\b|^repl(?:y|ies)\b", re.IGNORECASE
)
_HOUSE_WORDS = frozenset(
    """account advertise advertisement advertising app apps click comment comments contact cookie cookies
    copyright download email facebook follow instagram login newsletter newsletters password policy privacy
    register registered reserved rights share sign sponsored subscribe subscriber subscribers subscription
    terms trademark trademarks twitter updates website""".split()
)
# A line is looked at up to here; what follows cannot change what it is.
_SEEN = 4000
_UNDER = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its bullet.

    Attributes:
        words: Its words in lower case.
        function_share: Share of English function words.
        small_share: Share of lower-case words of at most three letters, in any language.
        capital_share: Share of words that begin with a capital.
        furniture: The reason its own wording gives, or "".
        opens: The reason under which the short lines after it fall, or "".
        sure: It is furniture wherever it stands.
    """

    text: str
    words: tuple[str, ...]
    function_share: float
    small_share: float
    capital_share: float
    word_length: float
    digit_share: float
    commas: int
    ends_sentence: bool
    bullet: bool
    dated: bool
    address: bool
    joints: int
    remark: bool
    house_words: int
    lower_start: bool
    furniture: str
    opens: str
    sure: bool

    @property
    def prose(self) -> bool:
        """Reads like running text."""
        size = len(self.words)
        if self.furniture:
            return False
        if size < 6:
            # Scripts without spaces: a long line that ends like a sentence.
            return self.ends_sentence and len(self.text) >= SHORT // 2 and self.word_length > 12
        # Function words are English; a long line that ends like a sentence is prose in any language.
        if self.function_share < 0.15:
            return self.ends_sentence and len(self.text) >= SHORT
        return (self.ends_sentence and size >= 8) or len(self.text) >= 2 * SHORT

    @property
    def weight(self) -> float:
        """What the line adds to the density of a run: prose adds its length, anything else takes away."""
        if self.prose:
            return float(min(len(self.text), 600))
        return -90.0 if self.furniture else -40.0


def look(text: str, stated: bool = False) -> Line:
    """Describe one line.

    Args:
        stated: The format says that it is a heading, so its wording is no furniture.
    """
    seen = text.strip()[:_SEEN]
    marker = _BULLET.match(seen)
    bare = seen[marker.end() :].strip() if marker else seen
    found = _WORD.findall(bare)
    words = tuple(word.lower().replace("’", "'") for word in found)
    size = max(1, len(words))
    return Line(
        text=bare,
        words=words,
        function_share=sum(map(STOP_WORDS.__contains__, words)) / size,
        small_share=sum([word.islower() for word in found if len(word) <= 3]) / size,
        capital_share=sum([word[0].isupper() for word in found]) / size,
        word_length=sum(map(len, words)) / size,
        digit_share=sum(map(str.isdigit, bare)) / max(1, len(bare)),
        commas=bare.count(",") + bare.count("，") + bare.count("、"),
        ends_sentence=bool(_SENTENCE_END.search(bare)),
        bullet=bool(marker),
        dated=bool(_TIME.search(bare)),
        address=bool(_ADDRESS.search(bare)),
        joints=len(_JOINT.findall(bare)),
        remark=bool(_REMARK.search(bare[-60:])),
        house_words=sum(map(_HOUSE_WORDS.__contains__, words)),
        lower_start=bare[:1].islower(),
        furniture="" if stated else furniture_reason(bare),
        opens="" if stated else opens_section(bare),
        sure=not stated and is_unmistakable(bare),
    )


def by_wording(lines: Sequence[Line], stated: Sequence[bool] = ()) -> list[str]:
    """The reason that the wording alone gives each line, or "": furniture, and short lines under an opener.

    Under a line such as "Latest stories" or "Comments" short lines go with it until prose returns.
    """
    reasons: list[str] = []
    section = ""
    for line, heading in zip(lines, stated or [False] * len(lines), strict=True):
        if line.opens:
            section = line.opens
        elif heading or line.prose or (line.ends_sentence and not line.bullet and section != "related"):
            section = ""
        under = section if len(line.text) < _UNDER else ""
        reasons.append(line.furniture or under)
    return reasons


def densest(lines: Sequence[Line]) -> tuple[int, int]:
    """First and last line of the run with the greatest weight (Kadane's algorithm); last < first if none."""
    best, first, last = 0.0, 0, -1
    total, start = 0.0, 0
    for at, line in enumerate(lines):
        if total <= 0:
            total, start = 0.0, at
        total += line.weight
        if total > best:
            best, first, last = total, start, at
    while first <= last and not lines[first].prose:
        first += 1
    return first, last
