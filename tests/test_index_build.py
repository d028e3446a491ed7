"""A build brings the index up to date: every fate of a document has its own outcome."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from growth import is_linear
from index_room import HASH, REAL, Room, chunk_facts, new_room, prose

from index import DocumentsMissing, IndexMismatch
from index.errors import IndexBusy, IndexFault
from index.stores.database import writing


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Three documents, indexed."""
    made = new_room(tmp_path)
    for number, name in enumerate(("a.txt", "b.txt", "sub/c.md")):
        made.write(name, prose(number))
    made.build()
    return made


def outcome(room: Room, **settings: object) -> tuple[list[str], list[str], list[str], list[str]]:
    report = room.build(HASH.model_copy(update=settings))
    return list(report.added), list(report.changed), list(report.removed), list(report.unchanged)


def test_nothing_changed(room: Room) -> None:
    """A second build reads nothing, encodes nothing and keeps the generation."""
    report = room.build()
    assert report.nothing_changed and (report.generation, report.encoded) == (1, 0)
    assert report.unchanged == ("a.txt", "b.txt", "sub/c.md")


def test_added_changed_and_removed(room: Room) -> None:
    """Each fate is reported, and both searches know the new state at once."""
    room.write("d.txt", "The quagga was last seen in Tasmonia in 1883.\n")
    room.write("a.txt", prose(0) + "A walrus slept on the pier all Tuesday.\n")
    (room.docs / "b.txt").unlink()
    assert outcome(room) == (["d.txt"], ["a.txt"], ["b.txt"], ["sub/c.md"])
    assert room.finds("quagga") == {"d.txt"} and room.finds("walrus") == {"a.txt"}


def test_a_changed_document_encodes_what_changed(tmp_path: Path) -> None:
    """Chunks that stayed the same keep their vectors."""
    room = new_room(tmp_path)
    room.write("a.md", "".join(f"# Part {n}\n\n{prose(n, 2)}\n" for n in range(9)))
    before = room.build()
    room.write("a.md", "".join(f"# Part {n}\n\n{prose(n + 50 * (n == 4), 2)}\n" for n in range(9)))
    after = room.build()
    assert after.changed == ("a.md",) and 0 < after.encoded < before.encoded / 3


def test_a_deleted_document_is_gone_from_both_searches(room: Room) -> None:
    """Neither search returns a chunk of a deleted document, and its number is not used again."""
    index = room.open()
    gone = {chunk.id for chunk in index.chunks("b.txt")}
    vectors = index.encoder.encode([chunk.text for chunk in index.chunks("b.txt")])
    (room.docs / "b.txt").unlink()
    room.write("d.txt", prose(40))
    room.build()
    fresh = room.open()
    found = {i for vector in vectors for i, _ in fresh.nearest(vector, 1000)}
    found |= {i for i, _ in fresh.matching(["the", "of", "peopl"], 1000)}
    assert found and not found & gone
    assert not {chunk.id for chunk in fresh.chunks("d.txt")} & gone


def test_a_renamed_document_is_not_encoded_again(room: Room) -> None:
    """A new name is one removed and one added document, with the old vectors."""
    (room.docs / "a.txt").rename(room.docs / "z.txt")
    report = room.build()
    assert (report.added, report.removed, report.encoded) == (("z.txt",), ("a.txt",), 0)
    assert room.open().documents == ("b.txt", "sub/c.md", "z.txt")


def test_content_counts_and_time_does_not(room: Room) -> None:
    """Same time and size with other content is changed; another time with the same content is not."""
    file = room.docs / "a.txt"
    stamp = file.stat()
    text = file.read_text()
    file.write_text(text.replace("18", "19", 1) if "18" in text else text[::-1])
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    os.utime(room.docs / "b.txt", ns=(1, 1))
    assert file.stat().st_size == stamp.st_size
    assert outcome(room) == ([], ["a.txt"], [], ["b.txt", "sub/c.md"])


