"""The arithmetic of the benches, against published values, values by hand, and definitions."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bench.abstain import fit_again, fit_fact
from eval.bench.abstain_report import FACTS, KINDS, SIGNALS, Asked, Kind
from eval.bench.fitting import auroc, auroc_interval, fit_logistic, fit_weighted
from eval.bench.sheets import share
from eval.stats import draws


def test_auroc_on_known_values() -> None:
    """The example of scikit-learn's documentation, a perfect and a reversed order, ties, and one class."""
    assert auroc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == 0.75
    assert auroc([1, 2, 3], [False, True, True]) == 1.0
    assert auroc([3, 2, 1], [False, True, True]) == 0.0
    assert auroc([5, 5, 5], [True, False, True]) == 0.5
    assert auroc([1, 2], [True, True]) is None
    assert auroc([], []) is None


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=30))
def test_auroc_is_the_share_of_pairs_in_order(pairs: list[tuple[int, bool]]) -> None:
    """By its definition: a positive above a negative counts 1, a tie one half."""
    ones = [score for score, positive in pairs if positive]
    zeros = [score for score, positive in pairs if not positive]
    won = [(one > zero) + 0.5 * (one == zero) for one in ones for zero in zeros]
    found = auroc([float(score) for score, _ in pairs], [positive for _, positive in pairs])
    assert found == (pytest.approx(sum(won) / len(won)) if won else None)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6), st.booleans()), min_size=2, max_size=30))
def test_the_interval_of_auroc_is_that_of_drawn_groups(rows: list[tuple[int, int, bool]]) -> None:
    """Drawing groups one by one and joining their items gives the same middle 95 %, or none."""
    groups = [str(group) for group, _, _ in rows]
    scores, positive = [float(score) for _, score, _ in rows], [kind for _, _, kind in rows]
    found = auroc_interval(groups, scores, positive)
    if auroc(scores, positive) is None or len(set(groups)) < 2:
        assert found is None
        return
    names = list(dict.fromkeys(groups))
    values = []
    for counts in draws(len(names))[:300]:
        drawn = [i for i, group in enumerate(groups) for _ in range(int(counts[names.index(group)]))]
        value = auroc([scores[i] for i in drawn], [positive[i] for i in drawn])
        values += [] if value is None else [value]
    if found is not None and values:
        assert found.low - 0.35 <= np.quantile(values, 0.5) <= found.high + 0.35
        assert 0 <= found.low <= found.high <= 1


def test_the_interval_of_auroc_by_hand() -> None:
    """Two groups: drawn are both, or one of them twice, a quarter of the time each."""
    found = auroc_interval(["a", "a", "b", "b"], [1, 0, 0, 1], [True, False, True, False])
    assert found is not None and (found.low, found.high) == (0.0, 1.0)
    same = auroc_interval(["a", "a", "b", "b"], [1, 0, 1, 0], [True, False, True, False])
    assert same is not None and (same.low, same.high) == (1.0, 1.0)


def test_the_logistic_fit_gives_the_published_coefficients() -> None:
    """Hours of study and passing: intercept -4.0777 and 1.5046 for an hour, as Wikipedia has them."""
    hours = [
        0.5,
        0.75,
        1,
        1.25,
        1.5,
        1.75,
        1.75,
        2,
        2.25,
        2.5,
        2.75,
        3,
        3.25,
        3.5,
        4,
        4.25,
        4.5,
        4.75,
        5,
        5.5,
    ]
    passed = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1]
    rows, labels = np.array([hours]).T, np.array(passed, dtype=float)
    model = fit_weighted(rows, labels, np.ones(20), penalty=0.0)
    assert model.weights == (pytest.approx(1.5046, abs=5e-5),)
    assert model.intercept == pytest.approx(-4.0777, abs=5e-5)
    # The same source: two hours give 0.26, four hours 0.87. Ten of each class count alike anyway.
    assert model.probabilities(np.array([[2.0], [4.0]])) == pytest.approx([0.26, 0.87], abs=0.005)
    assert fit_logistic(rows, labels, penalty=0.0).weights == pytest.approx(model.weights)


