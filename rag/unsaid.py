"""Words of a question that nothing found says, though it is about what the question is about.

"Why was Ilva Marn fired?" finds the best sentence there is on Ilva Marn, and no document holds a "fired".
A word in no document is told only where the answer is not sure, since people word things otherwise; words
that carry no matter ("rate", "held") are never. A name, a number or a word with an opposite is told where the
best sentences have another in its place: "the third floor", where the second was asked about. What is asked
for with a "not" is answered by nothing that says it without.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from index.words import STOP_WORDS, content_terms, term_set, terms
from rag.generators.base import Evidence
from rag.negation import polarity
from rag.numerals import ONES, TENS, digits, spelled
from rag.opposites import opposites
from rag.units import unit_of
from rag.vocabulary import Lexicon, Understood, name_terms

_WORD = re.compile(r"[^\W_]+(?:['’\-.,][^\W_]+)*")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_MOST = 3
_NEAR_THE_BEST = 0.86
_AROUND = 2
_BESIDE = 2
_ALIKE = 0.75
_BEGINNING = 6

# Words that carry no matter of their own, so that no document holds one of them says nothing.
_LIGHT = """
able accept accord act add affect agree allow along among amount apart appear apply approximate area around
article ask attend author available average base become begin behind believe belong beside best better big
both bring call called came case certain change character characteristic choose class clear come comes
common compare concept concern consider consist contain contrast control correct country cover create
current cut date deal define deliver depend describe detail determine develop difference different difficult
do does due during easy effect end enough event exact example exist explain express extent fact feel few
find first follow form found full function general get give go goes good got group grow happen happened
happening happens held help hold hour idea identify impact important include individual influence instance
involve issue item keep kind know known large last late latest lead least leave left length let level light
like likely limit line list little live local locate long look lose made main major make makes manage many
matter maximum mean means mention mentioned method minimum minor modern most motive move multiple name named
near need new next number occur offer often old order origin original outcome page paper part particular
pass pay people percent percentage perform period person place play point popular position possible practice
present prevent primary principle process produce program project property provide purpose put quantity
question quick ran range rate reach reason receive recent refer relate remain report represent require
responsible result return right role rule run said same say see seem send serve set several show signature
significant similar simple single situation size small solve some sort source special specific spend stage
stand start state stated status stay step stop story strategy subject such suitable summarise summarize
summary suppose system take taken takes talk tell term theory thing things think thinks thought time title
today together told took top topic total tour truly turn two type typical understand unit use used uses
usual valid value variable various version via view want wants way well went whole within without word work
works written wrote
"""
_UNASKED = frozenset({"which", "what", "how"})
_GRADED = re.compile(r"(?:er|est)$")
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()

_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|which|where|when|why|how come|how(?: (?:many|much|long|often))?)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:not|never|no longer|cannot)\b|n['’]t\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(?:if|when|because|that|who|which|whom|whose|while|although|since|unless|where|why|but|or|and|than|to"
    r"|known)\b",
    re.IGNORECASE,
)
# What says without a "not" what is not.
_WITHOUT_NOT = re.compile(
    r"\b(?:except\w*|exclu\w+|exempt\w*|lack(?:s|ed|ing)?|unable|forb[aio]d\w*|prohibit\w*|bans?|banned"
    r"|disallow\w*|refus(?:e|es|ed)|reject(?:s|ed)?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What of a question was not found.

    Attributes:
        unknown: Words that matter and that no document holds.
        missing: Words that matter and that stand elsewhere, but not at the best sentences.
        apart: Names of the question and what it asks of them, where no sentence brings the two together.
        swapped: Names, numbers and words with an opposite in whose place something else was found.
        denied: It is asked for what is not, and what was found says nothing of the kind.
    """

    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    swapped: tuple[str, ...] = ()
    denied: bool = False

    @property
    def told(self) -> tuple[str, ...]:
        """What is surely left open; no word twice, alone and with its neighbour."""
        sure = [word for word in self.unknown if not any(word in phrase for phrase in self.swapped)]
        return (*sure, *self.swapped) or self.apart


