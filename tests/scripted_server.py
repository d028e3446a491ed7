"""A tiny HTTP server that replies what it is told to, for shapes that no real model can be made to send.

It keeps every request. Bodies are Server-Sent Events as OpenAI's and Anthropic's public APIs document them.
"""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """One reply.

    Attributes:
        parts: The body, sent part by part.
        pause: Seconds before each part but the first.
        whole: Whether the body ends as HTTP says; if not, the connection just breaks.
        held: The last part waits until it is set, half a minute at most.
    """

    parts: Sequence[bytes]
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/event-stream"})
    pause: float = 0.0
    whole: bool = True
    held: threading.Event | None = None


@dataclass
class Scripted:
    """What a server was asked, and what it will reply; the last reply is repeated.

    Attributes:
        ended: How many replies have come to their last part.
    """

    url: str
    replies: list[Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    broken: int = 0
    ended: int = 0

    def prompt(self) -> str:
        """The latest request's user message."""
        return str(self.requests[-1]["messages"][-1]["content"])


@contextmanager
def scripted(*replies: Reply) -> Iterator[Scripted]:
    """A server on any free port of this machine."""
    state = Scripted("", list(replies))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.requests.append(json.loads(body))
            state.headers.append({name.lower(): value for name, value in self.headers.items()})
            reply = state.replies.pop(0) if len(state.replies) > 1 else state.replies[0]
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Transfer-Encoding": "chunked"}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for at, part in enumerate(reply.parts):
                    time.sleep(reply.pause if at else 0)
                    if at == len(reply.parts) - 1:
                        if reply.held:
                            reply.held.wait(30)
                        state.ended += 1
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                    self.wfile.flush()
                if reply.whole:
                    self.wfile.write(b"0\r\n\r\n")
            except OSError:
                state.broken += 1
            self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def event(data: object, name: str = "") -> bytes:
    """One server-sent event."""
    return (f"event: {name}\n" if name else "").encode() + f"data: {json.dumps(data)}\n\n".encode()


def openai_reply(pieces: Sequence[str], finish: str = "stop", **options: Any) -> Reply:
    """Text pieces as OpenAI streams them: role, content, finish reason, usage, the end mark."""
    usage = {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150}
    parts = [event(_chunk({"role": "assistant", "content": ""}))]
    parts += [event(_chunk({"content": piece})) for piece in pieces]
    parts += [
        event(_chunk({}, finish)),
        event({**_chunk({}), "choices": [], "usage": usage}),
        b"data: [DONE]\n\n",
    ]
    return Reply(parts, **options)


def anthropic_reply(pieces: Sequence[str], stop: str = "end_turn", **options: Any) -> Reply:
    """Text pieces as Anthropic streams them: named events, a ping, one text block, the usage at the end."""
    usage = {
        "input_tokens": 100,
        "cache_read_input_tokens": 20,
        "cache_creation_input_tokens": 0,
        "output_tokens": 1,
    }
    message = {"id": "m", "type": "message", "role": "assistant", "model": "m", "content": []}
    message |= {"stop_reason": None, "stop_sequence": None, "usage": usage}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
    ]
    for piece in pieces:
        delta = {"type": "text_delta", "text": piece}
        events.append({"type": "content_block_delta", "index": 0, "delta": delta})
    events += [
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": stop, "stop_sequence": None},
            "usage": {"output_tokens": 30},
        },
        {"type": "message_stop"},
    ]
    return Reply([event(data, data["type"]) for data in events], **options)


def failure(status: int, message: str, **headers: str) -> Reply:
    """An error as both APIs word it."""
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    body = json.dumps({"type": "error", "error": error}).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply([body], status, {"Content-Type": "application/json", **names})
