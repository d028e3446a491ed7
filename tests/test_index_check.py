"""Whatever is wrong with an index is found, named, and cured."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import RunRag

from index import (
    IndexCorrupt,
    IndexMismatch,
    IndexMissing,
    IndexSettings,
    build_index,
    check_index,
    open_index,
    repair_index,
)
from index.check import faults
from index.stores.database import NAME

SETTINGS = IndexSettings(encoder="hash:")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"Document {number} tells of a heron. " * 60, encoding="utf-8")
    return folder


@pytest.fixture
def index(docs: Path, tmp_path: Path) -> Path:
    build_index(docs, tmp_path / "index", settings=SETTINGS)
    return tmp_path / "index"


def execute(index: Path, statement: str) -> None:
    connection = sqlite3.connect(index / NAME)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_sound_index_has_no_faults(index: Path) -> None:
    assert faults(index) == () and check_index(index) == ()


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE documents SET text = replace(text, 'heron', 'crane') WHERE id = 2", "checksum"),
        ('UPDATE chunks SET "end" = "end" + 1 WHERE id = 3', "checksum"),
        ("UPDATE vectors SET vector = zeroblob(512) WHERE id = 4", "checksum"),
        ("DELETE FROM vectors WHERE id = 1", "refers to a row"),
        ("DELETE FROM projections", "are committed"),
        ("DELETE FROM meta WHERE key = 'encoder'", "no encoder"),
    ],
)
def test_a_changed_row_is_found(index: Path, docs: Path, statement: str, what: str) -> None:
    execute(index, statement)
    found = faults(index)
    assert {fault.file for fault in found} == {NAME} and any(what in fault.what for fault in found)
    assert repair_index(index, docs, settings=SETTINGS) == (NAME,)
    assert faults(index) == ()


def test_a_chunk_outside_its_text_is_found(index: Path) -> None:
    """Even where its checksum is that of the wrong row."""
    from index.stores.rows import checksum

    connection = sqlite3.connect(index / NAME)
    columns = 'document, "start", "end", heading, tokens, sentences, page, columns'
    row = list(connection.execute(f"SELECT {columns} FROM chunks WHERE id = 1").fetchone())
    row[2] = 10**6
    connection.execute('UPDATE chunks SET "end" = ?, checksum = ? WHERE id = 1', (row[2], checksum(row)))
    connection.commit()
    connection.close()
    assert "does not lie inside" in faults(index)[0].what


def test_projections_are_counted_against_the_rows(index: Path, docs: Path, tmp_path: Path) -> None:
    """A projection with the committed hash but other chunks was never made from these rows."""
    execute(index, "DELETE FROM chunks WHERE id = 1")
    assert {fault.file for fault in faults(index)} == {"vectors-1.faiss", "words-1"}
    assert set(repair_index(index, docs, settings=SETTINGS)) == {"vectors-1.faiss", "words-1"}
    assert faults(index) == ()


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(255 - byte for byte in data[middle : middle + 64])
    file.write_bytes(bytes(data))


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def replace(file: Path) -> None:
    file.write_bytes(b"something else altogether " * 200)


@pytest.mark.parametrize("harm", [flip, truncate, replace, Path.unlink], ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("which", ["vectors-1.faiss", "words-1"])
def test_a_harmed_projection_is_refused_by_name(
    index: Path, docs: Path, which: str, harm: Callable[[Path], None]
) -> None:
    place = index / which
    harm(max(place.iterdir(), key=lambda file: file.stat().st_size) if place.is_dir() else place)
    assert check_index(index) == (which,)
    with pytest.raises(IndexCorrupt, match=rf"{which}.*--repair"):
        open_index(index, SETTINGS)
    assert repair_index(index, docs, settings=SETTINGS) == (which,)
    assert open_index(index, SETTINGS).documents


@pytest.mark.parametrize("harm", [truncate, replace], ids=lambda harm: harm.__name__)
def test_a_harmed_database_is_refused_by_name(index: Path, docs: Path, harm: Callable[[Path], None]) -> None:
    harm(index / NAME)
    assert check_index(index) == (NAME,)
    with pytest.raises(IndexCorrupt, match=rf"{NAME}.*--repair"):
        index_ = open_index(index, SETTINGS)
        for path in index_.documents:
            index_.document(path)
    repair_index(index, docs, settings=SETTINGS)
    assert faults(index) == ()


def test_a_flipped_text_is_never_shown(index: Path) -> None:
    """SQLite does not see it, the checksum does."""
    file = index / NAME
    data = file.read_bytes()
    at = data.index(b"Document 3 tells of a heron")
    file.write_bytes(data[:at] + b"Document 3 tells of a crane" + data[at + 27 :])
    opened = open_index(index, SETTINGS)
    with pytest.raises(IndexCorrupt, match="checksum"):
        opened.document("3.txt")
    assert opened.document("2.txt").text


def test_a_build_that_was_never_finished_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    sqlite3.connect(tmp_path / "index" / NAME).execute("PRAGMA journal_mode = WAL").close()
    with pytest.raises(IndexMissing, match="there is no index"):
        open_index(tmp_path / "index", SETTINGS)


def test_an_index_of_a_newer_program_is_left_alone(index: Path, docs: Path) -> None:
    execute(index, "UPDATE meta SET value = '99' WHERE key = 'format'")
    for act in (lambda: build_index(docs, index, settings=SETTINGS), lambda: open_index(index, SETTINGS)):
        with pytest.raises(IndexMismatch, match="newer version"):
            act()


def test_repair_needs_the_encoder_that_built_it(index: Path, docs: Path) -> None:
    execute(index, "UPDATE meta SET value = 'another' WHERE key = 'encoder'")
    (index / "vectors-1.faiss").unlink()
    with pytest.raises(IndexMismatch, match="another"):
        repair_index(index, docs, settings=SETTINGS)


def test_the_command_tells_what_is_wrong(index: Path, docs: Path, run_rag: RunRag) -> None:
    (index / "vectors-1.faiss").unlink()
    env = {"RAG_INDEX__ENCODER": "hash:"}
    done = run_rag("index", docs, "--index", index, "--check", env=env)
    assert done.returncode == 4 and "vectors-1.faiss: damaged or missing" in " ".join(done.stderr.split())
    assert run_rag("index", docs, "--index", index, "--repair", env=env).returncode == 0
    assert run_rag("index", docs, "--index", index, "--check", env=env).returncode == 0
