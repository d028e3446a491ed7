"""What Python callers pass in: any iterable for a history, and errors that say what to give."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from index import Filters
from index.errors import UsageError
from rag import Answer, Rag, ask

QUESTION = "How many additional troops were deployed?"
HISTORY: list[dict[str, Any]] = [
    {"role": "user", "content": QUESTION},
    {"role": "assistant", "content": "700."},
]
FOLLOW_UP = "Where were they sent?"


@pytest.mark.parametrize("make", [iter, tuple, lambda turns: (turn for turn in turns), lambda _: None])
def test_a_history_is_read_once(seeds_rag: Rag, make: Callable[[Any], Any]) -> None:
    """An iterator serves every reader of it as a list does; None is no history."""
    plain = seeds_rag.ask(FOLLOW_UP, HISTORY if make(HISTORY) is not None else ())
    answer = seeds_rag.ask(FOLLOW_UP, make(HISTORY))
    assert (answer.query, answer.passages) == (plain.query, plain.passages)
    awaited = asyncio.run(seeds_rag.aask(FOLLOW_UP, make(HISTORY)))
    assert (awaited.query, awaited.text) == (plain.query, plain.text)
    found = seeds_rag.search(FOLLOW_UP, len(plain.passages), make(HISTORY))
    assert [p.start for p in found] == [p.start for p in plain.passages]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"history": 5}, r"list of turns.*not int"),
        ({"history": "Who signed?"}, "list of turns.*not str"),
        ({"history": HISTORY[0]}, "list of turns.*not dict"),
        ({"history": ["Who signed?"]}, "a turn of the history is"),
        ({"filters": {"documents": ("a.txt",)}}, r"Filters\(documents=.*not dict"),
        ({"filters": {}}, "not dict"),
        ({"filters": "a.txt"}, "not str"),
    ],
)
def test_what_is_no_argument(seeds_rag: Rag, arguments: dict[str, Any], told: str) -> None:
    """`ask`, `aask`, `stream` and `search` refuse the same."""

    def streamed() -> list[object]:
        return list(seeds_rag.stream(FOLLOW_UP, **arguments))

    def awaited() -> Answer:
        return asyncio.run(seeds_rag.aask(FOLLOW_UP, **arguments))

    for call in (seeds_rag.ask, seeds_rag.search, lambda *_, **__: streamed(), lambda *_, **__: awaited()):
        with pytest.raises(UsageError, match=told):
            call(FOLLOW_UP, **arguments)


@pytest.mark.parametrize("k", ["3", 2.5, None, 0, -1])
def test_how_many_is_a_number(seeds_rag: Rag, k: Any) -> None:
    """A text is none, nor is a half."""
    with pytest.raises(UsageError, match="k"):
        seeds_rag.search(QUESTION, k=k)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"documents": "a.txt"}, r'tuple of paths, \("a.txt",\), not \'a.txt\''),
        ({"documents": (1,)}, "tuple of paths"),
        ({"documents": None}, "tuple of paths"),
        ({"metadata": {"author": "Ana"}}, r"pairs of texts.*mapping\.items"),
        ({"metadata": (("year", 2020),)}, "pairs of texts"),
        ({"metadata": ("author", "Ana")}, "pairs of texts"),
        ({"metadata": 5}, "pairs of texts"),
        ({"since": 2020}, 'since is a text, "2020"'),
        ({"until": 20.5}, "until is a text"),
    ],
)
def test_filters_say_what_to_give(arguments: dict[str, Any], told: str) -> None:
    """A text for a list of texts, a mapping, a bare year."""
    with pytest.raises(UsageError, match=told):
        Filters(**arguments)


def test_lists_do_as_well(seeds_rag: Rag) -> None:
    """What a caller has at hand: a list of paths."""
    name = seeds_rag.documents[0]
    found = seeds_rag.search("troops", 3, filters=Filters(documents=[name]))  # type: ignore[arg-type]  # a list does, too
    assert {passage.document for passage in found} == {name}


def test_the_function_refuses_them_too(seeds_index: str) -> None:
    """As the class does."""
    with pytest.raises(UsageError, match="list of turns"):
        ask(QUESTION, docs="seeds", index=seeds_index, history=5)  # type: ignore[arg-type]  # no history
