"""The vector index: exact cosines under the chunks' own ids."""

from pathlib import Path

import numpy as np
import pytest

from index.vectors import Matrix, Vectors, unit, write_vectors


@pytest.fixture
def matrix() -> Matrix:
    return unit(np.random.default_rng(7).standard_normal((50, 16)).astype(np.float32))


def test_an_identical_vector_is_nearest(tmp_path: Path, matrix: Matrix) -> None:
    """A stored vector finds its own id first, with score 1."""
    ids = [1000 + 3 * row for row in range(50)]
    write_vectors(tmp_path / "v", ids, matrix)
    vectors = Vectors(tmp_path / "v")
    for number, row in zip(ids, matrix, strict=True):
        found, score = vectors.search(row, 1)[0]
        assert found == number and score == pytest.approx(1, abs=1e-6)


def test_scores_are_cosines_and_descend(tmp_path: Path, matrix: Matrix) -> None:
    """All chunks come back with their cosines, best first; equal ones in the order of their ids."""
    doubled = np.vstack([matrix, matrix[:5]])
    write_vectors(tmp_path / "v", list(range(1, 56)), doubled)
    hits = Vectors(tmp_path / "v").search(matrix[0], 100)
    assert len(hits) == 55 and hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    assert [number for number, _ in hits[:2]] == [1, 51]
    for number, score in hits:
        assert score == pytest.approx(float(doubled[number - 1] @ matrix[0]), abs=1e-5)


def test_an_empty_index_finds_nothing(tmp_path: Path, matrix: Matrix) -> None:
    """No vectors, or no places, give no hits."""
    write_vectors(tmp_path / "v", [], np.zeros((0, 16), dtype=np.float32))
    assert Vectors(tmp_path / "v").search(matrix[0], 5) == []
    write_vectors(tmp_path / "w", [1], matrix[:1])
    assert Vectors(tmp_path / "w").search(matrix[0], 0) == []


def test_zeros_stay_zeros() -> None:
    """Normalising divides by no zero."""
    assert unit(np.zeros((2, 3), dtype=np.float32)).tolist() == [[0.0] * 3] * 2
