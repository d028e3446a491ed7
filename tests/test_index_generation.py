"""One commit point: a build killed at any moment leaves the old index or the new one."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import REPO
from index_room import HASH, Room, chunk_facts, new_room, prose

from index import check_index
from index.errors import SettingsError
from index.generation import committed, remove_leftovers
from index.stores.database import writing

# For n = 1, 2, …: copy the index, and build in a fork that kills itself at its n-th event. An event is an
# fsync, a statement of SQLite, or an operation on a file that the interpreter audits.
KILLER = """
import os, shutil, signal, sqlite3, sys
from pathlib import Path
import faiss, tantivy, index.ingest, index.repair
from index import IndexSettings, build_index
docs, base, place, models, every = sys.argv[1:]
settings = IndexSettings(encoder="hash:", models=Path(models))
index.ingest.open_tools(settings, index.encode.silent)
left = [0]
def event(*_):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), 9)
def audit(name, args):
    writes = name == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if left[0] > 0 and (writes or name in ("os.remove", "os.rename", "os.mkdir", "os.rmdir")):
        event()
sys.addaudithook(audit)
sync, connect = os.fsync, sqlite3.connect
def fsync(descriptor):
    event()
    sync(descriptor)
def connecting(*args, **options):
    connection = connect(*args, **options)
    connection.set_trace_callback(event)
    return connection
os.fsync, sqlite3.connect = fsync, connecting
number = 1
while True:
    target = Path(place) / str(number)
    shutil.copytree(base, target)
    child = os.fork()
    if not child:
        left[0] = number
        try:
            build_index(docs, target, settings=settings)
        finally:
            os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        break
    number += int(every)
"""


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """An index of four documents, and a folder in which every fate of a document is due."""
    made = new_room(tmp_path)
    for number in range(4):
        made.write(f"{number}.txt", prose(number, 4))
    made.build()
    made.write("0.txt", prose(50, 4))
    made.write("new.txt", prose(51, 4))
    (made.docs / "3.txt").unlink()
    return made


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{os.environ['PYTHONPATH']}{os.pathsep}{REPO}"}


def facts(room: Room) -> object:
    """What an index answers; opening it checks its projections too."""
    index = room.open()
    try:
        return chunk_facts(index), sorted(score for _, score in index.matching(["the", "of"], 50))
    finally:
        index.close()


def built(room: Room, place: Path) -> Room:
    """A copy of the index, brought up to date without a kill."""
    shutil.copytree(room.index, place)
    copy = Room(room.docs, place)
    copy.build()
    return copy


@pytest.mark.kill
def test_a_build_killed_at_any_step_leaves_an_index(room: Room, tmp_path: Path, long_form: bool) -> None:
    """Killed before any file operation, fsync or statement: the old answers or the new, and a clean check."""
    old, new = facts(room), facts(built(room, tmp_path / "built"))
    place = tmp_path / "killed"
    place.mkdir()
    arguments = [room.docs, room.index, place, HASH.models_folder, 1 if long_form else 2]
    done = subprocess.run(
        [sys.executable, "-P", "-c", KILLER, *map(str, arguments)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-500:]
    copies = [Room(room.docs, folder) for folder in sorted(place.iterdir(), key=lambda f: int(f.name))]
    states = []
    for copy in copies:
        assert check_index(copy.index) == ()
        states.append(facts(copy))
        assert states[-1] in (old, new)
    assert len(states) > 20 and states[0] == old and states[-1] == new
    assert states == sorted(states, key=lambda state: state == new), "the commit is one moment"
    for copy in copies[:: max(1, len(copies) // 5)]:
        copy.build()
        assert facts(copy) == new
        assert len(list(copy.index.glob("words-*"))) == len(list(copy.index.glob("vectors-*"))) == 1


@pytest.mark.kill
def test_a_build_killed_at_any_time_leaves_an_index(room: Room, tmp_path: Path, long_form: bool) -> None:
    """Killed from outside after a random time, SQLite's own commit included."""
    old, new = facts(room), facts(built(room, tmp_path / "built"))
    code = (
        "import sys\nfrom pathlib import Path\nfrom index import IndexSettings, build_index\n"
        "import index.ingest, faiss, tantivy\n"
        "settings = IndexSettings(encoder='hash:', models=Path(sys.argv[3]))\n"
        "index.ingest.open_tools(settings, print)\n"
        "print('ready', flush=True)\nbuild_index(sys.argv[1], sys.argv[2], settings=settings)\n"
    )
    draw = random.Random(9)
    for number in range(60 if long_form else 6):
        copy = Room(room.docs, tmp_path / f"killed-{number}")
        shutil.copytree(room.index, copy.index)
        command = [sys.executable, "-P", "-c", code, str(copy.docs), str(copy.index), str(HASH.models_folder)]
        with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE) as process:
            assert process.stdout and process.stdout.readline() == b"ready\n"
            time.sleep(draw.random() * 0.15)
            process.send_signal(signal.SIGKILL)
        assert facts(copy) in (old, new)
        assert check_index(copy.index) == ()


def test_leftovers_of_a_running_build_are_not_touched(room: Room) -> None:
    """Tidying up leaves the committed files, and waits for no other builder."""
    from index.build import tidy

    leftover = room.index / "vectors-7.faiss"
    leftover.write_bytes(b"of a build that was killed")
    with writing(room.index):
        tidy(room.index)
        assert leftover.exists()
    tidy(room.index)
    assert not leftover.exists() and check_index(room.index) == ()


def test_leftovers_go_by_name(room: Room) -> None:
    """Only projection files are removed; whatever else lies in the folder stays."""
    (room.index / "notes.txt").write_text("mine")
    (room.index / "words-9").mkdir()
    with writing(room.index) as connection:
        remove_leftovers(room.index, committed(connection))
    names = sorted(path.name for path in room.index.iterdir() if not path.name.startswith("index.sqlite"))
    assert names == ["notes.txt", "vectors-1.faiss", "words-1"]


def test_a_folder_of_something_else_is_no_place_for_an_index(room: Room, tmp_path: Path) -> None:
    """Folders named like projections, in a folder named by mistake, are refused and stay as they are."""
    work = tmp_path / "work"
    (work / "words-2024").mkdir(parents=True)
    (work / "words-2024" / "thesis.txt").write_text("mine")
    with pytest.raises(SettingsError, match="holds files and no index; name a new or an empty folder"):
        Room(room.docs, work).build()
    assert [path.name for path in work.iterdir()] == ["words-2024"]
    assert (work / "words-2024" / "thesis.txt").read_text() == "mine"


def test_only_names_of_projections_are_tidied_away(room: Room) -> None:
    """What is merely named much like a projection is somebody's own."""
    (room.index / "words-of-wisdom").mkdir()
    (room.index / "vectors-mine.faiss").write_text("mine")
    room.build()
    assert (room.index / "words-of-wisdom").is_dir() and (room.index / "vectors-mine.faiss").exists()
