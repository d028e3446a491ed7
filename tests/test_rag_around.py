"""A generator that reads gets the chunks beside the best passages; the extractive one need not."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from rag import Rag, RagSettings
from rag.generators import Completion, Evidence, Generator, Output, Prompt, Statement

FILLER = " ".join(
    f"Paragraph {n} of the log tells of wind, of rain and of the usual traffic." for n in range(9)
)
LOG = f"""# Log

{FILLER}

The keeper Jorn Vask repaired the sluice gate of Harlow in the winter of 1987 with two helpers.

{FILLER.replace("log", "diary")}

# Accounts

{FILLER.replace("log", "ledger")}
"""


class Reader:
    """Notes what it is shown and repeats the sentence about the keeper."""

    name = "reader"

    def __init__(self) -> None:
        self.shown: list[Evidence] = []

    def generate(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Output]:
        self.shown = list(evidence)
        told = next(item for item in evidence if "Jorn Vask" in item.text)
        yield Statement(told.text, (told.number,))

    def complete(self, prompt: Prompt) -> Completion:
        raise AssertionError("no follow-up, so nothing to rewrite")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    docs = tmp_path_factory.mktemp("docs")
    (docs / "log.md").write_text(LOG, encoding="utf-8")
    return docs


def shown(folder: Path, home: Path, k: int) -> list[Evidence]:
    plain = RagSettings(home=home)
    settings = plain.model_copy(update={"retrieval": plain.retrieval.model_copy(update={"k": k})})
    reader = Reader()
    answer = Rag.open(folder, settings=settings, generator=reader).ask(
        "Who repaired the sluice gate of Harlow?"
    )
    assert answer.status == "answered" and "Jorn Vask" in answer.text
    return reader.shown


def test_what_stands_beside_is_shown(folder: Path, tmp_path: Path) -> None:
    """Before and behind, under the same heading, numbered on; nothing twice."""
    found = shown(folder, tmp_path, 1)
    spans = [(item.document, item.start) for item in found]
    assert len(set(spans)) == len(spans) and [item.number for item in found] == list(range(1, len(found) + 1))
    own = next(item for item in found if "Jorn Vask" in item.text)
    assert any(item.start > own.start and "diary" in item.text for item in found)
    assert any(item.start < own.start and "the log" in item.text for item in found)
    assert not any("ledger" in item.text for item in found)


def test_what_is_found_comes_first(folder: Path, tmp_path: Path) -> None:
    """The evidence of the passages leads, whatever is added behind it."""
    alone, more = shown(folder, tmp_path, 1), shown(folder, tmp_path, 3)
    assert "Jorn Vask" in " ".join(item.text for item in alone if item.passage == 0)
    assert [item.passage for item in more] == sorted(item.passage for item in more)


def test_another_generator_takes_the_place_of_an_object(folder: Path, tmp_path: Path) -> None:
    """`using` a name answers by that name, also by the one in the settings; `through` wraps an object too."""
    reader, wrapped = Reader(), list[Generator]()
    rag = Rag.open(folder, settings=RagSettings(home=tmp_path), generator=reader)
    question = "Who repaired the sluice gate of Harlow?"
    assert rag.ask(question).trace.generator == "reader"
    assert rag.using("extractive").ask(question).trace.generator == "extractive"

    def around(generator: Generator) -> Generator:
        wrapped.append(generator)
        return generator

    assert rag.through(around).ask(question).trace.generator == "reader"
    assert reader in wrapped
