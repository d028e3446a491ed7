"""Users: the file, signing in, and that each sees only what is theirs. Over HTTP, no browser."""

import json
import re
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from browser import chat_process
from conftest import REPO, RunRag

from index.errors import UsageError
from ui.users import Secret, Sessions, add_user, read_users

PASSWORDS = {"ann": "correct horse", "ben": "battery staple"}


def test_the_file_holds_no_password(tmp_path: Path) -> None:
    """Only a salted hash, readable by its owner alone; the same password hashes differently."""
    file = tmp_path / "users"
    for name in PASSWORDS:
        add_user(file, name, "the same words")
    text = file.read_text(encoding="utf-8")
    assert "the same" not in text and len(set(re.findall(r"[0-9a-f]{64}", text))) == 2
    assert file.stat().st_mode & 0o077 == 0
    users = read_users(file)
    assert users["ann"].fits("the same words") and not users["ann"].fits("the same word")
    assert "salt" not in repr(users["ann"])


@pytest.mark.parametrize(
    ("name", "password"),
    [("", "long enough"), ("a b", "long enough"), ("a:b", "long enough"), ("ann", "short")],
)
def test_bad_names_and_short_passwords_are_refused(tmp_path: Path, name: str, password: str) -> None:
    """And nothing is written."""
    with pytest.raises(UsageError):
        add_user(tmp_path / "users", name, password)
    assert not (tmp_path / "users").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann:plain",
        "ann:scrypt$1$2$3$zz$00",
        "ann:scrypt$99999999$8$1$00$00",
        "a b:scrypt$2$1$1$00$00",
    ],
)
def test_a_bad_user_file_is_an_error(tmp_path: Path, text: str) -> None:
    """Nobody is let in by a line that is no user; a cost without bound is none either."""
    (tmp_path / "users").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        read_users(tmp_path / "users")


def test_sessions() -> None:
    """A token for the right password; after five wrong ones a pause, for this name only."""
    sessions = Sessions({name: Secret.of(word) for name, word in PASSWORDS.items()})
    token = sessions.sign_in("ann", PASSWORDS["ann"])
    assert token and sessions.user(token) == "ann" and sessions.user(token + "x") is None
    for _ in range(5):
        assert sessions.sign_in("ben", "wrong words") is None
    assert sessions.sign_in("ben", PASSWORDS["ben"]) is None
    assert sessions.sign_in("nobody", "wrong words") is None
    assert sessions.sign_in("ann", PASSWORDS["ann"])
    sessions.sign_out(token)
    assert sessions.user(token) is None


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("users")
    for name, word in PASSWORDS.items():
        add_user(folder / "users", name, word)
    with chat_process([str(REPO / "tests" / "scripted_chat.py"), str(folder / "users")], folder) as address:
        yield address


def request(url: str, method: str, path: str, cookie: str = "", body: str = "") -> tuple[int, str, str]:
    """Status, body and the header that leads on or hands out a cookie; redirects are not followed."""
    with closing(HTTPConnection(url.removeprefix("http://"), timeout=30)) as connection:
        headers = {"Cookie": f"rag-session={cookie}"} if cookie else {}
        connection.request(method, path, body.encode(), headers)
        reply = connection.getresponse()
        told = reply.headers.get("Set-Cookie") or reply.headers.get("Location") or ""
        return reply.status, reply.read().decode(), told


def enter(url: str, name: str, password: str) -> str:
    form = urllib.parse.urlencode({"name": name, "password": password})
    status, _, told = request(url, "POST", "/rag/sign-in", body=form)
    assert status == 303 and "HttpOnly" in told and "samesite=strict" in told.lower()
    return told.partition("rag-session=")[2].partition(";")[0]


