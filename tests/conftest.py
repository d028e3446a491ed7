"""What every test stands on: no network, none of the user's settings, default paths in temporary folders."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

REPO = Path(__file__).resolve().parent.parent
SEEDS = REPO / "seeds"
NETGUARD = REPO / "tests" / "netguard"

sys.path.insert(0, str(NETGUARD))
import netguard_hook  # noqa: E402 - only importable once its folder is on the path

if TYPE_CHECKING:
    from eval.runner import RunResult
    from rag import Rag

pytest_plugins = ["chats"]

# These two steer the tests. The program refuses unknown RAG_ names, so it must not see them; nor may
# settings of the user's decide what is tested.
REQUIRE_BROWSER = os.environ.pop("RAG_REQUIRE_BROWSER", "") not in ("", "0")
SHOTS = os.environ.pop("RAG_SHOTS", "")
_MODELS = os.environ.get("RAG_MODELS") or str(REPO / ".tmp" / "test-models")
for _name in [name for name in os.environ if name.startswith("RAG_")]:
    del os.environ[_name]
os.environ["RAG_MODELS"] = _MODELS
_paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([str(NETGUARD), *_paths]))
netguard_hook.install()

hypothesis_settings.register_profile("short", deadline=None, derandomize=True, max_examples=50)
hypothesis_settings.register_profile("long", deadline=None, derandomize=True, max_examples=1000)

RunRag = Callable[..., subprocess.CompletedProcess[str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long forms (make test-all)")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis_settings.load_profile("long" if config.getoption("--long") else "short")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where a browser is required, a browser test that is skipped has failed."""
    report = yield
    if REQUIRE_BROWSER and report.skipped and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"skipped although RAG_REQUIRE_BROWSER is set: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, and no process a test starts, may have tried to leave this machine."""
    os.environ["RAG_HOME"] = str(tmp_path_factory.mktemp("rag-home"))
    log = tmp_path_factory.mktemp("netguard") / "refused.log"
    os.environ[netguard_hook.LOG_VARIABLE] = str(log)
    yield
    if log.exists():
        pytest.fail(f"attempts to leave this machine were refused:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def long_form(pytestconfig: pytest.Config) -> bool:
    """Whether this run is `make test-all`."""
    return bool(pytestconfig.getoption("--long"))


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_HOME", str(tmp_path / "rag-home"))


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A built index of the seeds, shared by the session: read it, never change it."""
    from index import build_index

    address = str(tmp_path_factory.mktemp("seeds") / "index")
    build_index(SEEDS, address)
    return address


@pytest.fixture(scope="session")
def seeds_rag(seeds_index: str) -> "Rag":
    """The seeds, opened on the shared index."""
    from rag import Rag

    return Rag.open(SEEDS, index=seeds_index)


@pytest.fixture(scope="session")
def seeds_run(seeds_rag: "Rag") -> "RunResult":
    """The shipped set, asked once for the session."""
    from eval.questions import default_set, load_questions
    from eval.runner import run

    return run(load_questions(default_set(), SEEDS), seeds_rag)


@pytest.fixture
def run_rag(tmp_path: Path) -> RunRag:
    """Runs the command line in a process of its own: `run_rag("ask", "…", cwd=…, env={…})`."""

    def run(*args: object, cwd: Path | None = None, env: dict[str, str] | None = None, **options: Any) -> Any:
        path = os.pathsep.join([os.environ["PYTHONPATH"], str(REPO)])
        return subprocess.run(
            [sys.executable, "-P", "-m", "ui", *map(str, args)],
            cwd=cwd or tmp_path,
            env={**os.environ, "PYTHONPATH": path, **(env or {})},
            **{"capture_output": True, "text": True, "encoding": "utf-8", "timeout": 300, **options},
            check=False,
        )

    return run


@pytest.fixture
def rag_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunRag:
    """Like `run_rag`, in this process: where a process of its own is not what is tested."""
    from ui.cli import main

    def run(*args: object) -> subprocess.CompletedProcess[str]:
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr(sys, "argv", ["rag", *map(str, args)])
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
            raise SystemExit(0)
        return subprocess.CompletedProcess(args, int(ended.value.code or 0), out.getvalue(), err.getvalue())

    monkeypatch.chdir(tmp_path)
    return run


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser; without one the test is skipped, or fails where a browser is required."""
    from checks import CURE, find_browser

    found = find_browser()
    if found is None:
        pytest.skip(f"no browser; {CURE}")
    return found
