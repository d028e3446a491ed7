"""The OpenAI generator against scripted replies: what is sent, what comes out, and when."""

import json
import os
import threading
import time
from pathlib import Path

import pytest
from generator_room import (
    QUESTION,
    check_exact,
    check_kept,
    evidence,
    openai_generator,
    openai_outputs,
    small_rag,
)
from scripted_server import event, openai_reply, scripted

from index.errors import GeneratorError
from rag.generators import Note, Statement, Usage
from rag.records import Said

GOOD = (
    "The Quillmere light",
    "house was painted by 17 volun",
    "teers [",
    "1",
    "].",
    " Paint was given by Tamsin Oake [2].",
)


def test_statements_numbers_and_usage() -> None:
    """Text cut anywhere becomes statements with their numbers; the usage comes last."""
    with scripted(openai_reply(GOOD)) as server:
        found = openai_outputs(server, input_price=2.0, output_price=10.0)
    assert found == [
        Statement("The Quillmere lighthouse was painted by 17 volunteers.", (1,)),
        Statement("Paint was given by Tamsin Oake.", (2,)),
        Usage({"input": 120, "output": 30}, round((120 * 2 + 30 * 10) / 1e6, 8)),
    ]


def test_what_is_sent() -> None:
    """The model asked for, no tools, evidence only in the user's message, as repeatable as can be."""
    with scripted(openai_reply(GOOD)) as server:
        openai_outputs(server)
        openai_outputs(server)
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
        openai_outputs(server)
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
    """The first sentence is said while the server still writes: its end waits for that."""
    heard = threading.Event()
    with scripted(openai_reply(GOOD, held=heard)) as server:
        rag = small_rag(tmp_path, f"openai:m@{server.url}")
        ended = []
        for told in rag.stream(QUESTION):
            if isinstance(told, Said):
                ended.append(server.ended)
                heard.set()
        assert ended[0] == 0 and server.ended == 1


def test_closing_the_stream_gives_up_the_request(tmp_path: Path) -> None:
    """Whoever stops listening stops the server from writing on."""
    with scripted(openai_reply([*GOOD, *["x" * 100_000] * 200], pause=0.01)) as server:
        rag = small_rag(tmp_path, f"openai:m@{server.url}")
        stream = rag.stream(QUESTION)
        assert any(isinstance(told, Said) for told in stream)
        stream.close()  # type: ignore[attr-defined]  # a generator, typed as the iterator it is used as
        limit = time.monotonic() + 30
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
        assert list(openai_generator(server).generate(QUESTION, ())) == []
    assert answer.status == "abstained" and server.requests == []


def test_thoughts_are_not_part_of_the_answer() -> None:
    """What a model thinks aloud first is left out, however it is cut."""
    text = "\n<think>Maybe 18 [2]? No.</think>\n\n" + "".join(GOOD)
    with scripted(openai_reply(list(text)), openai_reply([text])) as server:
        assert openai_outputs(server) == openai_outputs(server)
        first = openai_outputs(server)[0]
    assert isinstance(first, Statement) and first.text.startswith("The Quillmere")


def test_a_reply_that_is_cut_loses_its_last_half_sentence() -> None:
    """At the limit of tokens the unfinished sentence is dropped, and the answer says that it was cut."""
    with scripted(openai_reply([*GOOD, " The lighthouse did not [1]"], "length")) as server:
        found = openai_outputs(server)
    assert [o.text for o in found if isinstance(o, Statement)][-1] == "Paint was given by Tamsin Oake."
    assert any(isinstance(o, Note) and "answer.max_tokens" in o.text for o in found)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("content_filter", "was stopped by a content filter"),
        ("tool_calls", "asked for a tool instead of answering"),
        ("error", "was stopped by an error of its server"),
    ],
)
def test_an_end_that_is_not_its_own_is_told(tmp_path: Path, reason: str, told: str) -> None:
    """What was written before is kept but for the last half sentence, and the answer says why it ended."""
    with scripted(openai_reply([*GOOD, " The lighthouse did not [1]"], reason)) as server:
        answer = small_rag(tmp_path, f"openai:m@{server.url}").ask(QUESTION)
    assert answer.trace.notes == (f"openai:m@{server.url} {told}",)
    assert "did not" not in answer.text and "17 volunteers" in answer.text


