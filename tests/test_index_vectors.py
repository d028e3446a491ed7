"""The vector index: exact cosines under the chunks' own ids, and of filtered chunks with every kind."""

from pathlib import Path

import numpy as np
import pytest

from index import generation
from index.errors import IndexFault
from index.vectors import AUTO, Matrix, Vectors, unit, write_vectors

EXACT = pytest.mark.parametrize("kind", [AUTO, "Flat"])


@pytest.fixture
def matrix() -> Matrix:
    """Unit vectors at the precision that the database keeps."""
    return halved(unit(np.random.default_rng(7).standard_normal((50, 16)).astype(np.float32)))


def halved(matrix: Matrix) -> Matrix:
    return matrix.astype(np.float16).astype(np.float32)


def written(path: Path, ids: list[int], matrix: Matrix, kind: str) -> Vectors:
    batches = [
        (np.array(ids[at : at + 20], dtype=np.int64), matrix[at : at + 20]) for at in range(0, len(ids), 20)
    ]
    write_vectors(path, batches, len(ids), matrix.shape[1], kind)
    return Vectors(path)


@EXACT
def test_an_identical_vector_is_nearest(tmp_path: Path, matrix: Matrix, kind: str) -> None:
    """A stored vector finds its own id first, with the score of itself."""
    ids = [1000 + 3 * row for row in range(50)]
    vectors = written(tmp_path / "v", ids, matrix, kind)
    for number, row in zip(ids, matrix, strict=True):
        found, score = vectors.search(row, 1)[0]
        assert found == number and score == pytest.approx(float(row @ row), abs=1e-6)
        assert score == pytest.approx(1, abs=1e-3)


@EXACT
def test_scores_are_cosines_and_descend(tmp_path: Path, matrix: Matrix, kind: str) -> None:
    """All chunks come back with their cosines, best first; equal ones in the order of their ids."""
    doubled = np.vstack([matrix, matrix[:5]])
    hits = written(tmp_path / "v", list(range(1, 56)), doubled, kind).search(matrix[0], 100)
    assert len(hits) == 55 and hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    assert [number for number, _ in hits[:2]] == [1, 51]
    for number, score in hits:
        assert score == pytest.approx(float(doubled[number - 1] @ matrix[0]), abs=1e-5)


@EXACT
def test_an_empty_index_finds_nothing(tmp_path: Path, matrix: Matrix, kind: str) -> None:
    """No vectors, or no places, give no hits."""
    empty = written(tmp_path / "v", [], np.zeros((0, 16), dtype=np.float32), kind)
    assert empty.search(matrix[0], 5) == []
    one = written(tmp_path / "w", [1], matrix[:1], kind)
    assert one.search(matrix[0], 0) == []
    assert one.search(matrix[0], 5, np.array([], dtype=np.int64)) == []


@pytest.mark.parametrize("kind", [AUTO, "Flat", "SQ8", "HNSW4", "IVF32,Flat", "IVF32,SQ8"])
def test_a_filter_leaves_exactly_what_it_allows(tmp_path: Path, kind: str) -> None:
    """The allowed chunks farthest from the query are all ranked, by their cosines, whatever the kind."""
    matrix = halved(unit(np.random.default_rng(8).standard_normal((2000, 16)).astype(np.float32)))
    ids = [5 + 2 * row for row in range(2000)]
    vectors = written(tmp_path / "v", ids, matrix, kind)
    for query in matrix[:5]:
        cosines = matrix @ query
        far = np.argsort(cosines)[:30]
        hits = vectors.search(query, 100, np.sort(np.array(ids)[far]))
        assert {number for number, _ in hits} == {ids[row] for row in far}
        assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
        for number, score in hits:
            assert score == pytest.approx(
                float(cosines[ids.index(number)]), abs=0.02 if "SQ8" in kind else 1e-5
            )
        assert vectors.search(query, 3, np.array(ids)[far]) == hits[:3]


def test_zeros_stay_zeros() -> None:
    """Normalising divides by no zero."""
    assert unit(np.zeros((2, 3), dtype=np.float32)).tolist() == [[0.0] * 3] * 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_in_words() -> None:
    """FAISS raises an error of its own; the build ends with one that says what to do."""
    draw = np.random.default_rng(0)
    matrix = unit(draw.standard_normal((500, 64), dtype=np.float32))
    some = [(np.arange(500, dtype=np.int64), matrix)]
    with pytest.raises(IndexFault, match="is full"), generation.room_in(Path("/dev")):
        write_vectors(Path("/dev/full"), some, 500, 64, "auto")
