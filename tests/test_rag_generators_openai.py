"""The OpenAI generator against scripted replies: what comes out, what failures are called, what is secret."""

import logging
import os
import time
from pathlib import Path
from typing import Any

import pytest
from generator_room import QUESTION, check_exact, check_kept, evidence, small_rag
from scripted_server import Reply, Scripted, event, failure, openai_reply, scripted

from index.errors import GeneratorError, SettingsError
from rag import load_settings
from rag.generators import Note, Output, Statement, Usage
from rag.generators.extractive import ExtractiveGenerator
from rag.generators.model import ModelGenerator
from rag.generators.openai_api import OpenAIChat
from rag.records import Said

GOOD = (
    "The Quillmere light",
    "house was painted by 17 volun",
    "teers [",
    "1",
    "].",
    " Paint was given by Tamsin Oake [2].",
)
KEY = "sk-a-secret-key-of-somebody-0123456789"


def generator(server: Scripted, **answer: Any) -> ModelGenerator:
    settings = load_settings(answer={"timeout": 5, **answer}).answer
    fallback = ExtractiveGenerator(None, settings)  # type: ignore[arg-type]  # these tests never reach it
    return ModelGenerator(OpenAIChat(f"some-model@{server.url}", settings), fallback, settings)


def outputs(server: Scripted, **answer: Any) -> list[Output]:
    return list(generator(server, **answer).generate(QUESTION, evidence()))


def test_statements_numbers_and_usage() -> None:
    """Text cut anywhere becomes statements with their numbers; the usage comes last."""
    with scripted(openai_reply(GOOD)) as server:
        found = outputs(server, input_price=2.0, output_price=10.0)
    assert found == [
        Statement("The Quillmere lighthouse was painted by 17 volunteers.", (1,)),
        Statement("Paint was given by Tamsin Oake.", (2,)),
        Usage({"input": 120, "output": 30}, round((120 * 2 + 30 * 10) / 1e6, 8)),
    ]


def test_what_is_sent() -> None:
    """The model asked for, no tools, evidence only in the user's message, as repeatable as can be."""
    with scripted(openai_reply(GOOD)) as server:
        outputs(server)
        outputs(server)
    request, again = server.requests
    assert request == again
    assert (request["model"], request["temperature"], request["seed"], request["stream"]) == (
        "some-model",
        0,
        0,
        True,
    )
    assert request["max_tokens"] == 700 and "tools" not in request
    roles = {message["role"]: message["content"] for message in request["messages"]}
    assert set(roles) == {"system", "user"}
    assert "Quillmere" in roles["user"] and "Quillmere" not in roles["system"]


def test_nothing_about_this_machine_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No system, no Python version; proxies of the environment are not used."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://192.0.2.1:9")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://192.0.2.1/v1")
    with scripted(openai_reply(GOOD)) as server:
        outputs(server)
    told = {name for name in server.headers[0] if name.startswith("x-stainless")}
    assert told <= {"x-stainless-retry-count", "x-stainless-read-timeout"}
    assert os.uname().release not in str(server.headers)


def test_an_answer_end_to_end(tmp_path: Path) -> None:
    """Through the whole room: cited exactly, with tokens and cost in the trace."""
    with scripted(openai_reply(GOOD)) as server:
        rag = small_rag(tmp_path, f"openai:some-model@{server.url}", input_price=2.0, output_price=10.0)
        answer = check_kept(list(rag.stream(QUESTION)))
        numbers = [line.split("]")[0] for line in server.prompt().splitlines() if "17 volunteers" in line]
    assert numbers == ["[1"]
    assert answer.status == "answered" and answer.citations[0].quote.endswith("in one morning.")
    assert answer.trace.tokens == {"input": 120, "output": 30} and answer.trace.cost == 0.00054
    assert answer.trace.generator.startswith("openai:some-model@http://127.0.0.1:")


def test_a_sentence_is_out_before_the_reply_ends(tmp_path: Path) -> None:
    """The first sentence is said while the server still writes."""
    with scripted(openai_reply([*GOOD, *[" and"] * 20], pause=0.05)) as server:
        rag = small_rag(tmp_path, f"openai:m@{server.url}")
        began, first = time.monotonic(), 0.0
        for told in rag.stream(QUESTION):
            if isinstance(told, Said) and not first:
                first = time.monotonic() - began
        assert 0 < first < (time.monotonic() - began) / 2


def test_closing_the_stream_gives_up_the_request(tmp_path: Path) -> None:
    """Whoever stops listening stops the server from writing on."""
    with scripted(openai_reply([*GOOD, *["x" * 100_000] * 200], pause=0.01)) as server:
        rag = small_rag(tmp_path, f"openai:m@{server.url}")
        stream = rag.stream(QUESTION)
        assert any(isinstance(told, Said) for told in stream)
        stream.close()  # type: ignore[attr-defined]  # a generator, typed as the iterator it is used as
        limit = time.monotonic() + 5
        while not server.broken and time.monotonic() < limit:
            time.sleep(0.01)
        assert server.broken == 1


