"""What is encoded again and what is not, why everything was done again, and that memory holds a batch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import IndexSettings, build_index, ingest, open_index
from index.chunks import embedded_text
from index.encode import Piece, Progress, silent
from index.encoders.hashing import HashEncoder
from index.stores import rows, vector_rows
from index.stores.database import FORMAT, open_reader, start_over, writing
from index.vectors import Matrix

SETTINGS = IndexSettings(encoder="hash:")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(12):
        text = "\n\n".join(f"# Part {part}\n\nDocument {number} says {part * 7}." for part in range(5))
        (folder / f"{number:02}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that reaches the encoder."""
    seen: list[str] = []
    encode = HashEncoder.encode_pieces

    def noted(
        self: HashEncoder, pieces: Sequence[Piece], progress: Progress = silent
    ) -> tuple[Matrix, list[Matrix]]:
        seen.extend(piece.text for piece in pieces)
        return encode(self, pieces, progress)

    monkeypatch.setattr(HashEncoder, "encode_pieces", noted)
    return seen


def test_a_renamed_file_keeps_its_vectors(docs: Path, tmp_path: Path, encoded: list[str]) -> None:
    build_index(docs, tmp_path / "i", settings=SETTINGS)
    encoded.clear()
    (docs / "03.md").rename(docs / "zz.md")
    report = build_index(docs, tmp_path / "i", settings=SETTINGS)
    assert (report.added, report.removed, report.encoded, encoded) == (("zz.md",), ("03.md",), 0, [])


def test_only_changed_chunks_are_encoded(docs: Path, tmp_path: Path, encoded: list[str]) -> None:
    build_index(docs, tmp_path / "i", settings=SETTINGS)
    encoded.clear()
    file = docs / "05.md"
    file.write_text(file.read_text("utf-8").replace("says 14", "says otherwise"), encoding="utf-8")
    report = build_index(docs, tmp_path / "i", settings=SETTINGS)
    assert report.changed == ("05.md",) and report.encoded == len(encoded) == 1


