"""The kind of vector index: chosen by size and measured recall, or by the address."""

from pathlib import Path

import numpy as np
import pytest

from index import IndexSettings, build_index, open_index, vector_types
from index.check import faults
from index.errors import SettingsError
from index.store import index_folder, vector_type
from index.vectors import EXACT, Matrix, Vectors, unit, write_vectors

SETTINGS = IndexSettings(encoder="hash:")


def cloud(count: int, spread: float = 0.4, dimension: int = 32) -> Matrix:
    """Unit vectors in clusters, as those of real texts are."""
    draw = np.random.default_rng(5)
    middles = draw.standard_normal((20, dimension))
    return unit(middles[draw.integers(0, 20, count)] + spread * draw.standard_normal((count, dimension)))


def written(path: Path, vectors: Matrix, wanted: str) -> tuple[str, Vectors]:
    ids = np.arange(len(vectors), dtype=np.int64) * 3 + 7
    detail = write_vectors(path, [(ids, vectors)], len(vectors), vectors.shape[1], wanted)
    return detail, Vectors(path)


@pytest.mark.parametrize("wanted", ["Flat", "SQfp16", "SQ8", "HNSW16", "IVF16,SQ8", "IVF16,Flat"])
def test_every_kind_keeps_ids_and_finds_a_vector_itself(tmp_path: Path, wanted: str) -> None:
    vectors = cloud(600)
    detail, index = written(tmp_path / "v", vectors, wanted)
    assert detail.startswith(wanted) and len(index) == 600
    assert index.ids() == set(range(7, 7 + 3 * 600, 3))
    best = index.search(vectors[11], 5)
    assert best[0][0] == 7 + 33 and best[0][1] == pytest.approx(1, abs=0.02)
    assert [score for _, score in best] == sorted((score for _, score in best), reverse=True)


def test_few_vectors_are_all_compared(tmp_path: Path) -> None:
    vectors = cloud(500)
    detail, index = written(tmp_path / "v", vectors, "auto")
    halves = vectors.astype(np.float16).astype(np.float32)
    exact = np.argsort(-(halves @ vectors[3]))[:10] * 3 + 7
    assert detail == EXACT
    assert [number for number, _ in index.search(vectors[3], 10)] == list(exact)


def test_many_get_a_cheap_kind_that_finds_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.vectors.EXACT_BELOW", 1000)
    detail, _ = written(tmp_path / "v", cloud(4000), "auto")
    assert detail.startswith("IVF128,SQ") and "recall@10" in detail


def test_too_few_found_by_lists_means_a_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.vectors.EXACT_BELOW", 1000)
    monkeypatch.setattr(vector_types, "FLOOR", 1.1)
    detail, _ = written(tmp_path / "v", cloud(2000), "auto")
    assert detail.startswith("SQ8,")


def test_no_vectors_at_all(tmp_path: Path) -> None:
    _, index = written(tmp_path / "v", np.zeros((0, 32), np.float32), "IVF16,SQ8")
    assert len(index) == 0 and index.search(np.ones(32, np.float32), 5) == []


@pytest.mark.parametrize(
    "address", ["faiss://x?index=Flat", "faiss://x?index=HNSW32", "faiss://x?index=auto"]
)
def test_the_address_may_name_a_kind(address: str) -> None:
    assert index_folder(address, None, SETTINGS) == Path("x")
    assert vector_type(address) == address.rpartition("=")[2]


@pytest.mark.parametrize(
    "options", ["index=flat", "index=PQ8", "index=", "kind=Flat", "index=Flat&x=1", "", "index=IVF0,SQ8"]
)
def test_any_other_option_is_refused(options: str) -> None:
    with pytest.raises(SettingsError, match="index=TYPE"):
        index_folder(f"faiss://x?{options}", None, SETTINGS)


def test_a_bare_path_may_hold_a_question_mark() -> None:
    assert index_folder("what?index=Flat", None, SETTINGS) == Path("what?index=Flat")


def test_a_kind_stays_until_another_is_asked_for(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("A heron stands in the river.", encoding="utf-8")
    place = f"faiss://{tmp_path / 'index'}"
    assert build_index(docs, place, settings=SETTINGS).vectors == EXACT
    chosen = build_index(docs, f"{place}?index=Flat", settings=SETTINGS)
    assert chosen.vectors == "Flat" and "vector index changed from auto to Flat" in chosen.rebuilt
    assert chosen.encoded == 0 and chosen.nothing_changed
    (docs / "b.txt").write_text("An otter swims in the river.", encoding="utf-8")
    kept = build_index(docs, place, settings=SETTINGS)
    assert kept.vectors == "Flat" and kept.rebuilt == ""
    assert build_index(docs, f"{place}?index=auto", settings=SETTINGS).vectors == EXACT
    assert faults(place) == () and len(open_index(place, SETTINGS)) == 2
