"""The settings tree: which source wins, what is refused, and how the refusal helps."""

import re
from pathlib import Path
from typing import Any

import pytest

from index.errors import SettingsError
from rag import load_settings
from rag.settings import known_keys


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def toml(text: str) -> None:
    Path("rag.toml").write_text(text, encoding="utf-8")


def test_each_source_over_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments beat the environment, that beats rag.toml, and that beats the defaults."""
    assert load_settings().retrieval.k == 8
    toml("[retrieval]\nk = 11\n")
    assert load_settings().retrieval.k == 11
    monkeypatch.setenv("RAG_RETRIEVAL__K", "12")
    assert load_settings().retrieval.k == 12
    assert load_settings(retrieval={"k": 13}).retrieval.k == 13


def test_sources_mix_inside_a_section(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that sets one key of a section leaves the others to the sources below it."""
    toml("generator = 'extractive'\n[retrieval]\nk = 11\ncandidates = 50\n")
    monkeypatch.setenv("RAG_RETRIEVAL__K", "12")
    retrieval = load_settings(retrieval={"dense_weight": 0.25}).retrieval
    assert (retrieval.k, retrieval.candidates, retrieval.dense_weight) == (12, 50, 0.25)


def test_an_argument_of_none_is_not_given() -> None:
    """None stands for "no argument", so that faces can pass their options on."""
    toml("docs = 'papers'\n")
    assert load_settings(docs=None).docs == Path("papers")


@pytest.mark.parametrize(
    ("text", "unknown", "nearest"),
    [
        ("generater = 'x'\n", "generater", "generator"),
        ("[retrieval]\ncandidate = 50\n", "retrieval.candidate", "retrieval.candidates"),
        ("[anser]\nthreshold = 0.5\n", "anser", "answer"),
        ("[index]\nchunk_token = 64\n", "index.chunk_token", "index.chunk_tokens"),
    ],
)
def test_an_unknown_key_in_the_file(text: str, unknown: str, nearest: str) -> None:
    """A key nobody knows is named with the nearest that is known."""
    toml(text)
    with pytest.raises(SettingsError, match=rf"unknown setting '{unknown}'; did you mean {nearest}"):
        load_settings()


def test_an_unknown_name_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A RAG_ variable nobody knows is named with the nearest that is known."""
    monkeypatch.setenv("RAG_RETRIEVAL__CANDIDATE", "50")
    with pytest.raises(
        SettingsError, match=r"RAG_RETRIEVAL__CANDIDATE .*did you mean RAG_RETRIEVAL__CANDIDATES"
    ):
        load_settings()


def test_an_unknown_argument() -> None:
    """An argument nobody knows is named with the nearest that is known, also inside a section."""
    with pytest.raises(SettingsError, match=r"'generatr'; did you mean generator"):
        load_settings(generatr="x")
    with pytest.raises(SettingsError, match=r"'answer.treshold'; did you mean answer.threshold"):
        load_settings(answer={"treshold": 0.5})


@pytest.mark.parametrize("name", ["RAG_QQQQQQQQQQQQQQQQ", "RAG_KK"])
def test_a_name_like_nothing_has_no_suggestion(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No suggestion is better than an absurd one; the prefix that all share is no likeness."""
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError, match=r"in the environment$"):
        load_settings()


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("retrieval", "k", 0),
        ("retrieval", "k", 101),
        ("retrieval", "candidates", 9),
        ("retrieval", "dense_weight", 1.01),
        ("retrieval", "dense_weight", float("nan")),
        ("answer", "threshold", -0.1),
        ("answer", "threshold", float("inf")),
        ("answer", "sentences", 0),
        ("answer", "max_question", 20_001),
        ("index", "chunk_tokens", 31),
        ("index", "max_file_mb", 0),
        ("retrieval", "k", "many"),
    ],
)
def test_bounds(section: str, key: str, value: Any) -> None:
    """A value out of its bounds is refused with its key and the value."""
    with pytest.raises(SettingsError, match=rf"setting '{section}.{key}': .*got {re.escape(repr(value))}"):
        load_settings(**{section: {key: value}})


def test_bounds_hold_in_every_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file and the environment are bounded as arguments are."""
    toml("[retrieval]\nk = 1000\n")
    with pytest.raises(SettingsError, match=r"retrieval\.k"):
        load_settings()
    Path("rag.toml").unlink()
    monkeypatch.setenv("RAG_RETRIEVAL__K", "1000")
    with pytest.raises(SettingsError, match=r"retrieval\.k"):
        load_settings()


def test_every_fault_is_named_at_once() -> None:
    """Two faults are told in one go."""
    with pytest.raises(SettingsError, match=r"retrieval\.k.*; .*answer\.threshold"):
        load_settings(retrieval={"k": 0}, answer={"threshold": 2})


@pytest.mark.parametrize("content", [b"[retrieval\nk = 3", b"k = = 3", b"docs = '\xff\xfe'"])
def test_a_file_that_is_no_toml(content: bytes) -> None:
    """A rag.toml that cannot be read is an error that names it, not a silence."""
    Path("rag.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"rag\.toml cannot be used"):
        load_settings()


def test_settings_do_not_change() -> None:
    """The tree is frozen: what was checked is what is used."""
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.generator = "x"
    with pytest.raises(ValueError, match="frozen"):
        settings.retrieval.k = 3


def test_every_key_can_be_set_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each known key has a RAG_ name that is not refused as unknown."""
    for key in known_keys():
        name = "RAG_" + key.replace(".", "__").upper()
        with monkeypatch.context() as patch:
            patch.setenv(name, "?")
            try:
                load_settings()
            except SettingsError as error:
                assert "unknown setting" not in str(error)
