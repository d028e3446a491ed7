"""Lexical support of a sentence by the text it cites.

Covered: verbatim text; questions and refusals, as far as they bring nothing in (`rag/talk.py`); figures by
value (digits or words, scale, unit, date), names and quoted words that the source lacks; a "not" on one side
only; and how much of the sentence's weighted wording the source holds. Several cited texts are one source.
Not covered: who did what to whom (subject and object changed round, or taken from two texts), conversion of
units, opposites, paraphrase in other words, and whether the source is right. "Supported" is never a claim of
truth. The sentences around a cited one count for nothing: in the design's measurements they did not help.

The bands come from the design's measurements on AttributionBench and WiCE, not from data at hand here.
"""

import re
from collections.abc import Sequence

from index import Index
from index.words import content_set, content_terms, terms
from rag.figures import Figure, figures, is_held, units_in
from rag.first_word import first_name, is_surely_name
from rag.miscounted import miscounted
from rag.negation import differs
from rag.records import Support
from rag.settings import AnswerSettings
from rag.talk import Talk, talk_in
from rag.vocabulary import Lexicon, names_in

_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans("“”„«»‘’‚‐‑–—−", '"""""\'\'\'-----')
_QUOTED = re.compile(r"\"([^\"]{3,200})\"")
_MARKER = re.compile(r"\s*\[\d+(?:, ?\d+)*\]")
_A_FIGURE = " 0 "
HELD = frozenset({"supported", "partly"})
_EXACT = frozenset({"figure", "name", "quote"})
_NOTHING = Support("not_applicable", "none")
_QUOTED_TALK = Support("not_applicable", "verbatim")
_VERBATIM = Support("supported", "verbatim", 1.0)


def support(sentence: str, quotes: Sequence[str], index: Index, settings: AnswerSettings) -> Support:
    """How far the cited quotes carry a sentence; see the module for what is and is not covered."""
    talk = talk_in(sentence)
    if sentence in quotes:
        return _QUOTED_TALK if talk is not None or not content_set(sentence) else _VERBATIM
    if not content_set(sentence):
        return _NOTHING
    plain, sources = _plain(sentence), [_plain(quote) for quote in quotes]
    if any(_stands_in(plain.rstrip("."), source) for source in sources):
        return _VERBATIM if talk is None else _QUOTED_TALK
    if talk is not None:
        return _talk(talk, quotes, sources, index, settings)
    if not quotes:
        return Support("not", "none", 0.0)
    return _asserted(sentence, quotes, sources, index, settings)


def _talk(
    talk: Talk, quotes: Sequence[str], sources: Sequence[str], index: Index, settings: AnswerSettings
) -> Support:
    """A question or a refusal, unless it brings in a figure, a name or a claim that no source holds."""
    if not talk.beside:
        return _NOTHING
    found = _asserted(talk.beside, quotes, sources, index, settings)
    brings_in = found.reason in _EXACT or (talk.claims and found.label not in HELD)
    return (found if quotes else Support("not", "none", 0.0)) if brings_in else _NOTHING


def _asserted(
    sentence: str,
    quotes: Sequence[str],
    sources: Sequence[str],
    index: Index,
    settings: AnswerSettings,
) -> Support:
    """How far sources carry what a sentence says in other words than theirs."""
    sentence = _MARKER.sub("", sentence)
    found = [figure for figure in figures(sentence) if figure.needed]
    bare = _without(sentence, found)  # figures are compared by value
    held = {term for quote in quotes for term in terms(quote)}
    score, missing = _coverage(content_terms(bare.replace(_A_FIGURE, " ")), held, Lexicon(index))
    if lacking := _lacking(sentence, bare, found, sources, quotes, held, score):
        return lacking
    name = first_name(bare, held)
    if name and is_surely_name(name, bare, index):
        return Support("not", "name", score, (name,))
    if score >= settings.partly and differs(sentence, quotes):
        return Support("partly", "negation", score, missing)
    if score < settings.support:
        return Support("partly" if score >= settings.partly else "not", "coverage", score, missing)
    if name:
        return Support("partly", "name", score, (name,))
    return Support("supported", "coverage", score, missing)


def _lacking(
    sentence: str,
    bare: str,
    found: Sequence[Figure],
    sources: Sequence[str],
    quotes: Sequence[str],
    held: set[str],
    score: float,
) -> Support | None:
    """What must be in a source and is not."""
    known = [figure for quote in quotes for figure in figures(quote)]
    own, theirs = units_in(sentence), frozenset[str]().union(*map(units_in, quotes))
    wrong = [figure.written for figure in found if not is_held(figure, known, own, theirs)]
    wrong += miscounted(sentence, quotes)
    if wrong:
        return Support("not", "figure", score, tuple(dict.fromkeys(wrong)))
    names = [name for name in names_in(bare) if name != _A_FIGURE.strip() and not set(terms(name)) <= held]
    if names:
        return Support("not", "name", score, tuple(names))
    quoted = [
        words for words in _QUOTED.findall(_plain(sentence)) if not any(_stands_in(words, s) for s in sources)
    ]
    if quoted:
        return Support("not", "quote", score, tuple(quoted))
    return None


def _coverage(wanted: Sequence[str], held: set[str], lexicon: Lexicon) -> tuple[float, tuple[str, ...]]:
    """The share of a sentence's weight that the sources hold, and the terms they lack."""
    weights = {term: lexicon.weight(term) for term in wanted}
    total = sum(weights.values())
    score = sum(w for term, w in weights.items() if term in held) / total if total else 1.0
    return score, tuple(term for term in wanted if term not in held)


def _without(text: str, found: Sequence[Figure]) -> str:
    """The text with a mark in place of each figure, so that what follows does not become a first word."""
    for figure in reversed(found):
        text = text[: figure.start] + _A_FIGURE + text[figure.end :]
    return text


def _stands_in(words: str, source: str) -> bool:
    """Whether a text stands in a source as whole words: "5 men" does not stand in "25 men" or "-5 men"."""
    if words not in source:
        return False
    before = r"(?<![\w\-])(?<!\d[.,])" if words[:1].isalnum() else ""
    after = r"(?!\w|[.,]\d)" if words[-1:].isalnum() else ""
    return re.search(f"{before}{re.escape(words)}{after}", source) is not None


def _plain(text: str) -> str:
    """White space and the shapes of quotes and dashes made one; nothing else."""
    return _SPACE.sub(" ", text.translate(_QUOTES)).strip().lower()
