"""What an open page does, step by step, with its conversation kept by the server. No gradio."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scripted_chat import QUOTES, SECRET, ScriptedRag

from ui.conversations import NAME
from ui.desk import Desk
from ui.messages import messages
from ui.page import Open, Pages, Shown
from ui.turns import QUESTION_LIMIT, TURN_LIMIT, new_turn
from ui.viewer import source_view


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    rag: Any = ScriptedRag(tmp_path)  # Any, because a stand-in is not a `Rag`
    desk = Desk(rag)
    yield desk
    desk.conversations.close()


@pytest.fixture
def pages(desk: Desk) -> Pages:
    return Pages(desk)


def run(pages: Pages, question: str, now: Open | None = None, owner: str = "") -> list[Shown]:
    begun = pages.ask(owner, "page", now or Open(), question)
    return [begun, *pages.stream(owner, "page", begun.open)]


def shown(step: Shown) -> str:
    assert step.messages
    return step.messages[-1]["content"]


def phases(steps: list[Shown]) -> list[str]:
    return [step.panel["phase"] for step in steps if step.panel]


def test_sources_come_before_the_first_word(pages: Pages) -> None:
    """The passages are on the panel while nothing has been said yet."""
    steps = run(pages, "harvest")
    first_said = next(i for i, step in enumerate(steps) if "#cite-" in shown(step))
    assert any(step.panel and len(step.panel["others"]) == 3 for step in steps[:first_said])
    assert phases(steps)[0] == "waiting" and "searching" in phases(steps)
    assert phases(steps)[-4:] == ["reading", "reading", "reading", "answered"]


def test_a_citation_opens_as_soon_as_it_is_shown(pages: Pages, desk: Desk) -> None:
    """Chips work while the answer is still coming."""
    begun = pages.ask("", "page", Open(), "harvest")
    key, seen = begun.open.pending, False
    for step in pages.stream("", "page", begun.open):
        if f"#cite-{key}-2" in shown(step):
            turn = desk.answering.turn("", key)
            seen = source_view(desk.rag, turn, f"{key}-2")["quote"] == QUOTES[1]
    assert seen


def test_the_history_is_what_was_answered(pages: Pages, desk: Desk) -> None:
    """The next question gets question and answer as plain text; failed turns are left out."""
    now = run(pages, "harvest")[-1].open
    now = run(pages, "broken", now)[-1].open
    run(pages, "next", now)
    rag: Any = desk.rag
    said = " ".join(f"{q} [{n}]" for n, q in enumerate(QUOTES, 1))
    told = [{key: value for key, value in turn.items() if key != "citations"} for turn in rag.histories[-1]]
    assert [len(turn.get("citations", ())) for turn in rag.histories[-1]] == [0, 3]
    assert told == [
        {"role": "user", "content": "harvest"},
        {"role": "assistant", "content": said, "titles": ["Orchard notes"] * 3},
    ]


def test_nothing_raises(pages: Pages) -> None:
    """An error of ours says what to do; any other says nothing of itself."""
    ours = run(pages, "broken")[-1]
    assert "rag index" in shown(ours).replace("&#96;", "") and phases([ours]) == ["failed"]
    other = shown(run(pages, "crash")[-1])
    assert "something went wrong" in other and SECRET not in other


def test_stop_keeps_what_was_said(pages: Pages) -> None:
    """A stopped answer keeps its sentences and says that it is not complete, after a reload too."""
    begun = pages.ask("", "page", Open(), "harvest")
    steps = []
    for step in pages.stream("", "page", begun.open):
        steps.append(step)
        if "#cite-" in shown(step):
            pages.stop("", begun.open)
    for last in (
        steps[-1],
        pages.act("", "other page", Open(), {"do": "open", "id": begun.open.conversation}),
    ):
        assert "-1 " in shown(last) and "-2 " not in shown(last) and "not complete" in shown(last)
        assert last.panel and last.panel["phase"] == "stopped" and len(last.panel["cited"]) == 1


def test_a_page_that_goes_away_ends_its_turn(pages: Pages, desk: Desk) -> None:
    """A closed stream leaves no turn running, and what was said is kept."""
    begun = pages.ask("", "page", Open(), "harvest")
    steps = pages.stream("", "page", begun.open)
    while "#cite-" not in shown(next(steps)):
        assert desk.answering.running.get("", begun.open.pending)
    steps.close()  # type: ignore[attr-defined]  # a generator, typed as the iterator it is used as
    assert desk.answering.running.get("", begun.open.pending) is None
    kept = desk.conversations.turn("", begun.open.pending)
    assert kept and kept.phase == "stopped" and kept.answer.sentences


def test_a_page_that_moves_on_gets_nothing_more_of_the_old_answer(pages: Pages) -> None:
    """Another conversation is not overwritten by an answer that is still coming."""
    begun = pages.ask("", "page", Open(), "harvest")
    steps = pages.stream("", "page", begun.open)
    next(steps)
    assert pages.act("", "page", begun.open, {"do": "new"}).messages == []
    assert list(steps) == []


@pytest.mark.parametrize("question", ["", "  \n", None, 7, ["x"]])
def test_what_is_no_question_begins_nothing(pages: Pages, question: object) -> None:
    """The handler is public: it takes text that says something."""
    assert pages.ask("", "page", Open(), question) == Shown(Open())


def test_one_answer_at_a_time(pages: Pages, desk: Desk) -> None:
    """A second Enter while an answer is on its way begins nothing; a long question is cut."""
    begun = pages.ask("", "page", Open(), "x" * (QUESTION_LIMIT + 1))
    turn = desk.conversations.turn("", begun.open.pending)
    assert turn and len(turn.question) == QUESTION_LIMIT
    steps = pages.stream("", "page", begun.open)
    next(steps)
    assert pages.ask("", "page", begun.open, "again") == Shown(begun.open)
    list(steps)


def test_try_again_replaces_the_last_answer(pages: Pages, desk: Desk) -> None:
    """The same question once more, in the place of the first try; only the last one can be tried again."""
    first = run(pages, "harvest")[-1].open
    turns = desk.conversations.read("", first.conversation)
    assert turns
    again = pages.act("", "page", first, {"do": "retry", "key": turns[1][-1].key})
    list(pages.stream("", "page", again.open))
    after = desk.conversations.read("", first.conversation)
    assert after and [t.question for t in after[1]] == ["harvest"] and after[1][0].key != turns[1][0].key
    assert pages.act("", "page", first, {"do": "retry", "key": turns[1][0].key}) == Shown(first)


def test_an_edited_question_takes_the_place_of_the_old_one(pages: Pages, desk: Desk) -> None:
    """Edit puts the question back into the box; the next question replaces it."""
    first = run(pages, "harvest")[-1].open
    found = desk.conversations.read("", first.conversation)
    assert found
    edit = pages.act("", "page", first, {"do": "edit", "key": found[1][-1].key})
    assert edit.question == "harvest" and edit.messages is None
    run(pages, "mill", edit.open)
    after = desk.conversations.read("", first.conversation)
    assert after and [t.question for t in after[1]] == ["mill"]


@pytest.mark.parametrize("question", ["   ", "", None])
def test_an_edited_question_stays_until_there_is_another(pages: Pages, desk: Desk, question: str) -> None:
    """Sending nothing in its place deletes nothing."""
    first = run(pages, "harvest")[-1].open
    found = desk.conversations.read("", first.conversation)
    assert found
    edit = pages.act("", "page", first, {"do": "edit", "key": found[1][-1].key})
    assert pages.ask("", "page", edit.open, question) == Shown(edit.open)
    assert desk.conversations.read("", first.conversation) == found


def test_a_full_conversation_says_so(pages: Pages, desk: Desk) -> None:
    """The question stays in the box; the last one can still be replaced."""
    now = run(pages, "harvest")[-1].open
    for number in range(TURN_LIMIT - 1):
        desk.conversations.save(now.conversation, replace(new_turn(f"{number:016x}", "q"), phase="stopped"))
    full = pages.ask("", "page", now, "mill")
    assert "Begin a new chat" in shown(full) and full.question is None and not full.open.pending
    last = {"do": "retry", "key": f"{TURN_LIMIT - 2:016x}"}
    assert pages.act("", "page", now, last).open.pending


def test_an_answer_that_cannot_be_stored_is_shown_all_the_same(pages: Pages, desk: Desk) -> None:
    """With a word about it; a question that cannot be stored is not taken, and stays in the box."""
    desk.conversations._connection.execute("PRAGMA busy_timeout = 20")
    begun = pages.ask("", "page", Open(), "harvest")
    with closing(sqlite3.connect(desk.rag.index_folder / NAME)) as other:
        other.execute("BEGIN IMMEDIATE")
        *_, last = pages.stream("", "page", begun.open)
        assert "#cite-" in shown(last) and "could not be stored" in shown(last) and last.sending
        refused = pages.ask("", "page", last.open, "mill")
        assert "cannot be used" in shown(refused) and refused.question is None
    assert "could not be stored" not in shown(run(pages, "harvest", last.open)[-1])


@pytest.mark.parametrize(
    "action",
    [None, 7, [], {}, {"do": "open"}, {"do": "open", "id": 7}, {"do": "retry", "key": "x"}, {"do": "x"},
               {"do": "generator", "name": "openai:x@http://192.0.2.1"}, {"do": "ask", "question": 7}]
)  # fmt: skip
def test_what_is_no_action_does_nothing(pages: Pages, action: object) -> None:
    """The handler is public; a page cannot name a generator's address."""
    assert pages.act("", "page", Open(), action) == Shown(Open())


