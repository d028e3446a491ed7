"""The script behind `make test`: what counts as failed, what is named, and what each part may see."""

import os
import subprocess
import sys
from pathlib import Path

import checks
import pytest
from checks import Outcome, Part, environment, parts, run_browser, table
from conftest import NETGUARD, REPO


@pytest.mark.parametrize(
    ("code", "may_be_empty", "failed"),
    [
        (0, False, False),
        (1, False, True),
        (5, False, True),
        (5, True, False),
        (1, True, True),
        (None, False, False),
    ],
)
def test_what_counts_as_failed(code: int | None, may_be_empty: bool, failed: bool) -> None:
    """An empty part fails unless it may be empty; a part that was not run does not."""
    assert Outcome(Part("x", (), None, may_be_empty), 1.0, code).failed is failed


def test_a_part_over_its_budget_is_named_and_passes() -> None:
    """Slow is told, not punished."""
    slow, quick = Outcome(Part("slow", (), 10), 12.0, 0), Outcome(Part("quick", (), 10), 9.0, 0)
    told = table([slow, quick])
    assert told.splitlines()[-1] == "Over budget: slow (12 s of 10)."
    assert "FAILED" not in told
    assert "Over budget" not in table([quick])


def test_a_part_sees_the_guard_and_none_of_the_users_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network guard is on the path; RAG_ names are those of the scratch folders alone."""
    monkeypatch.setenv("RAG_GENERATOR", "mine")
    monkeypatch.setenv("RAG_REQUIRE_BROWSER", "1")
    env = environment()
    assert {name for name in env if name.startswith("RAG_")} == {"RAG_HOME", "RAG_MODELS"}
    assert str(NETGUARD) in env["PYTHONPATH"].split(os.pathsep)


def test_every_test_belongs_to_exactly_one_part() -> None:
    """The markers that a part selects are the ones that the unit part leaves out."""
    selected = {part.name: part.command[-1] for part in parts(long=False) if "pytest" in part.command}
    unit = selected.pop("unit")
    assert set(selected.values()) == set(unit.replace("not ", "").split(" and "))


@pytest.mark.parametrize(("required", "failed"), [("1", True), ("", False), ("0", False)])
def test_without_a_browser_the_part_is_skipped_or_fails(
    required: str, failed: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Either way the cure is printed."""
    monkeypatch.setenv("RAG_REQUIRE_BROWSER", required)
    monkeypatch.setattr(checks, "find_browser", lambda: None)
    monkeypatch.setattr(checks, "install_browser", lambda: None)
    outcome = run_browser(Part("browser", ()), {})
    assert outcome.failed is failed
    assert checks.CURE in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(("required", "outcome"), [("1", "1 failed"), ("", "1 skipped")])
def test_a_skipped_browser_test_fails_where_a_browser_is_required(
    required: str, outcome: str, tmp_path: Path
) -> None:
    """Whatever made it skip."""
    planted = tmp_path / "test_planted.py"
    planted.write_text("import pytest\n@pytest.mark.browser\ndef test_x():\n    pytest.skip('no')\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "conftest",
        "-c",
        str(REPO / "pyproject.toml"),
        str(planted),
    ]
    path = os.pathsep.join([str(REPO / "tests"), os.environ["PYTHONPATH"]])
    env = {**os.environ, "PYTHONPATH": path, "RAG_REQUIRE_BROWSER": required}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert outcome in done.stdout, done.stdout + done.stderr
