"""Training and cross-validating the page model, on made-up pages."""

import json
import random
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from eval.bench.clean import bench_clean, kept_lines, train_on
from eval.bench.clean_pages import Page
from eval.bench.clean_train import Sample, cross_validate, folds_of, sample_of, site_of, train
from eval.errors import EvalSetupError
from index.errors import MissingExtra
from index.page_model import read_model
from ui.cli import app

pytest.importorskip("sklearn")
WORDS = (
    "the of and a river bridge town council said that water was for with market old road by winter".split()
)


def page(seed: int, host: str) -> dict[str, object]:
    """A menu, some prose, related stories: words drawn with a seed."""
    draw = random.Random(seed)

    def line(size: int) -> str:
        return " ".join(draw.choice(WORDS) for _ in range(size)).capitalize()

    menu = [
        "Advertisement",
        "Share this article",
        *(line(draw.randint(1, 2)) for _ in range(draw.randint(4, 12))),
    ]
    prose = [line(draw.randint(20, 60)) + "." for _ in range(draw.randint(3, 8))]
    foot = [line(draw.randint(2, 6)) for _ in range(draw.randint(4, 12))]
    keep = [0] * len(menu) + [1] * len(prose) + [0] * len(foot)
    return {"id": str(seed), "url_host": host, "lines": [*menu, *prose, *foot], "keep": keep}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pages")
    rows = [page(seed, f"www.site{seed % 6}.example") for seed in range(12)]
    (place / "dev.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return [sample_of(Page.model_validate(page(seed, f"www.site{seed % 6}.example"))) for seed in range(12)]


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.a.com", "a.com"),
        ("blog.a.com", "a.com"),
        ("news.a.co.uk", "a.co.uk"),
        ("a.de", "a.de"),
        ("", ""),
    ],
)
def test_a_site_is_the_registered_name(host: str, site: str) -> None:
    """Sub-domains of one site stay together."""
    assert site_of(host) == site


def test_a_fold_never_shares_a_site_with_the_rest(samples: list[Sample]) -> None:
    """Every page is held out once, and its site with it."""
    parts = folds_of(samples, 4, seed=3)
    assert sorted(at for part in parts for at in part) == list(range(len(samples)))
    for part in parts:
        inside = {samples[at].site for at in part}
        assert not inside & {one.site for at, one in enumerate(samples) if at not in part}


def test_labels_follow_the_lines() -> None:
    """A block is body if most of its characters are; sizes are those of the blocks."""
    found = sample_of(Page(lines=("Home", "", "  A line of text.  "), keep=(False, False, True)))
    assert found.gold.tolist() == [False, True]
    assert found.size.tolist() == [4.0, 15.0]
    assert len(found.copies) == 2


@pytest.mark.slow
def test_training_is_repeatable_and_survives_json(samples: list[Sample]) -> None:
    """The same pages and seed give the same file; read back it says the same."""
    first, second = train(samples, seed=1), train(samples, seed=1)
    text = json.dumps(first.to_dict())
    assert text == json.dumps(second.to_dict())
    back = read_model(json.loads(text))
    figures = samples[0].copies[0]
    assert np.array_equal(back.chances_of(figures), first.chances_of(figures))


@pytest.mark.slow
def test_exported_trees_say_what_the_library_says(
    samples: list[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chance from the table is the chance from scikit-learn, but for rounding."""
    from sklearn.ensemble import GradientBoostingClassifier

    from eval.bench import clean_train

    kept = []

    class Kept(GradientBoostingClassifier):  # type: ignore[misc]  # the package ships no types
        def __init__(self, **given: object) -> None:
            super().__init__(**given)
            kept.append(self)

    monkeypatch.setattr(clean_train, "_classifier", lambda: Kept)
    made = clean_train._first(samples, 0)
    for sample in samples:
        expected = kept[0].predict_proba(sample.copies[0])[:, 1]
        assert made.chance(sample.copies[0]) == pytest.approx(expected, abs=1e-3)


@pytest.mark.slow
def test_held_out_pages_are_judged_by_models_that_never_saw_their_site(folder: Path) -> None:
    """On easy pages the held-out figures are near perfect, and come first in the report."""
    report = bench_clean(folder, crossed=True, folds=3)
    whole = report.methods[0].together
    assert report.methods[0].name == "trained without the page's site"
    assert whole.recall > 0.95 and whole.f1 > 0.9
    plain = report.to_dict()
    assert plain["methods"]["keep every line"]["micro"]["recall"] == 1.0
    assert {"advert", "share"} <= plain["reasons"].keys()
    assert all(len(row) == len(sheet.headings) for sheet in report.sheets() for row in sheet.rows)


def test_pages_of_one_site_or_of_one_kind_cannot_be_trained_on(samples: list[Sample]) -> None:
    """Each lack has its sentence."""
    with pytest.raises(ValueError, match="two sites"):
        train(samples[:1])
    empty = [Sample(s.site, s.size, np.zeros_like(s.gold), s.worded, s.copies) for s in samples]
    with pytest.raises(ValueError, match="no body"):
        cross_validate(empty, folds=2)


def test_a_missing_library_is_named(samples: list[Sample], monkeypatch: pytest.MonkeyPatch) -> None:
    """Training says what to install."""
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delitem(sys.modules, "sklearn.ensemble", raising=False)
    with pytest.raises(MissingExtra, match=r"cited-rag\[dev\]"):
        train(samples)


@pytest.mark.slow
def test_the_command_writes_a_model_that_the_program_reads(folder: Path, tmp_path: Path) -> None:
    """`rag bench clean --train FILE` prints the cross-validated table and writes the weights."""
    out = tmp_path / "model.json"
    done = CliRunner().invoke(
        app, ["bench", "clean", "--data", str(folder), "--folds", "2", "--train", str(out)]
    )
    assert done.exit_code == 0, done.output
    assert "trained without the page's site" in done.stdout
    model = read_model(json.loads(out.read_text(encoding="utf-8")))
    lines = [str(line) for line in page(99, "")["lines"]]  # type: ignore[attr-defined]  # an object
    assert any(kept_lines(lines, model))
    (tmp_path / "dev.jsonl").write_text(json.dumps({"lines": ["a"], "keep": [1]}), encoding="utf-8")
    with pytest.raises(EvalSetupError, match="two sites"):
        train_on(tmp_path)
