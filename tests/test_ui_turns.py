"""One turn of the chat, step by step, and what the source panel is told. No gradio."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from scripted_chat import QUOTES, SECRET, TEXT, ScriptedRag

from rag.records import Event
from ui import sources
from ui.kept import KEPT_TURNS, KeptTurns
from ui.sources import source_list, source_view
from ui.turns import QUESTION_LIMIT, Chat, Step, begin, reply


@pytest.fixture
def rag() -> Any:
    """Any, because a stand-in is not a `Rag`."""
    return ScriptedRag()


@pytest.fixture
def kept() -> KeptTurns:
    return KeptTurns()


def run(rag: Any, kept: KeptTurns, question: str, chat: Chat | None = None) -> list[Step]:
    return list(reply(rag, begin(question, chat or Chat(), kept), kept))


def phases(steps: list[Step]) -> list[str]:
    return [step.panel["phase"] for step in steps if step.panel]


def test_sources_come_before_the_first_word(rag: Any, kept: KeptTurns) -> None:
    """The passages are on the panel while nothing has been said yet."""
    steps = run(rag, kept, "harvest")
    first_said = next(i for i, step in enumerate(steps) if "#cite-" in step.chat.turns[-1].shown)
    assert any(step.panel and len(step.panel["others"]) == 3 for step in steps[:first_said])
    assert phases(steps) == ["searching", "reading", "reading", "reading", "reading", "answered"]


def test_a_citation_opens_as_soon_as_it_is_shown(rag: Any, kept: KeptTurns) -> None:
    """Chips work while the answer is still coming."""
    for step in reply(rag, begin("harvest", Chat(), kept), kept):
        key = step.chat.key
        if f"#cite-{key}-2" in step.chat.turns[-1].shown:
            assert source_view(rag, kept, f"{key}-2")["quote"] == QUOTES[1]


def test_the_history_is_what_was_answered(rag: Any, kept: KeptTurns) -> None:
    """The next question gets question and answer as plain text; failed turns are left out."""
    chat = run(rag, kept, "harvest")[-1].chat
    chat = run(rag, kept, "broken", chat)[-1].chat
    run(rag, kept, "next", chat)
    assert rag.histories[-1] == [
        {"role": "user", "content": "harvest"},
        {"role": "assistant", "content": " ".join(f"{q} [{n}]" for n, q in enumerate(QUOTES, 1))},
    ]


def test_nothing_raises(rag: Any, kept: KeptTurns) -> None:
    """An error of ours says what to do; any other says nothing of itself."""
    ours = run(rag, kept, "broken")[-1]
    assert "rag index" in ours.chat.turns[-1].shown and phases([ours]) == ["failed"]
    other = run(rag, kept, "crash")[-1].chat.turns[-1].shown
    assert "something went wrong" in other and SECRET not in other


def test_stop_keeps_what_was_said(rag: Any, kept: KeptTurns) -> None:
    """A stopped answer keeps its sentences and says that it is not complete."""
    steps: list[Step] = []
    for step in reply(rag, begin("harvest", Chat(), kept), kept):
        steps.append(step)
        if "#cite-" in step.chat.turns[-1].shown:
            kept.stop(step.chat.key)
    shown = steps[-1].chat.turns[-1].shown
    assert "-1 " in shown and "-2 " not in shown and "not complete" in shown
    assert phases(steps)[-1] == "stopped" and steps[-1].panel and len(steps[-1].panel["cited"]) == 1


def test_a_page_that_goes_away_ends_its_turn(rag: Any, kept: KeptTurns) -> None:
    """A closed generator leaves no turn running."""
    steps = reply(rag, begin("harvest", Chat(), kept), kept)
    key = next(steps).chat.key
    assert kept.running(key)
    steps.close()  # type: ignore[attr-defined]  # a generator, typed as the iterator it is used as
    assert not kept.running(key)


@pytest.mark.parametrize("question", ["", "  \n", None, 7, ["x"]])
def test_what_is_no_question_begins_nothing(kept: KeptTurns, question: object) -> None:
    """The handler is public: it takes text that says something."""
    chat = Chat()
    assert begin(question, chat, kept) is chat


def test_one_answer_at_a_time(kept: KeptTurns) -> None:
    """A second Enter while an answer is on its way begins nothing; a long question is cut."""
    chat = begin("x" * (QUESTION_LIMIT + 1), Chat(), kept)
    assert len(chat.turns[-1].question) == QUESTION_LIMIT
    assert begin("again", chat, kept) is chat


def test_an_ended_stream_without_an_answer_is_stopped(kept: KeptTurns) -> None:
    """A stream that breaks its contract still ends in a message."""

    class Silent(ScriptedRag):
        def stream(self, question: str, history: Any = ()) -> Iterator[Event]:
            yield from ()

    rag: Any = Silent()
    assert "not complete" in run(rag, kept, "harvest")[-1].chat.turns[-1].shown


def test_the_view_holds_the_exact_span(rag: Any, kept: KeptTurns) -> None:
    """Offsets count code points, emoji before the span included; neighbours are named."""
    key = run(rag, kept, "harvest")[-1].chat.key
    view = source_view(rag, kept, f"{key}-2")
    assert view["text"][view["start"] - view["offset"] : view["end"] - view["offset"]] == QUOTES[1]
    assert (view["state"], view["previous"], view["next"]) == ("ok", f"{key}-1", f"{key}-3")
    passage = source_view(rag, kept, f"{key}-p1")
    assert (passage["number"], passage["quote"], passage["next"]) == (None, QUOTES[0], f"{key}-p2")


@pytest.mark.parametrize(
    "changed", [{"sha256": "1" * 64}, {"text": TEXT.replace("47", "48")}, {"path": "gone"}]
)
def test_a_changed_source_is_stale(rag: Any, kept: KeptTurns, changed: dict[str, str]) -> None:
    """Never a highlight on a guess: other hash, other words or no document give the stored quote."""
    key = run(rag, kept, "harvest")[-1].chat.key
    rag.document_record = replace(rag.document_record, **changed)
    view = source_view(rag, kept, f"{key}-1")
    assert view["state"] == "stale" and view["quote"] == QUOTES[0] and "text" not in view
    assert source_list(rag, kept, key)["cited"][0]["title"] == "Orchard notes"


@pytest.mark.parametrize(
    "ref", ["", "x", "orchard.txt", "../x", None, 1, {}, "{}-9", "{}-p9", "{}-0", "{}-1\n", "{}-01"]
)
def test_a_reference_nobody_was_given_opens_nothing(rag: Any, kept: KeptTurns, ref: Any) -> None:
    """References have one shape, and only those of a kept turn resolve."""
    key = run(rag, kept, "harvest")[-1].chat.key
    ref = ref.format(key) if isinstance(ref, str) else ref
    assert source_view(rag, kept, ref) == {"state": "gone"}
    assert source_list(rag, kept, ref)["phase"] == "gone"


def test_a_large_document_is_shown_in_part(
    rag: Any, kept: KeptTurns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Around the span, with the offset that its positions need."""
    monkeypatch.setattr(sources, "WHOLE_LIMIT", 50)
    monkeypatch.setattr(sources, "WINDOW", 40)
    key = run(rag, kept, "harvest")[-1].chat.key
    view = source_view(rag, kept, f"{key}-3")
    assert view["offset"] > 0 and len(view["text"]) < view["length"] == len(TEXT)
    assert view["text"][view["start"] - view["offset"] : view["end"] - view["offset"]] == QUOTES[2]


def test_memory_is_bounded(kept: KeptTurns) -> None:
    """The oldest turns fall out and do not come back."""
    first = kept.open_turn()
    for _ in range(KEPT_TURNS):
        kept.open_turn()
    kept.ended(first, "stopped")
    kept.stop(first)
    assert kept.get(first).phase == "gone" and not kept.stopped(first)
