"""Lexical support of a sentence by the text it cites.

Covered: verbatim text, numbers, names and quoted words that the source lacks, and how much of the
sentence's weighted wording the source holds. Not covered: who did what to whom, negation, paraphrase in
other words, and whether the source is right. "Supported" is never a claim of truth.
"""

import re
from collections.abc import Sequence

from index import Index
from index.words import content_terms, terms
from rag.records import Support
from rag.settings import AnswerSettings
from rag.vocabulary import names_in, weight

_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans("“”„«»‘’‚‐‑–—", '"""""\'\'\'----')
_QUOTED = re.compile(r"\"([^\"]{3,200})\"")
_NUMBER = re.compile(r"\d[\d.,]*")


def support(sentence: str, quotes: Sequence[str], index: Index, settings: AnswerSettings) -> Support:
    """How far the cited quotes carry a sentence; see the module for what is and is not covered."""
    wanted = content_terms(sentence)
    if not wanted or sentence.rstrip().endswith("?"):
        return Support("not_applicable", "none")
    if not quotes:
        return Support("not", "none", 0.0)
    plain, sources = _plain(sentence), [_plain(quote) for quote in quotes]
    if any(plain.rstrip(".") in source for source in sources):
        return Support("supported", "verbatim", 1.0)
    held = {term for quote in quotes for term in terms(quote)}
    weights = {term: weight(index, term) for term in wanted}
    total = sum(weights.values())
    score = sum(w for term, w in weights.items() if term in held) / total if total else 1.0
    together = " ".join(sources)
    numbers = {figure.rstrip(".,") for figure in _NUMBER.findall(together)}
    figures = [f for f in (f.rstrip(".,") for f in _NUMBER.findall(plain)) if f not in numbers]
    if figures:
        return Support("not", "figure", score, tuple(figures))
    names = [name for name in names_in(sentence) if not set(terms(name)) <= held]
    if names:
        return Support("not", "name", score, tuple(names))
    quoted = [words for words in _QUOTED.findall(plain) if words not in together]
    if quoted:
        return Support("not", "quote", score, tuple(quoted))
    missing = tuple(term for term in wanted if term not in held)
    if score >= settings.support:
        return Support("supported", "coverage", score, missing)
    return Support("partly" if score >= settings.partly else "not", "coverage", score, missing)


def _plain(text: str) -> str:
    """White space and the shapes of quotes and dashes made one; nothing else."""
    return _SPACE.sub(" ", text.translate(_QUOTES)).strip().lower()
