"""Where an index address leads."""

from pathlib import Path

import pytest

from index import build_index
from index.errors import SettingsError
from index.settings import IndexSettings
from index.store import index_folder


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("faiss:///data/one", "/data/one"),
        ("faiss://relative/one", "relative/one"),
        ("bare/one", "bare/one"),
        ("what?.dir", "what?.dir"),
    ],
)
def test_an_address_is_a_folder(url: str, folder: str) -> None:
    """`faiss://` and a path, or a bare path, which may hold any character."""
    assert index_folder(url, None, IndexSettings()) == Path(folder)


@pytest.mark.parametrize("url", ["milvus://host", "http://x/y", "faiss://x?y=1", "faiss://", ""])
def test_a_foreign_address_is_refused(url: str) -> None:
    """Another scheme, options, or no path."""
    with pytest.raises(SettingsError):
        index_folder(url, None, IndexSettings())


def test_each_folder_has_an_index_of_its_own(tmp_path: Path) -> None:
    """The default depends on the resolved path: equal names in two places are two indexes."""
    (tmp_path / "a" / "docs").mkdir(parents=True)
    (tmp_path / "b" / "docs").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "a" / "docs")
    settings = IndexSettings(home=tmp_path / "home")
    first, second, linked = (
        index_folder(None, tmp_path / name, settings) for name in ("a/docs", "b/docs", "link")
    )
    assert first != second and first == linked
    assert first.parent == tmp_path / "home" and first.name.startswith("docs-")
    with pytest.raises(SettingsError):
        index_folder(None, None, settings)


def test_an_index_never_lies_among_the_documents(tmp_path: Path) -> None:
    """An index folder inside the documents folder would be read as documents, so it is refused."""
    (tmp_path / "a.txt").write_text("The mill has five old oaks.", encoding="utf-8")
    with pytest.raises(SettingsError, match="among the documents"):
        build_index(tmp_path, tmp_path / "index", settings=IndexSettings(encoder="hash:"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
