"""Follow-ups of public conversations, completed by the program, beside what people made of them.

Term precision, recall and F1 of the query searched against the human rewriting (all content terms), and of
the added words alone (those that the person took from the conversation). Counts are summed over questions;
intervals are 95 % bootstraps over conversations. Judged are the conversations in one half by their hash;
rules were chosen on the other. The passages are not at hand, so nothing is said on retrieval.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from eval.bench.data import read_lines
from eval.bench.sheets import Sheet
from eval.errors import EvalSetupError
from eval.stats import Interval
from index.words import content_terms
from rag.conversation import History, standalone
from rag.follow_up import depends

PATTERN = "*.jsonl"
_DRAWS = 1000
_SEED = 1
_TITLED = "title, section, then alternating question/answer"
Half = Literal["judged", "chosen", "all"]


class Turn(BaseModel):
    """One question of a conversation and what a person made of it.

    Attributes:
        history: What was said before, oldest first, in the form that `history_kind` tells.
        rewrite: The question as it stands alone.
        changed: Whether that differs from the question.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    dialog_id: str
    history: tuple[str, ...] = ()
    history_kind: str
    question: str = Field(min_length=1)
    rewrite: str = Field(min_length=1)
    changed: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio of counts and where it lies in 95 % of the draws."""

    value: float
    interval: Interval

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.interval.low:.3f}, {self.interval.high:.3f}]"


@dataclass(frozen=True, slots=True)
class TurnsRow:
    """One way to complete the questions of one set.

    Attributes:
        added: Precision, recall and F1 of the added words.
        query: Precision, recall and F1 of all content terms of the query.
        complete: Share of the changed questions that have all the words added.
    """

    name: str
    way: str
    questions: int
    dialogs: int
    added: tuple[Figure, Figure, Figure]
    query: tuple[Figure, Figure, Figure]
    complete: Figure


@dataclass(frozen=True, slots=True)
class TurnsReport:
    """All sets; `gates` is how well it is told which questions lean on the conversation."""

    rows: tuple[TurnsRow, ...]
    gates: dict[str, tuple[Figure, Figure, Figure]]

    def to_dict(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)

    def sheets(self) -> tuple[Sheet, ...]:
        """The tables."""
        heads = ("set", "query", "questions/dialogs", "precision", "recall", "F1")
        added = [
            (r.name, r.way, f"{r.questions}/{r.dialogs}", *map(str, (*r.added, r.complete)))
            for r in self.rows
        ]
        whole = [(r.name, r.way, f"{r.questions}/{r.dialogs}", *map(str, r.query)) for r in self.rows]
        gates = [(name, *map(str, figures)) for name, figures in self.gates.items()]
        return (
            Sheet(
                (*heads[:2], heads[2], "added words: precision", "recall", "F1", "all added"), tuple(added)
            ),
            Sheet((*heads[:2], heads[2], "all terms: precision", "recall", "F1"), tuple(whole)),
            Sheet(("leans on the conversation", "precision", "recall", "F1"), tuple(gates)),
        )


def bench_turns(folder: Path, half: Half = "judged") -> TurnsReport:
    """Complete the questions of every set in a folder.

    Raises:
        EvalSetupError: The folder holds no sets, or a line is not what it should be.
    """
    files = sorted(folder.glob(PATTERN))
    if not files:
        raise EvalSetupError(f"{folder} holds no .jsonl file; pass the folder of the conversations")
    rows: list[TurnsRow] = []
    gates: dict[str, tuple[Figure, Figure, Figure]] = {}
    for file in files:
        turns = [turn for turn in read_lines(file, Turn) if in_half(half, turn.dialog_id)]
        dialogs = [turn.dialog_id for turn in turns]
        gates[file.stem] = _prf(dialogs, [_gate(turn) for turn in turns])
        for way, complete in ways(turns).items():
            rows.append(_row(file.stem, way, turns, complete))
    return TurnsReport(tuple(rows), gates)


def ways(turns: Sequence[Turn]) -> dict[str, Callable[[Turn], str]]:
    """The ways to a query that a set's history allows, by name."""
    found: dict[str, Callable[[Turn], str]] = {
        "as asked": lambda turn: turn.question,
        "questions only": lambda turn: standalone(turn.question, history_of(turn, answers=False)),
    }
    if any("alternating" in turn.history_kind or "passages" in turn.history_kind for turn in turns):
        found["with answers"] = lambda turn: standalone(turn.question, history_of(turn))
    if any(turn.history_kind == _TITLED for turn in turns):
        found["with title"] = lambda turn: standalone(turn.question, history_of(turn, titled=True))
    found["human"] = lambda turn: turn.rewrite
    return found


