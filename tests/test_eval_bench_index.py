"""The benches of the index: small runs end with sensible figures, and killed builds leave a whole index."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import RunRag

from eval.bench import indexing
from eval.bench.kill import Kill, KillReport, bench_kill
from eval.bench.searching import bench_search
from eval.bench.texts import kept_vectors, made_up, passages, questions, sentences
from eval.errors import BenchError
from index.encoders.hashing import HashEncoder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    rows = [{"id": str(n), "text": text} for n, text in enumerate(made_up(30))]
    asked = [{"question": " ".join(row["text"].split()[3:12]), "id": row["id"]} for row in rows]
    for name, lines in (("corpus", rows), ("queries", asked)):
        text = "\n".join(json.dumps(line) for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.kill
def test_killed_builds_leave_the_old_index_or_the_new() -> None:
    """25 kills; nothing wrong in the index, nothing seen by the reader beside them."""
    report = bench_kill(25, documents=120)
    assert [kill.wrong for kill in report.kills] == [()] * 25
    assert report.reader["errors"] == [] and report.reader["asked"] > 0
    assert report.landed >= 0.2, "a busy machine shifts the instants; the bench asks for 0.8"


def test_a_kill_report_counts_what_landed() -> None:
    kills = [Kill(at, landed, False, ()) for at, landed in ((0.05, True), (0.99, True), (0.5, False))]
    report = KillReport(tuple(kills), 0.1, {"errors": []})
    assert report.histogram == (1, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    assert report.landed == pytest.approx(2 / 3) and not report.passed
    assert KillReport((kills[0],), 0.1).passed
    assert not KillReport((kills[0],), 0.1, {"errors": ["x"]}).passed
    assert not KillReport((Kill(0.1, True, False, ("lost",)),), 0.1).passed


@pytest.mark.slow
def test_a_small_search_bench(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All vectors are compared at this size, so nothing is missed, and nothing deleted comes back."""
    monkeypatch.setenv("RAG_INDEX__ENCODER", "hash:")
    report = bench_search([data], chunks=1000, keep=tmp_path / "keep")
    assert report.chunks == pytest.approx(1000, abs=10) and report.asked == 30
    assert report.recall > 0.99 and report.deleted_found == 0
    assert report.open_seconds > 0 and report.disk_ratio > 1
    assert len(list((tmp_path / "keep").iterdir())) == 2


def test_kept_vectors_are_read_back(tmp_path: Path) -> None:
    texts, encoder = ["one heron", "two otters"], HashEncoder()
    first = kept_vectors(texts, encoder, tmp_path)
    file = next(tmp_path.iterdir())
    np.save(file, first * 2)
    assert np.array_equal(kept_vectors(texts, encoder, tmp_path), first * 2)
    assert np.array_equal(kept_vectors(texts[:1], encoder, tmp_path), first[:1])


def test_text_of_data_folders(data: Path, tmp_path: Path) -> None:
    assert len(passages([data, data])) == 30 and len(questions([data])) == 30
    found = sentences(passages([data]))
    assert len(found) > 100 and len(set(found)) == len(found)
    with pytest.raises(BenchError, match="no data folder"):
        passages([tmp_path / "nothing"])
    assert made_up(3) == made_up(3) != made_up(3, seed=1)


def test_an_unknown_kind_of_vector_index_is_refused(rag_here: RunRag) -> None:
    done = rag_here("bench", "search", "--vectors", "PQ8")
    assert done.returncode == 2 and "index=TYPE" in done.stderr


@pytest.mark.slow
def test_a_small_index_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each figure is of what it says: one changed document encodes its one new chunk; memory follows size."""
    monkeypatch.setenv("RAG_INDEX__ENCODER", "hash:")
    for name, value in {"_UPDATED": 20, "_CHUNKS_EACH": 2, "_SMALL": 5, "_LARGE": 25, "_COMPARED": 8}.items():
        monkeypatch.setattr(indexing, name, value)
    report = indexing.bench_index(chunks=50)
    assert (report.updated_of, report.update_encoded) == (20, 1)
    assert report.updated_chunks >= 40 and 0 < report.compared <= 8 < report.chunks
    assert report.small_mb > 0 and report.large_mb > 0 and report.vectors_mb > 0
    assert report.ratio == pytest.approx(
        report.chunks / report.build_seconds * report.forward_seconds / report.compared
    )
    assert json.loads(json.dumps(report.to_dict(), allow_nan=False))["ratio"] == report.ratio
