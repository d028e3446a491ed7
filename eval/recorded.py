"""What is compared of a run, and how it is kept: a baseline file, one header line and one line an item.

A baseline lies beside its set as `<set>.<config>.baseline.jsonl`. Only `rag eval accept` writes it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from eval.errors import BaselineError
from eval.metrics.answers import said
from eval.provenance import SCHEMA, Provenance
from eval.runner import ItemResult, RunResult
from rag.records import Answer

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class RecordedItem:
    """One item of a run as far as it is compared.

    Attributes:
        status: Of the answer; "" where there was an error.
        digest: Of what a reader sees: status, text, and the spans cited; "" where there was an error.
        text: What was said, to be read beside what is said now.
    """

    id: str
    group: str
    category: str
    gate: str
    outcome: str
    status: str
    digest: str
    text: str
    values: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run as far as it is compared.

    Attributes:
        reason: Why it was accepted as a baseline; "" for a run that was not.
        flipped: Items that changed when it was accepted.
    """

    about: Provenance
    items: tuple[RecordedItem, ...] = field(repr=False)
    reason: str = ""
    flipped: tuple[str, ...] = ()


def recorded(result: RunResult, about: Provenance) -> Recorded:
    """What is compared of a run."""
    return Recorded(about, tuple(map(_item, result.items)))


def baseline_path(questions: Path, config: str) -> Path:
    """Where the baseline of a set and a configuration lies."""
    name = "".join(char if char.isalnum() or char in "-_" else "-" for char in config)
    return questions.with_name(f"{questions.stem}.{name}.baseline.jsonl")


def write_baseline(path: Path, record: Recorded) -> None:
    """Write a baseline, or replace it."""
    head = {**asdict(record.about), "reason": record.reason, "flipped": list(record.flipped)}
    lines = [head, *map(asdict, record.items)]
    text = "".join(json.dumps(line, allow_nan=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")


def read_baseline(path: Path) -> Recorded:
    """The baseline of a file.

    Raises:
        BaselineError: It is missing or is no baseline of this version.
    """
    try:
        head, *lines = [json.loads(line) for line in path.read_bytes().split(b"\n") if line.strip()]
        reason, flipped = head.pop("reason"), head.pop("flipped")
        if head.get("schema") != SCHEMA:
            raise BaselineError(
                f"{path}: schema {head.get('schema')!r} is not {SCHEMA}; accept a new baseline"
            )
        items = tuple(RecordedItem(**line) for line in lines)
        return Recorded(Provenance(**head), items, str(reason), tuple(flipped))
    except OSError as error:
        raise BaselineError(
            f"{path}: cannot be read ({error.strerror or error}); make a baseline with: rag eval accept"
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BaselineError(f"{path}: no baseline ({error}); accept a new one") from error


def check_comparable(now: Provenance, before: Provenance) -> None:
    """Refuse to compare runs over different questions or documents.

    Raises:
        BaselineError: The set or the documents differ.
    """
    pairs = (
        ("another question set", now.set_sha256, before.set_sha256),
        ("other documents", now.corpus_sha256, before.corpus_sha256),
    )
    differing = [what for what, one, other in pairs if one != other]
    if differing:
        raise BaselineError(
            f"cannot compare: the baseline ({before.name}, {before.config}) is of "
            f"{' and of '.join(differing)}; bring the old files back, or accept a new baseline"
        )


def _item(item: ItemResult) -> RecordedItem:
    values = {name: None if v is None else round(v, _DIGITS) for name, v in item.values.items()}
    return RecordedItem(
        id=item.question.id,
        group=item.question.group,
        category=item.question.category,
        gate=item.question.gate,
        outcome=item.outcome,
        status=item.answer.status if item.answer else "",
        digest=_digest(item.answer) if item.answer else "",
        text=said(item.answer) if item.answer else item.error,
        values=values,
    )


def _digest(answer: Answer) -> str:
    spans = [(cited.document, cited.start, cited.end) for cited in answer.citations]
    seen = [answer.status, answer.text, spans, [asdict(conflict) for conflict in answer.conflicts]]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]
