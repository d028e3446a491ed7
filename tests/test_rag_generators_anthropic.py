"""The Anthropic generator against the shapes of its public streaming API, served on this machine."""

import logging
import os
from pathlib import Path
from typing import Any

import pytest
from generator_room import QUESTION, check_kept, evidence, small_rag
from scripted_server import Reply, Scripted, anthropic_reply, event, failure, scripted

from index.errors import GeneratorError
from rag import load_settings
from rag.generators import Note, Output, Statement, Usage
from rag.generators.anthropic_api import AnthropicChat
from rag.generators.extractive import ExtractiveGenerator
from rag.generators.model import ModelGenerator

GOOD = ("The Quillmere light", "house was painted by 17 volun", "teers [", "1", "].")
KEY = "sk-ant-a-secret-of-somebody-0123456789"


def outputs(server: Scripted, **answer: Any) -> list[Output]:
    settings = load_settings(answer={"timeout": 5, **answer}).answer
    fallback = ExtractiveGenerator(None, settings)  # type: ignore[arg-type]  # these tests never reach it
    chat = AnthropicChat(f"claude@{server.url.removesuffix('/v1')}", settings)
    return list(ModelGenerator(chat, fallback, settings).generate(QUESTION, evidence()))


def test_statements_numbers_and_usage() -> None:
    """Text deltas become statements; tokens read from a cache count as read."""
    with scripted(anthropic_reply(GOOD)) as server:
        found = outputs(server, input_price=3, output_price=15)
    assert found == [
        Statement("The Quillmere lighthouse was painted by 17 volunteers.", (1,)),
        Usage({"input": 120, "output": 30}, round((120 * 3 + 30 * 15) / 1e6, 8)),
    ]


def test_what_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instructions as system, data as the user's; no tools; nothing about this machine."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://192.0.2.1")
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:9")
    with scripted(anthropic_reply(GOOD)) as server:
        outputs(server)
    (request,), (headers,) = server.requests, server.headers
    assert set(request) == {"model", "max_tokens", "system", "messages", "stream"}
    assert (request["model"], request["max_tokens"]) == ("claude", 700)
    assert [message["role"] for message in request["messages"]] == ["user"]
    assert "Quillmere" in server.prompt() and "Quillmere" not in request["system"]
    assert headers["authorization"] == f"Bearer {KEY}" and os.uname().release not in str(headers)
    assert not {"x-stainless-os", "x-stainless-arch", "x-stainless-runtime-version", "traceparent"} & set(
        headers
    )


def test_an_answer_end_to_end(tmp_path: Path) -> None:
    """Through the whole room, with its tokens; without prices there is no cost."""
    with scripted(anthropic_reply(GOOD)) as server:
        rag = small_rag(tmp_path, f"anthropic:claude@{server.url.removesuffix('/v1')}")
        answer = check_kept(list(rag.stream(QUESTION)))
    assert answer.status == "answered" and answer.citations[0].quote.endswith("in one morning.")
    assert (answer.trace.tokens, answer.trace.cost) == ({"input": 120, "output": 30}, None)


def test_blocks_that_are_no_text_are_passed_over() -> None:
    """Thinking and its signature are not part of the answer."""
    reply = anthropic_reply(GOOD)
    thought = [
        {
            "type": "content_block_start",
            "index": 9,
            "content_block": {"type": "thinking", "thinking": "", "signature": ""},
        },
        {
            "type": "content_block_delta",
            "index": 9,
            "delta": {"type": "thinking_delta", "thinking": "18 [2]?"},
        },
        {"type": "content_block_delta", "index": 9, "delta": {"type": "signature_delta", "signature": "x"}},
        {"type": "content_block_stop", "index": 9},
    ]
    parts = [reply.parts[0], *(event(data, str(data["type"])) for data in thought), *reply.parts[1:]]
    with scripted(Reply(parts)) as server:
        assert [o.pointers for o in outputs(server) if isinstance(o, Statement)] == [(1,)]


def test_a_reply_that_is_cut_loses_its_last_half_sentence() -> None:
    """`max_tokens` as the reason for the end is told, and half a sentence is not."""
    with scripted(anthropic_reply([*GOOD, " It was not"], "max_tokens")) as server:
        found = outputs(server)
    assert [o.text for o in found if isinstance(o, Statement)] == [
        "The Quillmere lighthouse was painted by 17 volunteers."
    ]
    assert any(isinstance(o, Note) and "answer.max_tokens" in o.text for o in found)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("refusal", "declined to answer"),
        ("model_context_window_exceeded", "ran out of room for its answer; lower answer.evidence_tokens"),
    ],
)
def test_an_end_that_is_not_its_own_is_told(reason: str, told: str) -> None:
    """A refusal or a full context is no normal end: half a sentence is left out, and a note says why."""
    with scripted(anthropic_reply([*GOOD, " It was not [1]"], reason)) as server:
        found = outputs(server)
    assert [o.text for o in found if isinstance(o, Statement)] == [
        "The Quillmere lighthouse was painted by 17 volunteers."
    ]
    assert [o.text.partition(" ")[2] for o in found if isinstance(o, Note)] == [told]


OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        (failure(401, f"invalid x-api-key {KEY}"), r"refused the key; check ANTHROPIC_API_KEY"),
        (failure(404, "model: claude"), r"does not know this model"),
        (failure(413, "request_too_large"), r"lower answer\.evidence_tokens"),
        (failure(400, "prompt is too long: 9 tokens > 8 maximum"), r"lower answer\.evidence_tokens"),
        (failure(400, f"credit {KEY}"), r"an error 400; see what it says: .*credit \(key\)"),
        (failure(429, "rate_limit_error", retry_after_ms="1"), r"over its rate limit"),
        (failure(529, "overloaded_error", retry_after_ms="1"), r"failed with 529; ask again later"),
        (Reply([*anthropic_reply(GOOD).parts[:4], event(OVERLOADED, "error")]), r"gave an error.*Overloaded"),
        (Reply(anthropic_reply(GOOD).parts[:4]), r"broke off in the middle"),
        (Reply(anthropic_reply(GOOD).parts[:4], whole=False), r"the connection broke|broke off"),
        (Reply([b"event: message_start\ndata: {oh\n\n"]), r"not part of its protocol"),
    ],
    ids=lambda value: None if isinstance(value, Reply) else value[:24],
)
def test_each_failure_says_what_to_do(
    reply: Reply, advice: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No failure is silent, none is a riddle, and neither error nor log shows the key."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    caplog.set_level(logging.DEBUG, logger="anthropic")
    with scripted(reply) as server, pytest.raises(GeneratorError, match=advice) as caught:
        outputs(server)
    assert KEY not in repr(caught.value)


def test_a_key_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one the program does not open, whatever other credentials the SDK would have looked for."""
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "other")
    with pytest.raises(GeneratorError, match="anthropic:claude needs a key: set ANTHROPIC_API_KEY"):
        small_rag(tmp_path, "anthropic:claude")
