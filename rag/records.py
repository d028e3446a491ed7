"""The answer record and its parts: one shape from Python, the command line, the chat and the evals.

Nothing here computes; `Answer.to_dict` and `Answer.from_dict` are the only way to and from JSON.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin, get_type_hints

SCHEMA = 1

Status = Literal["answered", "partial", "abstained"]
Label = Literal["supported", "partly", "not", "not_applicable"]
Reason = Literal["verbatim", "coverage", "figure", "name", "quote", "negation", "none"]


@dataclass(frozen=True, slots=True)
class Scores:
    """Where a passage's score comes from; None where a part did not see the passage.

    Attributes:
        dense: Cosine similarity of the vectors, -1 to 1.
        words: BM25 score, unbounded.
        fused: Convex combination of the two after min-max, 0 to 1.
        rerank: The reranker's score, if there is one.
    """

    dense: float | None = None
    words: float | None = None
    fused: float | None = None
    rerank: float | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk. `text == document.text[start:end]`."""

    document: str
    start: int
    end: int
    text: str
    score: float
    scores: Scores
    cited: bool = False


@dataclass(frozen=True, slots=True)
class Support:
    """How far the cited text carries a sentence; `missing` lists what it lacks."""

    label: Label
    reason: Reason
    score: float | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the answer, without markers of ours or others', and the numbers it cites."""

    text: str
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The few words that answer the question, at `start:end` in `sentences[sentence].text`."""

    text: str
    sentence: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact span of a source: `document.text[start:end] == quote`, always.

    Attributes:
        number: 1, 2, … by first use in the answer.
        document: Path relative to the documents folder.
        sha256: Of the document's bytes when it was indexed.
        answer_start: Where the cited sentence starts in `Answer.text`.
        answer_end: Where it ends, markers not included.
        page: From 1: page or slide, in tables the row, in JSON the record; None in other formats.
        date: Publication date of the document, or None when unknown.
        score: The passage's score.
    """

    number: int
    document: str
    sha256: str
    title: str
    start: int
    end: int
    quote: str
    answer_start: int
    answer_end: int
    page: int | None
    heading: str | None
    date: str | None
    score: float


@dataclass(frozen=True, slots=True)
class ConflictValue:
    """One side of a disagreement."""

    value: str
    citation: int
    date: str | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Values for one thing that differ between documents."""

    kind: str
    entity: str
    values: tuple[ConflictValue, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """How the answer came about; `timings` is the only part that may differ between two runs.

    Attributes:
        generator: Name of the generator.
        index: Fingerprint of the index that was asked.
        generation: The index's generation.
        searched: Number of documents searched.
        dropped: Pointers of the generator that resolve to nothing retrieved, or were given twice.
        unknown_words: Words of the question that no document holds.
        corrected: Spellings that were taken for a known word, as "asked → taken".
        signals: The figures the abstention decision was made from.
        timings: Seconds of wall time by step.
        tokens: What a language model read and wrote: `input`, `output`.
        cost: Of those, in dollars; None when it is not known.
        notes: What a reader should know about how the answer was made.
        rejected: Sentences of the generator that were left out because no evidence supports them.
    """

    generator: str
    index: str
    generation: int
    searched: int
    dropped: tuple[int, ...] = ()
    unknown_words: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    cost: float | None = None
    notes: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer.

    Attributes:
        id: Digest of question, query, history-free answer and index; equal for equal answers.
        question: As asked.
        query: As searched; differs from `question` when a follow-up was completed.
        text: The sentences with `[n]` markers, which nothing else in it reads like; on an abstention, a
            sentence saying so.
        status: `answered`; `partial` (the rest is named in `missing`); `abstained`.
        confidence: How likely the answer is right (`rag/abstain.py` says what that covers); None for an
            abstention, and for generators it was not fitted on.
        missing: What the documents do not state, in words.
        passages: Everything retrieved, best first, cited or not.
    """

    id: str
    question: str
    query: str
    text: str
    status: Status
    confidence: float | None
    short_answer: ShortAnswer | None
    missing: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    conflicts: tuple[Conflict, ...]
    trace: Trace
    schema: int = SCHEMA

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON types, keys in the documented order."""
        plain: dict[str, Any] = _plain(self)
        return {"schema": plain.pop("schema"), **plain}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Answer":
        """Rebuild an answer from `to_dict`.

        Raises:
            ValueError: The schema is another one, or a field is missing or unknown.
        """
        if data.get("schema") != SCHEMA:
            raise ValueError(f"answer schema {data.get('schema')!r} is not {SCHEMA}")
        answer: Answer = _record(cls, data)
        return answer

    def __str__(self) -> str:
        lines = [self.text]
        lines += [f"[{c.number}] {c.document}:{c.start}-{c.end} “{c.quote}”" for c in self.citations]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Searching:
    """Event: the search has begun, with the question as it was understood."""

    query: str
    documents: int


@dataclass(frozen=True, slots=True)
class Found:
    """Event: the passages, before the first word of the answer."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Event: one checked sentence with the citations it is the first to use."""

    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """Event: the finished answer. Always the last event."""

    answer: Answer


Event = Searching | Found | Said | Done


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _record(kind: Any, data: Any) -> Any:
    hints = get_type_hints(kind)
    if not isinstance(data, Mapping):
        raise ValueError(f"{kind.__name__}: {type(data).__name__} instead of an object")
    if set(data) != set(hints):
        odd = sorted(set(data) ^ set(hints))
        raise ValueError(f"{kind.__name__}: missing or unknown fields {odd}")
    return kind(**{name: _typed(hints[name], data[name]) for name in hints})


def _typed(hint: Any, value: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        return _record(hint, value)
    if get_origin(hint) is tuple:
        return tuple(_typed(get_args(hint)[0], item) for item in value)
    if value is not None:
        for option in get_args(hint):
            if dataclasses.is_dataclass(option):
                return _record(option, value)
    return value
