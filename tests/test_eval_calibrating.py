"""`rag eval calibrate SET`: figures on dev items, the curve, and support thresholds for a way of wording."""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from eval_cases import write
from typer.testing import CliRunner

from eval.calibrating import OnQuestions, leaving_in, on_questions, write_curve
from eval.drafts import item
from eval.errors import EvalSetupError
from eval.expected import Expected
from eval.support_fit import FEWEST, fit_told
from index.settings import IndexSettings
from rag import Rag, load_settings
from rag.generators import Evidence, Output, Statement
from ui.cli import app

METALS = ("copper", "tin", "lead", "zinc", "brass", "iron", "steel", "bronze")
OTHER_WORDS = ("nearby", "mended", "lengthy", "season", "builders", "solid", "covering", "eventually")


class Rewording:
    """A generator that finds the evidence and says every third word of it in words of its own."""

    name = "rewording"

    def generate(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Output]:
        asked = set(question.rstrip("?").split())
        best = max(evidence, key=lambda one: len(asked & set(one.text.rstrip(".").split())))
        words = best.text.rstrip(".").split()
        draw = random.Random(best.text)
        kept = [
            word if word in METALS or at % 3 else draw.choice(OTHER_WORDS) for at, word in enumerate(words)
        ]
        yield Statement(f"{' '.join(kept).capitalize()}.", (best.number,))


def harbours(folder: Path, count: int) -> tuple[Path, list[dict[str, object]]]:
    """Documents in invented lower-case words, each with one sentence that is asked about."""
    docs = folder / "docs"
    docs.mkdir()
    draw = random.Random(5)
    rows = []
    for at in range(count):
        words = [
            "".join(draw.choice("bdfgklmnprst") + draw.choice("aeiou") for _ in range(3)) for _ in range(14)
        ]
        metal = draw.choice(METALS)
        told = f"the {' '.join(words[:5])} was roofed with {metal} before the {' '.join(words[5:8])} came."
        others = f"the {' '.join(words[:3])} was once roofed with {' '.join(words[8:])} before they left."
        (docs / f"d{at:03}.txt").write_text(f"{told.capitalize()} {others.capitalize()}\n", encoding="utf-8")
        expected = Expected((metal,), (told.capitalize(),), f"d{at:03}.txt")
        made = item(
            f"q{at:03}", f"the {' '.join(words[:5])} was roofed with what?", expected, docs, IndexSettings()
        )
        rows.append(made.model_dump(mode="json", by_alias=True))
    return docs, rows


def asked(path: Path, docs: Path, folder: Path) -> OnQuestions:
    settings = load_settings(docs=docs, home=folder / "home", index={"encoder": "hash:"})
    whole = settings.model_copy(update={"answer": leaving_in(settings.answer)})
    two = (
        Rag.open(docs, index=folder / "index", settings=one, generator=Rewording())
        for one in (settings, whole)
    )
    return on_questions(path, *two)


def test_support_is_fitted_to_a_generator_that_rewords(tmp_path: Path) -> None:
    """Its true sentences fall below the shipped threshold; the one found holds on groups it did not see."""
    docs, rows = harbours(tmp_path, 3 * FEWEST)
    found = asked(write(tmp_path / "my.jsonl", rows), docs, tmp_path)
    fit = found.support
    assert (
        fit.best is not None and fit.now is not None and fit.then is not None and fit.best_partly is not None
    )
    assert (fit.support, fit.groups) == (0.73, 3 * FEWEST)
    assert fit.best_partly <= fit.best < fit.support
    assert fit.then > fit.now + 0.2
    assert f"support = {fit.best:g}" in fit_told(fit)
    assert {figure.metric: figure.value for figure in found.figures}["over_abstention"] == 0.05
    assert found.curve == (), "this generator states no confidence"
    kept = json.loads(write_curve(found, tmp_path / "out").read_text(encoding="utf-8"))
    assert kept["support"]["best"] == fit.best


def test_too_few_pairs_fit_nothing(tmp_path: Path) -> None:
    """It says so, and nothing is to be changed; a set without dev items is refused."""
    docs, rows = harbours(tmp_path, 4)
    found = asked(write(tmp_path / "my.jsonl", rows), docs, tmp_path)
    assert found.support.best is None
    assert "Too few to fit" in fit_told(found.support)
    held = [{**one, "split": "heldout"} for one in rows]
    with pytest.raises(EvalSetupError, match="no dev items"):
        asked(write(tmp_path / "held.jsonl", held), docs, tmp_path)


def test_the_command_asks_a_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A threshold as before, and what it does on the set."""
    docs, rows = harbours(tmp_path, 6)
    monkeypatch.setenv("RAG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RAG_INDEX__ENCODER", "hash:")
    path, runner = write(tmp_path / "my.jsonl", rows), CliRunner()
    done = runner.invoke(app, ["eval", "calibrate", str(path), "--docs", str(docs)])
    assert done.exit_code == 0, done.output
    assert "over_abstention" in done.stdout
    assert "Support of extractive" in done.stdout
    told = runner.invoke(app, ["eval", "calibrate", str(path), "--docs", str(docs), "--json"])
    found = json.loads(told.stdout)["questions_asked"]
    assert (found["items"], found["curve"][-1][0]) == (6, 1.0)
