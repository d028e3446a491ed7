"""What has become of a source since it was indexed."""

import os
import shutil
from pathlib import Path

from index import IndexSettings, build_index, open_index
from index.freshness import Freshness

SETTINGS = IndexSettings(encoder="hash:")
LONG_AGO = (1_500_000_000, 1_500_000_000)


def test_a_source_is_the_same_changed_or_removed(tmp_path: Path) -> None:
    """By its bytes: a touched file is the same, an edit of the same size is seen, and so is a removal."""
    docs, home = tmp_path / "docs", tmp_path / "index"
    docs.mkdir()
    for name in ("kept", "touched", "edited", "gone"):
        (docs / f"{name}.txt").write_text(f"The {name} bridge was built in 1911.\n", encoding="utf-8")
        os.utime(docs / f"{name}.txt", LONG_AGO)
    (home / "uploads").mkdir(parents=True)
    (home / "uploads" / "added.txt").write_text("The added bridge was built in 1912.\n", encoding="utf-8")
    build_index(docs, home, settings=SETTINGS)
    index, fresh = open_index(home, SETTINGS), Freshness()

    def states() -> dict[str, str]:
        hashes = {path: index.document(path).sha256 for path in index.documents}
        return {path: fresh.state(index, path, sha256) for path, sha256 in hashes.items()}

    assert set(states().values()) == {"same"}
    (docs / "touched.txt").touch()
    (docs / "edited.txt").write_text("The edited bridge was built in 1912.\n", encoding="utf-8")
    (docs / "gone.txt").unlink()
    (home / "uploads" / "added.txt").unlink()
    assert states() == {
        "edited.txt": "changed",
        "gone.txt": "removed",
        "kept.txt": "same",
        "touched.txt": "same",
        "uploads/added.txt": "removed",
    }
    shutil.rmtree(docs)
    assert set(states().values()) == {"unknown"}
    index.close()
