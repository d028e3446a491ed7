"""Question sets: one JSON object a line, checked against the documents before anything is asked.

`read_questions` checks each line by itself; `load_questions` also checks it against the files. Either the
whole set is accepted or it is refused with the line number and the reason of each fault.
"""

import fnmatch
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from eval.errors import QuestionSetError
from eval.normal import contains
from eval.schema import Evidence, Question
from eval.sources import Source, Sources
from index.limits import Limits
from index.load import NEVER_INDEXED

ANSWER_NEED_NOT_BE_QUOTED = frozenset({"yes_no", "list", "multi_hop"})
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A set that was accepted.

    Attributes:
        name: The file's name.
        sha256: Of the file's bytes.
        folder: The documents it was checked against.
        questions: In file order.
        limits: What reading one of the documents may cost.
    """

    name: str
    sha256: str
    folder: Path
    questions: tuple[Question, ...] = field(repr=False)
    limits: Limits = field(default_factory=Limits)


def default_set() -> Path:
    """The question set that ships beside this package's code."""
    return Path(__file__).parent / "sets" / "seeds.jsonl"


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a file, each checked by itself.

    Raises:
        QuestionSetError: The file cannot be read or a line is refused.
    """
    numbered, faults = _parse(_bytes(path))
    _refuse(path, faults)
    return tuple(question for _, question in numbered)


def load_questions(path: Path, folder: Path, limits: Limits | None = None) -> QuestionSet:
    """A question set whose evidence was found in the documents at its offsets.

    Args:
        limits: Those of the settings that the documents are indexed with.

    Raises:
        QuestionSetError: The file cannot be read, a line is refused, or it does not fit the documents.
    """
    return check_questions(_bytes(path), path, folder, limits)


def check_questions(data: bytes, path: Path, folder: Path, limits: Limits | None = None) -> QuestionSet:
    """The question set that a file would be if it held these bytes; see `load_questions`.

    Raises:
        QuestionSetError: A line is refused, or the set does not fit the documents.
    """
    numbered, faults = _parse(data)
    _refuse_among_documents(path, folder)
    _refuse_other_documents(path, folder, [question for _, question in numbered])
    limits = limits or Limits()
    with Sources(folder, limits) as sources:
        for number, question in numbered:
            faults += [(number, reason) for reason in _evidence_faults(question, sources)]
    _refuse(path, faults)
    digest = hashlib.sha256(data).hexdigest()
    questions = tuple(question for _, question in numbered)
    return QuestionSet(path.name, digest, folder.resolve(), questions, limits)


def _refuse_among_documents(path: Path, folder: Path) -> None:
    """A set that is indexed with the documents would answer its own questions."""
    inside = path.resolve().is_relative_to(folder.resolve())
    kept_out = path.name.startswith(".") or any(fnmatch.fnmatchcase(path.name, p) for p in NEVER_INDEXED)
    if inside and not kept_out:
        raise QuestionSetError(
            f"{path} lies among the documents and would be indexed with its answers; call it "
            f"{path.stem}.questions.jsonl, which never is, or keep it elsewhere"
        )


def _refuse_other_documents(path: Path, folder: Path, questions: list[Question]) -> None:
    """One short message for the wrong folder, in place of one fault for each item."""
    named = sorted({evidence.doc for question in questions for evidence in question.evidence})
    if named and not any((folder / name).exists() for name in named):
        raise QuestionSetError(
            f"{path} is about other documents: its evidence is in {named[0]!r}"
            f"{f' and {len(named) - 1} more' if len(named) > 1 else ''}, and {folder} holds none of them; "
            "pass the folder it was written for with --docs"
        )


def _parse(data: bytes) -> tuple[list[tuple[int, Question]], list[tuple[int, str]]]:
    numbered: list[tuple[int, Question]] = []
    faults: list[tuple[int, str]] = []
    ids: dict[str, int] = {}
    splits: dict[str, tuple[str, int]] = {}
    # Not splitlines(): JSON strings may hold U+2028, which is no end of a line in JSON Lines.
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            question = Question.model_validate_json(line)
        except ValidationError as error:
            faults += [(number, _reason(detail["loc"], detail["msg"])) for detail in error.errors()]
            continue
        earlier = ids.setdefault(question.id, number)
        if earlier != number:
            faults.append((number, f"duplicate id {question.id!r}, first used on line {earlier}"))
        split, first = splits.setdefault(question.group, (question.split, number))
        if split != question.split:
            faults.append((number, f"group {question.group!r} is in {split} on line {first}: split by group"))
        numbered.append((number, question))
    if not numbered and not faults:
        faults.append((1, "there are no questions"))
    return numbered, faults


def _evidence_faults(question: Question, sources: Sources) -> Iterator[str]:
    for evidence in question.evidence:
        source = sources.get(evidence.doc)
        if not source.sha256:
            yield f"evidence {evidence.doc!r}: {source.fault}"
        elif source.sha256 != evidence.sha256:
            yield f"evidence {evidence.doc!r}: the file's sha256 is {source.sha256}{_moved(evidence, source)}"
        elif source.fault:
            yield f"evidence {evidence.doc!r}: {source.fault}"
        elif source.text[evidence.start : evidence.end] != evidence.quote:
            yield f"evidence {evidence.doc!r}: the text at {evidence.start}-{evidence.end} is not the quote"
    if question.answers and question.type not in ANSWER_NEED_NOT_BE_QUOTED:
        quotes = [evidence.quote for evidence in question.evidence]
        if not any(contains(quote, answer) for quote in quotes for answer in question.answers):
            yield "no answer is contained in any evidence"


def _moved(evidence: Evidence, source: Source) -> str:
    """What has become of the quote in a file that was changed since."""
    at = source.text.find(evidence.quote)
    if source.fault or at < 0:
        return ", and the quote is no longer in it"
    if source.text.find(evidence.quote, at + 1) >= 0:
        return ", and the quote is in it several times"
    return f", and the quote is at {at}-{at + len(evidence.quote)} now; write these into the line"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        reason = error.strerror or error
        raise QuestionSetError(f"{path}: cannot be read ({reason}); pass a JSON Lines file") from error


def _refuse(path: Path, faults: list[tuple[int, str]]) -> None:
    if faults:
        told = [f"line {number}: {reason}" for number, reason in sorted(faults)[:_SHOWN]]
        more = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
        message = f"{path} is refused; correct these lines:\n" + ";\n".join([*told, *more])
        raise QuestionSetError(message, sorted(faults))


def _reason(where: tuple[int | str, ...], message: str) -> str:
    field_name, text = ".".join(map(str, where)), message.removeprefix("Value error, ")
    return f"{field_name}: {text}" if field_name else text