def test_the_penalty_is_half_the_square() -> None:
    """At +1 and -1 the optimum solves w (1 + e^w) = 2 by hand; separable classes stay finite."""
    model = fit_logistic(np.array([[1.0], [-1.0]]), np.array([1.0, 0.0]))
    weight = model.weights[0]
    assert weight * (1 + math.exp(weight)) == pytest.approx(2)
    assert model.intercept == pytest.approx(0)


def test_classes_count_alike() -> None:
    """A thousand negatives beside ten positives do not shift the intercept; one class alone is refused."""
    rows = np.zeros((1010, 1))
    labels = np.array([1.0] * 10 + [0.0] * 1000)
    assert fit_logistic(rows, labels).intercept == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match="both classes"):
        fit_logistic(rows, np.ones(1010))


def made_up(kind: Kind, folder: int, draw: random.Random) -> Asked:
    signals = {name: draw.random() + (kind == "answerable") / 2 for name in SIGNALS}
    return Asked("set", f"set/{folder}", kind, str(folder), signals, 0.5)


def test_a_fold_does_not_see_its_own_folders() -> None:
    """Turning the kinds of one folder round changes other folders' probabilities and not its own."""
    draw = random.Random(3)
    asked = [made_up(kind, folder, draw) for folder in range(5) for kind in KINDS for _ in range(8)]
    other: dict[Kind, Kind] = {"answerable": "other folders", "other folders": "answerable"}
    turned = [replace(a, kind=other.get(a.kind, a.kind)) if a.folder == "set/2" else a for a in asked]
    (_, before), (_, after) = fit_again(asked), fit_again(turned)
    assert before is not None and after is not None
    same = [one == two for one, two in zip(before, after, strict=True)]
    assert same == [item.folder == "set/2" for item in asked]


def test_same_topic_questions_do_not_shape_the_refit() -> None:
    """They are judged by it only; one folder alone cannot be held out."""
    draw = random.Random(4)
    asked = [made_up(kind, folder, draw) for folder in range(3) for kind in KINDS for _ in range(5)]
    without = [item for item in asked if item.kind != "same topic"]
    assert fit_again(asked)[0] == fit_again(without)[0] is not None
    assert fit_again([item for item in asked if item.folder == "set/0"])[1] is None
    assert fit_again([item for item in asked if item.kind == "answerable"]) == (None, None)


def test_questions_about_one_document_are_one_group() -> None:
    """The interval of a share has the number of groups as its n."""
    whole = share([(1.0, "a"), (0.0, "a"), (1.0, "b"), (1.0, "c")])
    assert (whole.value, whole.items, whole.groups) == (0.75, 4, 3)
    assert str(whole) == "0.750 [0.26, 0.96] n 4/3"
    assert str(share([])) == "-"


def test_each_kind_without_an_answer_counts_alike_in_the_fit_of_the_fact() -> None:
    """Ten times as many of one kind, the same ones, change nothing; titles that judge are not looked at."""

    def one(kind: Kind, missing: float, chosen: bool = True) -> Asked:
        fact = dict.fromkeys(FACTS, 0.0) | {"missing": missing}
        return Asked("set", "set/0", kind, "a", {}, 0.5, fact=fact, chosen=chosen)

    few = [
        one("answerable", 0.0),
        one("answerable", 0.3),
        one("same topic", 0.4),
        one("answer passed over", 0.9),
    ]
    many = [*few, *9 * [one("same topic", 0.4)]]
    first, second = fit_fact(few), fit_fact(many)
    assert first is not None and second is not None
    at = FACTS.index("missing")
    assert (
        first.weights[at] < 0 and second.weights[at] < first.weights[at]
    )  # more rows weigh more than the penalty
    third = fit_fact([*many, one("same topic", 0.0, False)])
    assert third is not None and third.weights[at] == pytest.approx(second.weights[at])
    assert fit_fact([one("answerable", 0.0, False), one("same topic", 0.4, False)]) is None
