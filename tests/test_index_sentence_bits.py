"""Sentence vectors: made with the chunk's own, kept as signs, and still telling sentences apart."""

from pathlib import Path

import numpy as np
import pytest
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from index import IndexSettings, build_index, open_index
from index.encode import Encoder, Piece, open_encoder
from index.encoders.hashing import HashEncoder
from index.records import Span
from index.sentence_bits import cosines, pack

TEXT = "The ferry leaves at noon. It costs nine euros. Dogs travel free of charge."
PIECE = Piece(TEXT, (Span(0, 25), Span(26, 46), Span(47, 75)))
OTHER = Piece("Something else entirely.", (Span(0, 24),))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder(IndexSettings())


@given(st.integers(1, 40), st.integers(0, 6), st.integers(0, 2**32 - 1))
def test_signs_come_back(dimension: int, rows: int, seed: int) -> None:
    """Packed and unpacked, every row keeps its signs: also no rows, also no whole byte."""
    draw = np.random.default_rng(seed)
    vectors = draw.standard_normal((rows, dimension), dtype=np.float32)
    question = draw.standard_normal(dimension, dtype=np.float32)
    expected = np.where(vectors > 0, 1, -1) @ question * np.sqrt(np.pi / 2 / dimension)
    assert np.allclose(cosines(pack(vectors), question), expected, atol=1e-4)


def test_a_piece_has_the_vector_of_its_text(encoder: Encoder) -> None:
    """The sentences change nothing about the text's own vector, nor do the pieces beside it."""
    vectors, sentences = encoder.encode_pieces([PIECE, OTHER])
    alone, own = encoder.encode_pieces([PIECE])
    assert vectors[0].tobytes() == alone[0].tobytes() == encoder.encode([TEXT])[0].tobytes()
    assert sentences[0].tobytes() == own[0].tobytes() and [len(rows) for rows in sentences] == [3, 1]


def test_a_question_is_nearest_to_the_sentence_that_answers(encoder: Encoder) -> None:
    """Also when the sentence says only "it": its tokens have seen the ferry."""
    _, (own, _) = encoder.encode_pieces([PIECE, OTHER])
    for question, answer in (("When does the ferry leave?", 0), ("What is the price of the ferry?", 1)):
        asked = encoder.encode([question], query=True)[0]
        assert int(np.argmax(cosines(pack(own), asked))) == answer


def test_encoders_without_token_states_run_sentences_apart() -> None:
    vectors, sentences = HashEncoder().encode_pieces([PIECE, Piece("", ()), OTHER])
    assert vectors.shape == (3, 256) and [len(rows) for rows in sentences] == [3, 0, 1]
    assert np.array_equal(sentences[0][1], HashEncoder().encode(["It costs nine euros."])[0])
    assert HashEncoder().encode_pieces([])[1] == []


@pytest.mark.slow
def test_an_index_rates_the_sentences_of_its_chunks(tmp_path: Path) -> None:
    """One figure a sentence, near the cosine of sentences that were encoded on their own."""
    settings = IndexSettings()
    build_index(SEEDS, tmp_path / "i", settings=settings)
    index = open_index(tmp_path / "i", settings)
    chunks = [chunk for path in index.documents for chunk in index.chunks(path)]
    question = index.vectors_of(["How many troops were sent to Kosovo?"], query=True)[0]
    rated = index.sentence_cosines(question, chunks)
    assert [len(own) for own in rated] == [len(chunk.sentences) for chunk in chunks]
    texts = [
        chunk.text[s.start - chunk.start : s.end - chunk.start] for chunk in chunks for s in chunk.sentences
    ]
    apart = np.array(index.vectors_of(texts)) @ question
    assert np.corrcoef(apart, [value for own in rated for value in own])[0, 1] > 0.5
