"""Opening a generator: those of other packages, missing extras, and that a model is loaded once."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import REPO, RunRag
from generator_room import QUESTION, check_exact, small_rag
from scripted_server import openai_reply, scripted

from index.errors import GeneratorError, MissingExtra, SettingsError
from rag.generators import Evidence, Generator, Statement
from rag.generators.openai_api import OpenAIChat
from rag.generators.remote import endpoint

MODULE = """
from rag.generators import Statement

class Parrot:
    def __init__(self, argument):
        self.name = f"parrot:{argument}"

    def generate(self, question, evidence):
        yield Statement(evidence[0].text, (evidence[0].number,))

def make(argument, index, settings):
    if argument == "none":
        return None
    if argument:
        return Parrot(argument)
    raise RuntimeError("no\\nargument")
"""


@pytest.fixture
def others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another package, as pip would install it."""
    site = tmp_path / "site"
    info = site / "parrot_generator-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot-generator\nVersion: 1.0\n")
    points = "[rag.generators]\nparrot = parrot_generator:make\nbroken = no_such_module_at_all:make\n"
    (info / "entry_points.txt").write_text(points)
    (site / "parrot_generator.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(site))
    return site


def test_a_generator_of_another_package(tmp_path: Path, others: Path) -> None:
    """What a package registers can be named; its argument reaches it, its answers are checked like any."""
    answer = small_rag(tmp_path, "parrot:green:1").ask(QUESTION)
    assert answer.trace.generator == "parrot:green:1" and answer.status == "answered"
    check_exact(answer)


def test_a_generator_that_cannot_be_loaded(tmp_path: Path, others: Path) -> None:
    """The package is named, and an unknown name lists the registered ones too."""
    with pytest.raises(GeneratorError, match=r"'broken' of 'no_such_module_at_all:make' cannot be loaded"):
        small_rag(tmp_path, "broken")
    with pytest.raises(SettingsError, match=r"there is: extractive, openai:MODEL\[@URL\], .*broken, parrot"):
        small_rag(tmp_path, "carrot")


def test_a_generator_that_cannot_be_made(tmp_path: Path, others: Path) -> None:
    """What its maker raises or makes is told when the program opens, with the address that was given."""
    with pytest.raises(
        GeneratorError, match=r"^the generator 'parrot:' broke down \(RuntimeError: no argument"
    ):
        small_rag(tmp_path, "parrot:")
    with pytest.raises(GeneratorError, match=r"'parrot:none' stands for is no generator \(NoneType\)"):
        small_rag(tmp_path, "parrot:none")


@pytest.mark.parametrize(
    ("address", "module", "extra"),
    [
        ("openai:m@http://127.0.0.1:9/v1", "openai", "openai"),
        ("anthropic:m@http://127.0.0.1:9", "anthropic", "anthropic"),
        ("gguf:m.gguf", "xllamacpp", "gguf"),
    ],
)
def test_a_missing_extra_names_itself(
    tmp_path: Path, address: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its package a generator does not open, and says what to install."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == module else find(name, *rest)
    )
    with pytest.raises(MissingExtra, match=rf"needs the package {module}.*cited-rag\[{extra}\]"):
        small_rag(tmp_path, address)


def test_no_sdk_is_imported_unless_used() -> None:
    """The extractive path knows nothing of the SDKs."""
    code = (
        "import sys, rag.pipeline, rag.generators.extractive, rag.rewrite, rag.teller;"
        "print(*sorted({'openai', 'anthropic', 'xllamacpp', 'httpx2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("http://203.0.113.7/v1", False),
        ("http://models.example.org/v1", False),
        ("http://[2001:db8::1]/v1", False),
        ("http://172.32.0.1/v1", False),
        ("http://evil.local.example.org", False),
        ("https://models.example.org/v1", True),
        ("http://127.0.0.1:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://192.168.1.20:11434/v1", True),
        ("http://[fd00::5]/v1", True),
        ("http://ollama:11434/v1", True),
        ("http://box.local/v1", True),
    ],
)
def test_a_key_never_goes_out_in_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, near: bool
) -> None:
    """Plain http is for this machine and its own network; elsewhere it is refused before anything is sent."""
    monkeypatch.setenv("A_KEY", "canary")
    if near:
        assert endpoint("openai", f"m@{address}", "", "A_KEY").url == address
        return
    with pytest.raises(SettingsError, match="in clear beyond your own network; use an https://") as refused:
        endpoint("openai", f"m@{address}", "", "A_KEY")
    assert "canary" not in str(refused.value)


def test_a_model_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question of one `Rag` goes to the same model."""
    opened: list[str] = []
    original = OpenAIChat.__init__

    def counted(self: OpenAIChat, argument: str, settings: Any) -> None:
        opened.append(argument)
        original(self, argument, settings)

    monkeypatch.setattr(OpenAIChat, "__init__", counted)
    with scripted(openai_reply(["CANNOT_ANSWER"])) as server:
        rag = small_rag(tmp_path, f"openai:m@{server.url}")
        rag.ask(QUESTION)
        rag.ask(QUESTION)
    assert len(opened) == 1


def test_an_iterator_is_closed_with_the_stream(tmp_path: Path) -> None:
    """A generator of one's own learns that nobody listens any more."""
    closed: list[bool] = []

    class Endless:
        name = "endless"

        def generate(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Statement]:
            try:
                while True:
                    yield Statement(evidence[0].text, (evidence[0].number,))
                    yield Statement(evidence[1].text, (evidence[1].number,))
            finally:
                closed.append(True)

    generator: Generator = Endless()
    stream = small_rag(tmp_path, generator).stream(QUESTION)
    for _ in range(3):
        next(stream)
    stream.close()  # type: ignore[attr-defined]  # a generator, typed as the iterator it is used as
    assert closed == [True]


@pytest.mark.slow
def test_the_command_line_shows_what_it_took(run_rag: RunRag, tmp_path: Path) -> None:
    """`rag ask --generator openai:…` prints tokens and cost, and a failure is one paragraph with code 5."""
    small_rag(tmp_path)
    prices = {"RAG_ANSWER__INPUT_PRICE": "2", "RAG_ANSWER__OUTPUT_PRICE": "10", "RAG_INDEX__ENCODER": "hash:"}
    reply = openai_reply(["The Quillmere lighthouse was painted by 17 volunteers [1]. ", "It is blue [1]."])
    with scripted(reply) as server:
        command = ("ask", QUESTION, "--docs", tmp_path / "docs", "--generator", f"openai:m@{server.url}")
        done = run_rag(*command, env=prices)
    assert done.returncode == 0, done.stderr
    assert "120 tokens read, 30 written, $0.00054" in done.stdout and "17 volunteers. [1]" in done.stdout
    assert "1 sentence was left out: no evidence" in done.stdout and "blue" not in done.stdout
    failed = run_rag(*command, env=prices)
    assert (
        failed.returncode == 5 and "cannot be reached" in failed.stderr and "Traceback" not in failed.stderr
    )
