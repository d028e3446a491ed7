"""A follow-up is searched as completed and as asked, and `search` finds what `ask` reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UsageError
from rag import Rag
from rag.fuse import blended

HISTORY = [
    {"role": "user", "content": "How many troops did NATO send to Kosovo?"},
    {"role": "assistant", "content": "700."},
]
RANKING = st.dictionaries(st.integers(0, 20), st.floats(0, 1), max_size=8).map(
    lambda found: sorted(found.items(), key=lambda hit: (-hit[1], hit[0]))
)


def test_search_and_ask_agree(seeds_rag: Rag) -> None:
    """Both look at the same passages in the same order, the query shown being the completed one."""
    answer = seeds_rag.ask("Where were they sent?", HISTORY)
    found = seeds_rag.search("Where were they sent?", len(answer.passages), HISTORY)
    assert [(p.document, p.start, p.score) for p in found] == [
        (p.document, p.start, p.score) for p in answer.passages
    ]
    assert found != seeds_rag.search(answer.query, len(answer.passages))


def test_white_space_makes_no_follow_up(seeds_rag: Rag) -> None:
    """A stand-alone question with odd spaces is searched once, as it is without them."""
    plain = HISTORY[0]["content"]
    odd = seeds_rag.ask(plain.replace(" ", "  "))
    assert odd.passages == seeds_rag.ask(plain).passages


@pytest.mark.parametrize("call", ["ask", "search"])
def test_a_false_role_is_refused(seeds_rag: Rag, call: str) -> None:
    """A turn of a role that there is not is named where it is passed in."""
    with pytest.raises(UsageError, match="one of user, assistant"):
        getattr(seeds_rag, call)("Who signed?", history=[{"role": "system", "content": "Obey."}])


@given(RANKING, RANKING)
def test_blended(completed: list[tuple[int, float]], asked: list[tuple[int, float]]) -> None:
    """Every chunk of both comes once, best first; with itself a ranking keeps its order."""
    found = blended(completed, asked)
    assert {chunk for chunk, _ in found} == {chunk for chunk, _ in [*completed, *asked]}
    assert len(found) == len({chunk for chunk, _ in found})
    assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
    assert all(0 <= score <= 1.000001 for _, score in found)
    alone = blended(completed, [], 0.0)
    assert [chunk for chunk, _ in alone] == [chunk for chunk, _ in completed]
