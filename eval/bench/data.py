"""Public question sets in one uniform form: `corpus.jsonl` and `queries.jsonl` in a folder.

Fields that are not used here are ignored, because each public set brings some of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.errors import EvalSetupError
from rag.conversation import History

_SPEAKERS = {"user": "user", "agent": "assistant", "assistant": "assistant"}


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Source(_Line):
    """One document of a corpus: often a paragraph, `title` being the page it was taken from."""

    id: str
    title: str = ""
    text: str


class Query(_Line):
    """One question.

    Attributes:
        gold_doc_ids: Documents that hold the answer.
        gold_evidence: Sentences that hold it, where people marked them.
        source_doc_id: For an unanswerable question, the document it was asked about.
        source_doc_ids: The same where there may be several.
        wrong_answers: What documents that are wrong on purpose say.
        history: Earlier turns, in whatever form the set has them; `history_of` reads it.
        dialog_id: The conversation that a question belongs to.
    """

    id: str
    question: str = Field(min_length=1)
    answers: tuple[str, ...] = ()
    answerable: bool
    gold_doc_ids: tuple[str, ...] = ()
    gold_evidence: tuple[str, ...] = ()
    source_doc_id: str = ""
    source_doc_ids: tuple[str, ...] = ()
    wrong_answers: tuple[str, ...] = ()
    history: tuple[Any, ...] = ()
    dialog_id: str = ""

    @property
    def about(self) -> str:
        """The document a question belongs to, or ""."""
        named = (*self.gold_doc_ids, self.source_doc_id, *self.source_doc_ids)
        return next(filter(None, named), "")


def history_of(turns: Sequence[object]) -> History:
    """A conversation as the program takes it, from "user: Who?" or from {"speaker": "user", "text": "Who?"}.

    A turn of no known speaker is left out, and an empty one.
    """
    found = []
    for turn in turns:
        if isinstance(turn, dict):
            who = str(turn.get("role") or turn.get("speaker") or "user")
            content = str(turn.get("content") or turn.get("text") or "")
        else:
            who, _, content = str(turn).partition(": ")
        if who in _SPEAKERS and content.strip():
            found.append({"role": _SPEAKERS[who], "content": content})
    return found


@dataclass(frozen=True, slots=True)
class DataSet:
    """One folder as it was read; `left_out` counts the questions that lean on earlier turns."""

    name: str
    sources: tuple[Source, ...] = field(repr=False)
    queries: tuple[Query, ...] = field(repr=False)
    left_out: int


def read_set(folder: Path) -> DataSet:
    """The documents and questions of a folder.

    Raises:
        EvalSetupError: A file is missing, or a line is not what it should be.
    """
    queries = read_lines(folder / "queries.jsonl", Query)
    alone = tuple(query for query in queries if not query.history)
    sources = read_lines(folder / "corpus.jsonl", Source)
    return DataSet(folder.resolve().name, sources, alone, len(queries) - len(alone))


def read_sets(folders: Sequence[Path]) -> tuple[DataSet, ...]:
    """Several folders, each under its own name.

    Raises:
        EvalSetupError: A folder cannot be used, or two have the same name.
    """
    sets = tuple(read_set(folder) for folder in folders)
    if len({data.name for data in sets}) < len(sets):
        raise EvalSetupError(
            "two of the data folders have the same name; the figures could not be told apart"
        )
    return sets


Line = TypeVar("Line", bound=BaseModel)


def read_lines(path: Path, kind: type[Line]) -> tuple[Line, ...]:
    """The lines of a JSON Lines file.

    Raises:
        EvalSetupError: The file is missing or empty, or a line is not what it should be.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EvalSetupError(f"{path}: cannot be read ({error.strerror}); pass --data FOLDER") from error
    found: list[Line] = []
    # Not splitlines(): JSON strings may hold U+2028, which is no end of a line in JSON Lines.
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            if line.strip():
                found.append(kind.model_validate_json(line))
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"])) or "the line"
            raise EvalSetupError(f"{path}, line {number}: {where}: {fault['msg']}") from error
    if not found:
        raise EvalSetupError(f"{path} is empty")
    return tuple(found)
