"""The word index: BM25 as another implementation computes it, and questions that are never parsed."""

import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_room import prose

from index.words import Words, build_words, content_terms, terms

CORPUS = [line for seed in range(12) for line in prose(seed).splitlines()]


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    folder = tmp_path_factory.mktemp("words") / "index"
    build_words(folder, list(enumerate(CORPUS, start=1)))
    return Words(folder)


@pytest.mark.parametrize(
    "question", ["bridge painted", "violin of the harbour 1850", "kettle archive window lost"]
)
def test_the_ranking_is_that_of_bm25s(words: Words, question: str) -> None:
    """The best hits are those of bm25s at tantivy's parameters, up to ties and rounded lengths."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bm25s
    reference = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
    reference.index([terms(text) for text in CORPUS], show_progress=False)
    wanted = content_terms(question)
    scores = reference.get_scores([term for term in wanted if words.chunk_frequency(term)])
    ours = words.search(wanted, 10)
    assert len(ours) == 10
    best = sorted((float(score) for score in scores), reverse=True)[:10]
    for (chunk_id, score), expected in zip(ours, best, strict=True):
        # The methods differ by the constant k1 + 1, and tantivy rounds long lengths.
        assert float(scores[chunk_id - 1]) == pytest.approx(expected, rel=0.05)
        assert score == pytest.approx(expected * 2.2, rel=0.05)


@given(
    st.text(max_size=60)
    | st.sampled_from(['a AND (b OR "c', "text:bridge", "bridge^9 -violin", "*", "[a TO b]"])
)
def test_a_question_is_never_parsed(words: Words, question: str) -> None:
    """No character of a question is an operator: any text searches, and finds what its plain words find."""
    plain = " ".join(content_terms(question))
    assert words.search(content_terms(question), 5) == words.search(plain.split(), 5)


def test_operators_are_words(words: Words) -> None:
    """`-violin` asks for violins and `text:bridge` for bridges."""
    assert content_terms("-violin") == content_terms("violin")
    assert words.search(content_terms("bridge AND -violin"), 9) == words.search(
        content_terms("bridge violin"), 9
    )


def test_scores_descend_and_ties_go_by_id(words: Words) -> None:
    """The order is total: by score, then by chunk id."""
    hits = words.search(content_terms("bridge"), 100)
    assert len(hits) > 5 and hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))


def test_terms_fold_case_accents_and_endings() -> None:
    """Case, accents and English endings make no difference; stop words carry no meaning."""
    assert terms("Painted CAFÉS") == terms("painting cafe")
    assert content_terms("What is the bridge and who painted the bridge?") == terms("bridge painted")


def test_nothing_wanted_finds_nothing(words: Words, tmp_path: Path) -> None:
    """No terms, unknown terms, no places, or no chunks: no hits and no error."""
    build_words(tmp_path / "empty", [])
    empty = Words(tmp_path / "empty")
    assert words.search([], 5) == words.search(["zzz"], 5) == words.search(terms("bridge"), 0) == []
    assert (len(empty), empty.search(terms("bridge"), 5), empty.beginning("b")) == (0, [], [])


def test_terms_are_found_by_their_beginning(words: Words) -> None:
    """A prefix gives the known terms in order, and a term the number of its chunks."""
    assert words.beginning("bri") == ["bridg"]
    assert words.chunk_frequency("bridg") == sum("bridge" in text for text in CORPUS)
