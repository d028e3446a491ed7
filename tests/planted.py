"""Ten faults planted into the real program, as a change of settings or a slip in the code might."""

import dataclasses
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from index import Index, build_index
from rag import Rag, RagSettings, load_settings
from rag.cite import Citer
from rag.generators import open_generator
from rag.generators.base import Evidence, Statement

Plant = Callable[["Ground", pytest.MonkeyPatch], Rag]


@dataclasses.dataclass(frozen=True)
class Ground:
    """A corpus with the index that all plants share, and a folder for those that need their own.

    The opened index is shared too, with the vectors of the questions that it keeps.
    """

    docs: Path
    index: Index
    scratch: Path

    def rag(self, built: str = "", generator: Any = None, **settings: Any) -> Rag:
        """The program with other settings; another index where they shape it."""
        own = load_settings(docs=self.docs, **settings)
        if built:
            return Rag.open(self.docs, index=built, settings=own)
        return Rag(self.index, own, generator)


def sound(ground: Ground, _: pytest.MonkeyPatch) -> Rag:
    """No fault at all."""
    return ground.rag()


def one_passage(ground: Ground, _: pytest.MonkeyPatch) -> Rag:
    """k = 1."""
    return ground.rag(retrieval={"k": 1})


def all_dense(ground: Ground, _: pytest.MonkeyPatch) -> Rag:
    """The words count for nothing in the fusion."""
    return ground.rag(retrieval={"dense_weight": 1.0})


def no_cleaning(ground: Ground, _: pytest.MonkeyPatch) -> Rag:
    """Menus and adverts are indexed."""
    return ground.rag(str(ground.scratch / "unclean"), index={"clean": False})


def no_abstention(ground: Ground, _: pytest.MonkeyPatch) -> Rag:
    """Everything is answered."""
    return ground.rag(answer={"threshold": 0.0})


def wrong_model(ground: Ground, _: pytest.MonkeyPatch) -> Rag:
    """An encoder that knows no meaning."""
    return ground.rag(str(ground.scratch / "hashed"), index={"encoder": "hash:"})


def off_by_one(ground: Ground, planted: pytest.MonkeyPatch) -> Rag:
    """Each citation starts and ends one character late, its quote as before."""
    right = Citer._citation

    def wrong(self: Citer, item: Evidence, *places: int) -> Any:
        cited = right(self, item, *places)
        return dataclasses.replace(cited, start=cited.start + 1, end=cited.end + 1)

    planted.setattr(Citer, "_citation", wrong)
    return ground.rag()


def shuffled_citations(ground: Ground, planted: pytest.MonkeyPatch) -> Rag:
    """Each sentence cites the evidence after its own."""
    right = Citer.add

    def wrong(self: Citer, text: str, cited: Sequence[Evidence], *rest: Any) -> Any:
        known = self._evidence
        others = [known[item.number % len(known) + 1] for item in cited]
        return right(self, text, others, *rest)

    planted.setattr(Citer, "add", wrong)
    return ground.rag()


class Worse:
    """The default generator with its statements changed."""

    name = "extractive"

    def __init__(self, ground: Ground, change: Callable[[list[Statement]], list[Statement]]) -> None:
        settings: RagSettings = load_settings(docs=ground.docs)
        self._right = open_generator("extractive", ground.index, settings.answer)
        self._change = change

    def generate(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Statement]:
        """The statements of the default generator, changed."""
        statements = [
            said for said in self._right.generate(question, evidence) if isinstance(said, Statement)
        ]
        yield from self._change(statements)


def dropped_sentence(ground: Ground, _: pytest.MonkeyPatch) -> Rag:
    """The first sentence of each answer of several is lost."""
    return ground.rag(generator=Worse(ground, lambda said: said[1:] or said))


def stale_index(ground: Ground, _: pytest.MonkeyPatch) -> Rag:
    """The documents were changed after they were indexed."""
    docs, index = ground.scratch / "changed", str(ground.scratch / "stale")
    shutil.copytree(ground.docs, docs)
    texts = sorted(docs.glob("*.txt"))
    for path in texts:
        path.write_bytes(path.read_bytes() + b"\nAn earlier state.\n")
    settings = load_settings(docs=docs)
    build_index(docs, index, settings=settings.index_settings)
    for path in texts:
        path.write_bytes((ground.docs / path.name).read_bytes())
    return Rag.open(docs, index=index, settings=settings)


def lying_generator(ground: Ground, _: pytest.MonkeyPatch) -> Rag:
    """Every figure in an answer is another one, under the right pointers, and one sentence is made up."""

    def lie(said: list[Statement]) -> list[Statement]:
        told = [
            Statement(re.sub(r"\d", lambda m: str((int(m[0]) + 3) % 10), s.text), s.pointers) for s in said
        ]
        return (
            [*told, Statement("The minister of 1742 called it a quiet triumph.", said[0].pointers)]
            if said
            else []
        )

    return ground.rag(generator=Worse(ground, lie))
