"""Our own routes over HTTP, in this process: what they give, to whom, and what they refuse."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_room import prose
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from index.settings import IndexShape
from rag import Rag, RagSettings
from ui.conversations import LISTED
from ui.desk import Desk
from ui.drafts import NAME as DRAFTS
from ui.guards import BodyLimit
from ui.page import Open, Pages
from ui.routes import OwnRoutes
from ui.viewer import document_ref

LANTERN = "The first lantern of Ost is green. It was lit by the miller in 1911.\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text(LANTERN + prose(1), encoding="utf-8")
    settings = RagSettings(index=IndexShape(encoder="hash:", max_file_mb=0.01))
    desk = Desk(Rag.open(docs, index=tmp_path / "index", settings=settings))
    yield desk
    desk.conversations.close()


@pytest.fixture
def client(desk: Desk) -> TestClient:
    guards = [Middleware(BodyLimit, largest_file=desk.shelf.largest), Middleware(OwnRoutes, desk=desk)]
    return TestClient(Starlette(middleware=guards))


@pytest.fixture
def asked(desk: Desk) -> tuple[str, str]:
    """A conversation with one answer: its id and the answer's key."""
    pages = Pages(desk)
    begun = pages.ask("", "page", Open(), "Which colour is the first lantern of Ost?")
    (*_, last) = pages.stream("", "page", begun.open)
    assert last.panel and last.panel["phase"] == "answered"
    return begun.open.conversation, begun.open.pending


def test_an_old_answer_tells_which_sources_have_changed(
    client: TestClient, desk: Desk, asked: tuple[str, str]
) -> None:
    """Nothing at first; then the citation of a document that is another one by now."""
    assert client.get(f"/rag/chats/{asked[0]}/outdated").json() == {"refs": []}
    (desk.rag.folder / "a.txt").write_text(LANTERN.replace("green", "blue"), encoding="utf-8")
    desk.rag.refresh()
    assert client.get(f"/rag/chats/{asked[0]}/outdated").json() == {"refs": [f"{asked[1]}-1"]}
    assert client.get(f"/rag/chats/{asked[1]}/outdated").status_code == 404


def test_a_source_opens_at_its_words(client: TestClient, asked: tuple[str, str]) -> None:
    """The list, the view, a search in it, a window of it, and the file itself."""
    listed = client.get(f"/rag/sources/{asked[1]}").json()
    ref = listed["cited"][0]["ref"]
    view = client.get(f"/rag/source/{ref}").json()
    assert view["text"][view["start"] : view["end"]] == view["quote"] and "green" in view["quote"]
    (start, end), *_ = client.get(f"/rag/source/{ref}/find", params={"q": "the  MILLER"}).json()["found"]
    assert view["text"][start:end] == "the miller"
    assert (
        client.get(f"/rag/source/{ref}/text", params={"from": 4}).json()["text"].startswith("first lantern")
    )
    original = client.get(f"/rag/source/{ref}/original")
    assert original.text.startswith(LANTERN) and "attachment" in original.headers["content-disposition"]
    assert original.headers["content-type"] == "application/octet-stream"
    assert client.get(f"/rag/source/{ref}/text", params={"from": "-1"}).status_code == 422


def test_older_conversations_can_be_asked_for(client: TestClient, desk: Desk) -> None:
    """The first one of many is beyond the first list, and within reach."""
    first = desk.conversations.new("", "the first")
    for number in range(LISTED):
        desk.conversations.new("", f"number {number}")
    latest, every = client.get("/rag/chats").json(), client.get("/rag/chats", params={"most": 400}).json()
    assert len(latest["chats"]) == LISTED and latest["older"] and not every["older"]
    assert first in [chat["id"] for chat in every["chats"]] and len(every["chats"]) == LISTED + 1
    assert client.get("/rag/chats", params={"most": "all"}).status_code == 422


def test_a_conversation_is_listed_renamed_saved_and_deleted(
    client: TestClient, asked: tuple[str, str]
) -> None:
    """And a rating and a draft hang on its answers."""
    name, key = asked
    assert client.post(f"/rag/chats/{name}", json={"title": "Lanterns"}).status_code == 200
    assert [c["title"] for c in client.get("/rag/chats").json()["chats"]] == ["Lanterns"]
    for kind in ("md", "html", "json"):
        saved = client.get(f"/rag/chats/{name}/export.{kind}")
        assert "green" in saved.text and "attachment" in saved.headers["content-disposition"]
    assert client.get(f"/rag/chats/{name}/export.exe").status_code == 404
    assert client.post(f"/rag/turns/{key}/feedback", json={"verdict": "down", "reason": "wrong"}).json() == {}
    assert client.post(f"/rag/turns/{key}/draft", json={"reason": "wrong"}).json() == {"saved": True}
    assert client.post(f"/rag/turns/{key}/draft", json={}).json() == {"saved": False}
    assert client.delete(f"/rag/chats/{name}").json() == {}
    assert client.get(f"/rag/sources/{key}").json()["phase"] == "gone"


def test_drafts_lie_beside_the_index(client: TestClient, asked: tuple[str, str], desk: Desk) -> None:
    """One line of JSON for each."""
    client.post(f"/rag/turns/{asked[1]}/draft", json={"text": "it is red"})
    item = json.loads((desk.rag.index_folder / DRAFTS).read_text(encoding="utf-8"))
    assert item["gate"] == "info" and "it is red" in item["notes"]


def test_a_file_is_added_over_http(client: TestClient, desk: Desk) -> None:
    """Added, replaced, refused by type, name and size; a body of unknown length is none."""
    assert client.put("/rag/documents/add/b.txt", content=b"some words").json() == {"outcome": "added"}
    assert client.put("/rag/documents/add/b.txt", content=b"other words").json() == {"outcome": "replaced"}
    for name, data, status in (
        ("b.exe", b"MZ", 422),
        ("..%2Fb.txt", b"words", 404),
        (".b.txt", b"words", 422),
        ("b.txt", b"", 422),
        ("b.txt", b"x" * 10_001, 413),
    ):
        assert client.put(f"/rag/documents/add/{name}", content=data).status_code == status, name
    assert client.put("/rag/documents/add/b.txt", content=iter([b"words"])).status_code == 411
    assert client.get("/rag/documents/add/b.txt").status_code == 405
    assert (desk.shelf.folder / "b.txt").read_bytes() == b"other words"


def test_the_documents_are_listed(client: TestClient) -> None:
    """With a reference for each, its type and what else the page needs."""
    told = client.get("/rag/documents").json()
    assert told["count"] == 1 and told["listed"][0]["ref"] == document_ref("a.txt")
    assert ".pdf" in told["types"] and told["largest"] == 10_000
    assert client.get(f"/rag/source/{told['listed'][0]['ref']}").json()["text"].startswith(LANTERN)
    assert client.get("/rag/generators").json()["chosen"] == "extractive"
    assert client.get("/rag/index").json()["running"] is False
    assert isinstance(client.get("/rag/suggestions").json()["questions"], list)


def test_an_action_is_never_a_simple_request(client: TestClient, asked: tuple[str, str]) -> None:
    """Nothing is changed by following a link."""
    for path in ("/rag/documents/remove", f"/rag/turns/{asked[1]}/feedback"):
        assert client.get(path).status_code == 405
    assert client.get("/rag/nothing").status_code == 404
