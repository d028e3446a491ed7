"""Menus, signatures and legal notes that documents share are marked; what states something stays."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_room import HASH, Room, chunk_facts, new_room, prose

from index import explain, repeated
from index.records import Block, Document
from index.stores import edge_rows, rows
from index.stores.database import writing

MENU = "Acme Intranet\nHome\nPeople and teams\nCanteen menu\n"
SIGNATURE = "\nKind regards\nOlga Brandt\nFacilities, Acme Works\nTel: 555 0142\n"
LEGAL = (
    "\nThis message and any attachment are confidential and intended solely for the addressee; "
    "if you are not the addressee, notify the sender and delete it.\n"
)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def marks(room: Room) -> dict[str, list[str]]:
    """Path to the lines that are marked as repeated."""
    index = room.open()
    try:
        documents = [index.document(path) for path in index.documents]
    finally:
        index.close()
    return {
        document.path: [
            document.text[b.start : b.end] for b in document.blocks if b.reason == repeated.REASON
        ]
        for document in documents
    }


def test_menu_signature_and_legal_note(room: Room) -> None:
    """Marked in all documents but the first, which keeps them, so that they can still be found."""
    for number in range(4):
        room.write(f"{number}.txt", MENU + prose(number) + SIGNATURE + LEGAL)
    room.build()
    found = marks(room)
    assert found.pop("0.txt") == []
    lines = [line for line in (MENU + SIGNATURE + LEGAL).splitlines() if line]
    assert found == {path: lines for path in ("1.txt", "2.txt", "3.txt")}
    assert room.finds("0142") == room.finds("canteen") == {"0.txt"}
    assert sum("canteen" in text.lower() for text in room.texts()) == 1


def test_a_title_is_found_below_a_menu(room: Room) -> None:
    for number, name in enumerate(("Lifts", "Boilers", "Roofs", "Doors")):
        room.write(f"{number}.txt", f"{MENU}Repairs of the {name}: a report\n{prose(number)}")
    room.build()
    index = room.open()
    assert index.document("2.txt").title == "Repairs of the Roofs: a report"


@pytest.mark.parametrize("suffix", ["txt", "md"])
@pytest.mark.parametrize(
    "line",
    [
        "Every visitor must wear a badge on the site.",
        "Visitors must sign in at the desk of the gate",
        "Status: closed",
        "Introduction",
        "所有访客必须在入口处登记并佩戴证件。",
        "Approved",
    ],
)
def test_what_states_something_stays(room: Room, line: str, suffix: str) -> None:
    """A policy sentence, a fact, a heading or a single word in many documents is body text in each."""
    for number in range(6):
        heading = "# " if suffix == "md" and line == "Introduction" else ""
        room.write(f"{number}.{suffix}", f"{heading}{line}\n\n{prose(number)}\n\n{line}\n")
    room.build()
    assert not any(marks(room).values())


def test_one_line_of_most_documents_is_enough(room: Room) -> None:
    for number in range(6):
        room.write(f"{number}.txt", f"{prose(number)}\nAcme Works internal handbook\n")
    room.build()
    assert [len(lines) for lines in marks(room).values()] == [0, 1, 1, 1, 1, 1]


def test_values_under_shared_labels_stay(room: Room) -> None:
    """A form's labels are in all documents; the values differ, and neither is lost."""
    for number in range(12):
        kind, urgent = ("Hardware", "Software")[number % 2], ("High", "Low")[number % 3 > 0]
        room.write(f"{number:02}.txt", f"Ticket\nKind\n{kind}\nUrgency\n{urgent}\nReport\n{prose(number)}")
    room.build()
    assert not any(
        line in {"Hardware", "Software", "High", "Low"} for m in marks(room).values() for line in m
    )


def test_copies_of_one_text_do_not_count(room: Room) -> None:
    """The same letter in several files, however spaced, is one document with these lines."""
    for number, ending in enumerate(("", "\n", "\n\n", " \n")):
        room.write(f"{number}.txt", prose(1) + SIGNATURE + ending)
    room.write("other.txt", prose(2) + SIGNATURE)
    room.build()
    assert not any(marks(room).values())


def test_two_documents_are_not_enough(room: Room) -> None:
    for number in range(2):
        room.write(f"{number}.txt", prose(number) + SIGNATURE + LEGAL)
    room.build()
    assert not any(marks(room).values())


def test_a_document_that_would_lose_much_keeps_all(room: Room) -> None:
    for number in range(4):
        room.write(f"{number}.txt", prose(number) + SIGNATURE + LEGAL)
    room.write("short.txt", "The lift is mended." + SIGNATURE + LEGAL)
    room.build()
    found = marks(room)
    assert found["short.txt"] == [] and found["3.txt"]


def test_marking_can_be_turned_off(room: Room) -> None:
    off = HASH.model_copy(update={"clean": False})
    for number in range(4):
        room.write(f"{number}.txt", prose(number) + SIGNATURE + LEGAL)
    room.build()
    assert any(marks(room).values())
    assert "marking of boilerplate" in room.build(off).rebuilt
    assert not any(marks(room).values())


