"""A generator on top of any language model: prompt out, text in, statements with evidence numbers.

What a model cannot be relied on for is decided here: that it points at evidence at all, stops in time, and
keeps its thoughts to itself. Whether a statement is supported is not decided here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Generator as Stream
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from index.decode import mended
from rag.generators.base import Completion, Evidence, Generator, Note, Output, Prompt, Statement, Usage
from rag.generators.markers import StatementParser
from rag.generators.prompts import CANNOT_ANSWER, answer_prompt, within
from rag.settings import AnswerSettings

_MILLION = 1_000_000
_CHARACTERS_PER_TOKEN = 20
_THOUGHT = ("<think>", "</think>")


@dataclass(frozen=True, slots=True)
class Ended:
    """The last thing a model's stream yields.

    Attributes:
        tokens: By kind: `input`, `output`; empty when the model does not tell.
        cut: Whether the text stopped at the limit rather than at its end.
        cost: In dollars, where the server says so.
        stopped: Why it ended, where that is neither its own end nor the limit: "was …", "declined …".
    """

    tokens: dict[str, int]
    cut: bool = False
    cost: float | None = None
    stopped: str = ""


class Chat(Protocol):
    """A language model, however it is reached; safe for many threads."""

    name: str

    @property
    def parameters(self) -> Mapping[str, object]:
        """What decides a reply besides the prompt, as JSON types."""
        ...

    def stream(self, prompt: Prompt) -> Stream[str | Ended, None, None]:
        """The reply piece by piece, then `Ended`. Closing it gives up the request.

        Raises:
            GeneratorError: There is no reply, or it broke off.
        """
        ...


class ModelGenerator:
    """Answers in the words of a language model, from numbered evidence."""

    def __init__(self, chat: Chat, fallback: Generator, settings: AnswerSettings) -> None:
        """Use a model.

        Args:
            fallback: Answers where the model points at no evidence at all.
        """
        self.name = chat.name
        self._chat = chat
        self._fallback = fallback
        self._settings = settings

    def through(self, around: Callable[[Chat], Chat]) -> "ModelGenerator":
        """The same generator, whose requests `around` may answer itself."""
        return ModelGenerator(around(self._chat), self._fallback, self._settings)

    def generate(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Output]:
        """The model's statements; without any pointer among them, the fallback's, and a note saying so."""
        if not evidence:
            return
        shown = within(evidence, self._settings.evidence_tokens)
        # What it has not seen it can only guess at.
        unseen = {item.number for item in evidence} - {item.number for item in shown}
        before: list[Statement] = []  # nothing is said while the fallback may still have to answer
        pointed = declined = False
        with closing(self._read(answer_prompt(question, shown))) as outputs:
            for output in outputs:
                if not isinstance(output, Statement):
                    yield output
                elif CANNOT_ANSWER in output.text:
                    declined = True
                elif pointed or output.pointers:
                    yield from before
                    if guessed := unseen.intersection(output.pointers):
                        yield Note(
                            f"{self.name} pointed at evidence that it was not shown: {sorted(guessed)}"
                        )
                    yield Statement(output.text, tuple(n for n in output.pointers if n not in guessed))
                    before, pointed = [], True
                else:
                    before.append(output)
        if declined and not pointed:
            yield Note(f"{self.name} found no answer in the evidence")
        elif not pointed:
            yield Note(f"{self.name} pointed at no evidence; the answer is extractive instead")
            yield from self._fallback.generate(question, evidence)

    def complete(self, prompt: Prompt) -> Completion:
        """The model's whole reply."""
        pieces: list[str] = []
        ended = Ended({})
        with closing(self._pieces(prompt)) as stream:
            for piece in stream:
                if isinstance(piece, Ended):
                    ended = piece
                else:
                    pieces.append(piece)
        return Completion("".join(pieces).strip(), self._usage(ended))

    def _read(self, prompt: Prompt) -> Stream[Output, None, None]:
        parser = StatementParser()
        ended = Ended({})
        with closing(self._pieces(prompt)) as stream:
            for piece in stream:
                if isinstance(piece, Ended):
                    ended = piece
                else:
                    yield from parser.feed(piece)
        rest = parser.end()
        if ended.stopped:
            yield Note(f"{self.name} {ended.stopped}")
        elif ended.cut and rest:
            yield Note(
                f"{self.name} was cut off after {self._settings.max_tokens} tokens (answer.max_tokens)"
            )
        if ended.cut or ended.stopped:
            # Half a sentence may say the opposite of the whole.
            del rest[-1:]
        yield from rest
        if ended.tokens or ended.cost is not None:
            yield self._usage(ended)

    def _pieces(self, prompt: Prompt) -> Stream[str | Ended, None, None]:
        """The reply without its thoughts, ended by us where the model does not end it."""
        left = self._settings.max_tokens * _CHARACTERS_PER_TOKEN
        thoughts = _Thoughts()
        with closing(self._chat.stream(prompt)) as stream:
            for piece in stream:
                if isinstance(piece, Ended):
                    yield thoughts.rest()
                    yield piece
                    return
                left -= len(piece)
                if said := thoughts.without(mended(piece)):
                    yield said
                if left < 0:
                    yield Ended({}, cut=True)
                    return

    def _usage(self, ended: Ended) -> Usage:
        prices = (self._settings.input_price, self._settings.output_price)
        cost = ended.cost
        if cost is None and prices[0] is not None and prices[1] is not None and ended.tokens:
            counts = ended.tokens.get("input", 0), ended.tokens.get("output", 0)
            cost = round((counts[0] * prices[0] + counts[1] * prices[1]) / _MILLION, 8)
        return Usage(ended.tokens, cost)


class _Thoughts:
    """Leaves out what a model thinks aloud before its answer."""

    def __init__(self) -> None:
        self._held = ""
        self._open: bool | None = None  # None: too little was said to know

    def without(self, text: str) -> str:
        if self._open is False:
            return text
        begin, end = _THOUGHT
        self._held += text
        if self._open is None:
            said = self._held.lstrip()
            if begin.startswith(said[: len(begin)]) and len(said) < len(begin):
                return ""
            self._open = said.startswith(begin)
            if not self._open:
                return self.rest()
        place = self._held.find(end)
        if place < 0:
            self._held = self._held[-len(end) :] if self._held.lstrip() else ""
            return ""
        self._held = self._held[place + len(end) :]
        self._open = False
        return self.rest()

    def rest(self) -> str:
        """What is still held at the end, unless it is a thought."""
        held, self._held = self._held, ""
        return "" if self._open else held
