"""Show one file as a build would read it, block by block; nothing is stored."""

from pathlib import Path

from index import repeated
from index.errors import IndexFault, UnreadableSource
from index.ingest import NO_TEXT, cleaned
from index.load import list_folder, load, path_within
from index.parser_worker import ParserWorker
from index.records import Document
from index.settings import IndexSettings
from index.store import index_folder
from index.stores import edge_rows
from index.stores.database import open_reader, sound
from index.unseen import escaped


def explain(
    file: str | Path,
    folder: str | Path,
    settings: IndexSettings | None = None,
    index: str | Path | None = None,
) -> Document:
    """Read one file as a build would, to see each block's verdict and reason.

    What documents repeat is taken from the index, as its last build found it; without one, nothing is.

    Args:
        file: Path relative to the documents folder, or any path that leads into it.
        index: As for `build_index`.

    Raises:
        DocumentsMissing: The folder does not exist.
        UnreadableSource: The file would be skipped; the message says why.
    """
    settings = settings or IndexSettings()
    listing = list_folder(Path(folder), settings)
    name = path_within(file, folder, {source.path for source in listing.sources})
    source = next((source for source in listing.sources if source.path == name), None)
    reason = next((row.reason for row in listing.skipped if row.path == escaped(name)), "no such file")
    if source is not None:
        try:
            with ParserWorker(settings.limits) as worker:
                document = load(source, listing.metadata.get(name, {}), worker)
        except UnreadableSource as error:
            reason = str(error)
        else:
            if document.blocks:
                return _with_repeats(cleaned(document, settings), folder, settings, index)
            reason = NO_TEXT
    raise UnreadableSource(f"{escaped(name)} in {folder} is not indexed: {reason}")


def _with_repeats(
    document: Document, folder: str | Path, settings: IndexSettings, index: str | Path | None
) -> Document:
    place = index_folder(None if index is None else str(index), Path(folder), settings)
    if not settings.clean:
        return document
    try:
        connection = open_reader(place)
    except IndexFault:
        return document
    try:
        with sound(place):
            return repeated.marked(document, edge_rows.known(connection))
    finally:
        connection.close()
