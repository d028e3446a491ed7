"""Make a damaged index sound again: projections from the rows, the rows from the documents."""

from pathlib import Path

from index import generation
from index.build import build_index, tidy
from index.check import faults
from index.encode import Progress, open_encoder
from index.errors import IndexMismatch, IndexMissing
from index.load import list_folder
from index.settings import IndexSettings
from index.store import index_folder
from index.stores import rows
from index.stores.database import LOGS, NAME, set_aside, writing
from index.vectors import AUTO


def check_index(url: str | Path, settings: IndexSettings | None = None) -> tuple[str, ...]:
    """The names of the damaged files of an index; empty when all is well. `index.check` says what is wrong.

    Raises:
        IndexMissing: There is none.
        IndexMismatch: It was written by another version of the program.
    """
    return tuple(dict.fromkeys(fault.file for fault in faults(url, settings)))


def repair_index(
    url: str | Path,
    documents: str | Path | None = None,
    *,
    settings: IndexSettings | None = None,
    progress: Progress | None = None,
) -> tuple[str, ...]:
    """Rebuild what is damaged; the names of what was rebuilt.

    Damaged projections come from the database. A damaged database is put aside as `index.sqlite.damaged`
    (never deleted) and the index is built again from the documents folder.

    Raises:
        IndexMissing: There is no index, or its database is damaged and no documents folder was given.
    """
    settings = settings or IndexSettings()
    folder = index_folder(str(url), None, settings)
    bad = check_index(url, settings)
    if NAME in bad:
        if documents is None:
            raise IndexMissing(
                f"the database in {folder} is damaged; name the documents folder to build it again"
            )
        list_folder(Path(documents), settings)  # raises before anything is moved
        set_aside(folder / NAME)
        build_index(documents, folder, settings=settings, progress=progress)
    elif bad:
        with writing(folder) as connection:
            number = int(rows.read_meta(connection)["generation"]) + 1
            encoder = open_encoder(settings)
            meta = rows.read_meta(connection)
            if encoder.fingerprint != meta["encoder"]:
                raise IndexMismatch(
                    f"the index in {folder} was built by the encoder {meta['encoder']}, the settings name "
                    f"{encoder.fingerprint}; build it again with: rag index {meta['folder']}"
                )
            projections = generation.write_projections(
                connection, folder, number, encoder, meta.get("vector_type", AUTO)
            )
            generation.commit(connection, projections)
            rows.write_meta(connection, generation=str(number))
        tidy(folder)
    return bad


def put_aside(folder: Path) -> tuple[Path, ...]:
    """The damaged databases that repairs have kept in an index folder; they hold texts of documents."""
    return tuple(sorted(file for file in folder.glob(f"{NAME}.damaged*") if file.suffix[-4:] not in LOGS))
