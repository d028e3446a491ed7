"""One item of a question set as a closed, frozen schema: unknown fields and wrong types are errors.

What an item says is checked here; whether it fits the documents is checked in `eval/questions.py`.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from eval.normal import contains, norm, pattern_fault

Split = Literal["dev", "heldout"]
Type = Literal["single", "multi_hop", "multi_turn", "unanswerable", "conflict", "injection", "table",
               "numeric", "date", "yes_no", "list", "ambiguous", "typo"]  # fmt: skip
Text = Annotated[str, Field(min_length=1)]

COMBINING = frozenset({"multi_hop", "conflict", "list"})
"""Types that need each part of their evidence; for every other type all gold spans are alternatives."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Turn(_Record):
    """An earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: Text


class Evidence(_Record):
    """A gold span: `text[start:end] == quote` in the file with this hash; offsets in code points.

    Attributes:
        part: Where an item needs several things, spans of one name say the same and are alternatives. A span
            without a name is a part of its own.
    """

    doc: Text
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    quote: Text
    start: Annotated[int, Field(ge=0)]
    end: int
    part: str = ""


class Nugget(_Record):
    """A fact that a full answer states; `any_of` holds answers or regular expressions (`(?…`)."""

    id: Text
    text: Text
    importance: Literal["vital", "okay"]
    any_of: Annotated[tuple[Text, ...], Field(min_length=1)]
    partial_of: tuple[Text, ...] = ()


class Told(_Record):
    """A value, and a document that gives it."""

    value: Text
    doc: Text


class ConflictSide(Told):
    """One of the values that documents give for the same thing.

    Attributes:
        others: The same in other words, or from another document.
    """

    others: tuple[Told, ...] = ()

    @property
    def told(self) -> tuple[Told, ...]:
        """Every way in which the side is told."""
        return (Told(value=self.value, doc=self.doc), *self.others)


class ExpectedConflict(_Record):
    """The sides of a disagreement and what a right answer does with them.

    Attributes:
        values: Where the newer is to be preferred, oldest first: the last one is it.
        expected: Both are cited and told to differ; `prefer_newer` also says which is newer.
    """

    values: Annotated[tuple[ConflictSide, ...], Field(min_length=2)]
    expected: Literal["report_both", "prefer_newer"]


class Question(_Record):
    """One item of a question set.

    Attributes:
        group: Items from the same passage share it; splits, intervals and tests go by group.
        answers: Any of them is right.
        forbidden: Values that a misled answer would give.
        evidence: Gold spans; alternatives, except for the types in `COMBINING`, which need each `part`.
        gate: `must` fails the gate by itself, `info` never gates.
    """

    id: Text
    version: Annotated[Literal[1], Field(alias="schema")]
    split: Split
    question: Text
    type: Type
    answerable: bool
    group: Text
    history: tuple[Turn, ...] = ()
    unanswerable_kind: Literal["off_corpus", "same_topic"] | None = None
    answers: tuple[Text, ...] = ()
    forbidden: tuple[Text, ...] = ()
    nuggets: tuple[Nugget, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    conflict: ExpectedConflict | None = None
    tags: tuple[Text, ...] = ()
    gate: Literal["must", "normal", "info"] = "normal"
    source: Literal["human", "synthetic"] = "human"
    license: str = ""
    notes: str = ""

    @property
    def category(self) -> str:
        """The type of an answerable item; of the others, why they cannot be answered."""
        if self.answerable:
            return self.type
        for tag in ("boilerplate", "false_premise"):
            if tag in self.tags:
                return tag
        return str(self.unanswerable_kind)

    @property
    def parts(self) -> tuple[tuple[int, ...], ...]:
        """Places in `evidence`, alternatives together."""
        places = range(len(self.evidence))
        if self.type not in COMBINING:
            return (tuple(places),)
        named: dict[str | int, list[int]] = {}
        for at, gold in enumerate(self.evidence):
            named.setdefault(gold.part or at, []).append(at)
        return tuple(map(tuple, named.values()))

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        gold = (self.evidence, self.answers, self.nuggets, self.conflict)
        if self.answerable:
            _require(self.unanswerable_kind is None, "an answerable item has no unanswerable_kind")
            _require(self.type != "unanswerable", "an answerable item cannot have the type unanswerable")
            _require(bool(self.evidence), "an answerable item needs evidence")
            _require(any(gold[1:]), "an answerable item needs answers, nuggets or a conflict")
            _require(self.type != "conflict" or self.conflict is not None, "type conflict needs its values")
        else:
            _require(self.unanswerable_kind is not None, "an unanswerable item needs its unanswerable_kind")
            _require(not any(gold), "an unanswerable item has no evidence, answers, nuggets or conflict")
        _require(len({nugget.id for nugget in self.nuggets}) == len(self.nuggets), "nugget ids repeat")
        sides = self.conflict.values if self.conflict else ()
        values = [one.value for side in sides for one in side.told]
        for alias in (*self.answers, *self.forbidden, *values):
            _require(bool(norm(alias)), f"nothing is left of {alias!r} once normalised")
        for wrong in self.forbidden:
            right = next((answer for answer in self.answers if contains(answer, wrong)), None)
            _require(right is None, f"the forbidden {wrong!r} stands in the answer {right!r}")
        for pattern in (p for nugget in self.nuggets for p in (*nugget.any_of, *nugget.partial_of)):
            fault = pattern_fault(pattern)
            _require(not fault, f"pattern {pattern!r}: {fault}")
        return self


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise ValueError(reason)
