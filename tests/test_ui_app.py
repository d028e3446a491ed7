"""The chat's service: what it answers, what it refuses, and how it is launched. No browser."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from browser import api_ask, chat_process, http
from conftest import REPO
from scripted_chat import SECRET, ScriptedRag, answer

from rag.records import Answer
from ui.guards import SECURITY_HEADERS

pytestmark = pytest.mark.slow


def a_rag(folder: Path) -> Any:
    """Any, because a stand-in is not a `Rag`."""
    return ScriptedRag(folder)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chat_process([str(REPO / "tests" / "scripted_chat.py")], tmp_path_factory.mktemp("http")) as address:
        yield address


def test_every_response_carries_the_headers(url: str) -> None:
    """Pages and refusals alike."""
    for reply in (http(url), http(f"{url}/nothing"), http(url, Host="elsewhere.example")):
        assert {name: reply.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_the_page_names_no_other_machine(url: str) -> None:
    """Nothing in the page's source is to be fetched from elsewhere."""
    page = http(url).body
    assert re.findall(r"(?:src|href)=[\"'](?:https?:)?//[^\"']*", page) == []
    assert 'property="og:' not in page and 'name="twitter:' not in page


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "127.0.0.1.example", "192.0.2.1", "localhost.example", ""]
)
def test_a_foreign_host_is_refused(url: str, host: str) -> None:
    """A name that another page made point here gets nothing (DNS rebinding)."""
    assert http(url, Host=host).status == 400


def test_own_names_are_served(url: str) -> None:
    """Loopback under each of its names."""
    port = url.rpartition(":")[2]
    for name in ("127.0.0.1", "localhost", "[::1]"):
        assert http(url, Host=f"{name}:{port}").status == 200


@pytest.mark.parametrize(
    "origin", ["null", "http://elsewhere.example", "http://127.0.0.1:1", "https://{host}"]
)
def test_another_origin_may_not_change_anything(url: str, origin: str) -> None:
    """Another page in the same browser can neither ask nor call the viewer."""
    origin = origin.format(host=url.removeprefix("http://"))
    for path in ("/gradio_api/call/ask", "/gradio_api/queue/join", "/gradio_api/component_server"):
        assert http(f"{url}{path}", {"data": []}, Origin=origin).status == 403


def test_the_own_origin_may(url: str) -> None:
    """The page's own requests pass."""
    assert http(f"{url}/gradio_api/call/ask", {"data": ["harvest", None]}, Origin=url).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/redoc",
        "/openapi.json",
        "/monitoring",
        "/gradio_api/mcp/sse",
        "/gradio_api/runs",
        "/gradio_api/run-history/buckets",
        "/login",
        "/token",
    ],
)
def test_what_is_not_needed_is_not_there(url: str, path: str) -> None:
    """No documentation pages, monitoring, run history or tool server."""
    assert http(f"{url}{path}").status in (403, 404)


@pytest.mark.parametrize(
    "target", ["/etc/hostname", "../pyproject.toml", str(Path(__file__)), "http://192.0.2.1/x"]
)
def test_no_file_is_served(url: str, target: str) -> None:
    """Neither the machine's files nor addresses come through gradio's file route."""
    assert http(f"{url}/gradio_api/file={target}").status in (403, 404)


def test_large_bodies_and_gradio_s_own_upload_are_refused(url: str) -> None:
    """Files are added over a route of our own, and no question needs a megabyte."""
    assert http(f"{url}/gradio_api/upload", {}).status == 403
    for header, value, status in (("Content-Length", "1000001", 413), ("Transfer-Encoding", "chunked", 411)):
        with closing(HTTPConnection(url.removeprefix("http://"), timeout=30)) as connection:
            connection.putrequest("POST", "/gradio_api/call/ask")
            connection.putheader(header, value)
            connection.endheaders()  # the answer comes before the body
            assert connection.getresponse().status == status


def test_ask_gives_the_answer_record(url: str) -> None:
    """`/ask` returns the same JSON as everything else."""
    ended, data = api_ask(url, "harvest")
    assert ended == "complete"
    assert Answer.from_dict(data) == answer("harvest")


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("x" * 2001, None),
        (None, None),
        (7, None),
        ("q", "text"),
        ("q", [{"role": "system", "content": "x"}]),
        ("q", [{"role": "user", "content": ["x"]}]),
        ("q", [{"role": "user", "content": "x"}] * 41),
        ("q", [{"role": "user", "content": "x" * 20_001}]),
    ],
)
def test_ask_checks_what_it_is_given(url: str, question: object, history: object) -> None:
    """`/ask` is public: what is not a question with a history is refused."""
    assert api_ask(url, question, history)[0] == "error"


def test_errors_say_what_to_do_and_nothing_else(url: str) -> None:
    """Our own errors reach the caller; an exception's text does not."""
    assert "rag index --repair" in str(api_ask(url, "broken")[1])
    ended, data = api_ask(url, "crash")
    assert ended == "error" and SECRET not in str(data)


@pytest.mark.parametrize(
    "ref", ["..%2F..%2Fetc%2Fpasswd", "orchard.txt", "f" * 16 + "-1", "d-" + "0" * 16, "x" * 5_000, "%00"]
)
def test_the_viewer_takes_references_only(url: str, ref: str) -> None:
    """A reference nobody was given opens nothing; a path is not a reference."""
    reply = http(f"{url}/rag/source/{ref}")
    assert reply.status == 404 or json.loads(reply.body) == {"state": "gone"}
    for part in ("text", "find", "original"):
        assert http(f"{url}/rag/source/{ref}/{part}").status == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/rag/turns/ffffffffffffffff/feedback", {"verdict": "up"}, 404),
        ("/rag/turns/ffffffffffffffff/feedback", {"verdict": "sideways"}, 422),
        ("/rag/turns/ffffffffffffffff/draft", {}, 404),
        ("/rag/chats/ffffffffffffffff", {"title": "x"}, 404),
        ("/rag/documents/remove", {"path": "../../etc/passwd"}, 404),
        ("/rag/documents/remove", {"path": 7}, 422),
        ("/rag/documents/remove", [], 422),
        ("/rag/documents/remove", "x" * 30_000, 413),
    ],
)
def test_our_own_routes_check_what_they_are_given(url: str, path: str, body: object, status: int) -> None:
    """They are public, like everything the page calls."""
    assert http(f"{url}{path}", body).status == status


def test_our_own_routes_are_guarded_too(url: str) -> None:
    """No other origin may add, remove or rate anything."""
    for path in ("/rag/index", "/rag/documents/remove", "/rag/turns/ffffffffffffffff/feedback"):
        assert http(f"{url}{path}", {}, Origin="http://elsewhere.example").status == 403


def test_twenty_clients_at_once(url: str) -> None:
    """Each gets its answer; nobody an error."""
    with ThreadPoolExecutor(20) as pool:
        ends = list(pool.map(lambda n: api_ask(url, f"harvest {n}")[0], range(20)))
    assert ends == ["complete"] * 20


def test_the_stand_in_is_consistent(tmp_path: Path) -> None:
    """The span contract holds for the scripted answers that these tests trust."""
    rag = a_rag(tmp_path)
    for citation in rag.ask("harvest").citations:
        assert rag.document(citation.document).text[citation.start : citation.end] == citation.quote
