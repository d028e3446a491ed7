"""One question of a conversation, from the line to the stored answer, as a series of turns. No gradio here.

`answer` does not raise: an exception inside a streaming handler blanks the whole chat, so every ending is a
turn that says how it ended.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.decode import mended
from index.errors import RagError
from rag.records import Done, Event, Found, Said, Searching
from ui.conversations import Conversations
from ui.places import Places
from ui.running import Running
from ui.turns import QUESTION_LIMIT, TURN_LIMIT, Turn, cited_history, new_turn

if TYPE_CHECKING:
    from rag import Rag

_LOOK = 0.5
_log = logging.getLogger(__name__)


class Answering:
    """Answers questions inside conversations."""

    def __init__(self, conversations: Conversations) -> None:
        self.conversations = conversations
        self.running = Running()
        self.places = Places()

    def turn(self, owner: str, key: str) -> Turn | None:
        """A turn of this user, running or stored."""
        return self.running.get(owner, key) or self.conversations.turn(owner, key)

    def begin(
        self, owner: str, conversation: str, question: object, instead_of: str = ""
    ) -> tuple[str, Turn] | None:
        """Add a question to a conversation ("" begins one), cut to the limit the page already enforces.

        None when there is nothing to ask, no such conversation, or no room in it; then nothing changes.

        Args:
            instead_of: The turn whose place it takes.
        """
        text = mended(question).strip()[:QUESTION_LIMIT] if isinstance(question, str) else ""
        if not text:
            return None
        if conversation:
            found = self.conversations.read(owner, conversation)
            if found is None or sum(turn.key != instead_of for turn in found[1]) >= TURN_LIMIT:
                return None
        name = conversation or self.conversations.new(owner, text)
        turn = new_turn(secrets.token_hex(8), text)
        self.conversations.save(name, turn)
        if instead_of:
            self.conversations.drop_turn(owner, instead_of)
        return name, turn

    def answer(
        self,
        answerer: Callable[[], "Rag"],
        owner: str,
        conversation: str,
        earlier: Sequence[Turn],
        turn: Turn,
    ) -> Iterator[Turn]:
        """Answer a turn, yielding it each time there is more of it; it is stored as it ended. Never raises.

        Args:
            answerer: Gives the index with the generator that is to answer.
        """
        with self.running.turn(owner, turn):
            try:
                for turn in self._steps(answerer, earlier, turn):  # noqa: B020 - the turn as it grows
                    self.running.update(turn)
                    if not turn.finished:
                        yield turn
            except GeneratorExit:
                turn = turn.ended("stopped")  # the page went away
                raise
            except RagError as error:
                turn = turn.ended("failed", str(error))
            except Exception as error:
                # Only its kind: an exception's text may hold the question or a document's words.
                _log.error("answering failed: %s", type(error).__name__)
                turn = turn.ended("failed", "something went wrong in the program. Ask again, or restart it.")
            finally:
                turn = self._stored(conversation, turn)
        yield turn

    def _stored(self, conversation: str, turn: Turn) -> Turn:
        try:
            self.conversations.save(conversation, turn)
        except Exception as error:
            _log.error("an answer could not be stored: %s", type(error).__name__)
            return turn.unkept(str(error) if isinstance(error, RagError) else "something went wrong")
        return turn

    def _steps(self, answerer: Callable[[], "Rag"], earlier: Sequence[Turn], turn: Turn) -> Iterator[Turn]:
        with self.places.ticket() as ticket:
            while ahead := ticket.ahead(_LOOK):
                yield replace(turn, told=str(ahead))
                if self.running.stopped(turn.key):
                    yield turn.ended("stopped")
                    return
            turn = replace(turn, phase="searching", told="")
            yield turn
            rag = answerer()
            turn = turn.answered_by(rag.settings.generator)
            for event in rag.stream(turn.question, history=cited_history(earlier)):
                if self.running.stopped(turn.key) and not isinstance(event, Done):
                    break
                turn = _with(turn, event)
                yield turn
            if not turn.finished:
                yield turn.ended("stopped")


def _with(turn: Turn, event: Event) -> Turn:
    match event:
        case Searching():
            return replace(turn, told=str(event.documents), answer=replace(turn.answer, query=event.query))
        case Found():
            return turn.found(event.passages)
        case Said():
            return turn.said(event.sentence, event.citations)
        case Done():
            return turn.done(event.answer)
