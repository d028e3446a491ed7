"""The walk of a documents folder: what becomes a document, what is skipped and why."""

import hashlib
import json
import os
import re
from pathlib import Path

import pytest
from index_room import HASH, Room, new_room

from index import DocumentsMissing, explain
from index.errors import UnreadableSource
from index.load import list_folder

LINE = "The old bridge was closed in May because its cables had rusted.\n"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = new_room(tmp_path)
    made.write("kept.txt", LINE)
    return made


def test_the_walk_is_sorted(room: Room) -> None:
    """Documents come in the order of their paths, whatever the file system says."""
    for name in ("z.txt", "a/z.txt", "a.txt", "B.md", "b/a.txt"):
        room.write(name, f"{LINE}{name}\n")
    paths = [source.path for source in list_folder(room.docs, HASH).sources]
    assert paths == sorted(paths) and len(paths) == 6


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that is not there, and a file given for a folder, are told apart."""
    with pytest.raises(DocumentsMissing, match="does not exist"):
        list_folder(tmp_path / "nowhere", HASH)
    (tmp_path / "file").write_text("x")
    with pytest.raises(DocumentsMissing, match="is not a folder"):
        list_folder(tmp_path / "file", HASH)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("my_questions_1.jsonl", "never indexed"),
        ("dataset.yaml", "never indexed"),
        ("rag.toml", "never indexed"),
        ("sub/metadata.jsonl", "never indexed"),
        (".secret.txt", "hidden file"),
        ("picture.png", "no reader for .png"),
        ("README", "no reader for files without a suffix"),
        ("line\nbreak.txt", "cannot be printed"),
        ("bi\u202edi.txt", "cannot be printed"),
        ("zero\u200dwidth.txt", "cannot be printed"),
    ],
)
def test_what_is_never_indexed_is_reported(room: Room, name: str, reason: str) -> None:
    """Reserved names, hidden files, unknown suffixes and unprintable names are skipped with a reason."""
    room.write(name, LINE + name)
    assert reason in room.reasons()[ascii(name)[1:-1]]
    assert room.open().documents == ("kept.txt",)
    if reason == "cannot be printed":
        with pytest.raises(UnreadableSource, match=f"{re.escape(ascii(name)[1:-1])} in .* {reason}"):
            explain(name, room.docs)


@pytest.mark.parametrize(
    "name", ["row 🚣\u200d♀️.txt", "3.00\u202fPM.txt", "a\xa0b.txt", "表\u3000紙.txt", "می\u200cخواهم.txt"]
)
def test_a_name_that_can_be_seen_is_taken(room: Room, name: str) -> None:
    """Joined emoji, the blanks of other scripts and of screen shots, and Persian are no reason to refuse."""
    room.write(name, LINE + name)
    assert room.reasons() == {} and name in room.open().documents
    assert explain(name, room.docs).path == name


def test_a_name_that_is_no_text_is_reported(room: Room) -> None:
    """A file name of bytes outside UTF-8 is a row in the report and not the end of the build."""
    with open(os.fsencode(room.docs) + b"/caf\xe9.txt", "wb") as file:
        file.write(b"anything")
    (room.docs / "new\nfolder").mkdir()
    room.write("new\nfolder/a.txt", LINE + "more")
    assert room.reasons().keys() >= {"caf\\udce9.txt", "new\\nfolder/a.txt"}


def test_hidden_folders_are_reported(room: Room) -> None:
    """A hidden folder, such as the program's own, is skipped as a whole."""
    room.write(".rag/index/a.txt", LINE + "x")
    assert room.reasons() == {".rag/": "hidden folder"}


def test_links_stay_in_the_folder(room: Room, tmp_path: Path) -> None:
    """A link out of the folder is refused, a dangling or circular one reported, one inside is read."""
    (tmp_path / "secret.txt").write_text("The secret recipe has nine herbs.\n")
    (room.docs / "out.txt").symlink_to(tmp_path / "secret.txt")
    (room.docs / "dangling.txt").symlink_to(room.docs / "nothing.txt")
    (room.docs / "loop.txt").symlink_to(room.docs / "loop.txt")
    (room.docs / "metadata.jsonl").symlink_to(tmp_path / "secret.txt")
    (room.docs / "folder").symlink_to(tmp_path)
    room.write("deep/real.md", "# Deep\n\nA document of its own.\n")
    (room.docs / "inside.md").symlink_to(room.docs / "deep" / "real.md")
    reasons = room.reasons()
    assert "leaves the folder" in reasons["out.txt"]
    assert "not a regular file" in reasons["dangling.txt"]
    assert "not a regular file" in reasons["loop.txt"]
    assert "leaves the folder" in reasons["metadata.jsonl"]
    assert "not followed" in reasons["folder/"]
    assert room.open().documents == ("deep/real.md", "kept.txt")
    assert "same content as deep/real.md" in reasons["inside.md"]