NOTHING = Unsaid()


def unsaid(understood: Understood, evidence: Sequence[Evidence], lexicon: Lexicon) -> Unsaid:
    """Compare a question with the best sentences found, with what stands around them, and with the index."""
    near, said = _near(evidence)
    if not said:
        return NOTHING
    query = understood.query
    held = frozenset[str]().union(*(_held(item) for item in near))
    return Unsaid(
        tuple(dict.fromkeys(_unknown(understood, lexicon))),
        _written(understood, frozenset(understood.terms) - _in_none(understood) - held - light_terms()),
        _apart(understood, evidence),
        tuple(dict.fromkeys(_swapped(query, [item.said for item in near], held))),
        _asks_what_is_not(query) and not _is_denied(query, near, said),
    )


@cache
def light_terms() -> frozenset[str]:
    """Terms that carry no matter of their own."""
    return frozenset(terms(_LIGHT))


def _near(evidence: Sequence[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """The best sentences with those around them, and the best alone."""
    ranked = sorted((e for e in evidence if e.relevance > 0), key=lambda e: (-e.relevance, e.number))
    said = [e for e in ranked[:_MOST] if e.relevance >= _NEAR_THE_BEST * ranked[0].relevance]
    around = {(s.passage, s.number + step) for s in said for step in range(-_AROUND, _AROUND + 1)}
    return [e for e in evidence if (e.passage, e.number) in around], said


def _held(item: Evidence) -> frozenset[str]:
    named = _NOT_LETTERS.sub(" ", f"{item.document} {item.writer}")
    return term_set(item.said) | term_set(item.heading) | term_set(item.title) | term_set(named)


def _unknown(understood: Understood, lexicon: Lexicon) -> Iterator[str]:
    written = [match.group() for match in _WORD.finditer(understood.query)]
    before = dict(zip(written[1:], map(str.lower, written), strict=False))
    for word in understood.unknown:
        own = content_terms(word)
        weighs = own and not light_terms().issuperset(own) and not any(c.isdigit() for c in word)
        # What "which" asks for is mostly not worded, and what is graded is compared.
        if not weighs or before.get(word) in _UNASKED or _GRADED.search(word.lower()):
            continue
        if len(own[0]) > _BEGINNING and lexicon.begins(own[0][:_BEGINNING]):
            continue  # "hyperinflationary" where there is a "hyperinflation"
        yield word


def _in_none(understood: Understood) -> frozenset[str]:
    """Terms that no document holds."""
    return frozenset(term for word in understood.unknown for term in terms(word))


def _written(understood: Understood, wanted: frozenset[str]) -> tuple[str, ...]:
    """Words of the question by their terms, numbers apart."""
    found = (match.group() for match in _WORD.finditer(understood.query))
    plain = (word for word in found if wanted.intersection(terms(word)) and not any(map(str.isdigit, word)))
    return tuple(dict.fromkeys(plain))


def _apart(understood: Understood, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What is asked of the names of a question, if it is never said beside them."""
    known = frozenset(understood.terms) - _in_none(understood)
    # Versions and days name no thing that something could be said of.
    names = frozenset(t for t in name_terms(understood.query) & known if not any(map(str.isdigit, t)))
    wanted = known - names - light_terms()
    if not names or not wanted:
        return ()
    held = [_held(item) for item in evidence]
    for at, item in enumerate(evidence):
        beside = range(max(0, at - 1), min(len(evidence), at + 2))
        window = frozenset[str]().union(*(held[i] for i in beside if evidence[i].passage == item.passage))
        if names <= window and wanted & window:
            return ()
    return _written(understood, wanted)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text: its term, whether it is a name or a number, and where it stands."""

    written: str
    term: str
    kind: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[_Word, ...]:
    found = []
    for at, match in enumerate(_WORD.finditer(text)):
        written = match.group().removesuffix("'s").removesuffix("’s")
        if own := terms(written):
            found.append(
                _Word(written, _worth(written) or own[0], _kind(written, at), match.start(), match.end())
            )
    return tuple(found)


def _kind(written: str, at: int) -> str:
    lowered = written.lower()
    if _worth(written) or lowered in _ORDINALS:
        return "number"
    if written[0].isupper() and (at or written[1:2].isupper()) and lowered not in STOP_WORDS:
        return "name"
    return "other"


def _worth(written: str) -> str:
    """What a number is worth, in digits; "" for other words. "One" is mostly no number."""
    lowered = written.lower()
    if written[0].isdecimal():
        worth = digits(written) if written[-1].isdecimal() else None
        return str(worth) if worth is not None else ""
    return str(spelled(lowered)) if lowered != "one" and (lowered in ONES or lowered in TENS) else ""


def _swapped(query: str, texts: Sequence[str], held: frozenset[str]) -> Iterator[str]:
    asked = _words(query)
    own = {word.term for word in asked}
    said = held | {word.term for text in texts for word in _words(text)}
    for at, word in enumerate(asked):
        against = opposites().get(word.term, frozenset())
        if word.term in said or (word.kind == "other" and not against) or _stands_for(word, texts):
            continue
        before, after = _beside(asked, at)
        if after and word.kind == "number" and unit_of(after.written)[0]:
            continue  # an amount of one's own: "a claim of 1,500 euros"
        for text in texts:
            if _has_other(word, against, before, after, own, _words(text)):
                yield query[word.start : after.end] if after else word.written
                break


def _beside(words: Sequence[_Word], at: int) -> tuple[_Word | None, _Word | None]:
    """The content words just before and behind one; a name describes only what follows it at once."""
    reach = 1 if words[at].kind == "name" else _BESIDE
    lone = [word for word in words[max(0, at - reach) : at] if word.written.lower() not in STOP_WORDS]
    behind = [word for word in words[at + 1 : at + 1 + reach] if word.written.lower() not in STOP_WORDS]
    return lone[-1] if lone else None, behind[0] if behind else None


def _has_other(
    word: _Word,
    against: frozenset[str],
    before: _Word | None,
    after: _Word | None,
    asked: set[str],
    words: Sequence[_Word],
) -> bool:
    """Whether something else of its kind, or its opposite, stands beside what it stands beside."""
    for at, other in enumerate(words):
        opposed = other.term in against
        if other.term in asked or not (opposed or (word.kind == other.kind != "other")):
            continue
        if word.kind == "name" and _is_alike(word.term, other.term):
            continue
        lone, behind = _beside(words, at)
        if after and behind and after.term == behind.term:
            return True
        if opposed and before and lone and before.term == lone.term:
            return True
    return False


def _is_alike(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _stands_for(word: _Word, texts: Sequence[str]) -> bool:
    """Whether a name in capitals abbreviates words of the texts, or begins one of them."""
    letters = [letter for letter in word.written if letter.isupper()]
    if word.kind != "name" or len(letters) < 2:
        return False
    initials = r"\W+(?:(?:of|the|and|for)\W+)*".join(rf"{letter}[\w’']*" for letter in letters)
    return any(re.search(rf"\b{initials}|\b{re.escape(word.written)}", text) for text in texts)


def _asks_what_is_not(query: str) -> bool:
    """As "Who did not sign?"; "What if I do not sign?" asks for what follows, "Why …" for a reason."""
    asks = _ASKS.search(query)
    if asks is None or asks.group().lower() in ("why", "how", "how come"):
        return False
    mark = _DENIES.search(query, asks.end())
    return mark is not None and not _CLAUSE.search(query, asks.end(), mark.start())


def _is_denied(query: str, near: Sequence[Evidence], said: Sequence[Evidence]) -> bool:
    """Whether a sentence denies what the question does, or tells by its words what is not."""
    asked = polarity(query).denied
    if any(_WITHOUT_NOT.search(f"{item.heading} {item.text}") for item in said):
        return True
    return any(asked & polarity(f"{item.heading}. {item.text}").denied for item in near)