def test_no_number_at_all_is_answered_extractively(tmp_path: Path) -> None:
    """A model that points at nothing is not believed: the extractive answer comes instead, and says so."""
    with scripted(openai_reply(["Seventeen volunteers, I think."])) as server:
        answer = small_rag(tmp_path, f"openai:m@{server.url}").ask(QUESTION)
    assert {s.support.reason for s in answer.sentences} == {"verbatim"} and "17 volunteers" in answer.text
    assert "pointed at no evidence" in answer.trace.notes[0] and "I think" not in answer.text
    check_exact(answer)


@pytest.mark.parametrize(
    "reply", [["CANNOT_ANSWER"], ["CANNOT", "_ANSWER."], ["CANNOT_ANSWER. It is not stated."]]
)
def test_the_sentinel_is_an_abstention(tmp_path: Path, reply: list[str]) -> None:
    """The model's way to say no is understood and never shown."""
    with scripted(openai_reply(reply)) as server:
        answer = small_rag(tmp_path, f"openai:m@{server.url}").ask(QUESTION)
    assert answer.status == "abstained" and "CANNOT_ANSWER" not in answer.text
    assert "found no answer in the evidence" in answer.trace.notes[0]


def test_empty_evidence_never_reaches_the_model(tmp_path: Path) -> None:
    """A question beside the documents is not even sent."""
    with scripted(openai_reply(GOOD)) as server:
        answer = small_rag(tmp_path, f"openai:m@{server.url}").ask("Which enzyme unwinds the double helix?")
        assert list(generator(server).generate(QUESTION, ())) == []
    assert answer.status == "abstained" and server.requests == []


def test_thoughts_are_not_part_of_the_answer() -> None:
    """What a model thinks aloud first is left out, however it is cut."""
    text = "\n<think>Maybe 18 [2]? No.</think>\n\n" + "".join(GOOD)
    with scripted(openai_reply(list(text)), openai_reply([text])) as server:
        assert outputs(server) == outputs(server)
        first = outputs(server)[0]
    assert isinstance(first, Statement) and first.text.startswith("The Quillmere")


def test_a_reply_that_is_cut_loses_its_last_half_sentence() -> None:
    """At the limit of tokens the unfinished sentence is dropped, and the answer says that it was cut."""
    with scripted(openai_reply([*GOOD, " The lighthouse did not [1]"], "length")) as server:
        found = outputs(server)
    assert [o.text for o in found if isinstance(o, Statement)][-1] == "Paint was given by Tamsin Oake."
    assert any(isinstance(o, Note) and "answer.max_tokens" in o.text for o in found)


def test_a_reply_without_end_is_ended() -> None:
    """A server that ignores the limit is left after a bounded amount of text."""
    with scripted(openai_reply(["The mill closed [1]. "] + ["word " * 2000] * 2000)) as server:
        found = outputs(server, max_tokens=16)
    assert any(isinstance(o, Note) and "cut off" in o.text for o in found)


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
        outputs(server)
    assert KEY not in repr(caught.value)
    assert "some-model" in str(caught.value) and "\n" not in str(caught.value)


def test_a_server_that_is_down() -> None:
    """The address is named."""
    with scripted(openai_reply(GOOD)) as server:
        pass
    with pytest.raises(GeneratorError, match=r"cannot be reached.*http://127.0.0.1:\d+/v1"):
        outputs(server)


def test_silence_has_an_end() -> None:
    """A server that stops writing is given up after the timeout, without trying again in mid-answer."""
    with scripted(openai_reply(GOOD, pause=1.5)) as server:
        with pytest.raises(GeneratorError, match=r"said nothing for 0.3 s.*answer.timeout"):
            outputs(server, timeout=0.3)
        assert len(server.requests) == 1


def test_a_busy_server_is_asked_again() -> None:
    """Before the first word, a few tries are made; then it is over."""
    busy = failure(429, "slow down", retry_after_ms="1")
    with scripted(busy, busy, openai_reply(GOOD)) as server:
        assert isinstance(outputs(server)[0], Statement) and len(server.requests) == 3
    with scripted(busy) as server, pytest.raises(GeneratorError):
        outputs(server)
    assert len(server.requests) == 3


def test_a_refused_option_is_left_out() -> None:
    """Servers that take no temperature, seed or the older name of a limit are asked without."""
    refused = [
        failure(400, f"Unsupported parameter: '{name}'") for name in ("temperature", "seed", "stream_options")
    ]
    with scripted(*refused, openai_reply(GOOD)) as server:
        model = generator(server)
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
