"""The word index: a tantivy projection of the chunks, and the one tokenizer of the whole program.

Questions never reach a query parser that knows operators: they are analysed into terms, and the query
is a plain union of term queries, scored by BM25.
"""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.ranking import ranked
from index.unseen import searchable

if TYPE_CHECKING:
    import tantivy

# Part of the index fingerprint: change it whenever the analysis below changes.
ANALYSIS = "seen-simple-lower-fold-english-2"
_HEAP = 32_000_000
_KEPT = 8192
_WORD = 24

# Function words of English. Left out of questions only; the index keeps every word.
STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being between both but by
    can could did do does doing during each either else every few for from further get gets give given had
    has have having he her here hers herself him himself his how i if in into is it its itself just let many
    may me might more most much must my myself no nor not of off on once one only or other our ours out over
    own per please s same say says she should show since so some such t tell than that the their theirs them
    themselves then there these they this those through to too under until up upon us very was we were what
    when where whether which while who whom whose why will with would you your yours""".split()
)

# What carries no meaning in a question either: short forms typed without their apostrophe (not those that
# are words, as "ill" and "well" are), and function words of German, in which people ask English folders, too
# (not those that are names or words of English, as MIT and "die" are). They stand apart, since how documents
# are cut and cleaned goes by the words above.
_SHORT_FORMS = """arent cant couldnt didnt doesnt dont hadnt hasnt havent hes im isnt ive mustnt shes shouldnt
    theyre theyve wasnt werent weve whos wont wouldnt youve"""
_GERMAN = """aber auch auf beim bis das dass dem der du einem einen einer haben ich ihr im ist kann kein keine
    können muss nach nicht noch nur oder sie sind und vom von wann warum welche welcher welches wenn werden
    wer wie wir wird wo wurde zum zur über"""


@cache
def _analyzer() -> "tantivy.TextAnalyzer":
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(60),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def terms(text: str) -> list[str]:
    """The index terms of a text in order: nothing unseen, lower case, accents folded, English stems."""
    return list(_terms_of_word(text)) if len(text) <= _WORD else _analyzer().analyze(searchable(text))


@lru_cache(maxsize=_KEPT)
def _terms_of_word(text: str) -> tuple[str, ...]:
    """The same of a text so short that it will be met again: a word, a name."""
    return tuple(_analyzer().analyze(searchable(text)))


@lru_cache(maxsize=_KEPT)
def term_set(text: str) -> frozenset[str]:
    """The index terms of a text that is likely to be asked for again: a sentence, a title."""
    return frozenset(map(sys.intern, terms(text)))  # shared by the sets, they take half the room


@cache
def _stop_terms() -> frozenset[str]:
    return frozenset(terms(" ".join([*sorted(STOP_WORDS), _SHORT_FORMS, _GERMAN])))


def content_terms(text: str) -> list[str]:
    """The terms of a question that carry meaning, each once, in order."""
    return list(_content_of_word(text)) if len(text) <= _WORD else _content(text)


@lru_cache(maxsize=_KEPT)
def _content_of_word(text: str) -> tuple[str, ...]:
    return tuple(_content(text))


def _content(text: str) -> list[str]:
    return [term for term in dict.fromkeys(terms(text)) if term not in _stop_terms()]


def content_set(text: str) -> frozenset[str]:
    """The same, as a set, of a text that is likely to be asked for again."""
    return term_set(text) - _stop_terms()


def build_words(folder: Path, texts: Iterable[tuple[int, str]]) -> None:
    """Write a word index of (chunk id, text) pairs into an empty folder."""
    import tantivy

    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder))
    index.register_tokenizer(ANALYSIS, _analyzer())
    # One thread, one segment order: the same chunks give the same index.
    writer = index.writer(_HEAP, 1)
    for chunk_id, text in texts:
        document = tantivy.Document()
        document.add_integer("id", chunk_id)
        document.add_text("text", searchable(text))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class Words:
    """An opened word index; many threads may search it."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        with _lockable(folder) as place:
            self._index = tantivy.Index.open(str(place))
            self._index.register_tokenizer(ANALYSIS, _analyzer())
            self._index.reload()
            self._searcher = self._index.searcher()
        self._size = self._searcher.num_docs
        self._schema = self._index.schema
        self._frequency = lru_cache(maxsize=_KEPT)(partial(self._searcher.doc_freq, "text"))

    def __len__(self) -> int:
        return self._size

    def ids(self) -> set[int]:
        """The chunks it holds."""
        import tantivy

        if not len(self):
            return set()
        hits = self._searcher.search(tantivy.Query.all_query(), limit=len(self), count=False).hits
        found = self._searcher.fast_field_values("id", [address for _, address in hits])
        return {int(chunk_id or 0) for chunk_id in found}

    def search(
        self, wanted: Sequence[str], k: int, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The `k` best chunks for a set of terms as (chunk id, BM25 score), best first.

        Args:
            allowed: The only chunk ids to be ranked, with the scores they have among all; None for all.
        """
        import tantivy

        if not wanted or k < 1 or not len(self) or (allowed is not None and not len(allowed)):
            return []
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "text", term, "freq"))
            for term in wanted
        ]
        query = tantivy.Query.boolean_query(clauses)
        if allowed is not None:
            only = tantivy.Query.term_set_query(self._schema, "id", allowed)
            both = [
                (tantivy.Occur.Must, query),
                (tantivy.Occur.Must, tantivy.Query.const_score_query(only, 0.0)),
            ]
            query = tantivy.Query.boolean_query(both)
        hits = self._searcher.search(query, limit=k, count=False).hits
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        return ranked(
            (int(chunk_id or 0), float(score)) for (score, _), chunk_id in zip(hits, ids, strict=True)
        )

    def beginning(self, prefix: str, limit: int = 2000) -> list[str]:
        """Known terms with a prefix, in alphabetical order."""
        return sorted(term for term, _ in self._searcher.terms_with_prefix("text", prefix, limit=limit))

    def chunk_frequency(self, term: str) -> int:
        """How many chunks hold the term."""
        return self._frequency(term)


@contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """A folder with the same files in which tantivy may put the lock it takes while it opens an index."""
    if os.access(folder, os.W_OK):
        yield folder
        return
    with tempfile.TemporaryDirectory() as place:
        for file in (file for file in folder.iterdir() if file.suffix != ".lock"):
            (Path(place) / file.name).symlink_to(file.resolve())
        yield Path(place)


def _schema() -> "tantivy.Schema":
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=False, indexed=True, fast=True)
    builder.add_text_field("text", stored=False, tokenizer_name=ANALYSIS, index_option="freq")
    return builder.build()