def test_the_third_document_marks_the_others(room: Room) -> None:
    """Files that did not change are left unread; of their chunks only the changed ones are encoded."""
    for number in range(2):
        room.write(f"{number}.md", f"# Part\n\n{prose(number, 30)}{SIGNATURE}{LEGAL}")
    first = room.build()
    room.write("2.md", f"# Part\n\n{prose(2, 30)}{SIGNATURE}{LEGAL}")
    second = room.build()
    assert (second.added, second.changed, second.unchanged) == (("2.md",), (), ("0.md", "1.md"))
    # In Markdown the lines of a signature are one paragraph.
    assert [len(lines) for lines in marks(room).values()] == [0, 2, 2]
    # Those of the new document, and the last one of the document that lost its ending.
    assert second.encoded <= first.chunks / 2 + 2
    (room.docs / "0.md").unlink()
    room.build()
    assert not any(marks(room).values())


def test_a_new_keeper_touches_only_the_old_one(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that comes first by name takes the lines over; the others are not even read again."""
    for number in range(1, 9):
        room.write(f"{number}.txt", prose(number) + SIGNATURE)
    room.build()
    seen: list[str] = []
    read = rows.read_document

    def noted(connection: sqlite3.Connection, path: str) -> Document:
        seen.append(path)
        return read(connection, path)

    monkeypatch.setattr(rows, "read_document", noted)
    room.write("0.txt", prose(0) + SIGNATURE)
    room.build()
    assert seen == ["0.txt", "1.txt"]
    assert [len(lines) for lines in marks(room).values()] == [0, *[4] * 8]


def test_explain_names_the_reason(room: Room) -> None:
    for number in range(4):
        room.write(f"{number}.txt", prose(number) + SIGNATURE + LEGAL)
    room.build()
    later, first = (explain(name, room.docs, HASH, room.index).blocks for name in ("3.txt", "0.txt"))
    assert (later[-1].verdict, later[-1].reason) == ("boilerplate", repeated.REASON)
    assert (first[-1].verdict, first[-1].reason) == ("body", repeated.KEPT)
    assert later[0].reason == first[0].reason == ""


_LINES = st.sampled_from(
    ["Acme Works", "Home", "Canteen", "Tel: 555", "— 1 —", "It was mended in May.", "# Part"]
)
_TEXTS = st.builds(
    lambda head, middle, foot: "\n".join([*head, middle, *foot]),
    st.lists(_LINES, max_size=4),
    st.integers(0, 3).map(lambda seed: prose(seed, 3)),
    st.lists(_LINES, max_size=4),
)
_FOLDERS = st.dictionaries(
    st.sampled_from([f"{n}.{s}" for n in range(4) for s in ("md", "txt")]), _TEXTS, min_size=4
)


@settings(max_examples=12)
@given(st.lists(_FOLDERS, min_size=2, max_size=3))
def test_any_history_gives_what_a_fresh_build_gives(
    tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, str]]
) -> None:
    """Documents, chunks and vectors, to the last bit, after any changes of a folder."""
    room = new_room(tmp_path_factory.mktemp("grown"))
    for state in states:
        for file in room.docs.iterdir():
            file.unlink()
        for name, text in state.items():
            room.write(name, text)
        room.build()
    fresh = Room(room.docs, tmp_path_factory.mktemp("fresh"))
    fresh.build()
    one, two = room.open(), fresh.open()
    assert chunk_facts(one) == chunk_facts(two)
    assert [one.document(path) for path in one.documents] == [two.document(path) for path in two.documents]
    one.close()
    two.close()
    with writing(room.index) as ours, writing(fresh.index) as theirs:
        query = (
            'SELECT path, "start", v.vector FROM chunks c JOIN documents d ON d.id = document '
            "JOIN vectors v ON v.id = c.vector ORDER BY 1, 2"
        )
        assert ours.execute(query).fetchall() == theirs.execute(query).fetchall()
        assert edge_rows.known(ours) == edge_rows.known(theirs)


@given(st.lists(st.tuples(_LINES, st.booleans()), max_size=12), st.booleans())
def test_marking_is_lossless(lines: list[tuple[str, bool]], wide: bool) -> None:
    """Whatever is known, the spans stay, marking twice changes nothing, and unmarking restores."""
    text = "\n".join(line for line, _ in lines)
    blocks, at = [], 0
    for line, plain in lines:
        reason = "" if plain else "advert"
        blocks.append(Block(at, at + len(line), verdict="body" if plain else "boilerplate", reason=reason))
        at += len(line) + 1
    document = Document("b.txt", "", text, "Given", blocks=tuple(blocks))
    known = {
        edge.digest: repeated.Repeat("ab"[number % 2] + ".txt", wide)
        for number, edge in enumerate(repeated.edges(document))
    }
    once = repeated.marked(document, known)
    assert repeated.marked(once, known) == once and repeated.unmarked(once) == document
    assert [(b.start, b.end) for b in once.blocks] == [(b.start, b.end) for b in blocks]