def test_what_is_no_file_is_not_opened(room: Room) -> None:
    """A folder or a pipe with a document's name is reported; a pipe would wait for ever."""
    (room.docs / "folder.txt").mkdir()
    os.mkfifo(room.docs / "pipe.txt")
    assert room.reasons() == {"pipe.txt": "not a regular file"}
    (room.docs / "pipe.txt").rename(room.docs / "metadata.jsonl")
    assert "not a regular file" in room.reasons()["metadata.jsonl"]


def test_equal_files_are_indexed_once(room: Room) -> None:
    """The first path keeps the content, the others say where it is; equal names in two folders are two."""
    room.write("a/note.txt", "Two herons nest on the north bank.\n")
    room.write("b/note.txt", "Three herons nest on the south bank.\n")
    room.write("c/copy.txt", LINE)
    assert room.reasons() == {"kept.txt": "same content as c/copy.txt"}
    assert room.open().documents == ("a/note.txt", "b/note.txt", "c/copy.txt")


def test_of_copies_the_original_is_kept(room: Room) -> None:
    """What metadata names is kept, with what it says; else the name that the other only adds to."""
    for name in ("b copy.txt", "b.txt", "c (1).md", "c.md"):
        room.write(name, LINE + name[0])
    assert room.reasons() == {"b copy.txt": "same content as b.txt", "c (1).md": "same content as c.md"}
    room.write("metadata.jsonl", json.dumps({"document": "c (1).md", "title": "Bridges"}) + "\n")
    assert room.reasons()["c.md"] == "same content as c (1).md"
    assert room.open().document("c (1).md").title == "Bridges"


@pytest.mark.parametrize(
    ("content", "reason"),
    [("", "empty"), (" \r\n\t\n", "holds no text"), ("\ufeff", "holds no text"), ("a\x00b", "NUL")],
)
def test_files_without_text_are_reported(room: Room, content: str, reason: str) -> None:
    """Empty, blank and binary files are skipped, and `explain` gives the same reason."""
    room.write("bad.txt", content)
    assert reason in room.reasons()["bad.txt"]
    with pytest.raises(UnreadableSource, match=rf"bad\.txt in .* is not indexed: .*{reason}"):
        explain("bad.txt", room.docs)


def test_nothing_readable_is_an_error(tmp_path: Path) -> None:
    """A folder without a document says so and names what it skipped."""
    room = new_room(tmp_path)
    with pytest.raises(DocumentsMissing, match="it is empty"):
        room.build()
    room.write("bad.txt", "\x00")
    with pytest.raises(DocumentsMissing, match=r"bad\.txt: holds NUL"):
        room.build()


def test_a_file_over_the_limit_is_skipped(room: Room) -> None:
    """The size limit is a setting; the reason names it."""
    room.write("big.txt", LINE * 100)
    report = room.build(HASH.model_copy(update={"max_file_mb": 0.001}))
    assert [(row.path, row.unreadable) for row in report.skipped] == [("big.txt", True)]
    assert "max_file_mb = 0.001" in report.skipped[0].reason


