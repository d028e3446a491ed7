"""One Rag serves an event loop and many threads with the answers it gives alone."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from generator_room import QUESTION, small_rag
from scripted_server import openai_reply, scripted

from rag import Answer, QuestionError, Rag

QUESTIONS = (
    "How many additional troops were deployed?",
    "Why was the Chinese embassy in Belgrade bombed?",
    "How long do I bake a sourdough loaf?",
)


def plain(answer: Answer) -> Answer:
    return replace(answer, trace=replace(answer.trace, timings={}))


def test_awaited_answers_are_the_same(seeds_rag: Rag) -> None:
    """Several at once, and the loop goes on while they are sought."""
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    async def all_at_once() -> list[Answer]:
        ticking = asyncio.create_task(tick())
        answers = await asyncio.gather(*(seeds_rag.aask(question) for question in QUESTIONS))
        ticking.cancel()
        return answers

    expected = [plain(seeds_rag.ask(question)) for question in QUESTIONS]
    assert [plain(answer) for answer in asyncio.run(all_at_once())] == expected and ticks > 1


def test_many_threads_get_the_same_answers(seeds_rag: Rag) -> None:
    expected = [plain(seeds_rag.ask(question)) for question in QUESTIONS]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(seeds_rag.ask, QUESTIONS * 6))
    assert [plain(answer) for answer in found] == expected * 6


def test_errors_reach_who_awaits(seeds_rag: Rag) -> None:
    with pytest.raises(QuestionError, match="empty"):
        asyncio.run(seeds_rag.aask("  "))


def test_confidence_is_told_of_answers_only(seeds_rag: Rag) -> None:
    """A probability beside an extractive answer; nothing beside an abstention."""
    answered, refused = (seeds_rag.ask(question).confidence for question in (QUESTIONS[0], QUESTIONS[2]))
    assert answered is not None and 0.5 < answered < 1 and refused is None


def test_a_cancelled_answer_gives_up_its_request(tmp_path: Path) -> None:
    """The model is not listened to any further, and the loop does not wait for the end of its reply."""
    pieces = ["The lighthouse was painted by "] + ["many " * 100] * 300
    with scripted(openai_reply(pieces, pause=0.05)) as server:
        rag = small_rag(tmp_path, f"openai:m@{server.url}", max_tokens=100_000)

        async def cancelled() -> None:
            task = asyncio.create_task(rag.aask(QUESTION))
            while not server.requests:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        began = time.monotonic()
        asyncio.run(cancelled())
        assert time.monotonic() - began < 10  # the whole reply takes fifteen seconds
        limit = time.monotonic() + 30
        while not server.broken and time.monotonic() < limit:
            time.sleep(0.01)
        assert (server.broken, server.ended) == (1, 0)


def test_an_awaited_answer_of_a_model_is_whole(tmp_path: Path) -> None:
    """Who goes on waiting gets what `ask` gives."""
    reply = openai_reply(["It was painted by 17 volunteers [1]."])
    with scripted(reply) as server:
        rag = small_rag(tmp_path, f"openai:m@{server.url}")
        assert plain(asyncio.run(rag.aask(QUESTION))) == plain(rag.ask(QUESTION))
