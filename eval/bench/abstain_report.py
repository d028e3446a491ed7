"""What `rag bench abstain` found: areas under the ROC curve, rates at the threshold, weights. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from eval.bench.fitting import Logistic, auroc
from eval.bench.sheets import Share, Sheet, figure, share
from rag.abstain import FACT, MODEL

Kind = Literal["answerable", "same topic", "answer passed over", "other folders"]
Outcome = Literal["answered", "told what is open", "refused"]
OUTCOMES: tuple[Outcome, ...] = ("answered", "told what is open", "refused")
# About documents of the folder, which do not answer them.
NEAR: tuple[Kind, ...] = ("same topic", "answer passed over")
KINDS: tuple[Kind, ...] = ("answerable", *NEAR, "other folders")
SIGNALS = tuple(name for name in MODEL if name)
FACTS = tuple(name for name in FACT if name)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to one folder.

    Attributes:
        folder: Set and number of the folder, which a fold holds whole.
        group: The document it is about.
        probability: That it is answerable, by the shipped model.
        stated: That the fact is there, too.
        outcome: What `Rag` makes of it.
        fact: The signals of the fact, by name.
        chosen: Whether it is about a title that the model of the fact is fitted on.
    """

    data: str
    folder: str
    kind: Kind
    group: str
    signals: Mapping[str, float]
    probability: float
    stated: float = 1.0
    outcome: Outcome = "answered"
    fact: Mapping[str, float] = field(default_factory=dict)
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class AbstainReport:
    """All questions, and what a refit makes of them.

    Attributes:
        threshold: The setting above which the program answers.
        left_out: How many questions lean on earlier turns.
        wordless: How many have no content word and so are refused before any signal; not among `asked`.
        refit: Fitted on all folders; None where there are too few.
        held_out: Probabilities of `asked` by models fitted on the other folds.
        fact: The model of the fact, fitted on the chosen titles; None where there are none.
    """

    threshold: float
    asked: tuple[Asked, ...] = field(repr=False)
    left_out: int
    wordless: int
    refit: Logistic | None
    held_out: tuple[float, ...] | None = field(repr=False)
    fact: Logistic | None = None

    @property
    def data(self) -> tuple[str, ...]:
        """Names of the sets, in the order given."""
        return tuple(dict.fromkeys(asked.data for asked in self.asked))

    def scores(self) -> dict[str, Sequence[float | None]]:
        """What is judged by AUROC, each signal and the models, a value for each question judged."""
        found: dict[str, Sequence[float | None]] = {
            name: [asked.signals[name] for asked in self.asked] for name in SIGNALS
        }
        found |= {**self.models(), "the fact, shipped": [asked.stated for asked in self.asked]}
        other = {"the fact, shipped, other titles": [None if a.chosen else a.stated for a in self.asked]}
        return {**found, **other, **self._fact_again()}

    def _fact_again(self) -> dict[str, list[float | None]]:
        if self.fact is None:
            return {}
        rows = np.array([[asked.fact[name] for name in FACTS] for asked in self.asked])
        likely = self.fact.probabilities(rows)
        pairs = zip(self.asked, map(float, likely), strict=True)
        return {"the fact, refit, other titles": [None if a.chosen else value for a, value in pairs]}

    def models(self) -> dict[str, list[float]]:
        """The probabilities of the two models."""
        found = {"shipped model": [asked.probability for asked in self.asked]}
        return found if self.held_out is None else {**found, "refit, held-out folds": list(self.held_out)}

    def area(self, scores: Sequence[float | None], data: str, against: Kind) -> float | None:
        """AUROC of answerable questions against those of another kind in one set."""
        kinds = ("answerable", against)
        chosen = [
            (value, asked.kind == "answerable")
            for value, asked in zip(scores, self.asked, strict=True)
            if asked.data == data and asked.kind in kinds and value is not None
        ]
        return auroc([value for value, _ in chosen], [positive for _, positive in chosen])

    def answered(self, scores: Sequence[float], data: str, kind: Kind) -> Share:
        """The share of a kind of question that is answered at the threshold."""
        return share(
            [
                (float(value >= self.threshold), asked.group)
                for value, asked in zip(scores, self.asked, strict=True)
                if (asked.data, asked.kind) == (data, kind)
            ]
        )

    def outcomes(self, outcome: Outcome, data: str, kind: Kind) -> Share:
        """The share of a kind of question with an outcome."""
        chosen = [asked for asked in self.asked if (asked.data, asked.kind) == (data, kind)]
        return share([(float(asked.outcome == outcome), asked.group) for asked in chosen])

    def weights(self) -> dict[str, dict[str, float | None]]:
        """Shipped and refitted weight of each signal and of the intercept, which is named ""."""
        refit = self.refit and dict(
            zip((*SIGNALS, ""), (*self.refit.weights, self.refit.intercept), strict=True)
        )
        return {name: {"shipped": MODEL[name], "refit": refit[name] if refit else None} for name in MODEL}

    def fact_weights(self) -> dict[str, dict[str, float | None]]:
        """The same of the model of the fact."""
        again = self.fact and dict(zip((*FACTS, ""), (*self.fact.weights, self.fact.intercept), strict=True))
        return {name: {"shipped": FACT[name], "refit": again[name] if again else None} for name in FACT}

    def to_dict(self) -> dict[str, Any]:
        """JSON types."""
        return {
            "threshold": self.threshold,
            "folders": len({asked.folder for asked in self.asked}),
            "left_out": self.left_out,
            "wordless": self.wordless,
            "auroc": {
                data: {
                    name: {kind: self.area(values, data, kind) for kind in KINDS[1:]}
                    for name, values in self.scores().items()
                }
                for data in self.data
            },
            "answered": {
                data: {
                    name: {kind: asdict(self.answered(values, data, kind)) for kind in KINDS}
                    for name, values in self.models().items()
                }
                for data in self.data
            },
            "outcomes": {
                data: {
                    kind: {outcome: asdict(self.outcomes(outcome, data, kind)) for outcome in OUTCOMES}
                    for kind in KINDS
                }
                for data in self.data
            },
            "weights": self.weights(),
            "fact_weights": self.fact_weights(),
        }

    def sheets(self) -> tuple[Sheet, ...]:
        """AUROC, rates at the threshold, weights."""
        pairs = [(data, kind) for data in self.data for kind in KINDS[1:]]
        areas = [
            (name, *(figure(self.area(values, *pair)) for pair in pairs))
            for name, values in self.scores().items()
        ]
        rates = [
            (f"{name}: {kind}", *(str(self.answered(values, data, kind)) for data in self.data))
            for name, values in self.models().items()
            for kind in KINDS
        ]
        outcomes = [
            (f"{kind}: {outcome}", *(str(self.outcomes(outcome, data, kind)) for data in self.data))
            for kind in KINDS
            for outcome in OUTCOMES
        ]
        return (
            Sheet(("AUROC, answerable against", *(f"{data}: {kind}" for data, kind in pairs)), tuple(areas)),
            Sheet((f"answered at {self.threshold:g}", *self.data), tuple(rates)),
            Sheet(("outcome, both models", *self.data), tuple(outcomes)),
            _weights("weight", self.weights()),
            _weights("weight of the fact", self.fact_weights()),
        )


def _weights(heading: str, found: Mapping[str, Mapping[str, float | None]]) -> Sheet:
    rows = [
        (name or "(intercept)", *("-" if value is None else f"{value:.2f}" for value in both.values()))
        for name, both in found.items()
    ]
    return Sheet((heading, "shipped", "refit"), tuple(rows))