def history_of(turn: Turn, answers: bool = True, titled: bool = False) -> History:
    """The conversation before a question as the program takes it.

    Args:
        answers: With what was answered.
        titled: With the title of the page that the conversation is about, as that of a cited document.
    """
    said = turn.history
    title: tuple[str, ...] = ()
    if turn.history_kind == _TITLED:
        title, said = said[:1], said[2:]
    out: list[dict[str, Any]] = []
    if titled and title:
        out.append({"role": "assistant", "content": "", "titles": title})
    step = 1 if turn.history_kind.startswith("user turns") and "passages" not in turn.history_kind else 2
    for at in range(0, len(said), step):
        out.append({"role": "user", "content": said[at]})
        if step == 2 and answers and at + 1 < len(said):
            out.append({"role": "assistant", "content": said[at + 1], "titles": title if titled else ()})
    return out


def _row(name: str, way: str, turns: Sequence[Turn], complete: Callable[[Turn], str]) -> TurnsRow:
    dialogs = [turn.dialog_id for turn in turns]
    added: list[tuple[int, int, int]] = []
    query: list[tuple[int, int, int]] = []
    whole: list[tuple[int, int, int]] = []
    for turn in turns:
        own, human = set(content_terms(turn.question)), set(content_terms(turn.rewrite))
        ours = set(content_terms(complete(turn)))
        wanted = (human - own) & set(content_terms(" ".join(turn.history)))
        more = ours - own
        added.append((len(more & wanted), len(more), len(wanted)))
        query.append((len(ours & human), len(ours), len(human)))
        whole.append((int(bool(wanted) and wanted <= more), int(bool(wanted)), int(bool(wanted))))
    return TurnsRow(
        name,
        way,
        len(turns),
        len(set(dialogs)),
        _prf(dialogs, added),
        _prf(dialogs, query),
        _prf(dialogs, whole)[1],
    )


def _gate(turn: Turn) -> tuple[int, int, int]:
    leans = bool(turn.history) and depends(turn.question)
    return int(leans and turn.changed), int(leans), int(turn.changed)


def _prf(dialogs: Sequence[str], counts: Sequence[tuple[int, int, int]]) -> tuple[Figure, Figure, Figure]:
    """Precision, recall and F1 of (right, given, wanted) counts, drawn again by conversation."""
    names = {name: at for at, name in enumerate(dict.fromkeys(dialogs))}
    sums = np.zeros((len(names), 3))
    for name, count in zip(dialogs, counts, strict=True):
        sums[names[name]] += count
    draw = np.random.default_rng(_SEED).multinomial(len(names), np.full(len(names), 1 / len(names)), _DRAWS)
    values, drawn = _ratios(sums.sum(axis=0)[None]), _ratios(draw @ sums)
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0)
    precision, recall, f1 = (
        Figure(float(values[0, at]), Interval(float(low[at]), float(high[at]))) for at in range(3)
    )
    return precision, recall, f1


def _ratios(sums: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    right, given, wanted = sums.T
    of = np.stack((given, wanted, (given + wanted) / 2), axis=1)
    found: np.ndarray[Any, Any] = np.divide(right[:, None], of, out=np.zeros_like(of), where=of > 0)
    return found


def in_half(half: Half, dialog: str) -> bool:
    """Whether a conversation is in a half, told by the hash of its name."""
    odd = hashlib.sha256(dialog.encode()).digest()[0] % 2 == 1
    return half == "all" or odd == (half == "judged")
