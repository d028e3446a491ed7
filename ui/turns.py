"""One turn of the chat as plain steps: question in, messages and source panel out. No gradio here.

What was said is kept by the server and never read back from the page. `reply` does not raise: an
exception inside a streaming handler blanks the whole chat, so every ending is a message.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.errors import RagError
from rag.records import Citation, Done, Event, Found, Said, Searching, Sentence
from ui.kept import KeptTurns
from ui.render import answer_markdown, lines, notice, said
from ui.sources import Payload, source_list

if TYPE_CHECKING:
    from rag import Rag

QUESTION_LIMIT = 2_000
TURN_LIMIT = 200
HISTORY_TURNS = 20
_log = logging.getLogger(__name__)

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what the page shows under it.

    Attributes:
        key: Names the turn's sources.
        said: The answer as plain text for the next question's history; "" when there is none.
        shown: The answer as safe Markdown.
    """

    key: str
    question: str
    said: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Chat:
    """One page's conversation."""

    turns: tuple[Turn, ...] = ()

    @property
    def key(self) -> str:
        """The key of the latest turn, or ""."""
        return self.turns[-1].key if self.turns else ""

    @property
    def waiting(self) -> bool:
        """Whether the latest question has nothing under it yet."""
        return bool(self.turns) and not self.turns[-1].shown

    def messages(self) -> list[Message]:
        """The conversation for the page."""
        out: list[Message] = []
        for turn in self.turns:
            out.append({"role": "user", "content": lines(turn.question)})
            if turn.shown:
                out.append({"role": "assistant", "content": turn.shown})
        return out

    def history(self) -> list[Message]:
        """The finished turns for the next question."""
        out: list[Message] = []
        for turn in [t for t in self.turns[:-1] if t.said][-HISTORY_TURNS:]:
            out.append({"role": "user", "content": turn.question})
            out.append({"role": "assistant", "content": turn.said})
        return out

    def latest(self, shown: str, plain: str = "") -> "Chat":
        """The same conversation with the latest answer replaced."""
        turn = replace(self.turns[-1], shown=shown, said=plain)
        return Chat((*self.turns[:-1], turn))


@dataclass(frozen=True, slots=True)
class Step:
    """What one update of the page shows; a panel of None is unchanged."""

    chat: Chat
    panel: Payload | None = None


def begin(question: object, chat: Chat, kept: KeptTurns) -> Chat:
    """Add the question as a new turn, cut to the limit the page already enforces.

    The conversation comes back as it was when there is nothing to ask or an answer is on its way.
    """
    text = question.strip()[:QUESTION_LIMIT] if isinstance(question, str) else ""
    if not text or kept.running(chat.key):
        return chat
    turn = Turn(kept.open_turn(), text)
    return Chat((*chat.turns, turn)[-TURN_LIMIT:])


def reply(rag: "Rag", chat: Chat, kept: KeptTurns) -> Iterator[Step]:
    """Answer the latest turn, step by step. Never raises."""
    if not chat.waiting:
        return
    run = _Run(rag, chat, kept)
    try:
        yield from run.steps()
    except RagError as error:
        yield run.failed(lines(str(error)))
    except Exception as error:
        # Only its kind: an exception's text may hold the question or a document's words.
        _log.error("answering failed: %s", type(error).__name__)
        yield run.failed("something went wrong in the program. Ask again, or restart it.")
    finally:
        if kept.running(chat.key):  # the page went away
            kept.ended(chat.key, "stopped")


class _Run:
    """One answer on its way."""

    def __init__(self, rag: "Rag", chat: Chat, kept: KeptTurns) -> None:
        self.rag, self.chat, self.kept, self.key = rag, chat, kept, chat.key
        self.sentences: list[Sentence] = []
        self.citations: dict[int, Citation] = {}

    def steps(self) -> Iterator[Step]:
        yield self.show(_busy("Searching…"), panel=True)
        for event in self.rag.stream(self.chat.turns[-1].question, history=self.chat.history()):
            if self.kept.stopped(self.key) and not isinstance(event, Done):
                break
            yield self.step(event)
            if isinstance(event, Done):
                return
        self.kept.ended(self.key, "stopped")
        box = notice("stopped", "Stopped. The answer is not complete.")
        yield self.show(f"{self.text()}\n\n{box}".strip(), panel=True)

    def step(self, event: Event) -> Step:
        match event:
            case Searching():
                count = event.documents
                return self.show(_busy(f"Searching {count} document{'' if count == 1 else 's'}…"))
            case Found():
                self.kept.found(self.key, event.passages)
                return self.show(_busy("Reading the closest passages…"), panel=True)
            case Said():
                self.sentences.append(event.sentence)
                self.citations |= {c.number: c for c in event.citations}
                self.kept.cited(self.key, tuple(self.citations.values()))
                return self.show(self.text(), panel=True)
            case Done():
                self.kept.answered(self.key, event.answer)
                shown = answer_markdown(event.answer, self.key)
                return self.show(shown, panel=True, plain=event.answer.text)

    def failed(self, html: str) -> Step:
        self.kept.ended(self.key, "failed")
        return self.show(notice("error", f"<strong>No answer:</strong> {html}"), panel=True)

    def text(self) -> str:
        return said(self.sentences, self.citations, self.key)

    def show(self, shown: str, *, panel: bool = False, plain: str = "") -> Step:
        payload = source_list(self.rag, self.kept, self.key) if panel else None
        return Step(self.chat.latest(shown, plain), payload)


def _busy(text: str) -> str:
    return f'<span class="rag-busy">{text}</span>'