def test_nobody_opens_another_s_conversation(pages: Pages, desk: Desk) -> None:
    """Neither the conversation, nor a turn, nor its sources, stop or rating."""
    mine = run(pages, "harvest", owner="ann")[-1].open
    found = desk.conversations.read("ann", mine.conversation)
    assert found
    opened = pages.act("ben", "page", Open(), {"do": "open", "id": mine.conversation})
    assert opened.messages == [] and opened.open == Open()
    assert desk.answering.turn("ben", found[1][0].key) is None
    assert desk.conversations.rate("ben", found[1][0].key, None) is False
    assert pages.ask("ben", "page", mine, "next") == Shown(mine)
    assert desk.save_draft("ben", found[1][0].key, None) is None


def test_the_question_as_understood_is_shown(pages: Pages) -> None:
    """A completed follow-up, a weak sentence and disagreeing sides are each told in words."""
    assert "understood as “follow up" in shown(run(pages, "follow up")[-1])
    assert "Partly supported; the source does not give this figure: 47" in shown(run(pages, "doubt")[-1])
    step = run(pages, "conflict")[-1]
    assert "One document itself gives different values &#40;harvest&#41;" in shown(step)
    assert "date unknown" in shown(step)
    assert step.panel and [c["says"] for c in step.panel["cited"]] == ["47 tons", "1987", ""]