@pytest.mark.parametrize("content", [b"\x00 binary", b"x" * 2_000_000])
def test_an_unreadable_file_keeps_its_previous_version(room: Room, content: bytes) -> None:
    """A file that turns binary or grows over the limit is reported and stays as it was indexed."""
    before = room.open().document("a.txt").text
    room.write("a.txt", content)
    report = room.build(HASH.model_copy(update={"max_file_mb": 1.0}))
    assert [(row.path, row.unreadable) for row in report.skipped] == [("a.txt", True)]
    assert report.removed == () and "a.txt" in report.unchanged
    assert room.open().document("a.txt").text == before


def test_an_unreadable_file_outlives_a_change_of_settings(room: Room) -> None:
    """Its stored text is cleaned, cut and encoded anew, and nothing of it is lost."""
    room.write("a.txt", "Advertisement\n" + prose(0))
    room.build()
    before = room.open().document("a.txt").text
    room.write("a.txt", b"\x00 binary")
    other = HASH.model_copy(update={"chunk_tokens": 32, "clean": False})
    report = room.build(other)
    assert report.removed == () and "a.txt" in report.unchanged and report.rebuilt
    index = room.open()
    assert index.document("a.txt").text == before
    assert {block.verdict for block in index.document("a.txt").blocks} == {"body"}
    assert all(chunk.tokens <= 32 for chunk in index.chunks("a.txt"))
    room.build()
    assert room.open().document("a.txt").blocks[0].reason == "advert"
    assert room.build().nothing_changed


