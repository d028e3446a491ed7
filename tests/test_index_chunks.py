"""Chunks hold every body sentence once, in order, within the limits, and are exactly the source's text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_room import MODELS, REAL

from index.chunks import chunk, embedded_text
from index.counting import Counter, open_counter
from index.encode import Encoder, open_encoder
from index.encoders.hashing import HashEncoder
from index.formats import markdown, plain_text
from index.records import Block, Chunk, Document
from index.sentences import sentence_spans

COUNTER = open_counter(MODELS / "tiktoken", len)
PIECES = [
    "One sentence ends here.",
    "Dr. Low left.",
    "word ",
    "漢字",
    "🙂",
    "İ",
    "e\u0301",
    "),(",
    " ",
    "\n",
    "\n\n",
    "# H\n",
]
PIECES += ["Is it?", "a" * 300, "; ", ": ", ",", "word " * 60, "\t", "Advertisement\n", "x" * 900 + ","]
MIXED = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25).map("".join)


@pytest.fixture(scope="session")
def real_encoder() -> Encoder:
    return open_encoder(REAL)


def document(text: str, blocks: tuple[Block, ...] | None = None, title: str = "") -> Document:
    return Document("a.txt", "", text, title, blocks=plain_text.blocks(text) if blocks is None else blocks)


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\ufeff", "")


def check(doc: Document, chunks: tuple[Chunk, ...], tokens: int, counter: Counter, encoder: Encoder) -> None:
    at = 0
    for piece in chunks:
        assert piece.text == doc.text[piece.start : piece.end]
        assert piece.tokens == counter.count(piece.text) <= tokens
        assert encoder.wordpieces(embedded_text(doc.title, piece, encoder)) <= encoder.max_wordpieces
        assert (piece.start, piece.end) == (piece.sentences[0].start, piece.sentences[-1].end)
        for span in piece.sentences:
            assert at <= span.start < span.end
            at = span.end
    body = [b for b in doc.blocks if b.verdict == "body"]
    said = "".join(doc.text[s.start : s.end] for piece in chunks for s in piece.sentences)
    assert squeezed(said) == squeezed("".join(doc.text[b.start : b.end] for b in body))
    for block in doc.blocks:
        if block.verdict == "boilerplate":
            assert not any(p.start < block.end and p.end > block.start for p in chunks)


@given(MIXED, st.sampled_from([32, 128]), st.booleans(), st.data())
def test_chunks_keep_their_contract(text: str, tokens: int, plain: bool, data: st.DataObject) -> None:
    """Any text, any verdicts: body sentences once and in order, marked text never, limits kept."""
    encoder = HashEncoder()
    blocks = (plain_text.blocks if plain else markdown.blocks)(text.replace("\x00", ""))
    verdicts = data.draw(st.lists(st.booleans(), min_size=len(blocks), max_size=len(blocks)))
    marked = tuple(
        Block(b.start, b.end, b.kind, "boilerplate", "test") if out else b
        for b, out in zip(blocks, verdicts, strict=True)
    )
    doc = document(text.replace("\x00", ""), marked, title="A title")
    check(doc, chunk(doc, tokens, COUNTER, encoder), tokens, COUNTER, encoder)


@pytest.mark.parametrize(
    "text", ["漢字" * 900, "🙂" * 500, "word " * 900, "x" * 5000, "naïve, " * 400, "1 " * 800]
)
def test_no_chunk_is_longer_than_the_model_reads(text: str, real_encoder: Encoder) -> None:
    """With the real tokenizer too, title and heading included: MiniLM drops what is longer in silence."""
    doc = document(text, title="漢字" * 100)
    chunks = chunk(doc, 512, COUNTER, real_encoder)
    assert len(chunks) > 1
    check(doc, chunks, 512, COUNTER, real_encoder)


def test_a_long_sentence_is_split_at_a_clause() -> None:
    """A sentence over the limit is cut after a clause mark where there is one."""
    clause = "the wind turned to the north and the boats stayed in the harbour"
    doc = document("; ".join([clause] * 12) + ".")
    chunks = chunk(doc, 64, COUNTER, HashEncoder())
    assert len(chunks) > 2 and all(piece.text.endswith(";") for piece in chunks[:-1])


def test_a_heading_opens_a_chunk() -> None:
    """No chunk reaches over a heading; each one knows the heading it stands under."""
    doc = document(text := "# One\n\nFirst.\n\n# Two\n\nSecond.\n", markdown.blocks(text))
    chunks = chunk(doc, 128, COUNTER, HashEncoder())
    assert [(piece.text, piece.heading) for piece in chunks] == [
        ("One\n\nFirst.", "One"),
        ("Two\n\nSecond.", "Two"),
    ]


def test_the_encoder_sees_title_and_heading() -> None:
    """Title and heading stand once before the text that is embedded, and never in the span."""
    doc = document(text := "# One\n\n" + "First sentence of all. " * 40, markdown.blocks(text), title="Book")
    first, second = chunk(doc, 128, COUNTER, HashEncoder())[:2]
    assert embedded_text("Book", first, HashEncoder()) == f"Book\n{first.text}"
    assert embedded_text("Book", second, HashEncoder()) == f"Book\nOne\n{second.text}"


def test_a_gap_ends_a_chunk() -> None:
    """Two sentences a million blanks apart are two chunks: tiktoken gives up on such a gap."""
    doc = document("One is here." + " " * 1_000_000 + "Two is there.")
    assert [piece.text for piece in chunk(doc, 128, COUNTER, HashEncoder())] == [
        "One is here.",
        "Two is there.",
    ]


def test_sentences_are_not_cut_at_titles() -> None:
    """An abbreviation ends no sentence, and a line end inside a block none either."""
    text = "Dr. Low met Mrs. Hale at 5 p.m. on Monday. They spoke\nof the U.S. Navy."
    spans = sentence_spans(text, 0, len(text))
    assert [text[s.start : s.end] for s in spans] == [text[:42], text[43:]]


def test_an_endless_line_keeps_its_words(tmp_path: Path) -> None:
    """A line longer than one window of the segmenter loses nothing and cuts no word."""
    doc = document("lorem ipsum dolor " * 5000)
    chunks = chunk(doc, 128, COUNTER, HashEncoder())
    check(doc, chunks, 128, COUNTER, HashEncoder())
    assert {word for piece in chunks for word in piece.text.split()} == {"lorem", "ipsum", "dolor"}
