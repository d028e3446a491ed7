"""An answer for an event loop: sought in a thread, and given up when nobody awaits it any more."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from collections.abc import Generator as Stream
from contextlib import closing
from typing import cast

from rag.generators import Generator, Prompt
from rag.generators.model import Chat, Ended, ModelGenerator
from rag.records import Answer, Done, Event


class _GivenUp(Exception):
    """Nobody awaits the answer."""


class Patience:
    """Whether somebody still awaits an answer; a model is asked for its next words only then."""

    def __init__(self) -> None:
        self._over = threading.Event()

    def end(self) -> None:
        """Nobody awaits it any more."""
        self._over.set()

    def check(self) -> None:
        """End a thread that works for nobody."""
        if self._over.is_set():
            raise _GivenUp

    def around(self, generator: Generator) -> Generator:
        """A generator whose model is told; of another the statement under way is awaited."""
        if not isinstance(generator, ModelGenerator):
            return generator
        return generator.through(lambda chat: _Heeding(chat, self))


class _Heeding:
    """A language model that stops between two pieces of a reply."""

    def __init__(self, chat: Chat, patience: Patience) -> None:
        self.name, self.parameters = chat.name, chat.parameters
        self._chat, self._patience = chat, patience

    def stream(self, prompt: Prompt) -> Stream[str | Ended, None, None]:
        self._patience.check()
        with closing(self._chat.stream(prompt)) as pieces:
            for piece in pieces:
                self._patience.check()
                yield piece


async def awaited(stream: Callable[[], Iterator[Event]], patience: Patience) -> Answer:
    """The answer at the end of a stream, which is closed as soon as it can be when the task is cancelled."""

    def last() -> Answer | None:
        events = cast(Stream[Event, None, None], stream())
        try:
            with closing(events):
                for event in events:
                    patience.check()
                    if isinstance(event, Done):
                        return event.answer
        except _GivenUp:
            pass
        return None

    try:
        return cast(Answer, await asyncio.to_thread(last))
    except asyncio.CancelledError:
        patience.end()
        raise
