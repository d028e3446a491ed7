"""A user's own set as a file: the next id, and items added to it, or nothing at all.

What is added is checked as a part of the set, before the file is touched.
"""

import codecs
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from eval.errors import QuestionSetError
from eval.questions import check_questions, read_questions
from eval.schema import Question
from index.limits import Limits


def next_id(path: Path, others: Iterable[str] = ()) -> str:
    """An id that neither the set nor any of `others` uses yet."""
    used = {*others, *(question.id for question in known(path))}
    stem = path.stem.removesuffix(".questions")
    return next(name for at in range(len(used) + 1, 10**9) if (name := f"{stem}-{at:03}") not in used)


def known(path: Path) -> tuple[Question, ...]:
    """The questions of a set; none where there is no file yet.

    Raises:
        QuestionSetError: A line of it is refused.
    """
    return read_questions(path) if path.exists() else ()


def append(path: Path, items: Sequence[Question], folder: Path, limits: Limits | None = None) -> int:
    """Add items to a set, which must be whole afterwards; returns how many it has now.

    An item about a passage that the set asks about already joins its group.

    Args:
        limits: As for `load_questions`.

    Raises:
        QuestionSetError: The set is refused, asks one of the questions already, or does not take an item;
            the file is as it was.
    """
    before = path.read_bytes() if path.exists() else b""
    old = known(path) if before.strip() else ()
    grown = list(old)
    for item in items:
        asked = next((one for one in grown if _asked(one) == _asked(item)), None)
        if asked is not None:
            raise QuestionSetError(
                f"{path} asks {item.question!r} already, as {asked.id}; edit that line, or ask otherwise"
            )
        grown.append(_grouped(item, grown))
    lines = "".join(f"{line_of(question)}\n" for question in grown[len(old) :])
    gap = b"\n" if before and not before.endswith(b"\n") else b""
    whole = before + gap + lines.encode("utf-8")
    try:
        checked = check_questions(whole.removeprefix(codecs.BOM_UTF8), path, folder, limits)
    except QuestionSetError as error:
        # What is wrong with the lines that stand there is not the new items' fault.
        if not error.faults or error.faults[0][0] <= before.count(b"\n") + bool(gap):
            raise
        reasons = "; ".join(dict.fromkeys(reason for _, reason in error.faults))
        raise QuestionSetError(f"the item does not fit {path}: {reasons}", error.faults) from error
    _replace(path, whole)
    return len(checked.questions)


def line_of(question: Question) -> str:
    """An item as a line of a set, without the fields that say nothing."""
    plain = question.model_dump(mode="json", by_alias=True)
    kept = {key: value for key, value in plain.items() if value not in ([], "", None) or key == "answers"}
    return json.dumps(kept, ensure_ascii=False)


def _asked(question: Question) -> tuple[str, ...]:
    """What is asked, whatever its case, spaces and end marks."""
    turns = [turn.content for turn in question.history]
    return tuple(" ".join(text.casefold().split()).rstrip("?!. ") for text in [*turns, question.question])


def _grouped(item: Question, others: Sequence[Question]) -> Question:
    spans = [(gold.doc, gold.start, gold.end) for gold in item.evidence]
    for other in others:
        for gold in other.evidence:
            if any(doc == gold.doc and start < gold.end and gold.start < end for doc, start, end in spans):
                return item.model_copy(update={"group": other.group, "split": other.split})
    return item


def _replace(path: Path, data: bytes) -> None:
    """The file whole or not at all."""
    draft = path.with_name(f".{path.name}.new")
    draft.parent.mkdir(parents=True, exist_ok=True)
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
