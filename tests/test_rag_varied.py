"""Copies are shown once, edited copies both, and one document does not take every place."""

from hypothesis import given
from hypothesis import strategies as st

from index import Chunk
from rag.varied import varied

FACT = "The ferry from Harlow leaves at nine and carries forty cars in summer, fewer when the river is low."


def chunk(number: int, document: str, text: str) -> Chunk:
    return Chunk(number, document, 0, len(text), text, "", 9, ())


def test_a_copy_stands_for_all() -> None:
    """White space, case and a word or two more make no text of its own."""
    ranked = [
        chunk(1, "a.txt", FACT),
        chunk(2, "b.txt", FACT.replace(" ", "\n")),
        chunk(3, "c.txt", f"{FACT} it said."),
        chunk(4, "d.txt", "Bicycles travel free of charge on all crossings."),
    ]
    assert [kept.id for kept in varied(ranked, 8, 5)] == [1, 4]


def test_an_edited_copy_is_kept() -> None:
    """Where a number or a name differs, two documents disagree: both are wanted."""
    ranked = [
        chunk(1, "a.txt", FACT),
        chunk(2, "b.txt", FACT.replace("Harlow", "Winden")),
        chunk(3, "c.txt", f"{FACT} It runs till 2031."),
    ]
    assert [kept.id for kept in varied(ranked, 8, 5)] == [1, 2, 3]


def test_one_document_leaves_room_for_others() -> None:
    ranked = [chunk(n, "long.txt", f"Part {n} tells of the {'o' * n}ld mill.") for n in range(1, 7)]
    ranked.append(chunk(7, "short.txt", "The mill burned down."))
    assert [kept.id for kept in varied(ranked, 4, 3)] == [1, 2, 3, 7]


def test_a_document_alone_gets_every_place() -> None:
    ranked = [chunk(n, "long.txt", f"Part {n} tells of the {'o' * n}ld mill.") for n in range(1, 7)]
    assert [kept.id for kept in varied(ranked, 4, 2)] == [1, 2, 3, 4]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.text("xyz 1A", max_size=12)), max_size=20),
    st.integers(1, 8),
    st.integers(1, 8),
)
def test_what_is_kept(passages: list[tuple[str, str]], k: int, most: int) -> None:
    """At most k, each once, the best first of all; with enough distinct ones exactly k."""
    ranked = [chunk(n, name, text) for n, (name, text) in enumerate(passages, start=1)]
    kept = varied(ranked, k, most)
    assert len({one.id for one in kept}) == len(kept) <= k
    assert not ranked or kept[0] is ranked[0]
    distinct = varied(ranked, len(ranked) + 1, len(ranked) + 1)
    assert len(kept) == min(k, len(distinct)) and set(kept) <= set(distinct)
