"""What is kept in memory is bounded by its size, and never changes what is read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_room import new_room

from index.recent import Recent
from index.stores import rows


@given(st.lists(st.integers(0, 20), max_size=60), st.integers(0, 40), st.integers(1, 5))
def test_what_is_kept_stays_within_its_bounds(keys: list[int], most: int, count: int) -> None:
    """Of values as large as their keys; the last one stays, however large."""
    read: list[int] = []

    def reading(key: int) -> int:
        read.append(key)
        return key

    recent = Recent(reading, lambda value: value, most, count)
    for key in keys:
        before = len(read)
        assert recent.get(key) == key
        kept = list(recent._kept)
        assert kept[-1] == key and len(kept) <= count
        assert len(kept) == 1 or sum(kept) <= most
        assert recent.get(key) == key and len(read) <= before + 1
    recent.clear()
    assert not recent._kept and recent._total == 0


def test_large_documents_are_not_all_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index holds some millions of characters in memory, not dozens of its largest documents."""
    room = new_room(tmp_path)
    for number in range(5):
        room.write(f"{number}.txt", f"Heron {number} stands in the river. " * 50)
    room.build()
    monkeypatch.setattr(rows, "_CHARACTERS", 3000)
    index = room.open()
    try:
        for path in index.documents:
            assert index.document(path).text.startswith(f"Heron {path[0]}")
            assert all(chunk.text in index.document(path).text for chunk in index.chunks(path))
        for kept in (index._document, index._chunks_of, index._texts._recent):
            assert 1 <= len(kept._kept) <= 2 and kept._total <= 3500
    finally:
        index.close()
