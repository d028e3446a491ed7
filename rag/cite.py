"""Pointers to citations: only what was retrieved can be cited, and every quote is checked against the text.

One number per span, given by first use. A pointer to nothing is dropped and recorded, and so is one that
says again what another of its statement says.
"""

from collections.abc import Callable, Iterable, Sequence

from index import Document
from rag.generators.base import Evidence, Statement
from rag.marks import unmarked
from rag.records import Citation, Sentence, Support

_MARKER = " [{}]"


class Citer:
    """Turns statements into cited sentences and builds the answer's text as it goes.

    Attributes:
        text: The answer so far, with its markers.
        sentences: The sentences so far.
        citations: The citations so far, in the order of their numbers.
        dropped: Pointers that resolved to nothing, or were given before in their statement.
    """

    def __init__(self, evidence: Sequence[Evidence], source: Callable[[str], Document]) -> None:
        """Start an answer.

        Args:
            evidence: What the generator was given.
            source: Gives a document by its path.
        """
        self._evidence = {item.number: item for item in evidence}
        self._source = source
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.text = ""
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self.dropped: list[int] = []

    def resolve(self, statement: Statement, shown: frozenset[int]) -> tuple[Evidence, ...]:
        """The evidence a statement points at, each once; what does not exist is recorded and dropped."""
        found: dict[int, Evidence] = {}
        for pointer in statement.pointers:
            item = self._evidence.get(pointer) if pointer in shown else None
            if item is None or pointer in found or not self._holds(item):
                self.dropped.append(pointer)
            else:
                found[pointer] = item
        return tuple(found.values())

    def said(self, text: str) -> Sentence | None:
        """The sentence of the answer that says this very text, if there is one."""
        shown = unmarked(text)
        return next((sentence for sentence in self.sentences if sentence.text == shown), None)

    def add(
        self, text: str, cited: Iterable[Evidence], support: Support
    ) -> tuple[Sentence, tuple[Citation, ...]]:
        """Append a sentence, without marks like ours; returns it with the citations it uses first."""
        text = unmarked(text)
        start = len(self.text) + (1 if self.text else 0)
        end = start + len(text)
        numbers: list[int] = []
        new: list[Citation] = []
        for item in cited:
            span = (item.document, item.start, item.end)
            if span not in self._numbers:
                self._numbers[span] = len(self.citations) + 1
                new.append(self._citation(item, self._numbers[span], start, end))
                self.citations.append(new[-1])
            if self._numbers[span] not in numbers:
                numbers.append(self._numbers[span])
        sentence = Sentence(text, tuple(numbers), support)
        self.sentences.append(sentence)
        self.text += (" " if self.text else "") + text + "".join(_MARKER.format(n) for n in numbers)
        return sentence, tuple(new)

    def number_of(self, item: Evidence) -> int | None:
        """The citation of a sentence's span, if the answer has one."""
        return self._numbers.get((item.document, item.start, item.end))

    def _holds(self, item: Evidence) -> bool:
        return self._source(item.document).text[item.start : item.end] == item.text

    def _citation(self, item: Evidence, number: int, start: int, end: int) -> Citation:
        return Citation(
            number=number,
            document=item.document,
            sha256=self._source(item.document).sha256,
            title=item.title,
            start=item.start,
            end=item.end,
            quote=item.text,
            answer_start=start,
            answer_end=end,
            page=item.page,
            heading=item.heading or None,
            date=item.date or None,
            score=item.score,
        )
