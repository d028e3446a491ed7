"""Adding, replacing and removing documents beside the running chat: real files, a real index."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from index_room import prose

from index.errors import SettingsError
from index.settings import IndexShape
from rag import Rag, RagSettings
from ui import documents
from ui.desk import Desk
from ui.documents import UploadRefused
from ui.suggest import questions_of, suggestions

TEXT = (
    "The Lindenhof Orchard Society (LOS) was founded by Ada Kern. "
    "Ada Kern, a miller from Ost, kept the key.\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text(prose(1), encoding="utf-8")
    settings = RagSettings(index=IndexShape(encoder="hash:", max_file_mb=0.01))
    desk = Desk(Rag.open(docs, index=tmp_path / "index", settings=settings, allow_empty=True))
    yield desk
    desk.conversations.close()


def put(desk: Desk, name: str, data: bytes) -> str:
    async def body() -> AsyncIterator[bytes]:
        for at in range(0, len(data), 1000):
            yield data[at : at + 1000]

    with ThreadPoolExecutor(1) as thread:  # this one may hold the browser's event loop
        return thread.submit(lambda: asyncio.run(desk.shelf.receive(name, body()))).result()


@pytest.mark.parametrize("name", ["my questions.jsonl", "metadata.jsonl", "rag.toml", "dataset.yaml"])
def test_a_file_that_is_never_indexed_is_refused_for_its_name(desk: Desk, name: str) -> None:
    """Not for its type, which may well be one that is read."""
    with pytest.raises(UploadRefused, match="files of this name are kept for the program"):
        put(desk, name, b"{}")


def build(desk: Desk) -> None:
    desk.indexing.start()
    wait(lambda: not desk.indexing.progress.running)


def wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_an_added_file_is_found(desk: Desk) -> None:
    """Added, then replaced, then unchanged; the documents folder is never written."""
    before = sorted(desk.rag.folder.iterdir())
    assert put(desk, "b.txt", prose(2).encode()) == "added"
    build(desk)
    assert desk.rag.documents == ("a.txt", "uploads/b.txt")
    assert desk.indexing.progress.to_dict()["files"]["uploads/b.txt"] == "added"
    assert put(desk, "b.txt", prose(3).encode()) == "replaced"
    build(desk)
    assert desk.indexing.progress.to_dict()["files"]["uploads/b.txt"] == "replaced"
    assert put(desk, "b.txt", prose(3).encode()) == "unchanged"
    assert sorted(desk.rag.folder.iterdir()) == before
    assert not list((desk.rag.index_folder / documents.INCOMING).iterdir())


def test_removing_deletes_what_was_added_and_leaves_out_the_rest(desk: Desk) -> None:
    """A document of the folder stays on disk, is listed as left out, and can be taken in again."""
    put(desk, "b.txt", prose(2).encode())
    build(desk)
    assert desk.shelf.remove("uploads/b.txt") == "deleted"
    assert desk.shelf.remove("a.txt") == "left out"
    build(desk)
    assert desk.rag.documents == () and (desk.rag.folder / "a.txt").is_file()
    listed = desk.documents()
    assert listed["excluded"] == ["a.txt"] and listed["count"] == 0 and listed["skipped"] == []
    desk.shelf.restore("a.txt")
    build(desk)
    assert desk.rag.documents == ("a.txt",)


@pytest.mark.parametrize(
    "name",
    ["../x.txt", "..\\x.txt", "/etc/x.txt", ".hidden.txt", "a\x00.txt", "x.exe", "x", "", "con.txt",
     "a:b.txt",
     "x" * 200 + ".txt", "metadata.jsonl", "my-questions.jsonl", "a\u202etxt.txt", "file:x.txt", "x.txt."],
)  # fmt: skip
def test_hostile_names_are_refused(desk: Desk, name: str) -> None:
    """Nothing outside the folder for added files, nothing hidden, no type that is not read."""
    with pytest.raises(UploadRefused):
        put(desk, name, b"some words")
    assert not list(desk.rag.index_folder.glob("uploads/*"))


def test_a_name_with_percent_signs_is_a_name(desk: Desk) -> None:
    """Nothing is decoded a second time."""
    assert put(desk, "%2e%2e%2fx.txt", b"some words") == "added"
    assert [file.name for file in desk.shelf.folder.iterdir()] == ["%2e%2e%2fx.txt"]


def test_sizes_and_numbers_are_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file, all files, how many files; a file that is refused leaves nothing behind."""
    with pytest.raises(UploadRefused, match=r"larger than 0\.01 MB"):
        put(desk, "b.txt", b"x" * 10_001)
    with pytest.raises(UploadRefused, match="empty"):
        put(desk, "b.txt", b"")
    monkeypatch.setattr(documents, "TOTAL_LIMIT", 100)
    with pytest.raises(UploadRefused, match="exceed"):
        put(desk, "b.txt", b"x" * 101)
    put(desk, "b.txt", b"words")
    monkeypatch.setattr(documents, "FILES_LIMIT", 1)
    with pytest.raises(UploadRefused, match="the most there can be"):
        put(desk, "c.txt", b"words")
    assert [file.name for file in desk.shelf.folder.iterdir()] == ["b.txt"]
    assert not list((desk.rag.index_folder / documents.INCOMING).iterdir())


