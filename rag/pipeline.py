"""One question, top to bottom: understand, retrieve, decide, generate, cite, ground, answer."""

import copy
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import cast

from index import BuildReport, Document, Filters, Index
from index.decode import mended
from index.encode import Progress
from index.errors import UsageError
from index.freshness import Freshness
from index.records import Skipped
from rag import ground
from rag.asked import Asked, as_asked, as_heard
from rag.assemble import Clock, assemble, passages_of
from rag.awaited import Patience, awaited
from rag.calibrate import threshold
from rag.cite import Citer
from rag.conversation import NOTHING_ASKED, Given, checked, cited, given, standalone
from rag.current import Current
from rag.generators import Generator, Note, Opener
from rag.look import Looked, look, passages_for
from rag.opening import build, open_or_build
from rag.outdated import outdated
from rag.parts import listed, sentences_each
from rag.reader.consult import read_closely
from rag.records import Answer, Done, Event, Found, Passage, Searching, Support
from rag.repeats import parts_of
from rag.retrieve import Scope
from rag.settings import RagSettings, load_settings
from rag.sides import differing, look_closer
from rag.teller import Teller
from rag.vocabulary import Lexicon, understand


class Rag:
    """Answers questions from one documents folder; safe for many threads."""

    def __init__(self, index: Index, settings: RagSettings, generator: Generator | None = None) -> None:
        """Use `Rag.open`."""
        self._current = Current(index)
        self._settings = settings
        self._given = generator
        self._opener = Opener(settings.generator)
        self._around: Callable[[Generator], Generator] | None = None
        self._building = threading.Lock()
        self._freshness = Freshness()

    @classmethod
    def open(
        cls,
        docs: str | Path | None = None,
        *,
        index: str | Path | None = None,
        generator: str | Generator | None = None,
        settings: RagSettings | None = None,
        progress: Progress | None = None,
        allow_empty: bool = False,
    ) -> "Rag":
        """Open the index of a documents folder; build it if there is none.

        Args:
            docs: The documents folder; by default the setting `docs` (`seeds`).
            index: `faiss://FOLDER` or a folder; by default one of its own for the documents folder.
            generator: A name, or a generator of your own; by default the setting `generator`.
            progress: Called with (step, done, total) while an index is built.
            allow_empty: A folder in which nothing can be read is no error.

        Raises:
            DocumentsMissing: There is no such folder, or nothing in it can be read.
            IndexCorrupt: The index is damaged.
            IndexMismatch: It was built by another program version or from another folder. One built by
                another encoder can be opened and shown; it is the question that is refused.
            SettingsError: No such generator.
            ModelError: A generator lacks its package, its key or its model.
        """
        settings = settings or load_settings()
        if isinstance(generator, str):
            settings = settings.model_copy(update={"generator": generator})
        folder = Path(docs) if docs is not None else None
        where = None if index is None else str(index)
        opened = open_or_build(folder, where, settings, progress, allow_empty)
        rag = cls(opened, settings, None if isinstance(generator, str) else generator)
        try:
            rag._generator(opened)  # an unknown name fails here, not at the first question
        except BaseException:
            rag.close()
            raise
        return rag

    def __enter__(self) -> "Rag":
        """The same, to be closed when the block ends."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the files, for copies by `using` and `through` too; answers under way are finished."""
        self._current.close()

    @property
    def folder(self) -> Path:
        """The documents folder."""
        return self._current.index.documents_folder

    @property
    def index_folder(self) -> Path:
        """The folder of the index; what is kept beside it (uploads, conversations) lies there too."""
        return self._current.index.folder

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Files that are not in the index, and why."""
        with self._current.use() as index:
            return tuple(index.skipped)

    @property
    def documents(self) -> tuple[str, ...]:
        """Paths of the indexed documents, sorted."""
        with self._current.use() as index:
            return index.documents

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the index in use."""
        with self._current.use() as index:
            return index.fingerprint

    @property
    def settings(self) -> RagSettings:
        """The settings in force."""
        return self._settings

    def using(self, generator: str) -> "Rag":
        """The same documents, answered by another generator.

        Raises:
            SettingsError: There is none of this name.
        """
        other = copy.copy(self)
        if generator == self._settings.generator and self._given is None:
            return other  # a model that is open already stays so
        other._settings = self._settings.model_copy(update={"generator": generator})
        other._opener = Opener(generator)
        other._given = None
        other._generator(self._current.index)
        return other

    def through(self, around: Callable[[Generator], Generator]) -> "Rag":
        """The same documents, each generator put into `around` before it is used."""
        other = copy.copy(self)
        other._around = around
        return other

    def document(self, path: str) -> Document:
        """A document as it was indexed.

        Raises:
            DocumentUnknown: The index holds none of this path.
        """
        with self._current.use() as index:
            return index.document(path)

    def support(self, sentence: str, quotes: Sequence[str]) -> Support:
        """How far quotes carry a sentence, as each sentence of an answer is checked."""
        with self._current.use() as index:
            return ground.support(sentence, quotes, index, self._settings.answer)

    def search(
        self, question: str, k: int = 10, history: Given = (), filters: Filters | None = None
    ) -> tuple[Passage, ...]:
        """The `k` best passages for a question, with every component score.

        Args:
            filters: Which documents may be searched.

        Raises:
            QuestionError: The question is empty or too long.
            UsageError: `k` is no number from 1, the history no list of turns, or the filters are none.
            DocumentUnknown: The filters name a document that is not there.
        """
        asked = checked(question, self._settings.answer.max_question)
        if not isinstance(k, int):
            raise UsageError(f"k is how many passages, a whole number, not {k!r}")
        with self._current.use() as index:
            turns = as_heard(asked, given(history), index)
            query = standalone(asked, turns)
            scope = Scope(index, self._settings.retrieval, index.allowed(filters))
            hits = passages_for(scope, understand(query, Lexicon(index)), k, asked, cited(turns))
            return tuple(hit.passage() for hit in hits)

    def ask(self, question: str, history: Given = (), filters: Filters | None = None) -> Answer:
        """Answer a question.

        Args:
            history: Earlier turns, oldest first, as {"role": "user" or "assistant", "content": text}, in any
                iterable; a turn of the assistant may have the "citations" of its answer.
            filters: Which documents may be searched.

        Raises:
            QuestionError: The question is empty or too long.
            UsageError: The history is no list of turns, or the filters are no `Filters`.
            DocumentUnknown: The filters name a document that is not there.
        """
        *_, last = self.stream(question, history, filters)
        return cast(Done, last).answer

    async def aask(self, question: str, history: Given = (), filters: Filters | None = None) -> Answer:
        """`ask` in a thread of its own, so that an event loop can go on meanwhile; the same errors.

        Cancelled, it gives up the request to a model between two pieces of the reply.
        """
        patience, around = Patience(), self._around
        heeding = self.through(lambda made: patience.around(around(made) if around else made))
        return await awaited(partial(heeding.stream, question, history, filters), patience)

    def stream(self, question: str, history: Given = (), filters: Filters | None = None) -> Iterator[Event]:
        """Answer a question step by step; the last event carries the answer `ask` would return.

        Raises:
            QuestionError: The question is empty or too long.
        """
        clock = Clock()
        asked, question = checked(question, self._settings.answer.max_question), mended(question)
        with self._current.use() as index:  # one generation, whatever is built meanwhile
            told = as_asked(question, asked, history, filters, index, self._generator)
            yield from self._answered(told, index, clock)

    def _answered(self, asked: Asked, index: Index, clock: Clock) -> Iterator[Event]:
        settings = self._settings
        allowed = index.allowed(asked.filters)
        searched = len(index.documents) if allowed is None else allowed.documents
        searched = searched if asked.parts else 0
        yield Searching(asked.query, searched)
        source = lru_cache(maxsize=None)(index.document)
        scope = Scope(index, settings.retrieval, allowed)
        see = partial(look, scope=scope, source=source, threshold=threshold(index, settings))
        generator = self._generator(index, len(asked.parts), listed(asked.query))
        reads = hasattr(generator, "complete")  # as `Completer`; asking for that takes longer than a search
        looked: list[Looked] = []
        for query, put in zip(asked.parts, asked.put, strict=True):
            first = sum(len(earlier.evidence) for earlier in looked) + 1
            found = see(query, first=first, asked=put, cited=asked.cited)
            found = read_closely(found, len(asked.parts)) if settings.answer.reader else found
            looked.append(look_closer(found, index, source, reads))
        clock.lap("retrieve")
        passages = passages_of(looked)
        yield Found(passages)
        citer = Citer([item for found in looked for item in found.evidence], source)
        teller = Teller(citer, index, settings.answer)
        for output in asked.rewriting:
            teller.note(output)
        parts = parts_of([found.understood for found in looked], asked.put)
        for part, found in zip(parts, looked, strict=True):
            if not teller.has_told(part) and found.verdict.answerable:
                yield from teller.answer(part, found.evidence, generator)
        held = [part for part in looked if part.understood.query in teller.answered]
        conflicts = yield from differing(held, citer)
        clock.lap("answer")
        told = assemble(
            asked, looked, passages, citer, teller.answered, generator.name, index, clock, searched, conflicts
        )
        if not asked.parts:
            told = replace(told, text=NOTHING_ASKED, missing=())
        for note in outdated(told.citations, index, self._freshness):
            teller.note(Note(note))
        yield Done(teller.accounted(told))

    def refresh(self, progress: Progress | None = None) -> BuildReport:
        """Bring the index up to date with the folder; answers come from the old one until it is done.

        After a build that changed over a tenth of the chunks the threshold for abstaining is fitted again.

        Raises:
            DocumentsMissing: The folder is gone.
            IndexBusy: Another process is building the index.
        """
        with self._building:
            # An index that was opened stays open when its last document goes.
            return build(self.folder, self._current.index.folder, self._settings, progress, allow_empty=True)

    def _generator(self, index: Index, parts: int = 1, wanted: int = 0) -> Generator:
        around = self._around or (lambda generator: generator)
        if self._given is not None:
            return around(self._given)
        settings = self._settings.answer
        most = sentences_each(settings.sentences, parts, wanted)
        if most != settings.sentences:
            settings = settings.model_copy(update={"sentences": most})
        return around(self._opener.open(index, settings))