@pytest.mark.slow
def test_nothing_is_served_without_signing_in(url: str) -> None:
    """The page leads to the sign-in page; everything else is refused, gradio's routes included."""
    assert request(url, "GET", "/")[::2] == (303, "/rag/sign-in")
    for path in ("/config", "/gradio_api/info", "/rag/chats", "/rag/documents", "/theme.css", "/queue/join"):
        assert request(url, "GET", path)[0] == 401
    assert request(url, "POST", "/gradio_api/call/ask", body="{}")[0] == 401
    assert request(url, "GET", "/rag/chats", cookie="x" * 43)[0] == 401
    assert request(url, "POST", "/rag/sign-in", body="name=ann&password=wrong+words")[0] == 401
    assert request(url, "POST", "/rag/sign-in", body="x" * 5_000)[0] == 413


@pytest.mark.slow
def test_each_user_sees_only_their_own(url: str) -> None:
    """A conversation of one user is not there for the other, by whatever route."""
    ann, ben = (enter(url, name, word) for name, word in PASSWORDS.items())
    assert json.loads(request(url, "GET", "/rag/chats", ann)[1])["user"] == "ann"
    chat, key = spoken(url, ann)
    assert [c["id"] for c in json.loads(request(url, "GET", "/rag/chats", ann)[1])["chats"]] == [chat]
    assert json.loads(request(url, "GET", "/rag/chats", ben)[1])["chats"] == []
    assert request(url, "GET", f"/rag/chats/{chat}/export.json", ann)[0] == 200
    for method, path in (
        ("GET", f"/rag/chats/{chat}/export.json"),
        ("DELETE", f"/rag/chats/{chat}"),
        ("POST", f"/rag/turns/{key}/draft"),
        ("GET", f"/rag/source/{key}-1/text"),
        ("GET", f"/rag/source/{key}-1/original"),
    ):
        assert request(url, method, path, ben)[0] == 404
    assert json.loads(request(url, "GET", f"/rag/sources/{key}", ben)[1])["phase"] == "gone"
    assert json.loads(request(url, "GET", f"/rag/sources/{key}", ann)[1])["phase"] == "answered"
    assert request(url, "POST", "/rag/sign-out", ann)[0] == 303
    assert request(url, "GET", "/rag/chats", ann)[0] == 401


def spoken(url: str, cookie: str) -> tuple[str, str]:
    """Ask as the page does; the conversation and the turn that come of it."""
    config = json.loads(request(url, "GET", "/config", cookie)[1])
    ask = next(d for d in config["dependencies"] if d["targets"][0][1] == "submit")
    then = next(d for d in config["dependencies"] if d.get("trigger_after") == ask["id"])
    for dependency in (ask, then):
        data = ["harvest", None] if dependency is ask else [None]
        join = {"data": data, "fn_index": dependency["id"], "session_hash": "s1", "trigger_id": None}
        status, body, _ = request_json(url, "/gradio_api/queue/join", join, cookie)
        assert status == 200, body
        told = request(url, "GET", "/gradio_api/queue/data?session_hash=s1", cookie)[1]
        assert '"success":true' in told.replace(" ", "")
    listed = json.loads(request(url, "GET", "/rag/chats", cookie)[1])["chats"]
    exported = json.loads(request(url, "GET", f"/rag/chats/{listed[0]['id']}/export.json", cookie)[1])
    assert exported["turns"][0]["phase"] == "answered"
    return listed[0]["id"], re.findall(r"#sources-([0-9a-f]{16})", told)[-1]


def request_json(url: str, path: str, data: object, cookie: str) -> tuple[int, str, str]:
    with closing(HTTPConnection(url.removeprefix("http://"), timeout=30)) as connection:
        headers = {"Cookie": f"rag-session={cookie}", "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(data).encode(), headers)
        reply = connection.getresponse()
        return reply.status, reply.read().decode(), ""


@pytest.mark.slow
def test_the_command_writes_a_user(run_rag: RunRag, tmp_path: Path) -> None:
    """`--add-user` asks twice for a password and ends; without a file it says what is needed."""
    done = run_rag("chat", "--auth", "users", "--add-user", "ann", input="correct horse\ncorrect horse\n")
    assert done.returncode == 0 and read_users(tmp_path / "users")["ann"].fits("correct horse")
    assert run_rag("chat", "--add-user", "ann").returncode == 2
    assert "user file" in run_rag("chat", "--auth", "nowhere").stderr
