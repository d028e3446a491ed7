"""Kept conversations: across restarts, for their owner only, as files to keep."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from scripted_chat import TEXT, ScriptedRag, answer

from eval.questions import load_questions
from index.errors import RagError
from index.settings import IndexSettings
from rag.records import Event, Sentence, Support
from ui.answering import Answering
from ui.conversations import NAME, TITLE_LIMIT, ChatsFault, Conversations, Feedback
from ui.drafts import NAME as DRAFTS
from ui.drafts import draft_of, save_draft
from ui.export import exported, file_name
from ui.places import Busy, Places
from ui.turns import Turn, new_turn

KEY = "0123456789abcdef"


def done(key: str = KEY, question: str = "harvest") -> Turn:
    return new_turn(key, question).done(answer(question))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    kept = Conversations(tmp_path)
    yield kept
    kept.close()


def test_a_conversation_outlives_the_program(tmp_path: Path) -> None:
    """The same turns, answer record included, from a new process' point of view."""
    kept = Conversations(tmp_path)
    name = kept.new("", "  How much\nwas the harvest? ")
    kept.save(name, done())
    kept.close()
    again = Conversations(tmp_path)
    found = again.read("", name)
    assert found and found[0].title == "How much was the harvest?" and found[1] == (done_at(found[1][0].at),)
    again.close()
    with sqlite3.connect(tmp_path / NAME) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def done_at(at: float) -> Turn:
    turn = done()
    return Turn(turn.key, turn.question, turn.phase, turn.answer, turn.told, at)


def test_a_turn_that_was_running_when_the_program_ended_was_stopped(kept: Conversations) -> None:
    """Nothing waits for ever after a restart."""
    name = kept.new("", "q")
    kept.save(name, new_turn(KEY, "q"))
    turn = kept.turn("", KEY)
    assert turn and turn.phase == "stopped"


def test_an_ended_stream_without_an_answer_is_stopped(kept: Conversations, tmp_path: Path) -> None:
    """A stream that breaks its contract still ends in a turn that says so, and is kept as that."""

    class Silent(ScriptedRag):
        def stream(self, question: str, history: Any = ()) -> Iterator[Event]:
            yield from ()

    rag: Any = Silent(tmp_path)
    answering = Answering(kept)
    begun = answering.begin("", "", "harvest")
    assert begun
    *_, last = answering.answer(lambda: rag, "", begun[0], (), begun[1])
    stored = kept.turn("", last.key)
    assert stored and stored.phase == last.phase == "stopped"


def test_everything_belongs_to_one_user(kept: Conversations) -> None:
    """Another user finds, renames, deletes and rates nothing."""
    name = kept.new("ann", "q")
    kept.save(name, done())
    assert kept.listed("ben") == [] and kept.read("ben", name) is None and kept.turn("ben", KEY) is None
    assert not kept.rename("ben", name, "x") and not kept.delete("ben", name)
    assert not kept.rate("ben", KEY, Feedback("up")) and kept.around("ben", KEY) == ()
    kept.drop_turn("ben", KEY)
    assert kept.turn("ann", KEY) is not None


def test_rename_and_delete(kept: Conversations) -> None:
    """A name is bounded and never empty; a deleted conversation takes all that hangs on it along."""
    name = kept.new("", "q")
    kept.save(name, done())
    assert kept.rename("", name, "x" * 500) and not kept.rename("", name, "  ")
    assert len(kept.listed("")[0].title) == TITLE_LIMIT
    kept.rate("", KEY, Feedback("down", "wrong", "it was 48"))
    assert kept.rated("", name) == {KEY: Feedback("down", "wrong", "it was 48")}
    assert kept.rate("", KEY, None) and kept.rated("", name) == {}
    assert kept.delete("", name) and kept.listed("") == [] and kept.turn("", KEY) is None
    kept.save(name, done())  # its answer was still coming
    assert kept.turn("", KEY) is None


def test_a_newer_database_is_not_touched(tmp_path: Path) -> None:
    """Another version of the program wrote it: say so."""
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(RagError, match="another version"):
        Conversations(tmp_path)


def test_rating_what_is_being_deleted_is_no_error(kept: Conversations) -> None:
    """The turn goes while it is rated: it is rated or not found, and nothing is left behind."""
    for round_ in range(20):
        name, key = kept.new("", "q"), f"{round_:016x}"
        kept.save(name, done(key))
        ended: list[object] = []
        raters = [
            threading.Thread(
                target=lambda key=key, ended=ended: ended.append(kept.rate("", key, Feedback("up")))
            )
            for _ in range(4)
        ]
        for rater in raters:
            rater.start()
        kept.delete("", name)
        for rater in raters:
            rater.join()
        assert len(ended) == 4 and kept.rated("", name) == {}


@pytest.mark.parametrize("values", [("sideways", "", ""), ("up", "because", ""), ("up", "", 7), ([], "", "")])
def test_feedback_is_checked(values: tuple[object, object, object]) -> None:
    """It comes from outside."""
    assert Feedback.checked(*values) is None
    assert Feedback.checked("down", "wrong", " x ") == Feedback("down", "wrong", "x")