@pytest.mark.parametrize(
    "path", ["../a.txt", "uploads/../../a.txt", "/etc/passwd", "uploads/", "nothing.txt"]
)
def test_only_documents_can_be_removed_or_saved(desk: Desk, path: str) -> None:
    """A path is compared with those there are."""
    with pytest.raises(UploadRefused, match="no such document"):
        desk.shelf.remove(path)
    assert desk.shelf.file(path) is None


def test_a_link_that_leaves_the_folder_is_not_served(desk: Desk, tmp_path: Path) -> None:
    """The original of a document comes from its folder or not at all."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (desk.rag.folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert desk.shelf.file("link.txt") is None and desk.shelf.file("a.txt") is not None


def test_a_file_of_the_folder_hides_an_added_one_of_its_path(desk: Desk) -> None:
    """What is served and what is removed is the document that is indexed, not its namesake."""
    put(desk, "b.txt", prose(2).encode())
    (desk.rag.folder / "uploads").mkdir()
    own = desk.rag.folder / "uploads" / "b.txt"
    own.write_text(prose(3), encoding="utf-8")
    build(desk)
    assert desk.shelf.file("uploads/b.txt") == own
    listed = {row["path"]: row["added"] for row in desk.documents()["listed"]}
    assert listed == {"a.txt": False, "uploads/b.txt": False}
    assert desk.shelf.remove("uploads/b.txt") == "left out"
    build(desk)
    assert own.is_file() and [file.name for file in desk.shelf.folder.iterdir()] == ["b.txt"]
    assert desk.shelf.remove("uploads/b.txt") == "deleted" and own.is_file()


def test_what_a_broken_upload_left_is_swept(desk: Desk) -> None:
    """Not what another chat may be receiving at the moment."""
    incoming = desk.rag.index_folder / documents.INCOMING
    put(desk, "b.txt", prose(2).encode())
    (old, new) = incoming / "old", incoming / "new"
    for draft in (old, new):
        draft.write_bytes(b"half")
    os.utime(old, (1, 1))
    put(desk, "c.txt", prose(3).encode())
    assert [file.name for file in incoming.iterdir()] == ["new"]


def test_the_event_loop_is_free_while_a_file_comes_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing and writing are done in another thread."""
    loops: list[bool] = []
    real = documents.Shelf._take

    def take(self: documents.Shelf, *args: Any) -> Any:
        try:
            asyncio.get_running_loop()
            loops.append(True)
        except RuntimeError:
            loops.append(False)
        return real(self, *args)

    monkeypatch.setattr(documents.Shelf, "_take", take)
    monkeypatch.setattr(documents, "_WRITTEN_AT_ONCE", 1500)
    assert put(desk, "b.txt", prose(2).encode()) == "added" and loops == [False]
    assert (desk.shelf.folder / "b.txt").read_text(encoding="utf-8") == prose(2)


