"""What each failure of a model's server is called, and that no key ever shows."""

import logging
from pathlib import Path

import pytest
from generator_room import QUESTION, evidence, openai_generator, openai_outputs, small_rag
from scripted_server import Reply, event, failure, openai_reply, scripted

from index.errors import GeneratorError, SettingsError
from rag import load_settings
from rag.generators import Statement
from rag.generators.openai_api import OpenAIChat

GOOD = ("The Quillmere lighthouse was painted by 17 volun", "teers [", "1", "].", " Paint was given.")
KEY = "sk-a-secret-key-of-somebody-0123456789"


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        (failure(401, f"Incorrect API key provided: {KEY}"), r"refused the key; check OPENAI_API_KEY"),
        (
            failure(404, "model 'some-model' not found"),
            r"does not know this model or path.*'some-model' not found",
        ),
        (failure(429, "slow down", retry_after_ms="1"), r"over its rate limit or quota; wait"),
        (failure(500, "boom", retry_after_ms="1"), r"failed with 500; ask again later"),
        (failure(400, "the request exceeds the available context size"), r"lower answer\.evidence_tokens"),
        (failure(400, "This model's maximum context length is 10 tokens"), r"lower answer\.evidence_tokens"),
        (failure(400, f"no good: {KEY}"), r"an error 400; see what it says: .*no good: \(key\)"),
        (Reply([b"<html>hello</html>"], 200, {"Content-Type": "text/html"}), r"broke off|protocol"),
        (Reply([b"data: {not json\n\n"]), r"not part of its protocol.*ending in /v1"),
        (Reply([event({"choices": 5}), event([1, 2])]), r"not part of its protocol|broke off"),
        (
            Reply([event({"error": {"message": "out of memory"}})]),
            r"gave an error; see what it says: .*out of memory",
        ),
        (Reply(openai_reply(GOOD).parts[:4]), r"broke off in the middle"),
        (Reply(openai_reply(GOOD).parts[:4], whole=False), r"the connection broke"),
        (Reply([], 302, {"Location": "http://192.0.2.1/v1/chat/completions"}), r"an error 302"),
    ],
    ids=lambda value: None if isinstance(value, Reply) else value[:24],
)
def test_each_failure_says_what_to_do(reply: Reply, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No failure is silent, none is a riddle, and none shows the key."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with scripted(reply) as server, pytest.raises(GeneratorError, match=advice) as caught:
        openai_outputs(server)
    assert KEY not in repr(caught.value)
    assert "some-model" in str(caught.value) and "\n" not in str(caught.value)


def test_a_server_that_is_down() -> None:
    """The address is named."""
    with scripted(openai_reply(GOOD)) as server:
        pass
    with pytest.raises(GeneratorError, match=r"cannot be reached.*http://127.0.0.1:\d+/v1"):
        openai_outputs(server)


def test_silence_has_an_end() -> None:
    """A server that stops writing is given up after the timeout, without trying again in mid-answer."""
    with scripted(openai_reply(GOOD, pause=1.5)) as server:
        with pytest.raises(GeneratorError, match=r"said nothing for 0.3 s.*answer.timeout"):
            openai_outputs(server, timeout=0.3)
        assert len(server.requests) == 1


def test_a_busy_server_is_asked_again() -> None:
    """Before the first word, a few tries are made; then it is over."""
    busy = failure(429, "slow down", retry_after_ms="1")
    with scripted(busy, busy, openai_reply(GOOD)) as server:
        assert isinstance(openai_outputs(server)[0], Statement) and len(server.requests) == 3
    with scripted(busy) as server, pytest.raises(GeneratorError):
        openai_outputs(server)
    assert len(server.requests) == 3


def test_a_refused_option_is_left_out() -> None:
    """Servers that take no temperature, seed or the older name of a limit are asked without."""
    refused = [
        failure(400, f"Unsupported parameter: '{name}'") for name in ("temperature", "seed", "stream_options")
    ]
    with scripted(*refused, openai_reply(GOOD)) as server:
        model = openai_generator(server)
        assert list(model.generate(QUESTION, evidence()))
        assert list(model.generate(QUESTION, evidence()))
    assert not {"temperature", "seed", "stream_options"} & set(server.requests[-1])
    assert len(server.requests) == 5


def test_the_key_shows_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is in the request's header, and in no answer, setting, representation or log of any level."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    with scripted(openai_reply(GOOD), failure(400, f"bad {KEY}")) as server:
        rag = small_rag(tmp_path, f"openai:m@{server.url}")
        answer = rag.ask(QUESTION)
        with pytest.raises(GeneratorError) as caught:
            rag.ask(QUESTION)
        chat = OpenAIChat(f"m@{server.url}", rag.settings.answer)
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    shown = [
        answer.to_dict(),
        rag.settings,
        rag,
        chat,
        chat._at,
        chat._client,
        caught.value,
        caplog.text,
        vars(chat),
    ]
    assert [thing for thing in shown if KEY in f"{thing!r} {thing}"] == []


@pytest.mark.parametrize(
    ("address", "error", "told"),
    [
        ("openai:", SettingsError, r"needs a model"),
        ("openai", SettingsError, r"needs a model"),
        ("openai:m@localhost:8080/v1", SettingsError, r"not MODEL@http://"),
        ("openai:m@ftp://localhost/v1", SettingsError, r"not MODEL@http://"),
        ("openai:m@http://user:hidden@localhost/v1", SettingsError, r"not MODEL@http://|must hold no key"),
        ("openai:m@http://localhost/v1?key=hidden", SettingsError, r"must hold no key.*OPENAI_API_KEY"),
        ("openai:gpt", GeneratorError, r"needs a key: set OPENAI_API_KEY"),
        ("openai:m@https://models.example/v1", GeneratorError, r"needs a key: set OPENAI_API_KEY"),
    ],
)
def test_an_address_that_is_none(
    tmp_path: Path, address: str, error: type[Exception], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails when the program opens, before any request, and shows no secret that was put into it."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(error, match=told) as caught:
        small_rag(tmp_path, address)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("key", ["sk-1\nHost: x", "sk 1", "sk-é"])
def test_a_key_that_is_none(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would break the request's header is refused, and not shown."""
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(GeneratorError, match="what OPENAI_API_KEY holds is no key") as caught:
        OpenAIChat("gpt", load_settings().answer)
    assert key not in str(caught.value)


def test_the_last_at_and_the_first_colon_divide() -> None:
    """A model's name may hold both."""
    with scripted(openai_reply(GOOD)) as server:
        chat = OpenAIChat(f"@cf/some:7b@x@{server.url}", load_settings().answer)
    assert (chat._at.model, chat._at.url) == ("@cf/some:7b@x", server.url)