def test_a_refusal_is_told(tmp_path: Path) -> None:
    """A refusal comes beside the text; the answer is extractive then, and says so."""
    reply = openai_reply([])
    reply.parts.insert(1, delta({"content": None, "refusal": "I will not."}))
    with scripted(reply) as server:
        answer = small_rag(tmp_path, f"openai:m@{server.url}").ask(QUESTION)
    assert answer.trace.notes[0].endswith("declined to answer") and "will not" not in answer.text
    assert {s.support.reason for s in answer.sentences} == {"verbatim"}


def test_text_in_parts_is_text() -> None:
    """Servers that send a list of parts mean their text; thoughts among them are left out."""
    parts = [{"type": "thinking", "thinking": [{"type": "text", "text": "18 [2]?"}]}]
    parts += [{"type": "text", "text": "It was painted "}, {"type": "text", "text": "[1]."}]
    reply = openai_reply([])
    reply.parts.insert(1, delta({"content": parts}))
    with scripted(reply) as server:
        assert openai_outputs(server)[0] == Statement("It was painted.", (1,))


@pytest.mark.parametrize("content", [{"a": 1}, 5, [5], [{"type": "text"}], [{"type": "text", "text": [1]}]])
def test_content_that_is_no_text(content: object) -> None:
    """The printed form of something else is never an answer."""
    reply = openai_reply([])
    reply.parts.insert(1, delta({"content": content}))
    with scripted(reply) as server, pytest.raises(GeneratorError, match="not part of its protocol"):
        openai_outputs(server)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -1, "x", None])
def test_a_usage_that_is_no_number(tmp_path: Path, odd: object) -> None:
    """A cost or a count that is no number is unknown, and the answer is JSON whatever a server says."""
    usage = {"prompt_tokens": odd, "completion_tokens": 30, "total_tokens": odd, "cost": odd}
    reply = openai_reply(GOOD)
    reply.parts[-2] = event({"id": "c", "object": "chat.completion.chunk", "choices": [], "usage": usage})
    with scripted(reply) as server:
        answer = small_rag(tmp_path, f"openai:m@{server.url}").ask(QUESTION)
    assert (answer.trace.tokens, answer.trace.cost) == ({"output": 30}, None)
    json.dumps(answer.to_dict(), allow_nan=False)


def delta(part: dict[str, object]) -> bytes:
    """A chunk whose delta is this."""
    choice = {"index": 0, "delta": part, "finish_reason": None}
    return event({"id": "c", "object": "chat.completion.chunk", "created": 1, "choices": [choice]})


def test_a_reply_without_end_is_ended() -> None:
    """A server that ignores the limit is left after a bounded amount of text."""
    with scripted(openai_reply(["The mill closed [1]. "] + ["word " * 2000] * 2000)) as server:
        found = openai_outputs(server, max_tokens=16)
    assert any(isinstance(o, Note) and "cut off" in o.text for o in found)


def test_a_number_that_was_not_shown_is_a_guess() -> None:
    """Evidence beyond the budget exists, but a model that points at it has not read it."""
    first, *rest = evidence()
    long = [first, *(item._replace(text=f"{item.text} {'more ' * 90}") for item in rest)]
    with scripted(openai_reply(["The lighthouse was painted [1][3]."])) as server:
        found = list(openai_generator(server, evidence_tokens=100).generate(QUESTION, long))
    assert "[1]" in server.prompt() and "[3]" not in server.prompt()
    assert found[0] == Note(f"openai:some-model@{server.url} pointed at evidence that it was not shown: [3]")
    assert found[1] == Statement("The lighthouse was painted.", (1,))
