"""What is expected of an answer, as a person says it, and where in the files it stands."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.errors import QuestionSetError
from eval.schema import Evidence
from eval.sources import Source, Sources
from index.load import list_folder
from index.settings import IndexSettings

Kind = Literal["off_corpus", "same_topic"]

LONGEST_TOLD = 80
"""How much of a quote an error repeats."""
_MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Expected:
    """What a right answer to a question is.

    Attributes:
        answers: Any of them is right.
        quotes: Where it stands, word for word; white space need not be the same.
        document: Where the quotes stand; by default all documents are looked through.
        places: (document, start, end) of evidence whose place is known.
        unanswerable: Why the documents do not answer, in place of answers and quotes.
        forbidden: Values that a wrong answer would give.
        everywhere: A quote may stand in several places: each is as good as the others.
    """

    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    document: str = ""
    places: tuple[tuple[str, int, int], ...] = ()
    unanswerable: Kind | None = None
    forbidden: tuple[str, ...] = ()
    everywhere: bool = False


def evidence_of(expected: Expected, folder: Path, settings: IndexSettings) -> Iterator[Evidence]:
    """The gold spans of what is expected, with offsets and hashes.

    Raises:
        QuestionSetError: A quote stands nowhere, or in several places where it may not.
    """
    with Sources(folder, settings.limits) as sources:
        for name, start, end in expected.places:
            source = sources.get(name)
            if source.fault or not source.text[start:end].strip():
                raise QuestionSetError(
                    f"{name}:{start}-{end} is not there ({source.fault or 'the text is shorter'}); "
                    "was the answer given from another folder? Pass its folder with --docs"
                )
            yield _span(name, start, end, source)
        names = [known.path for known in list_folder(folder, settings).sources] if expected.quotes else []
        if expected.quotes and expected.document and expected.document not in names:
            near = difflib.get_close_matches(expected.document, names, 3, 0.3) or names[:3]
            raise QuestionSetError(
                f"there is no document {expected.document!r} in {folder}; pass one that is there to "
                f"--document: {', '.join(near) or 'there is none'}"
            )
        for quote in expected.quotes:
            looked = [expected.document] if expected.document else names
            found = _places(quote, looked, sources, folder)
            if len(found) > 1 and not expected.everywhere:
                raise QuestionSetError(_several(quote, found))
            yield from found


def _places(quote: str, names: Sequence[str], sources: Sources, folder: Path) -> list[Evidence]:
    """Each place where a quote stands, one at least."""
    told = repr(quote[:LONGEST_TOLD])
    words = quote.split()
    if not words:
        raise QuestionSetError("the quote is empty; pass --quote TEXT with words of the document")
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    texts = [(name, source) for name in names if not (source := sources.get(name)).fault]
    found = [
        _span(name, *match.span(), source)
        for name, source in texts
        for match in pattern.finditer(source.text)
    ]
    if not found:
        where = names[0] if len(names) == 1 else "any document"
        raise QuestionSetError(
            f"{told} does not stand in {where} of {folder}; copy it word for word, for example from rag show"
        )
    return found


def _several(quote: str, found: Sequence[Evidence]) -> str:
    places = ", ".join(f"{one.doc}:{one.start}" for one in found[:_MOST_PLACES])
    more = f" and {len(found) - _MOST_PLACES} more" if len(found) > _MOST_PLACES else ""
    advice = "quote more of the one you mean"
    if len({one.doc for one in found}) > 1:
        advice += ", or name its document with --document"
    told = repr(quote[:LONGEST_TOLD])
    return (
        f"{told} stands in {len(found)} places: {places}{more}; {advice}; or pass --everywhere if each of "
        "them is as good"
    )


def _span(name: str, start: int, end: int, source: Source) -> Evidence:
    return Evidence(doc=name, sha256=source.sha256, quote=source.text[start:end], start=start, end=end)