def test_a_rejected_answer_becomes_a_draft(kept: Conversations, tmp_path: Path) -> None:
    """In the fields of a question set, never gating, once; with the conversation before it."""
    name = kept.new("", "q")
    kept.save(name, done())
    kept.save(name, done("f" * 16, "and the mill?"))
    *earlier, turn = kept.around("", "f" * 16)
    feedback = Feedback("down", "wrong", "it closed in 1988\n")
    docs = tmp_path / "docs"
    docs.mkdir()
    for evidence in (0, 3):  # where the cited file is not in the folder, and where it is
        draft = draft_of(earlier, turn, feedback, docs, IndexSettings())
        assert len(draft.evidence) == evidence and "it closed in 1988" in draft.notes
        (docs / "orchard.txt").write_bytes(TEXT.encode())
    assert save_draft(tmp_path, draft) and not save_draft(tmp_path, draft)
    (found,) = load_questions(tmp_path / DRAFTS, docs).questions
    assert (found.question, found.gate, found.history[0].content) == ("and the mill?", "info", "harvest")


HOSTILE = st.text(max_size=30) | st.sampled_from(
    [
        "<img src=x onerror=1>",
        "![x](http://a.example)",
        "[1]: http://a.example",
        "</title><script>",
        "a@b.example",
    ]
)


@given(HOSTILE, HOSTILE)
def test_exports_hold_text_only(title: str, text: str) -> None:
    """Whatever question, answer and title hold, a file has no markup but ours, and JSON gives it back."""
    turn = new_turn(KEY, text).done(
        answer(text, sentences=(Sentence(text, (1,), Support("partly", "name")),), text=text)
    )
    page = exported(title, [turn], "html")
    body = page.partition("<body>")[2]
    assert "<img" not in body and "<script" not in body and "Content-Security-Policy" in page
    rendered = MarkdownIt("commonmark", {"html": True}).enable("linkify" if False else "table")
    html = rendered.render(exported(title, [turn], "md"))
    assert "<img" not in html and "<a " not in html and "<script" not in html
    data = json.loads(exported(title, [turn], "json"))
    assert data["title"] == title and data["turns"][0]["answer"]["text"] == text


def test_the_line_is_first_come_first_served() -> None:
    """The number ahead goes down as places are given up; a full line says so."""
    places = Places(at_once=1, in_line=2)
    with places.ticket() as first:
        assert first.ahead(0) == 0
        with places.ticket() as second, places.ticket() as third:
            assert (second.ahead(0), third.ahead(0)) == (1, 2)
            with pytest.raises(Busy, match="2 questions are waiting"), places.ticket():
                pass
            told: list[int] = []
            waiter = threading.Thread(target=lambda: told.append(third.ahead(30)))
            waiter.start()
            places._line.remove(second)  # as if its page had gone
            with places._moved:
                places._moved.notify_all()
            waiter.join(10)
            assert told == [1]
            places._line.append(second)


def test_a_damaged_database_is_put_aside_and_begun_anew(tmp_path: Path) -> None:
    """The error says so once; not a byte is lost."""
    damaged = b"no database at all " * 100
    (tmp_path / NAME).write_bytes(damaged)
    with pytest.raises(ChatsFault, match=r"put aside as chats\.sqlite\.damaged and nothing of it deleted"):
        Conversations(tmp_path)
    assert (tmp_path / f"{NAME}.damaged").read_bytes() == damaged
    again = Conversations(tmp_path)
    assert again.listed("") == []
    again.close()


def test_a_locked_database_is_told_in_words(kept: Conversations, tmp_path: Path) -> None:
    """It is not taken for a damaged one."""
    kept._connection.execute("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(tmp_path / NAME)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ChatsFault, match=r"locked.*disk has room"):
            kept.new("", "q")
    assert kept.new("", "q")


@pytest.mark.parametrize("edited", ['{"id": "draft-1", half', "7", "[" * 5000, '{"question": "no id"}\n'])
def test_a_draft_is_added_below_a_line_somebody_is_editing(tmp_path: Path, edited: str) -> None:
    """What cannot be read stays as it is, on a line of its own."""
    (tmp_path / DRAFTS).write_text(edited, encoding="utf-8")
    draft = draft_of([], done(), None, tmp_path, IndexSettings())
    assert save_draft(tmp_path, draft) and not save_draft(tmp_path, draft)
    first, second = (tmp_path / DRAFTS).read_text(encoding="utf-8").splitlines()
    assert first == edited.rstrip() and json.loads(second)["id"] == draft.id


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What's the mill's wheel-house?", "What's the mill's wheel-house"),
        ("../../etc/passwd", "etc passwd"),
        ("…", "conversation"),
        ("Кто мэр?\x00\r\nX: y", "Кто мэр X y"),
        ("word " * 40, "word " * 11 + "word"),
    ],
)
def test_an_export_is_called_after_its_conversation(title: str, name: str) -> None:
    """Words alone: no part of a path, nothing that ends a header."""
    assert file_name(title) == name
