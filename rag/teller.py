"""What generators yield to what is said: each sentence is cited, checked, and said once and for all.

A sentence that was said is never taken back. So nothing is said before a first sentence is supported: until
then it may turn out that there is no answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index import Index
from rag.cite import Citer
from rag.generators import Evidence, Generator, Note, Output, Statement, Usage
from rag.generators.outputs import outputs_of
from rag.ground import HELD, support
from rag.records import Answer, Said, Support
from rag.repeats import Part, answers_bare, answers_too
from rag.settings import AnswerSettings


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A sentence that nothing supports, before one that something does."""

    text: str
    cited: tuple[Evidence, ...]
    support: Support


class Teller:
    """Says the answer of one question, and keeps account of it.

    Attributes:
        answered: The parts of the question that got a supported sentence.
    """

    def __init__(self, citer: Citer, index: Index, settings: AnswerSettings) -> None:
        self.answered: set[str] = set()
        self._citer = citer
        self._index = index
        self._settings = settings
        self._waiting: list[_Waiting] = []
        self._rejected: list[str] = []
        self._notes: list[str] = []
        self._tokens: dict[str, int] = {}
        self._costs: list[float | None] = []

    def has_told(self, part: Part) -> bool:
        """Whether what was said already answers a part that is a question word alone; then it is answered."""
        told = part.bare and any(
            sentence.support.label in HELD and answers_too(part, sentence.text, ())
            for sentence in self._citer.sentences
        )
        if told:
            self.answered.add(part.understood.query)
        return told

    def answer(self, part: Part, evidence: Sequence[Evidence], generator: Generator) -> Iterator[Said]:
        """Say what a generator answers to one part of the question."""
        outputs = outputs_of(generator, part.understood.query, evidence)
        # A model shown [35] and on may still write "[1]": that is evidence of another part, not shown to it.
        shown = {item.number: item for item in evidence}
        try:
            for output in outputs:
                if isinstance(output, Statement):
                    yield from self._statement(part, output, shown)
                else:
                    self.note(output)
        finally:
            if close := getattr(outputs, "close", None):
                close()

    def note(self, output: Output) -> None:
        """Take down what is not said: what a request took, or how the answer was made."""
        if isinstance(output, Usage):
            for kind, count in output.tokens.items():
                self._tokens[kind] = self._tokens.get(kind, 0) + count
            self._costs.append(output.cost)
        elif isinstance(output, Note) and output.text not in self._notes:
            self._notes.append(output.text)

    def accounted(self, answer: Answer) -> Answer:
        """The answer with what it took, and what was left out of it, in its trace."""
        if not (self._tokens or self._costs or self._notes or self._rejected or self._waiting):
            return answer  # sentences of the documents took nothing
        known = [cost for cost in self._costs if cost is not None]
        trace = replace(
            answer.trace,
            tokens=dict(self._tokens),
            # A sum with an unknown in it is unknown.
            cost=round(sum(known), 8) if known and len(known) == len(self._costs) else None,
            notes=tuple(self._notes),
            rejected=(*self._rejected, *(waiting.text for waiting in self._waiting)),
        )
        return replace(answer, trace=trace)

    def _statement(self, part: Part, statement: Statement, shown: Mapping[int, Evidence]) -> Iterator[Said]:
        if not statement.text.strip():
            return
        query = part.understood.query
        sentence = self._citer.said(statement.text)
        cited = self._citer.resolve(statement, frozenset(shown))
        if sentence is not None:
            if sentence.support.label in HELD and answers_too(part, statement.text, cited):
                self.answered.add(query)
            return
        if part.bare and not answers_bare(part, statement.text, cited, self._is_beside(cited, shown)):
            return
        new = self._checked(statement.text, cited)
        if new.support.label in HELD:
            self.answered.add(query)
            for waiting in [*self._waiting, new]:
                yield self._say(waiting)
            self._waiting.clear()
        elif self._settings.strict and not (new.cited and new.support.label == "not_applicable"):
            self._rejected.append(statement.text)
        elif self._citer.sentences:
            yield self._say(new)
        elif new not in self._waiting:
            self._waiting.append(new)

    def _checked(self, text: str, cited: tuple[Evidence, ...]) -> _Waiting:
        quotes = [item.text for item in cited] + [item.reading for item in cited if item.reading]
        checked = support(text, quotes, self._index, self._settings)
        if checked.label == "not_applicable" and checked.reason != "verbatim":
            cited = ()  # a question or a refusal in a generator's own words rests on nothing
        return _Waiting(text, cited, checked)

    def _is_beside(self, cited: Sequence[Evidence], shown: Mapping[int, Evidence]) -> bool:
        """Whether a sentence that was told stands next to one of these."""
        near = (shown.get(item.number + step) for item in cited for step in (-1, 1))
        told = (other for other in near if other and self._citer.number_of(other) is not None)
        return any(other.passage == item.passage for other in told for item in cited)

    def _say(self, waiting: _Waiting) -> Said:
        sentence, citations = self._citer.add(waiting.text, waiting.cited, waiting.support)
        return Said(sentence, citations)
