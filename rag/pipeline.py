"""One question, top to bottom: understand, retrieve, decide, generate, cite, ground, answer."""

import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import cast

from index import BuildReport, Document, Index, build_index
from index.encode import Progress
from index.errors import QuestionError
from rag import abstain, ground
from rag.assemble import Clock, Looked, assemble, evidence_of, passages_of
from rag.cite import Citer
from rag.conversation import History, standalone
from rag.current import Current
from rag.generators import Generator, open_generator
from rag.opening import open_or_build
from rag.parts import split_question
from rag.records import Answer, Done, Event, Found, Passage, Said, Searching
from rag.relevance import rate
from rag.retrieve import retrieve
from rag.settings import RagSettings, load_settings
from rag.vocabulary import understand


class Rag:
    """Answers questions from one documents folder; safe for many threads."""

    def __init__(self, index: Index, settings: RagSettings, generator: Generator | None = None) -> None:
        """Use `Rag.open`."""
        self._current = Current(index)
        self._settings = settings
        self._given = generator
        self._building = threading.Lock()

    @classmethod
    def open(
        cls,
        docs: str | Path | None = None,
        *,
        index: str | Path | None = None,
        generator: str | Generator | None = None,
        settings: RagSettings | None = None,
        progress: Progress | None = None,
    ) -> "Rag":
        """Open the index of a documents folder; build it if there is none.

        Args:
            docs: The documents folder; by default the setting `docs` (`seeds`).
            index: `faiss://FOLDER` or a folder; by default one of its own for the documents folder.
            generator: A name, or a generator of your own; by default the setting `generator`.
            progress: Called with (step, done, total) while an index is built.

        Raises:
            DocumentsMissing: There is no such folder, or nothing in it can be read.
            IndexCorrupt: The index is damaged.
            IndexMismatch: It was built by another encoder, program version or from another folder.
            SettingsError: No such generator.
        """
        settings = settings or load_settings()
        if isinstance(generator, str):
            settings = settings.model_copy(update={"generator": generator})
        folder = Path(docs) if docs is not None else None
        where = None if index is None else str(index)
        opened = open_or_build(folder, where, settings, progress)
        rag = cls(opened, settings, None if isinstance(generator, str) else generator)
        rag._generator(opened)  # an unknown name fails here, not at the first question
        return rag

    @property
    def folder(self) -> Path:
        """The documents folder."""
        return self._current.index.documents_folder

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

    def document(self, path: str) -> Document:
        """A document as it was indexed.

        Raises:
            DocumentUnknown: The index holds none of this path.
        """
        with self._current.use() as index:
            return index.document(path)

    def search(self, question: str, k: int = 10, history: History = ()) -> tuple[Passage, ...]:
        """The `k` best passages for a question, with every component score.

        Raises:
            QuestionError: The question is empty or too long.
        """
        query = standalone(self._checked(question), history)
        with self._current.use() as index:
            hits = retrieve(index, understand(query, index), k, self._settings.retrieval)
            return tuple(hit.passage() for hit in hits)

    def ask(self, question: str, history: History = ()) -> Answer:
        """Answer a question.

        Args:
            history: Earlier turns, oldest first, as {"role": "user" or "assistant", "content": text}.

        Raises:
            QuestionError: The question is empty or too long.
        """
        *_, last = self.stream(question, history)
        return cast(Done, last).answer

    def stream(self, question: str, history: History = ()) -> Iterator[Event]:
        """Answer a question step by step; the last event carries the answer `ask` would return.

        Raises:
            QuestionError: The question is empty or too long.
        """
        query = standalone(self._checked(question), history)
        with self._current.use() as index:  # one generation, whatever is built meanwhile
            yield from self._answered(question, query, index)

    def _answered(self, question: str, query: str, index: Index) -> Iterator[Event]:
        clock, settings = Clock(), self._settings
        yield Searching(query, len(index.documents))
        source = lru_cache(maxsize=None)(index.document)
        looked: list[Looked] = []
        for part in split_question(query):
            understood = understand(part, index)
            hits = retrieve(index, understood, settings.retrieval.k, settings.retrieval)
            first = sum(len(earlier.evidence) for earlier in looked) + 1
            evidence = rate(understood, hits, evidence_of(hits, source, first), index)
            verdict = abstain.judge(understood, hits, evidence, settings.answer)
            looked.append(Looked(understood, hits, evidence, verdict))
        clock.lap("retrieve")
        yield Found(passages_of(looked))
        generator = self._generator(index, len(looked))
        citer = Citer([item for found in looked for item in found.evidence], source)
        for found in looked:
            if not found.verdict.answerable:
                continue
            for statement in generator.generate(found.understood.query, found.evidence):
                if citer.has_said(statement.text):
                    continue
                cited = citer.resolve(statement)
                quotes = [item.text for item in cited]
                support = ground.support(statement.text, quotes, index, settings.answer)
                yield Said(*citer.add(statement.text, cited, support))
        clock.lap("answer")
        yield Done(assemble(question, query, looked, citer, generator.name, index, clock))

    def refresh(self, progress: Progress | None = None) -> BuildReport:
        """Bring the index up to date with the folder; answers come from the old one until it is done.

        Raises:
            DocumentsMissing: The folder is gone.
            IndexBusy: Another process is building the index.
        """
        with self._building:
            return build_index(
                self.folder,
                self._current.index.folder,
                settings=self._settings.index_settings,
                progress=progress,
            )

    def _generator(self, index: Index, parts: int = 1) -> Generator:
        if self._given is not None:
            return self._given
        settings = self._settings.answer
        if parts > 1:
            settings = settings.model_copy(update={"sentences": max(1, settings.sentences - 1)})
        return open_generator(self._settings.generator, index, settings)

    def _checked(self, question: str) -> str:
        longest = self._settings.answer.max_question
        if not question.strip():
            raise QuestionError("the question is empty; ask something")
        if len(question) > longest:
            raise QuestionError(
                f"the question has {len(question)} characters; at most {longest} are searched"
            )
        # Bytes of a terminal that are no text arrive as lone surrogates, which nothing below can encode.
        return " ".join(question.encode("utf-8", "replace").decode("utf-8").split())


def ask(
    question: str,
    docs: str | Path | None = None,
    *,
    index: str | Path | None = None,
    generator: str | Generator | None = None,
    history: History = (),
) -> Answer:
    """Answer one question from a folder of documents; see `Rag.open` and `Rag.ask`."""
    return Rag.open(docs, index=index, generator=generator).ask(question, history)
