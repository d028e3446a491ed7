"""Run every check in parts, show what each part took, and name a part that is over its budget.

`make test` calls this; it needs only the standard library. A part over its budget is named and does
not fail: the budgets hold for two cores, and machines differ. Names of parts can be given as
arguments; `--long` runs the long forms.
"""

# A report on the terminal is what this file is for.
# ruff: noqa: T201

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FERRY = ("eval/sets/ferry.jsonl", "--docs", "eval/corpora/ferry")
OBSERVATORY = ("eval/sets/observatory.jsonl", "--docs", "eval/corpora/observatory")
SCRATCH = ROOT / ".tmp"
NETGUARD = ROOT / "tests" / "netguard"
NETGUARD_LOG = SCRATCH / "netguard.log"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CURE = "install a browser (on Debian: apt-get install chromium) or set CHROMIUM to the path of one"
STEERING = ("RAG_REQUIRE_BROWSER", "RAG_SHOTS")
NONE_COLLECTED = 5


@dataclass(frozen=True)
class Part:
    """One row of the table.

    Attributes:
        command: Arguments for this Python.
        budget: Seconds on two cores, or None for a part without one.
        may_be_empty: Whether a marker that no test carries yet is fine.
    """

    name: str
    command: tuple[str, ...]
    budget: int | None = None
    may_be_empty: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a part; `code` is None where it was not run."""

    part: Part
    seconds: float
    code: int | None
    note: str = ""

    @property
    def failed(self) -> bool:
        """Whether the part counts against the run."""
        empty = self.part.may_be_empty and self.code == NONE_COLLECTED
        return self.code not in (0, None) and not empty


def parts(long: bool) -> tuple[Part, ...]:
    """Every part in the order in which they run: the quick ones first."""
    pytest = ("-m", "pytest", "-q", "--durations=5", *(("--long",) if long else ()), "-m")
    # Whole files to a process, so that what a file sets up once is set up once.
    in_two = (*pytest[:2], "-n2", "--dist=loadfile", *pytest[2:])
    return (
        Part("lint", ("-m", "ruff", "check", ".")),
        Part("types", ("-m", "mypy")),
        Part("unit", (*in_two, "not browser and not kill and not install"), 600),
        Part("install", (*pytest, "install"), 300),
        Part("kill", (*pytest, "kill"), 120, may_be_empty=True),
        Part("browser", (*pytest, "browser"), 360),
        Part("eval gate", ("-m", "ui", "eval", "run"), 120),
        Part("eval gate 2", ("-m", "ui", "eval", "run", *FERRY), 120),
        Part("eval gate 3", ("-m", "ui", "eval", "run", *OBSERVATORY), 120),
    )


def environment() -> dict[str, str]:
    """The environment of every part: network guard on, scratch folders, none of the user's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    path = os.pathsep.join(filter(None, (str(NETGUARD), kept.get("PYTHONPATH"))))
    return kept | {
        "PYTHONPATH": path,
        "NETGUARD_LOG": str(NETGUARD_LOG),
        "RAG_HOME": str(SCRATCH / "home"),
        "RAG_MODELS": str(SCRATCH / "test-models"),
    }


def run(part: Part, env: dict[str, str]) -> Outcome:
    """Run one part; its output goes straight through."""
    print(f"\n── {part.name} ".ljust(78, "─"), flush=True)
    began = time.monotonic()
    code = subprocess.run([sys.executable, *part.command], cwd=ROOT, env=env, check=False).returncode
    note = "nothing to run yet" if code == NONE_COLLECTED and part.may_be_empty else ""
    return Outcome(part, time.monotonic() - began, code, note)


def find_browser() -> str | None:
    """The path of a browser: the one that CHROMIUM names, or one on PATH."""
    names = (os.environ.get("CHROMIUM"), *BROWSERS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def install_browser() -> str | None:
    """Debian's chromium, where this is a Debian and packages can be installed without asking."""
    if not (_debian() and shutil.which("apt-get")):
        return None
    as_root = () if os.geteuid() == 0 else ("sudo", "-n")
    if as_root and not (shutil.which("sudo") and _succeeds(*as_root, "true")):
        return None
    print("No browser found: installing Debian's chromium …", flush=True)
    apt = (*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq")
    _succeeds(*apt, "update")
    installed = _succeeds(*apt, "install", "-y", "--no-install-recommends", "chromium")
    return shutil.which("chromium") if installed else None


def _debian() -> bool:
    release = Path("/etc/os-release")
    return release.is_file() and "ID=debian" in release.read_text(encoding="utf-8").splitlines()


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


def run_browser(part: Part, env: dict[str, str]) -> Outcome:
    """Run the browser part where there is a browser; without one, skip, or fail where one is required."""
    required = os.environ.get("RAG_REQUIRE_BROWSER", "") not in ("", "0")
    found = find_browser() or install_browser()
    if found is None:
        print(f"\nBrowser tests {'fail' if required else 'are skipped'}: no browser; {CURE}.", flush=True)
        return Outcome(part, 0.0, 1 if required else None, f"no browser; {CURE}")
    # Only pytest may see these two: to the program an unknown RAG_ name is a mistake in the settings.
    steering = {name: os.environ[name] for name in STEERING if name in os.environ}
    return run(part, env | steering | {"CHROMIUM": found})


def set_up() -> Outcome | None:
    """The row for the installation, whose seconds the Makefile leaves in its stamp."""
    stamps = sorted(Path(sys.prefix).glob("ready-test-*"))
    try:
        seconds = float(stamps[-1].read_text(encoding="utf-8"))
    except (IndexError, ValueError):
        return None
    return Outcome(Part("set-up", (), 300), seconds, 0, "once, when .venv was made")


def table(outcomes: Sequence[Outcome]) -> str:
    """Part, seconds, budget and what to know about it, one row each, then the parts over budget."""
    rows = [f"{'part':<11}{'seconds':>8}{'budget':>8}  outcome"]
    over = []
    for outcome in outcomes:
        part, budget = outcome.part, outcome.part.budget
        word = "not run" if outcome.code is None else "FAILED" if outcome.failed else "ok"
        if budget is not None and outcome.seconds > budget:
            over.append(f"{part.name} ({outcome.seconds:.0f} s of {budget})")
        told = f"{word} ({outcome.note})" if outcome.note else word
        rows.append(f"{part.name:<11}{outcome.seconds:>8.1f}{budget or '-':>8}  {told}")
    if over:
        rows.append(f"Over budget: {', '.join(over)}.")
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> int:
    """Run the parts named in `arguments`, or all; 1 when any of them failed."""
    wanted = [name for name in arguments if name != "--long"]
    known = parts("--long" in arguments)
    if unknown := set(wanted) - {part.name for part in known}:
        print(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(p.name for p in known)}")
        return 2
    SCRATCH.mkdir(exist_ok=True)
    NETGUARD_LOG.unlink(missing_ok=True)
    env = environment()
    outcomes = [row] if (row := set_up()) else []
    for part in known:
        if not wanted or part.name in wanted:
            outcomes.append(run_browser(part, env) if part.name == "browser" else run(part, env))
    print(f"\n{table(outcomes)}")
    refused = NETGUARD_LOG.read_text(encoding="utf-8") if NETGUARD_LOG.exists() else ""
    if refused:
        print(f"\nRefused attempts to leave this machine:\n{refused}", file=sys.stderr)
    return 1 if refused or any(outcome.failed for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
