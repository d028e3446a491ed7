"""Words of a question that nothing found says, though it is about what the question is about.

"Why was Ilva Marn fired?" finds the best sentence there is on Ilva Marn, and no document holds a "fired".
A word in no document is told only where the answer is not sure, since people word things otherwise; words
that carry no matter ("rate", "held") are never. A name, a number or a word with an opposite is told where the
best sentences have another in its place: "the third floor", where the second was asked about. What is asked
for with a "not" is answered by nothing that says it without.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import attrgetter

from index.words import content_terms, term_set, terms
from rag.generators.base import Evidence
from rag.measures import fits
from rag.negation import polarity
from rag.swapped import WORD, swapped
from rag.unfit import unfit
from rag.values import asked_kind, values
from rag.vocabulary import Lexicon, Understood, name_terms

_NOT_LETTERS = re.compile(r"[\W\d_]+")
_DIGIT = re.compile(r"\d")
_MOST = 3
_NEAR_THE_BEST = 0.86
_AROUND = 2
_BEGINNING = 6

# Words that carry no matter of their own, so that no document holds one of them says nothing.
_LIGHT = """
able accept accord act add affect agree allow along among amount apart appear apply approximate area around
article ask attend author available average base become begin behind believe belong beside best better big
both bring call called came case certain change character characteristic choose class clear come comes
common compare concept concern consider consist contain contrast control correct country cover create
current cut date day deal define deliver depend describe detail determine develop difference different
difficult do does due during easy effect end enough event exact example exist explain express extent fact
feel few find first follow form found full function general get give go goes good got group grow happen
happened happening happens held help hold hour idea identify impact important include individual influence
instance involve issue item keep kind know known large last late latest lead least leave left length let
level light like likely limit line list little live local locate long look lose made main major make makes
manage many matter maximum mean means mention mentioned method minimum minor modern month most motive move
multiple name named near need new next number occur offer often old order origin original outcome page paper
part particular pass pay people percent percentage perform period person place play point popular position
possible practice present prevent primary principle process produce program project property provide purpose
put quantity question quick ran range rate reach reason receive recent refer relate remain report represent
require responsible result return right role rule run said same say see seem send serve set several show
signature significant similar simple single situation size small solve some sort source special specific
spend stage stand start state stated status stay step stop story strategy subject such suitable summarise
summarize summary suppose system take taken takes talk tell term theory thing things think thinks thought
time title today together told took top topic total tour truly turn two type typical understand unit use
used uses usual valid value variable various version via view want wants way week well went whole within
without word work works written wrote year
"""
_UNASKED = frozenset({"which", "what", "how"})
_GRADED = re.compile(r"(?:er|est)$")

_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|which|where|when|why|how come|how(?: (?:many|much|long|often))?)\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"\W*why\b", re.IGNORECASE)
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
        apart: What is asked of the names of the question, where no sentence brings the two together.
        swapped: Names, numbers and words with an opposite in whose place something else was found.
        unfit: What asks for a count, a price or the like that the best sentences and those around lack.
        denied: It is asked for what is not, and what was found says nothing of the kind.
        untyped: A date or a number is asked for, and the best sentences have none.
        premised: It is asked why somebody or something did what no document says.
        mattering: How many words of the question matter.
        nearness: Cosine of the best sentence and the question.
    """

    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    swapped: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    denied: bool = False
    untyped: bool = False
    premised: bool = False
    mattering: int = 0
    nearness: float = 0.0

    @property
    def told(self) -> tuple[str, ...]:
        """What to tell, the surest first; no word twice, alone and with its neighbour."""
        sure = [word for word in self.unknown if not any(word in phrase for phrase in self.standing)]
        return (*sure, *self.standing, *(("not",) if self.denied else ())) or self.apart or self.missing

    @property
    def standing(self) -> tuple[str, ...]:
        """What is told however likely there is an answer."""
        return (*self.swapped, *self.unfit)

    @property
    def signals(self) -> dict[str, float]:
        """What `rag/abstain.py` weighs: shares of the words that matter, flags, the nearness."""
        return {
            "unknown": len(self.unknown) / max(1, self.mattering),
            "missing": len(self.missing) / max(1, self.mattering),
            "apart": float(bool(self.apart)),
            "swapped": float(bool(self.swapped)),
            "unfit": float(bool(self.unfit)),
            "denied": float(self.denied),
            "untyped": float(self.untyped),
            "nearness": self.nearness,
        }


