"""Facts of a generation: worked out once, bounded, and the same whoever asks first."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.facts import _KEPT, Facts
from index.sentence_bits import cosines, cosines_by_chunk, pack


def test_a_fact_is_worked_out_once() -> None:
    """An empty fact is one, too."""
    worked: list[int] = []
    facts = Facts()
    for _ in range(3):
        assert facts.of("chunk", lambda: worked.append(1) or ()) == ()
    assert worked == [1]


def test_old_facts_are_forgotten() -> None:
    """Many threads fill it, and it keeps no more than it may; the newest stays."""
    facts = Facts()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: facts.of(number, lambda: number), range(2 * _KEPT)))
    facts.of("last", lambda: "newest")
    assert len(facts._kept) == _KEPT
    assert facts.of("last", lambda: "another") == "newest"
    assert facts.of(0, lambda: "again") == "again"


@given(st.lists(st.integers(0, 6), max_size=9), st.integers(0, 2**32 - 1))
def test_a_sentence_is_rated_whatever_passages_stand_beside_its_own(counts: list[int], seed: int) -> None:
    """To the last digit as if its chunk were alone."""
    draw = np.random.default_rng(seed)
    vectors = draw.standard_normal((sum(counts), 384), dtype=np.float32)
    question = draw.standard_normal(384, dtype=np.float32)
    edges = [0, *np.cumsum(counts).tolist()]
    packed = [pack(vectors[start:end]) for start, end in pairwise(edges)]
    alone = tuple(tuple(cosines(own, question).tolist()) for own in packed)
    assert cosines_by_chunk(packed, question) == alone