def test_the_samples_are_added(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies of them; none are offered where they are what is asked already, or not there."""
    monkeypatch.setattr(documents, "SAMPLES", (tmp_path / "nowhere", desk.rag.folder))
    assert desk.documents()["samples"] is False
    with pytest.raises(UploadRefused, match="no sample documents"):
        desk.shelf.add_samples()
    samples = tmp_path / "samples"
    samples.mkdir()
    (samples / "s.txt").write_text(prose(5), encoding="utf-8")
    (samples / "no.exe").write_bytes(b"MZ")
    monkeypatch.setattr(documents, "SAMPLES", (samples,))
    assert desk.documents()["samples"] is True and desk.shelf.add_samples() == ["s.txt"]
    build(desk)
    assert desk.rag.documents == ("a.txt", "uploads/s.txt")


def test_a_build_tells_how_far_each_added_file_is(desk: Desk) -> None:
    """Waiting, being read, read, encoded: the page tells each from what the build has come to."""
    put(desk, "b.txt", prose(2).encode())
    put(desk, "c.docx", b"no archive at all")
    told: list[dict[str, Any]] = []
    tick = desk.indexing._tick

    def listen(*args: Any) -> None:
        tick(*args)
        told.append(desk.indexing.progress.to_dict())

    desk.indexing._tick = listen  # type: ignore[method-assign]  # a listener in between
    build(desk)
    reading = [row["reading"] for row in told if row["step"] == "Reading"]
    assert reading == ["uploads/b.txt", "uploads/c.docx"]
    encoding = [row for row in told if row["step"] == "Embedding"]
    assert encoding and encoding[-1]["done"] == encoding[-1]["total"] > 0
    assert all(row["read"] == ["uploads/b.txt", "uploads/c.docx"] for row in encoding)
    assert desk.indexing.progress.to_dict()["read"] == []


def test_an_unreadable_file_is_named_with_its_reason(desk: Desk) -> None:
    """The build goes on; the page can say what was wrong."""
    put(desk, "b.docx", b"no archive at all")
    build(desk)
    assert "uploads/b.docx" in desk.indexing.progress.to_dict()["files"]
    (row,) = desk.documents()["skipped"]
    assert (row["path"], row["added"]) == ("uploads/b.docx", True)
    assert desk.shelf.remove("uploads/b.docx") == "deleted"


def test_suggested_questions_are_answered(tmp_path: Path) -> None:
    """Made from the text, each tried; none for an empty index."""
    docs = tmp_path / "docs"
    docs.mkdir()
    settings = RagSettings(index=IndexShape(encoder="hash:"))
    rag = Rag.open(docs, index=tmp_path / "index", settings=settings, allow_empty=True)
    assert suggestions(rag) == ()
    (docs / "a.txt").write_text(TEXT + prose(7), encoding="utf-8")
    rag.refresh()
    made = questions_of(rag.document("a.txt"))
    assert {"Who is Ada Kern?", "What is the Lindenhof Orchard Society?"} <= set(made)
    (docs / "b.txt").write_text("The envoy to Lund Ida Berg-Holm said that the ferry sails.\n")
    rag.refresh()
    assert "What did Ida Berg-Holm say?" in questions_of(rag.document("b.txt"))
    made += questions_of(rag.document("b.txt"))
    for question in suggestions(rag):
        assert question in made and rag.ask(question).status == "answered"


def test_a_generator_has_a_state(desk: Desk) -> None:
    """The plain one is ready; an address where nothing listens is down; a page can name only these."""
    from ui.choices import choices, label_of, state_of

    assert [(c.name, c.state) for c in choices(desk.rag)] == [("extractive", "ready")]
    assert state_of(desk.rag, "openai:pocket@http://127.0.0.1:9/v1") == "server down"
    assert label_of("openai:pocket@http://127.0.0.1:9/v1") == "openai:pocket"
    assert desk.answerer("openai:pocket@http://127.0.0.1:9/v1") is desk.rag
    other = desk.rag.using("extractive")
    assert other is not desk.rag and other.documents == desk.rag.documents
    with pytest.raises(SettingsError):
        desk.rag.using("nothing")


def test_questions_to_begin_with_are_tried_without_a_model(desk: Desk) -> None:
    """A model would cost for each, and one that is down would leave none."""
    put(desk, "b.txt", TEXT.encode())
    build(desk)
    desk.rag = desk.rag.using("openai:m@http://127.0.0.1:9/v1")
    assert desk.suggestions() == suggestions(desk.rag.using("extractive")) != ()


def test_a_build_ends_with_the_program(desk: Desk) -> None:
    """It is broken off, what was indexed before stays, and no other one follows."""
    before = desk.rag.documents
    desk.indexing.end()
    put(desk, "b.txt", TEXT.encode())
    build(desk)
    assert desk.rag.documents == before and "ended" in desk.indexing.progress.error
