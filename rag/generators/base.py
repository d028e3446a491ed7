"""The generator contract: numbered evidence in, statements that point at the numbers out.

Text comes from the generator; a pointer resolves only to evidence it was given; quotes are cut from
our own store afterwards. So a generator can word an answer badly but cannot forge a citation.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

# The kind of a sentence that is there only because the next one leans on it.
CONTEXT = "context"


class Evidence(NamedTuple):
    """One sentence of a retrieved passage; a tuple, as an answer makes some forty of them.

    Attributes:
        number: 1, 2, … in the order shown to the generator.
        passage: Index into the passages the evidence was cut from.
        document: Path of the document.
        title: Its title.
        date: Its publication date, or ""; of what a mail repeats, that of the older message.
        heading: The heading the sentence stands under, or "".
        start: First code point in the document.
        end: One past the last.
        text: `document.text[start:end]`.
        score: Score of its passage, 0 to 1.
        kind: What its block is: text, item, row, columns, heading; or `context`.
        relevance: How likely the sentence answers the question, for ranking only; 0 for what is context.
        cosine: Cosine of sentence and question, where it was computed.
        page: Page, slide, row or record of its first character, where the format has them.
        reading: How it reads in an answer, if not as `text`: the row of a Markdown table with its columns.
        bears: Whether it is a heading that states a date, a version or what a function is called.
        writer: The names of who wrote it, where the document tells.
    """

    number: int
    passage: int
    document: str
    title: str
    date: str
    heading: str
    start: int
    end: int
    text: str
    score: float
    kind: str = "text"
    relevance: float = 0.0
    cosine: float = 0.0
    page: int | None = None
    reading: str = ""
    bears: bool = False
    writer: str = ""

    @property
    def said(self) -> str:
        """How it is worded in an answer."""
        return self.reading or self.text


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the evidence numbers it rests on (none: not from the evidence)."""

    text: str
    pointers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a request took, told once at its end.

    Attributes:
        tokens: By kind: `input`, `output`.
        cost: In dollars; None when nobody knows.
    """

    tokens: Mapping[str, int]
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader of the answer should know about how it was made."""

    text: str


Output = Statement | Usage | Note


class Generator(Protocol):
    """Answers a question from numbered evidence."""

    name: str

    def generate(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Output]:
        """Yield the answer, statement by statement; nothing when the evidence holds no answer.

        Closing the iterator before its end gives up the request behind it.

        Raises:
            GeneratorError: A model gave no answer, or broke off.
        """
        ...


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a language model is sent: our instructions, and the data they are about."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole reply of a language model, and what it took."""

    text: str
    usage: Usage


@runtime_checkable
class Completer(Protocol):
    """A generator whose model can also be asked for something else than an answer."""

    def complete(self, prompt: Prompt) -> Completion:
        """The model's reply.

        Raises:
            GeneratorError: The model gave none.
        """
        ...
