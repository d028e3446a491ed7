"""A damaged index says so, names the file and the cure, and the cure works."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import REPO
from index_room import HASH, REAL, Room, chunk_facts, new_room, prose

from index import (
    DocumentsMissing,
    DocumentUnknown,
    IndexCorrupt,
    IndexMismatch,
    IndexMissing,
    RagError,
    check_index,
    open_index,
    repair_index,
)

NAME = "index.sqlite"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = new_room(tmp_path)
    for number in range(4):
        made.write(f"{number}.txt", prose(number))
    made.build()
    return made


def put(file: Path, data: bytes) -> None:
    """Other bytes under the name of a file, whose old ones an open index may still have mapped."""
    file.with_name("new").write_bytes(data)
    file.with_name("new").replace(file)


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    put(file, data)


def truncate(file: Path) -> None:
    put(file, file.read_bytes()[: file.stat().st_size // 2])


def delete(file: Path) -> None:
    file.unlink()


PARTS = ["vectors", *(f"words:{suffix}" for suffix in (".store", ".term", ".idx", ".fast", "meta.json"))]


def part_of(room: Room, part: str) -> tuple[Path, str]:
    """A file of a projection, and the projection's name."""
    kind, _, suffix = part.partition(":")
    if kind == "vectors":
        return room.index / "vectors-1.faiss", "vectors-1.faiss"
    return next(f for f in sorted((room.index / "words-1").iterdir()) if f.name.endswith(suffix)), "words-1"


@pytest.mark.parametrize("damage", [flip, truncate, delete])
@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_projection_is_named_and_healed(
    room: Room, part: str, damage: Callable[[Path], None]
) -> None:
    """Any damaged file of a projection is refused by name, and repaired from the rows with equal answers."""
    before = room.open()
    facts, hits = chunk_facts(before), before.matching(["the"], 50)
    file, name = part_of(room, part)
    damage(file)
    with pytest.raises(IndexCorrupt, match=f"{name}.*--repair"):
        room.open()
    assert check_index(room.index) == (name,)
    assert repair_index(room.index, settings=HASH) == (name,)
    assert check_index(room.index) == ()
    after = room.open()
    assert (chunk_facts(after), after.matching(["the"], 50)) == (facts, hits)


@pytest.mark.parametrize("damage", ["garbage", "truncated", "header"])
def test_a_damaged_database_is_built_again(room: Room, damage: str) -> None:
    """It is refused with the cure, put aside and never deleted, and built again from the documents."""
    file = room.index / NAME
    facts = chunk_facts(room.open())
    data = file.read_bytes()
    bad = {"garbage": b"no database " * 900, "truncated": data[:9000], "header": b"x" * 200 + data[200:]}[
        damage
    ]
    file.write_bytes(bad)
    with pytest.raises(IndexCorrupt, match=r"index\.sqlite.*--repair"):
        room.open()
    assert check_index(room.index) == (NAME,)
    with pytest.raises(IndexMissing, match="name the documents folder"):
        repair_index(room.index, settings=HASH)
    with pytest.raises(DocumentsMissing):
        repair_index(room.index, room.docs / "nowhere", settings=HASH)
    assert repair_index(room.index, room.docs, settings=HASH) == (NAME,)
    assert (room.index / f"{NAME}.damaged").read_bytes() == bad
    assert chunk_facts(room.open()) == facts
    file.write_bytes(b"again " * 900)
    repair_index(room.index, room.docs, settings=HASH)
    assert (room.index / f"{NAME}.damaged").read_bytes() == bad
    assert (room.index / f"{NAME}.damaged-2").is_file()


def test_flipped_bytes_never_crash(room: Room) -> None:
    """Whatever byte of the database is wrong, the index answers or is refused as damaged."""
    room.open().close()
    sound = (room.index / NAME).read_bytes()
    draw, refused = random.Random(5), 0
    for _ in range(60):
        data = bytearray(sound)
        for _ in range(draw.choice([1, 1, 40])):
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        (room.index / NAME).write_bytes(data)
        try:
            index = room.open()
            try:
                for path in index.documents:
                    index.document(path)
                    index.chunks(path)
                check_index(room.index)
            finally:
                index.close()
        except RagError:
            refused += 1
    assert refused > 5


def test_a_sound_index_is_left_alone(room: Room) -> None:
    """Checking and repairing a sound index changes nothing."""
    assert check_index(room.index) == repair_index(room.index, settings=HASH) == ()
    assert room.open().generation == 1


def test_another_format_is_told_from_damage(room: Room) -> None:
    """An index of another version of the program is neither opened nor written."""
    with sqlite3.connect(room.index / NAME) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    connection.close()
    with pytest.raises(IndexMismatch, match="format 99"):
        room.open()
    with pytest.raises(IndexMismatch, match="format 99"):
        room.build()


def test_a_database_of_another_program_is_left_alone(room: Room) -> None:
    """Where the file holds tables that are none of ours, it is neither opened nor written."""
    for name in ("", "-wal", "-shm"):
        (room.index / f"{NAME}{name}").unlink(missing_ok=True)
    with sqlite3.connect(room.index / NAME) as connection:
        connection.execute("CREATE TABLE documents (title TEXT)")
    connection.close()
    for act in (room.open, room.build):
        with pytest.raises(IndexMismatch, match="not written by this program"):
            act()
    with sqlite3.connect(room.index / NAME) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("documents",)]
    connection.close()


def test_another_encoder_is_refused_on_use(room: Room) -> None:
    """An index built by another model opens, and refuses to encode a question for it."""
    index = open_index(room.index, REAL)
    assert len(index.matching(["the"], 5)) == 5
    with pytest.raises(IndexMismatch, match="hash-256"):
        index.vectors_of(["a question"])


def test_what_is_missing_is_named(room: Room, tmp_path: Path) -> None:
    """No index, a build that never committed, and an unknown document each say so."""
    with pytest.raises(IndexMissing, match="rag index DOCS"):
        open_index(tmp_path / "nowhere")
    (tmp_path / "begun").mkdir()
    sqlite3.connect(tmp_path / "begun" / NAME).close()
    (tmp_path / "begun" / NAME).touch()
    with pytest.raises(IndexMissing, match="rag index DOCS"):
        open_index(tmp_path / "begun")
    with pytest.raises(DocumentUnknown, match="nowhere"):
        room.open().document("nowhere.txt")


READ_ONLY = """
import os, sys
from index import IndexSettings, open_index
def look(folder):
    index = open_index(folder, IndexSettings(encoder="hash:"))
    assert len(index.matching(["the"], 5)) == 5 and len(index.nearest(index.vectors_of(["x"])[0], 5)) == 5
    index.close()
look(sys.argv[1])  # everything is imported now, as the other user may not read this Python
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
assert not os.access(sys.argv[2], os.W_OK)
look(sys.argv[2])
"""


def test_a_read_only_index_is_opened(room: Room) -> None:
    """A user who may not write the index folder can search it, and nothing is left in it."""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        copy = Path(shutil.copytree(room.index, Path(place) / "index"))
        for entry in [copy, *copy.rglob("*")]:
            entry.chmod(0o555 if entry.is_dir() else 0o444)
        names = sorted(copy.rglob("*"))
        path = f"{os.environ['PYTHONPATH']}{os.pathsep}{REPO}"
        command = [sys.executable, "-P", "-c", READ_ONLY, str(room.index), str(copy)]
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
        )
        assert sorted(copy.rglob("*")) == names
        for folder in (copy, copy / "words-1"):
            folder.chmod(0o755)
    assert done.returncode == 0, done.stderr[-500:]
