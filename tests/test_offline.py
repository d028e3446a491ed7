"""The guard that keeps every other test off the network, tested with planted connections."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import netguard_hook
import pytest
from conftest import SEEDS, RunRag

# Reserved for documentation: nothing answers there, and no look-up is needed to try.
ELSEWHERE = "192.0.2.1"


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of its own for attempts that a test makes on purpose."""
    log = tmp_path / "planted.log"
    monkeypatch.setenv(netguard_hook.LOG_VARIABLE, str(log))
    return log


def attempts() -> list[tuple[str, str]]:
    connect = "socket.socket().connect(('{0}', 80))"
    return [
        ("connect", connect),
        ("connect_ex", "socket.socket().connect_ex(('{0}', 80))"),
        ("sendto", "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('{0}', 53))"),
        ("sendmsg", "socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('{0}', 53))"),
        ("getaddrinfo", "socket.getaddrinfo('{0}', 80)"),
        ("look-up", "socket.getaddrinfo('example.invalid', 80)"),
        ("gethostbyname", "socket.gethostbyname('example.invalid')"),
        ("create_connection", "socket.create_connection(('{0}', 80), 1)"),
        ("urllib", "import urllib.request; urllib.request.urlopen('http://{0}/', timeout=1)"),
    ]


@pytest.mark.parametrize(("name", "code"), attempts(), ids=[name for name, _ in attempts()])
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_attempt_in_this_process_is_refused_and_written_down(name: str, code: str, planted: Path) -> None:
    """Every way to reach another machine raises and leaves a line."""
    with pytest.raises(OSError, match="no network in tests"):
        exec(code.format(ELSEWHERE), {"socket": socket})  # noqa: S102 - the attempts are the table above
    assert planted.read_text(encoding="utf-8").strip()


def test_an_attempt_in_a_child_process_is_refused_and_written_down(planted: Path) -> None:
    """The guard reaches Python processes that a test starts, even where they swallow the error."""
    code = f"import socket\ntry:\n    socket.create_connection(('{ELSEWHERE}', 80), 1)\nexcept OSError: pass"
    done = subprocess.run([sys.executable, "-P", "-c", code], env=os.environ.copy(), check=False)
    assert done.returncode == 0
    assert ELSEWHERE in planted.read_text(encoding="utf-8")


def test_this_machine_stays_reachable(planted: Path) -> None:
    """Loopback and Unix sockets work as before."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), 5) as client:
            assert client.getpeername() == server.getsockname()
        assert socket.getaddrinfo("localhost", 80)
    left, right = socket.socketpair(socket.AF_UNIX)
    left.close()
    right.close()
    assert not planted.exists()


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        (None, True),
        (b"localhost", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("localhost.example", False),
        ("127.0.0.1.example", False),
    ],
)
def test_what_counts_as_this_machine(host: object, local: bool) -> None:
    """Only loopback does, however it is written."""
    assert netguard_hook.is_local(host) is local


def test_another_sitecustomize_keeps_its_turn(tmp_path: Path) -> None:
    """The guard's start-up file hides a machine's own, and so runs it."""
    (tmp_path / "sitecustomize.py").write_text("import builtins\nbuiltins.own_turn = True\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(tmp_path)])}
    code = "import builtins, sys; sys.exit(not (builtins.own_turn and 'netguard_hook' in sys.modules))"
    assert subprocess.run([sys.executable, "-P", "-c", code], env=env, check=False).returncode == 0


@pytest.mark.slow
def test_index_and_ask_make_no_attempt(run_rag: RunRag, planted: Path) -> None:
    """Building an index and answering from it need no network, and do not even try."""
    built = run_rag("index", SEEDS)
    assert built.returncode == 0, built.stderr
    asked = run_rag("ask", "How many additional troops were deployed?", "--docs", SEEDS, "--json")
    assert asked.returncode == 0, asked.stderr
    assert not planted.exists(), planted.read_text(encoding="utf-8")