def test_how_a_model_s_answer_was_made_is_shown(pages: Pages) -> None:
    """Notes, what was left out, and what was read, written and paid; nothing of it without a model."""
    said = shown(run(pages, "model")[-1]).replace("&#46;", ".").replace("&#36;", "$").replace("&#58;", ":")
    assert "Note: the question was shortened." in said and "1 sentence was left out" in said
    assert "120 tokens read, 30 written, $0.00120" in said
    assert "tokens" not in shown(run(pages, "harvest")[-1])


def test_an_empty_chat_says_that_there_is_nothing_to_search(pages: Pages) -> None:
    """And a greeting is no question that the documents do not answer."""
    assert "There is nothing to search yet" in shown(run(pages, "abstain empty")[-1])
    greeting = shown(run(pages, "abstain greeting")[-1])
    assert "asks nothing" in greeting and "The documents do not say" not in greeting


def test_an_error_offers_the_plain_way_only_where_there_is_another(pages: Pages, desk: Desk) -> None:
    """Where no model was asked, answering without one is no way out; a model that is down leaves it open."""
    begun, *_, last = run(pages, "unplugged")
    assert "#do-retry-" in shown(last) and "#do-plain-" not in shown(last)
    turn = desk.conversations.turn("", begun.open.pending)
    assert turn and "#do-plain-" in messages((turn.answered_by("openai:m"),))[-1]["content"]