NOTHING = Unsaid()


def unsaid(understood: Understood, evidence: Sequence[Evidence], lexicon: Lexicon) -> Unsaid:
    """Compare a question with the best sentences found, with what stands around them, and with the index."""
    near, said = _near(evidence)
    if not said:
        return NOTHING
    query = understood.query
    held = frozenset[str]().union(*(terms for item in near for terms in (term_set(item.said), _above(item))))
    mattering = frozenset(t for t in understood.terms if not _DIGIT.search(t)) - light_terms()
    unknown = tuple(dict.fromkeys(_unknown(understood, lexicon)))
    return Unsaid(
        unknown,
        _written(understood, mattering - _in_none(understood) - held),
        _apart(understood, evidence),
        tuple(dict.fromkeys(swapped(query, [item.said for item in near], held))),
        unfit(understood, near, light_terms()),
        _asks_what_is_not(query) and not _is_denied(query, near, said),
        _lacks_value(query, said),
        bool(unknown and _WHY.match(query) and name_terms(query)),
        len(mattering),
        said[0].cosine,
    )


def _lacks_value(query: str, said: Sequence[Evidence]) -> bool:
    """Whether a date or a number is asked for and sentences have none that the question does not say."""
    kind = asked_kind(query)
    if kind not in ("date", "number"):
        return False
    known = term_set(query)
    found = (value.text for item in said for value in values(item.said, kind))
    return not any((kind == "date" or fits(query, value)) and not term_set(value) <= known for value in found)


@cache
def light_terms() -> frozenset[str]:
    """Terms that carry no matter of their own."""
    return frozenset(terms(_LIGHT))


def _near(evidence: Sequence[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """The best sentences with those around them, and the best alone."""
    # Of equal ones the first stays first, as they come in the order of their numbers.
    ranked = sorted([e for e in evidence if e.relevance > 0], key=attrgetter("relevance"), reverse=True)
    said = [e for e in ranked[:_MOST] if e.relevance >= _NEAR_THE_BEST * ranked[0].relevance]
    around = {(s.passage, s.number + step) for s in said for step in range(-_AROUND, _AROUND + 1)}
    return [e for e in evidence if (e.passage, e.number) in around], said


def _held(item: Evidence, among: frozenset[str]) -> frozenset[str]:
    """Which of some terms a sentence or what stands above it has."""
    return among & term_set(item.said) | among & _above(item)


def _above(item: Evidence) -> frozenset[str]:
    return _above_it(item.document, item.writer, item.title, item.heading)


@lru_cache(maxsize=4096)
def _above_it(document: str, writer: str, title: str, heading: str) -> frozenset[str]:
    return term_set(_NOT_LETTERS.sub(" ", f"{document} {writer}")) | term_set(title) | term_set(heading)


def _unknown(understood: Understood, lexicon: Lexicon) -> Iterator[str]:
    if not understood.unknown:
        return
    written = [match.group() for match in WORD.finditer(understood.query)]
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
    if not wanted:
        return ()
    found = (match.group() for match in WORD.finditer(understood.query))
    plain = (word for word in found if wanted.intersection(terms(word)) and not any(map(str.isdigit, word)))
    return tuple(dict.fromkeys(plain))


def _apart(understood: Understood, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What is asked of the names of a question, if it is never said beside them."""
    known = frozenset(understood.terms) - _in_none(understood)
    # Versions and days name no thing that something could be said of.
    names = frozenset(t for t in name_terms(understood.query) & known if not _DIGIT.search(t))
    wanted = known - names - light_terms()
    if not names or not wanted:
        return ()
    either = names | wanted
    for at, item in enumerate(evidence):
        own = _held(item, either)
        if names <= own and not wanted.isdisjoint(own):
            return ()
        if not own:
            continue
        beside = [near for near in evidence[max(0, at - 1) : at + 2] if near.passage == item.passage]
        window = own.union(*(_held(near, either) for near in beside))
        if names <= window and wanted & window:
            return ()
    return _written(understood, wanted)


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
