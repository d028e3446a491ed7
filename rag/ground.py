"""Lexical support of a sentence by the text it cites.

Covered: verbatim text, numbers, names and quoted words that the source lacks, and how much of the
sentence's weighted wording the source holds. Not covered: who did what to whom, negation, units and
spelled-out numbers, paraphrase in other words, and whether the source is right. "Supported" is never a
claim of truth.
"""

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from index import Index
from index.words import content_terms, terms
from rag.records import Support
from rag.settings import AnswerSettings
from rag.vocabulary import Lexicon, names_in

_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans("“”„«»‘’‚‐‑–—−", '"""""\'\'\'-----')
_QUOTED = re.compile(r"\"([^\"]{3,200})\"")
_FIGURE = re.compile(
    r"(?P<sign>(?<![\w)])-)?(?<![^\W_])"
    r"(?:(?P<whole>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*)(?P<and>[¼-¾⅐-⅞])?|(?P<part>[¼-¾⅐-⅞]))"
)
_LONGEST_FIGURE = 40
HELD = frozenset({"supported", "partly"})


def support(sentence: str, quotes: Sequence[str], index: Index, settings: AnswerSettings) -> Support:
    """How far the cited quotes carry a sentence; see the module for what is and is not covered."""
    wanted = content_terms(sentence)
    if not wanted or sentence.rstrip().endswith("?"):
        return Support("not_applicable", "none")
    if not quotes:
        return Support("not", "none", 0.0)
    plain, sources = _plain(sentence), [_plain(quote) for quote in quotes]
    if any(_stands_in(plain.rstrip("."), source) for source in sources):
        return Support("supported", "verbatim", 1.0)
    held = {term for quote in quotes for term in terms(quote)}
    wanted = content_terms(_FIGURE.sub(" ", sentence))  # figures are compared by value, below
    lexicon = Lexicon(index)
    weights = {term: lexicon.weight(term) for term in wanted}
    total = sum(weights.values())
    score = sum(w for term, w in weights.items() if term in held) / total if total else 1.0
    together = " ".join(sources)
    known = _figures(together)
    figures = tuple(written for value, written in _figures(plain).items() if value not in known)
    if figures:
        return Support("not", "figure", score, figures)
    names = [n for n in names_in(sentence) if not _FIGURE.fullmatch(n) and not set(terms(n)) <= held]
    if names:
        return Support("not", "name", score, tuple(names))
    quoted = [words for words in _QUOTED.findall(plain) if words not in together]
    if quoted:
        return Support("not", "quote", score, tuple(quoted))
    missing = tuple(term for term in wanted if term not in held)
    if score >= settings.support:
        return Support("supported", "coverage", score, missing)
    return Support("partly" if score >= settings.partly else "not", "coverage", score, missing)


def _stands_in(words: str, source: str) -> bool:
    """Whether a text stands in a source as whole words: "5 men" does not stand in "25 men" or "-5 men"."""
    before = r"(?<![\w\-])(?<!\d[.,])" if words[:1].isalnum() else ""
    after = r"(?!\w|[.,]\d)" if words[-1:].isalnum() else ""
    return re.search(f"{before}{re.escape(words)}{after}", source) is not None


def _figures(text: str) -> dict[Fraction | str, str]:
    """The numbers of a text by their value, each as it is written first."""
    found: dict[Fraction | str, str] = {}
    for match in _FIGURE.finditer(text):
        found.setdefault(_value(match), match.group())
    return found


def _value(match: re.Match[str]) -> Fraction | str:
    """What a figure is worth; one that is no number (a version, an address) stays as it is written."""
    whole = (match["whole"] or "0").replace(",", "")
    if whole.count(".") > 1 or len(whole) > _LONGEST_FIGURE:
        return match.group()
    value = Fraction(whole)
    if fraction := match["and"] or match["part"]:
        value += Fraction(unicodedata.numeric(fraction)).limit_denominator(10)
    return -value if match["sign"] else value


def _plain(text: str) -> str:
    """White space and the shapes of quotes and dashes made one; nothing else."""
    return _SPACE.sub(" ", text.translate(_QUOTES)).strip().lower()