def test_metadata_names_title_and_date(room: Room) -> None:
    """`metadata.jsonl` gives a document its title, date and the rest; unknown values are left out."""
    row = {"document": "kept.txt", "title": "The bridge", "date": "2021-05-03", "outlet": " Herald ", "n": 7}
    unknown = {"licence": "Unknown", "author": None, "place": ""}
    room.write("metadata.jsonl", "\ufeff" + json.dumps(row | unknown) + "\r\n\r\n")
    assert room.reasons() == {"metadata.jsonl": "metadata of the other documents, never indexed itself"}
    document = room.open().document("kept.txt")
    assert (document.title, document.date) == ("The bridge", "2021-05-03")
    assert document.metadata == {"outlet": "Herald", "n": "7"}


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "7",
        "{",
        '{"title": "x"}',
        '{"document": []}',
        "[" * 100_000,
        '{"document": "a", "b": "\\ud800"}',
    ],
)
def test_a_bad_line_of_metadata_is_reported(room: Room, line: str) -> None:
    """A bad line is named and the good ones count."""
    good = '{"document": "kept.txt", "title": "A \u2028 title"}'
    room.write("metadata.jsonl", f"{line}\n{good}\n")
    rows = room.build().skipped
    assert [row.path for row in rows] == ["metadata.jsonl"]
    assert "; line 1 is no JSON object with a 'document'; " in rows[0].reason and rows[0].unreadable
    assert room.open().document("kept.txt").title == "A \u2028 title"


@pytest.mark.parametrize("damage", [b'{"document": "kept.txt", "title"', b"\x00\x01\x02\xff" * 40])
def test_damaged_metadata_takes_nothing_away(room: Room, damage: bytes) -> None:
    """A document keeps the metadata it had until the file can be read, and loses it with its line."""
    line = json.dumps({"document": "kept.txt", "title": "On Bridges", "tags": ["river", "old stone"]})
    room.write("metadata.jsonl", line)
    room.build()
    (room.docs / "metadata.jsonl").write_bytes(damage)
    report = room.build()
    assert report.nothing_changed
    assert [row.unreadable for row in report.skipped if row.path == "metadata.jsonl"] == [True]
    kept = room.open().document("kept.txt")
    assert (kept.title, kept.metadata["tags"]) == ("On Bridges", "river, old stone")
    room.write("metadata.jsonl", '{"document": "kept.txt"}')
    assert room.build().changed == ("kept.txt",)
    assert room.open().document("kept.txt").title == ""


def test_metadata_for_what_is_not_there_is_reported(room: Room) -> None:
    """In one row, however many lines are at fault."""
    names = ["kept.txt", *(f"gone-{number}.txt" for number in range(7))]
    lines = [json.dumps({"document": name, "title": "T"}) for name in names]
    room.write("metadata.jsonl", "\n".join([*lines, "{", "["]))
    told = room.reasons()["metadata.jsonl"]
    assert "lines 9, 10 are no JSON object with a 'document'" in told
    assert "it names what is not in the folder: gone-0.txt, gone-1.txt" in told and "and 2 more" in told


def test_a_file_can_be_named_by_any_path_to_it(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relative to the folder or to where one works, with `./`, or whole."""
    room.write("sub/deep.txt", LINE + "Deep.\n")
    monkeypatch.chdir(tmp_path)
    for name in ("sub/deep.txt", "./sub/deep.txt", "docs/sub/deep.txt", str(room.docs / "sub" / "deep.txt")):
        assert explain(name, "docs").path == "sub/deep.txt"
    for name in ("deep.txt", "../docs", "/etc/passwd", "docs/../outside.txt"):
        with pytest.raises(UnreadableSource, match="no such file"):
            explain(name, "docs")


def test_a_title_is_a_heading_of_the_text_or_nothing(room: Room) -> None:
    """Without metadata the title is a heading that opens the text, BOM or not, and never the file's name."""
    room.write("headed.txt", f"\ufeffOn Old Bridges\n{LINE}Two more.\n")
    room.write("marked.md", f"\ufeff# On Old Bridges #\n\n{LINE}Three more.\n")
    room.build()
    index = room.open()
    titles = [index.document(name).title for name in ("headed.txt", "marked.md", "kept.txt")]
    assert titles == ["On Old Bridges", "On Old Bridges", ""]


def test_the_documents_folder_is_never_written(room: Room) -> None:
    """A build changes no byte, no name and no time in the documents folder."""
    room.write("sub/b.md", "# B\n\nText of b.\n")

    def state() -> list[tuple[str, int, str]]:
        files = sorted(room.docs.rglob("*"))
        sums = [hashlib.sha256(f.read_bytes()).hexdigest() if f.is_file() else "" for f in files]
        return [(str(f), f.stat().st_mtime_ns, s) for f, s in zip(files, sums, strict=True)]

    before = state()
    room.build()
    room.write("kept.txt", LINE)  # same content: nothing to do
    os.utime(room.docs / "kept.txt", ns=(before[0][1], before[0][1]))
    before = state()
    room.build()
    assert state() == before
