"""One Rag serves an event loop and many threads with the answers it gives alone."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

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
