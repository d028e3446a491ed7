"""Items of a user's own set: from a question and a quote, or from an answer that was rejected.

Offsets and hashes are looked up in the files, so nobody has to count characters. An item that a person has
not completed carries `gate: info`: it is measured and never counts.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from eval.errors import QuestionSetError
from eval.questions import load_questions, read_questions
from eval.schema import Question
from eval.sources import Sources
from index.load import list_folder
from index.settings import IndexSettings
from rag.records import Answer

Kind = Literal["off_corpus", "same_topic"]
REJECTED = "Draft from a rejected answer: correct answers and evidence, then set gate to normal."
BARE = "Draft from a rejected answer that rests on no file of the folder: add answers and evidence."

_LONGEST_FORBIDDEN = 80


@dataclass(frozen=True, slots=True)
class Expected:
    """What a right answer to a question is.

    Attributes:
        answers: Any of them is right.
        quotes: Where it stands, word for word; white space need not be the same.
        document: Where the quotes stand; by default any document is looked through.
        unanswerable: Why the documents do not answer, in place of answers and quotes.
        forbidden: Values that a wrong answer would give.
    """

    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    document: str = ""
    unanswerable: Kind | None = None
    forbidden: tuple[str, ...] = ()


def item(
    name: str,
    question: str,
    expected: Expected,
    folder: Path,
    settings: IndexSettings,
    history: Sequence[Mapping[str, str]] = (),
    kind: str = "",
) -> Question:
    """An item from a question and what is expected of its answer.

    Args:
        kind: Type of an answerable item; by default `single`, or `multi_turn` with a history.

    Raises:
        QuestionSetError: A quote is in no document, or the item is not complete.
    """
    base = {
        "id": name,
        "schema": 1,
        "split": "dev",
        "question": question,
        "history": [{"role": turn["role"], "content": turn["content"]} for turn in history],
        "forbidden": list(expected.forbidden),
        "source": "human",
    }
    if expected.unanswerable:
        row = {"type": "unanswerable", "answerable": False, "unanswerable_kind": expected.unanswerable}
        return _checked({**base, **row, "group": name})
    evidence = list(_evidence(expected, folder, settings))
    group = f"{evidence[0]['doc']}#{evidence[0]['start']}" if evidence else name
    chosen = kind or ("multi_turn" if history else "single")
    answers = {"answers": list(expected.answers), "evidence": evidence}
    return _checked({**base, "type": chosen, "answerable": True, "group": group, **answers})


def from_answer(
    name: str,
    answer: Answer,
    folder: Path,
    settings: IndexSettings,
    expected: Expected | None = None,
    history: Sequence[Mapping[str, str]] = (),
) -> Question:
    """An item from an answer that was rejected; without `expected`, a draft that a person completes.

    A draft takes for evidence what the answer cited, or the best passage where it cited nothing, and for its
    answer the first of these quotes, so that it is valid and plainly not finished.

    Raises:
        QuestionSetError: A quote is in no document, or nothing was found that could be evidence.
    """
    if expected is not None:
        return item(name, answer.question, expected, folder, settings, history)
    spans = [(cited.document, cited.quote) for cited in answer.citations]
    spans = spans or [(passage.document, passage.text) for passage in answer.passages[:1]]
    if not spans:
        raise QuestionSetError(
            "the answer has neither citations nor passages; pass --quote or --unanswerable"
        )
    document = spans[0][0]
    quotes = tuple(dict.fromkeys(quote for where, quote in spans if where == document))
    guess = Expected(answers=quotes[:1], quotes=quotes, document=document)
    drafted = item(name, answer.question, guess, folder, settings, history)
    return drafted.model_copy(update={"gate": "info", "notes": REJECTED})


def draft_from(
    name: str,
    answer: Answer,
    folder: Path,
    settings: IndexSettings,
    history: Sequence[Mapping[str, str]] = (),
) -> Question:
    """A draft from any answer that was rejected; one without evidence in the folder is unanswerable."""
    try:
        return from_answer(name, answer, folder, settings, history=history)
    except QuestionSetError:
        bare = item(name, answer.question, Expected(unanswerable="same_topic"), folder, settings, history)
        return bare.model_copy(update={"gate": "info", "notes": BARE})


def next_id(path: Path) -> str:
    """An id that the set does not use yet."""
    used = {question.id for question in read_questions(path)} if path.exists() else set()
    stem = path.stem.removesuffix(".questions")
    return next(name for at in range(len(used) + 1, 10**9) if (name := f"{stem}-{at:03}") not in used)


def append(path: Path, items: Sequence[Question], folder: Path) -> int:
    """Add items to a set, which must be whole afterwards; returns how many it has now.

    Raises:
        QuestionSetError: The set, or the set with the items, is refused; the file is as it was.
    """
    before = path.read_bytes() if path.exists() else b""
    gap = b"\n" if before and not before.endswith(b"\n") else b""
    lines = "".join(f"{line_of(question)}\n" for question in items)
    draft = path.with_name(f".{path.name}.new")
    draft.parent.mkdir(parents=True, exist_ok=True)
    try:
        draft.write_bytes(before + gap + lines.encode("utf-8"))
        count = len(load_questions(draft, folder).questions)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return count


def line_of(question: Question) -> str:
    """An item as a line of a set, without the fields that say nothing."""
    plain = question.model_dump(mode="json", by_alias=True)
    kept = {key: value for key, value in plain.items() if value not in ([], "", None) or key == "answers"}
    return json.dumps(kept, ensure_ascii=False)


def _evidence(expected: Expected, folder: Path, settings: IndexSettings) -> Iterator[dict[str, Any]]:
    names = (
        [expected.document] if expected.document else [s.path for s in list_folder(folder, settings).sources]
    )
    with Sources(folder, settings.limits) as sources:
        for quote in expected.quotes:
            found = next((span for name in names if (span := _located(name, quote, sources))), None)
            if found is None:
                where = expected.document or "any document"
                raise QuestionSetError(
                    f"{quote[:_LONGEST_FORBIDDEN]!r} does not stand in {where} of {folder}"
                )
            yield found


def _located(name: str, quote: str, sources: Sources) -> dict[str, Any] | None:
    source = sources.get(name)
    words = quote.split()
    if source.fault or not words:
        return None
    match = re.search(r"\s+".join(map(re.escape, words)), source.text)
    if match is None:
        return None
    return {
        "doc": name,
        "sha256": source.sha256,
        "quote": match[0],
        "start": match.start(),
        "end": match.end(),
    }


def _checked(row: Mapping[str, Any]) -> Question:
    try:
        return Question.model_validate_json(json.dumps(row))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        told = first["msg"].removeprefix("Value error, ")
        raise QuestionSetError(f"the item is not complete: {where}{': ' if where else ''}{told}") from error
