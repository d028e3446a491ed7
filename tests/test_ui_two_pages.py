"""Two pages over one conversation: one looks on, both ask, one deletes what the other shows. No gradio."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted_chat import ScriptedRag
from test_ui_page import phases, run, shown

from ui.desk import Desk
from ui.page import Open, Pages


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    rag: Any = ScriptedRag(tmp_path)  # Any, because a stand-in is not a `Rag`
    desk = Desk(rag)
    yield Pages(desk)
    desk.conversations.close()


def test_another_page_looks_on(pages: Pages) -> None:
    """A conversation opened while its answer comes shows what there is, joins, and sees the end."""
    begun = pages.ask("", "page", Open(), "harvest")
    steps = pages.stream("", "page", begun.open)
    while "#cite-" not in shown(next(steps)):
        pass
    opened = pages.act("", "other", Open(), {"do": "open", "id": begun.open.conversation})
    assert "#cite-" in shown(opened) and "not complete" not in shown(opened)
    assert opened.panel and opened.panel["join"]
    joined = pages.act("", "other", opened.open, {"do": "join"})
    assert joined.open.pending == begun.open.pending and joined.sending is False
    pages.act("", "third", joined.open, {"do": "new"})  # leaving what one looks on at stops nothing
    looking = pages.stream("", "other", joined.open)
    assert "#cite-" in shown(next(looking))
    assert pages.desk.answering.running.get("", begun.open.pending)
    assert phases(list(steps))[-1] == "answered"
    (*_, last) = looking
    assert phases([last]) == ["answered"] and last.sending and last.open.pending == ""
    late = list(pages.stream("", "other", joined.open))
    assert phases(late) == ["answered"]  # it is shown, not asked once more
    again = pages.act("", "other", last.open, {"do": "join"})
    assert again.sending and again.panel and "join" not in again.panel


def test_a_page_whose_question_is_overtaken_can_ask_again(pages: Pages) -> None:
    """Two pages ask in one conversation: the first gets no answer, and does not wait for one for ever."""
    now = run(pages, "harvest")[-1].open
    first, second = (pages.ask("", name, now, "next") for name in ("page", "other"))
    (told,) = pages.stream("", "page", first.open)
    assert told.sending and told.open.pending == "" and told.messages and len(told.messages) == 6
    assert phases(list(pages.stream("", "other", second.open)))[-1] == "answered"


def test_a_conversation_deleted_while_another_page_looks_on(pages: Pages) -> None:
    """That page becomes an empty one that can ask; an error there would blank it for good."""
    begun = pages.ask("", "page", Open(), "harvest")
    steps = pages.stream("", "page", begun.open)
    next(steps)
    joined = pages.act("", "other", Open(begun.open.conversation), {"do": "join"})
    looking = pages.stream("", "other", joined.open)
    assert next(looking).sending is False
    assert pages.desk.conversations.delete("", begun.open.conversation)
    list(steps)
    *_, last = looking
    assert (last.messages, last.sending, last.open) == ([], True, Open())
