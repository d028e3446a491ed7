"""What one open page does: ask, stop, go back to a conversation, try again, edit. No gradio here.

Which conversation a page shows is kept by the server; what comes from the page is checked as if from anyone.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ui.choices import PLAIN, names
from ui.conversations import ChatsFault
from ui.desk import Desk
from ui.messages import FULL, messages, refusal
from ui.sources import Payload, source_list
from ui.turns import TURN_LIMIT, Message, Turn

if TYPE_CHECKING:
    from rag import Rag

_SESSIONS = 2_000
_LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Open:
    """What one page has open.

    Attributes:
        conversation: Its id; "" before the first question.
        pending: The turn that waits to be answered.
        editing: The turn that the next question replaces.
        generator: Who answers; "" for the one the chat was started with.
        once: Who answers the pending turn, where that is somebody else.
        looking: Whether the pending turn is another page's, which leaving does not stop.
    """

    conversation: str = ""
    pending: str = ""
    editing: str = ""
    generator: str = ""
    once: str = ""
    looking: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One update of a page; None leaves a part as it is."""

    open: Open
    messages: list[Message] | None = None
    panel: Payload | None = None
    question: str | None = None
    sending: bool | None = None


class Pages:
    """The pages of one chat; safe for many threads."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._lock = threading.Lock()
        self._showing: OrderedDict[str, str] = OrderedDict()

    def ask(self, owner: str, session: str, now: Open, question: object) -> Shown:
        """Show a question at once, and Stop in place of Send; nothing changes while an answer comes."""
        if self._busy(owner, now):
            return Shown(now)
        before = self._turns(owner, now.conversation)
        try:
            begun = self.desk.answering.begin(owner, now.conversation, question, now.editing)
        except ChatsFault as error:
            return Shown(now, [*messages(before), refusal(str(error))])
        if begun is None:
            return Shown(now, [*messages(before), FULL] if len(before) >= TURN_LIMIT else None)
        name, turn = begun
        after = replace(now, conversation=name, pending=turn.key, editing="")
        turns = (*self._turns(owner, name)[:-1], turn)
        self._shows(session, turn.key)
        return Shown(after, messages(turns), self._panel(owner, name, turn), question="", sending=False)

    def act(self, owner: str, session: str, now: Open, action: object) -> Shown:
        """Do what a click asks for; what is no action, or not this user's, does nothing."""
        told = action if isinstance(action, dict) else {}
        match told.get("do"):
            case "open" if isinstance(told.get("id"), str):
                return self._opened(owner, session, now, told["id"])
            case "new":
                return self._left(owner, session, now)
            case "join":
                return self._joined(owner, session, now)
            case "ask":
                return self.ask(owner, session, now, told.get("question"))
            case "retry" | "plain" | "edit" if self._latest(owner, now, told.get("key")):
                return self._again(owner, session, now, told)
            case "generator" if told.get("name") in names(self.desk.rag):
                return Shown(replace(now, generator=told["name"]))
        return Shown(now)

    def stream(self, owner: str, session: str, now: Open) -> Iterator[Shown]:
        """Answer the pending question, as far as there is one and the page still shows it."""
        turns = self._turns(owner, now.conversation) if now.pending else ()
        if not turns or turns[-1].key != now.pending:
            if now.pending and self._still(session, now.pending):
                # Another page has asked meanwhile, or deleted the conversation: shown as it is now.
                yield self._opened(owner, session, replace(now, pending=""), now.conversation)
            return
        *earlier, turn = turns
        if now.looking or self._busy(owner, now):
            yield from self._followed(owner, session, now, earlier, turn)
            return
        # Known from the start: whoever does not get to answer is to be told what else could.
        chosen = now.once or now.generator or self.desk.rag.settings.generator
        turn = replace(turn, phase="waiting").answered_by(chosen)
        before = messages((*earlier, turn))[:-1]
        after = replace(now, pending="", once="")

        def answerer() -> "Rag":
            return self.desk.answerer(now.once or now.generator)

        steps = self.desk.answering.answer(answerer, owner, now.conversation, earlier, turn)
        with closing(steps):  # type: ignore[type-var]  # a generator, typed as the iterator it is used as
            for turn in steps:
                if not self._still(session, now.pending):
                    self.desk.answering.running.stop(owner, now.pending)
                    continue
                shown = [*before, messages((turn,))[1]]
                panel = self._panel(owner, now.conversation, turn)
                yield Shown(after if turn.finished else now, shown, panel, sending=turn.finished or None)

    def stop(self, owner: str, now: Open) -> None:
        """End the running answer before its next sentence."""
        self.desk.answering.running.stop(owner, now.pending)

    def _opened(self, owner: str, session: str, now: Open, name: str) -> Shown:
        found = self.desk.conversations.read(owner, name)
        if found is None:
            return self._left(owner, session, now)
        if name == now.conversation and self._busy(owner, now):
            return Shown(now)
        self._leave(owner, session, now)
        turns = self._turns(owner, name)
        latest = turns[-1] if turns else None
        after = Open(name, generator=now.generator)
        panel = self._panel(owner, name, latest)
        if latest and not latest.finished:
            panel["join"] = True
        return Shown(after, messages(turns), panel, question="", sending=True)

    def _joined(self, owner: str, session: str, now: Open) -> Shown:
        """Look on at an answer that comes for another page, or for this one before it was loaded anew."""
        turns = self._turns(owner, now.conversation)
        if not turns or turns[-1].finished:
            return self._opened(owner, session, now, now.conversation)
        self._shows(session, turns[-1].key)
        return Shown(replace(now, pending=turns[-1].key, looking=True), sending=False)

    def _followed(
        self, owner: str, session: str, now: Open, earlier: list[Turn], turn: Turn
    ) -> Iterator[Shown]:
        before = messages((*earlier, turn))[:-1]
        latest: Turn | None = turn
        seen: Turn | None = None
        while latest and not latest.finished and self._still(session, now.pending):
            if latest != seen:
                seen = latest
                panel = self._panel(owner, now.conversation, latest)
                yield Shown(now, [*before, messages((latest,))[1]], panel, sending=False)
            time.sleep(_LOOK)
            latest = self.desk.answering.turn(owner, now.pending)
        if not self._still(session, now.pending):
            return
        if latest is None:  # the conversation was deleted meanwhile
            yield self._left(owner, session, now)
            return
        panel = self._panel(owner, now.conversation, latest)
        after = replace(now, pending="", looking=False)
        yield Shown(after, [*before, messages((latest,))[1]], panel, sending=True)

    def _leave(self, owner: str, session: str, now: Open) -> None:
        if not now.looking:
            self.stop(owner, now)
        self._shows(session, "")

    def _left(self, owner: str, session: str, now: Open) -> Shown:
        self._leave(owner, session, now)
        after = Open(generator=now.generator)
        return Shown(after, [], self._panel(owner, "", None), question="", sending=True)

    def _again(self, owner: str, session: str, now: Open, told: dict[str, Any]) -> Shown:
        key, turns = told["key"], self._turns(owner, now.conversation)
        if told["do"] == "edit":
            return Shown(replace(now, editing=key), question=turns[-1].question)
        asked = turns[-1].question
        once = PLAIN if told["do"] == "plain" else ""
        return self.ask(owner, session, replace(now, editing=key, once=once), asked)

    def _latest(self, owner: str, now: Open, key: object) -> bool:
        turns = self._turns(owner, now.conversation)
        return bool(turns) and turns[-1].key == key and not self._busy(owner, now)

    def _turns(self, owner: str, name: str) -> tuple[Turn, ...]:
        """The turns of a conversation; one that is being answered, as far as it has come."""
        found = self.desk.conversations.read(owner, name) if name else None
        if found is None or not found[1]:
            return ()
        *earlier, latest = found[1]
        return (*earlier, self.desk.answering.running.get(owner, latest.key) or latest)

    def _panel(self, owner: str, name: str, turn: Turn | None) -> Payload:
        panel = source_list(self.desk.rag, turn) if turn else {"phase": "empty", "cited": [], "others": []}
        rated = self.desk.conversations.rated(owner, name) if name else {}
        return {**panel, "chat": name, "votes": {key: f.verdict for key, f in rated.items()}}

    def _busy(self, owner: str, now: Open) -> bool:
        return bool(now.pending) and self.desk.answering.running.get(owner, now.pending) is not None

    def _shows(self, session: str, pending: str) -> None:
        with self._lock:
            self._showing[session] = pending
            self._showing.move_to_end(session)
            while len(self._showing) > _SESSIONS:
                self._showing.popitem(last=False)

    def _still(self, session: str, pending: str) -> bool:
        with self._lock:
            return self._showing.get(session, pending) == pending