def test_text_that_moves_between_documents_keeps_its_vector(
    docs: Path, tmp_path: Path, encoded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when the document that loses it is stored batches before the one that gains it."""
    monkeypatch.setattr(ingest, "_BATCH", 1)
    (docs / "00.md").write_text("# One\n\nFirst.\n\n# Two\n\nSecond.", encoding="utf-8")
    (docs / "11.md").write_text("# One\n\nElse.", encoding="utf-8")
    build_index(docs, tmp_path / "i", settings=SETTINGS.model_copy(update={"clean": False}))
    encoded.clear()
    (docs / "00.md").write_text("# One\n\nFirst.", encoding="utf-8")
    (docs / "11.md").write_text("# One\n\nElse.\n\n# Two\n\nSecond.", encoding="utf-8")
    build_index(docs, tmp_path / "i", settings=SETTINGS.model_copy(update={"clean": False}))
    assert [text for text in encoded if "Second" in text and "Else" not in text] == encoded
    assert len(encoded) <= 1


def test_vectors_nobody_wants_are_dropped(docs: Path, tmp_path: Path) -> None:
    build_index(docs, tmp_path / "i", settings=SETTINGS)
    for number in range(6):
        (docs / f"{number:02}.md").unlink()
    build_index(docs, tmp_path / "i", settings=SETTINGS)
    connection = open_reader(tmp_path / "i")
    held, wanted = (
        connection.execute(question).fetchone()[0]
        for question in ("SELECT count(*) FROM vectors", "SELECT count(DISTINCT vector) FROM chunks")
    )
    connection.close()
    assert held == wanted


def test_a_new_chunk_size_is_explained_and_reuses_equal_texts(docs: Path, tmp_path: Path) -> None:
    first = build_index(docs, tmp_path / "i", settings=SETTINGS)
    report = build_index(docs, tmp_path / "i", settings=SETTINGS.model_copy(update={"chunk_tokens": 64}))
    assert report.rebuilt == "chunk_tokens changed from 128 to 64"
    assert report.encoded < first.encoded and len(report.changed) == 12
    again = build_index(docs, tmp_path / "i", settings=SETTINGS.model_copy(update={"chunk_tokens": 64}))
    assert again.rebuilt == "" and again.nothing_changed


def test_another_encoder_encodes_everything(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_index(docs, tmp_path / "i", settings=SETTINGS)
    monkeypatch.setattr(HashEncoder, "fingerprint", "hash-other")
    report = build_index(docs, tmp_path / "i", settings=SETTINGS)
    assert report.rebuilt == "the encoder changed from hash-256 to hash-other"
    assert report.encoded == first.encoded


def test_other_words_leave_the_rows_alone(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(docs, tmp_path / "i", settings=SETTINGS)
    monkeypatch.setattr("index.words.ANALYSIS", "other")
    report = build_index(docs, tmp_path / "i", settings=SETTINGS)
    assert "the analysis of words changed" in report.rebuilt
    assert report.encoded == 0 and not report.changed and report.generation == 2


def test_an_earlier_format_is_built_again(docs: Path, tmp_path: Path) -> None:
    build_index(docs, tmp_path / "i", settings=SETTINGS)
    with writing(tmp_path / "i") as connection:
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'format'")
        connection.execute("ALTER TABLE chunks DROP COLUMN tokens")
    report = build_index(docs, tmp_path / "i", settings=SETTINGS)
    assert f"the format of the index changed from 1 to {FORMAT}" in report.rebuilt and report.generation == 2
    assert len(open_index(tmp_path / "i", SETTINGS)) == report.chunks


def test_an_incremental_build_equals_a_fresh_one(docs: Path, tmp_path: Path) -> None:
    """The same chunks with the same scores from both searches, to the last bit."""
    build_index(docs, tmp_path / "grown", settings=SETTINGS)
    (docs / "02.md").unlink()
    (docs / "03.md").rename(docs / "99.md")
    (docs / "04.md").write_text("# New\n\nDocument 4 says 7 and nothing else.", encoding="utf-8")
    build_index(docs, tmp_path / "grown", settings=SETTINGS)
    build_index(docs, tmp_path / "fresh", settings=SETTINGS)

    def found(name: str) -> list[object]:
        index = open_index(tmp_path / name, SETTINGS)
        lists = (
            index.nearest(index.vectors_of(["document 4 says 7"])[0], 100),
            index.matching(["document", "7", "noth"], 100),
        )
        chunks = index.chunks_by_id({number for hits in lists for number, _ in hits})
        return [sorted((chunks[n].document, chunks[n].start, score) for n, score in hits) for hits in lists]

    assert found("grown") == found("fresh")


def test_documents_pass_through_in_batches(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more texts are handed to the encoder at once than a batch of documents has."""
    sizes: list[int] = []
    encode = HashEncoder.encode_pieces

    def sized(
        self: HashEncoder, pieces: Sequence[Piece], progress: Progress = silent
    ) -> tuple[Matrix, list[Matrix]]:
        sizes.append(len(pieces))
        return encode(self, pieces, progress)

    monkeypatch.setattr(HashEncoder, "encode_pieces", sized)
    monkeypatch.setattr(ingest, "_BATCH", 3)
    steps: list[tuple[str, int, int]] = []
    report = build_index(docs, tmp_path / "i", settings=SETTINGS, progress=lambda *step: steps.append(step))
    assert len(sizes) == 4 and sum(sizes) == report.encoded
    encoding = [(done, total) for step, done, total in steps if step == "Encoding"]
    assert encoding == sorted(encoding, key=lambda step: step[0]) and all(a <= b for a, b in encoding)


def test_stored_vectors_are_the_encoders_at_half_precision(docs: Path, tmp_path: Path) -> None:
    build_index(docs, tmp_path / "i", settings=SETTINGS)
    index = open_index(tmp_path / "i", SETTINGS)
    chunk = index.chunks("07.md")[0]
    text = embedded_text(index.document("07.md").title, chunk, index.encoder)
    vector = index.vectors_of([text])[0]
    best = index.nearest(vector, 1)[0]
    assert best[0] == chunk.id and best[1] == pytest.approx(1, abs=0.001)
    assert np.linalg.norm(vector) == pytest.approx(1)


def test_starting_over_leaves_empty_tables(docs: Path, tmp_path: Path) -> None:
    build_index(docs, tmp_path / "i", settings=SETTINGS)
    with writing(tmp_path / "i") as connection:
        start_over(connection)
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (0,)
        connection.execute("ROLLBACK")
        connection.execute("BEGIN")


def test_no_query_of_a_build_sorts_what_it_reads(docs: Path, tmp_path: Path) -> None:
    """Rows come in order through indexes: a sort would hold all texts or vectors in memory."""
    build_index(docs, tmp_path / "i", settings=SETTINGS)
    seen: list[str] = []
    with writing(tmp_path / "i") as connection:
        connection.set_trace_callback(seen.append)
        assert sum(len(ids) for ids, _ in vector_rows.batches(connection, 256)) == 60
        assert sum(1 for _ in rows.embedded_chunks(connection)) == 60
        connection.set_trace_callback(None)
        ordered = [statement for statement in seen if "ORDER BY" in statement]
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in ordered]
    assert len(plans) == 2 and "TEMP B-TREE" not in str(plans)
