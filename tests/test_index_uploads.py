"""Files added beside the documents folder, and documents left out of it, without writing the folder."""

from pathlib import Path

import pytest
from index_room import HASH, Room, new_room, prose

from index import build_index, open_index
from index.errors import DocumentsMissing, IndexCorrupt
from index.uploads import EXCLUDED, UPLOADS, exclude, excluded


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = new_room(tmp_path)
    room.write("a.txt", prose(1))
    room.write("b.txt", prose(2))
    room.build()
    return room


def add(room: Room, name: str, text: str) -> None:
    (room.index / UPLOADS).mkdir(exist_ok=True)
    (room.index / UPLOADS / name).write_text(text, encoding="utf-8")


def documents(room: Room) -> tuple[str, ...]:
    index = room.open()
    try:
        return index.documents
    finally:
        index.close()


def test_an_added_file_is_a_document(room: Room) -> None:
    """It appears as uploads/NAME, is replaced when it changes and goes when it is deleted."""
    add(room, "c.txt", prose(3))
    assert room.build().added == ("uploads/c.txt",)
    assert documents(room) == ("a.txt", "b.txt", "uploads/c.txt")
    add(room, "c.txt", prose(4))
    assert room.build().changed == ("uploads/c.txt",)
    (room.index / UPLOADS / "c.txt").unlink()
    assert room.build().removed == ("uploads/c.txt",)
    assert sorted(path.name for path in room.docs.iterdir()) == ["a.txt", "b.txt"]


def test_the_folder_goes_before_what_was_added(room: Room) -> None:
    """The same content, or the same path, is reported and not indexed twice."""
    room.write("uploads/d.txt", prose(5))
    add(room, "same.txt", prose(1))
    add(room, "d.txt", prose(6))
    reasons = room.reasons()
    assert reasons["uploads/same.txt"] == "same content as a.txt"
    assert "documents folder" in reasons["uploads/d.txt"]
    assert documents(room) == ("a.txt", "b.txt", "uploads/d.txt")


def test_a_document_left_out_is_not_searched_and_not_touched(room: Room) -> None:
    """It leaves the index, stays in the folder, and comes back when it is taken in again."""
    exclude(room.index, ["a.txt"])
    report = room.build()
    assert report.removed == ("a.txt",) and documents(room) == ("b.txt",)
    assert (room.docs / "a.txt").exists() and excluded(room.index) == ("a.txt",)
    exclude(room.index, [])
    assert room.build().added == ("a.txt",)


def test_a_copy_of_what_is_left_out_is_a_document(room: Room) -> None:
    """It was passed over for the sake of the other file only."""
    room.write("copy.txt", prose(1))
    assert room.reasons()["copy.txt"] == "same content as a.txt"
    exclude(room.index, ["a.txt"])
    assert room.build().added == ("copy.txt",)
    exclude(room.index, ["a.txt", "copy.txt"])
    room.build()
    assert documents(room) == ("b.txt",)


@pytest.mark.parametrize("text", ["", "{", "7", "{}", '[7, "a.txt"]', '["a.txt"', '["\\xff"]'])
def test_a_damaged_list_brings_nothing_back(room: Room, text: str) -> None:
    """It is an error that names the cure, and the index stays as it is."""
    exclude(room.index, ["a.txt"])
    room.build()
    (room.index / EXCLUDED).write_bytes(text.replace("\\xff", "\xff").encode("latin-1"))
    with pytest.raises(IndexCorrupt, match=r"excluded\.json.*or delete it"):
        room.build()
    assert documents(room) == ("b.txt",)
    (room.index / EXCLUDED).unlink()
    assert room.build().added == ("a.txt",)


def test_an_index_may_begin_empty_where_that_is_asked_for(tmp_path: Path) -> None:
    """The chat opens on an empty folder; everywhere else that is an error."""
    room = new_room(tmp_path)
    with pytest.raises(DocumentsMissing):
        room.build()
    build_index(room.docs, room.index, settings=HASH, allow_empty=True)
    index = open_index(room.index, HASH)
    assert index.documents == () and len(index) == 0
    index.close()
    add(room, "c.txt", prose(3))
    assert room.build().added == ("uploads/c.txt",)