@pytest.mark.parametrize("place", ["sub", ""])
def test_a_folder_that_cannot_be_listed_keeps_its_documents(
    room: Room, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """When the system refuses to list a folder, what was indexed from it stays."""
    listing, refused = os.scandir, (room.docs / place).resolve()

    def scandir(path: str) -> object:
        if Path(path) == refused:
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = room.build()
    assert report.removed == () and len(report.unchanged) == 3
    assert ["cannot be listed" in row.reason for row in report.skipped] == [True]


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_emptied_file_is_removed(room: Room, content: str) -> None:
    """A file without text is no longer a document: its old text does not answer."""
    room.write("a.txt", content)
    assert outcome(room) == ([], [], ["a.txt"], ["b.txt", "sub/c.md"])


def test_new_metadata_reads_a_document_again(room: Room) -> None:
    """A changed title is a changed document, and the others are left alone."""
    room.write("metadata.jsonl", '{"document": "a.txt", "title": "On Bridges"}\n')
    assert outcome(room) == ([], ["a.txt"], [], ["b.txt", "sub/c.md"])
    assert room.open().document("a.txt").title == "On Bridges"


def test_other_settings_read_everything_again(room: Room) -> None:
    """Settings that shape the chunks rebuild all documents."""
    chunks = room.build().chunks
    assert outcome(room, chunk_tokens=32) == ([], ["a.txt", "b.txt", "sub/c.md"], [], [])
    assert len(room.open()) > chunks


def test_an_emptied_folder_answers_nothing(room: Room) -> None:
    """When the last document is removed, nothing of it can be found; a new one starts again."""
    for file in room.docs.rglob("*.*"):
        file.unlink()
    assert outcome(room) == ([], [], ["a.txt", "b.txt", "sub/c.md"], [])
    index = room.open()
    assert (len(index), index.documents, index.matching(["the"], 9)) == (0, (), [])
    assert index.nearest(index.encoder.encode(["the bridge"])[0], 9) == []
    with pytest.raises(DocumentsMissing):
        room.build()
    room.write("new.txt", prose(3))
    assert outcome(room)[0] == ["new.txt"]


@pytest.mark.parametrize("settings", [HASH, REAL], ids=["hash", "real"])
def test_an_incremental_build_equals_a_fresh_one(tmp_path: Path, settings: object) -> None:
    """After any changes the chunks are those of a fresh build and the vectors equal to the last bit.

    The documents share a signature, which is marked once the third of them has come, and kept by the first.
    """
    signature = "\nKind regards\nOlga Brandt\nAcme Works, facilities\n"
    room = Room(new_room(tmp_path).docs, tmp_path / "index", settings)  # type: ignore[arg-type]  # parametrised
    for step in range(3):
        for number in range(3 + step):
            changed = 10 * step if number == step else 0
            room.write(f"{number}.txt", prose(number + changed, 6) + signature * (number != step))
        if step == 2:
            (room.docs / "0.txt").unlink()
        room.build()
    fresh = Room(room.docs, tmp_path / "fresh", room.settings)
    fresh.build()
    one, two = room.open(), fresh.open()
    assert chunk_facts(one) == chunk_facts(two) and one.fingerprint == two.fingerprint
    assert "repeated" in [block.reason for block in one.document("4.txt").blocks]
    with writing(room.index) as ours, writing(fresh.index) as theirs:
        query = (
            'SELECT path, "start", v.vector FROM chunks c JOIN documents d ON d.id = document '
            "JOIN vectors v ON v.id = c.vector ORDER BY 1, 2"
        )
        assert ours.execute(query).fetchall() == theirs.execute(query).fetchall()
    vector = one.encoder.encode(["painted bridge"])[0]
    scores = [np.array([score for _, score in index.nearest(vector, 50)]) for index in (one, two)]
    assert scores[0].tobytes() == scores[1].tobytes()


def test_an_open_reader_keeps_its_generation(room: Room) -> None:
    """While builds commit, an opened index goes on answering from what it opened."""
    reader = room.open()
    before, hits = chunk_facts(reader), reader.matching(["the"], 50)
    for number in range(3):
        room.write("a.txt", prose(60 + number))
        room.build()
    (room.docs / "b.txt").unlink()
    room.build()
    assert chunk_facts(reader) == before and reader.matching(["the"], 50) == hits
    assert reader.generation == 1 and room.open().generation == 5
    assert {i for i, _ in hits} == set(reader.chunks_by_id(i for i, _ in hits))


def test_old_generations_are_removed(room: Room) -> None:
    """After a build only the current generation's files are left."""
    room.write("a.txt", prose(70))
    room.build()
    assert sorted(p.name for p in room.index.iterdir()) == ["index.sqlite", "vectors-2.faiss", "words-2"]


def test_an_index_belongs_to_one_folder(room: Room, tmp_path: Path) -> None:
    """Another documents folder is refused and the index left as it was."""
    other = Room(tmp_path / "other", room.index)
    shutil.copytree(room.docs, other.docs)
    with pytest.raises(IndexMismatch, match="belongs to"):
        other.build()
    assert room.build().nothing_changed


def test_one_builder_at_a_time(room: Room) -> None:
    """A second builder is told that the index is being built; a reader is not disturbed."""
    room.write("a.txt", prose(80))
    with writing(room.index):
        with pytest.raises(IndexBusy, match="another process"):
            room.build()
        assert len(room.open()) > 0
    assert room.build().changed == ("a.txt",)


def test_a_folder_that_cannot_be_made_is_named(room: Room, tmp_path: Path) -> None:
    """An index address inside a file is an error of this program."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexFault, match="cannot be made"):
        Room(room.docs, tmp_path / "file" / "index").build()


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["a", "漢字", "lorem ipsum dolor "])
def test_an_endless_line_is_indexed_in_time(tmp_path: Path, piece: str) -> None:
    """A line of 2 MB costs in proportion; one of 50 MB is skipped under the default settings."""
    room = new_room(tmp_path)

    def build(line: str) -> None:
        room.write("line.txt", line)
        assert room.build().chunks > 100

    assert is_linear(build, piece * (2_000_000 // len(piece.encode())))
    (room.docs / "line.txt").unlink()
    room.write("small.txt", prose(1))
    room.write("huge.txt", b"a" * 50_000_000)
    assert [row.path for row in room.build().skipped] == ["huge.txt"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"said": "cut \\ud83d in the bridge record"}'),
        ("a.md", '---\ntitle: "half \\ud800"\n---\n\nThe bridge was built in 1931.'),
        (
            "a.eml",
            "Subject: x\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nThe bridge +2AA- was built.\r\n",
        ),
    ],
)
def test_half_a_surrogate_pair_costs_one_character(room: Room, name: str, content: str) -> None:
    """No file or database can hold it; the rest of the document, and of the folder, is indexed."""
    room.write(name, content)
    room.write("d.txt", "An otter swims in the river.")
    assert room.build().added == (name, "d.txt")
    index = room.open()
    try:
        document = index.document(name)
        assert "\ufffd" in document.text + document.title and "bridge" in document.text
        assert "surrogate" in document.note
    finally:
        index.close()
