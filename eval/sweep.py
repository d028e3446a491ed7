"""One set under several settings, each compared with the first item by item.

Only dev items are asked: choosing a setting is tuning. Settings that shape the index get an index of their
own, which is kept, so that a second sweep encodes nothing.
"""

import hashlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eval.errors import EvalSetupError
from eval.provenance import provenance
from eval.questions import load_questions
from eval.recorded import Recorded, recorded
from eval.regression import Comparison, compare
from eval.replies import FILE, Replies, keeping
from eval.runner import run
from eval.slices import figures, find
from eval.spent import Spent, spent
from eval.stats import Interval
from rag import Rag, RagSettings, load_settings

SHOWN = (
    ("correct", "all"),
    ("containment", "answerable"),
    ("gold_citation_recall", "answerable"),
    ("mrr@10", "answerable"),
    ("evidence_recall@10", "answerable"),
    ("abstention", "unanswerable"),
)
MOST = 50


@dataclass(frozen=True, slots=True)
class Tried:
    """One combination of settings.

    Attributes:
        chosen: Setting to value, as they were given.
        shown: By measure of `SHOWN`: value and interval; None where nothing was measured.
        against: The comparison with the first combination; None for the first.
    """

    chosen: Mapping[str, str]
    shown: Mapping[str, tuple[float, Interval | None] | None]
    items: int
    groups: int
    cost: Spent
    against: Comparison | None = field(repr=False)

    @property
    def label(self) -> str:
        """The combination in one line."""
        return ", ".join(f"{key}={value}" for key, value in self.chosen.items())

    @property
    def short(self) -> str:
        """The same without sections; of a single setting only the value."""
        if len(self.chosen) == 1:
            return "".join(self.chosen.values())
        return ", ".join(f"{key.rpartition('.')[2]} {value}" for key, value in self.chosen.items())


def combinations(over: Sequence[str]) -> list[dict[str, str]]:
    """Every combination of settings written as KEY=VALUE,VALUE.

    Raises:
        EvalSetupError: One is not written so, or there are too many.
    """
    axes: list[tuple[str, list[str]]] = []
    for one in over:
        key, mark, values = one.partition("=")
        if not mark or not key.strip() or not all(value.strip() for value in values.split(",")):
            raise EvalSetupError(f"--over {one!r}: write a setting and its values as KEY=VALUE,VALUE")
        axes.append((key.strip(), [value.strip() for value in values.split(",")]))
    if not axes:
        raise EvalSetupError(
            "nothing to vary; pass --over KEY=VALUE,VALUE, for example --over retrieval.k=4,8"
        )
    found = [
        dict(zip([key for key, _ in axes], chosen, strict=True))
        for chosen in itertools.product(*(values for _, values in axes))
    ]
    if len(found) > MOST:
        raise EvalSetupError(f"{len(found)} combinations are more than {MOST}; vary less")
    return found


def settings_for(chosen: Mapping[str, str], docs: Path | None) -> RagSettings:
    """The settings in force with these in place of theirs.

    Raises:
        SettingsError: There is no such setting, or a value is out of its bounds.
    """
    nested: dict[str, Any] = {"docs": docs}
    for key, value in chosen.items():
        section, dot, name = key.partition(".")
        if dot:
            nested.setdefault(section, {})[name] = value
        else:
            nested[key] = value
    return load_settings(**nested)


def sweep(
    path: Path,
    tried: Sequence[Mapping[str, str]],
    docs: Path | None,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[Tried, ...]:
    """Measure a set under each combination, in the order given.

    Raises:
        EvalSetupError: The set does not fit the documents, or has no dev items.
    """
    every = [settings_for(chosen, docs) for chosen in tried]  # a wrong value fails before anything is built
    found: list[Tried] = []
    first: Recorded | None = None
    for chosen, settings in zip(tried, every, strict=True):
        rag = Rag.open(settings.docs, index=_place(settings), settings=settings, progress=progress)
        rag.refresh()
        questions = load_questions(path, rag.folder, settings.index_settings.limits)
        dev = tuple(question for question in questions.questions if question.split == "dev")
        if not dev:
            raise EvalSetupError(f"{path} has no dev items; held-out items are not for choosing settings")
        questions = replace(questions, questions=dev)
        replies = Replies(settings.home / "evals" / FILE)
        result = run(questions, rag.through(keeping(settings.generator, replies, 1)))
        record = recorded(result, provenance(questions, rag))
        known = figures(result)
        shown = {}
        for name, category in SHOWN:
            figure = find(known, name, "dev", category)
            shown[name] = None if figure.value is None else (figure.value, figure.interval)
        main = find(known, "correct", "dev", "all")
        against = compare(record, first, result.ks) if first else None
        first = first or record
        found.append(Tried(chosen, shown, main.items, main.groups, spent(result), against))
    return tuple(found)


def _place(settings: RagSettings) -> Path:
    """The index of this shape of these documents."""
    shape = f"{settings.docs.resolve()}\0{settings.index.model_dump_json()}"
    return settings.home / "evals" / "indexes" / hashlib.sha256(shape.encode()).hexdigest()[:12]
