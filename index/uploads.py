"""Files added to a documents folder, and documents left out of it, without writing the folder.

Both are kept in the index folder: added files under `uploads/`, where they appear as `uploads/NAME`, and the
paths of documents left out in `excluded.json`.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from index.errors import IndexCorrupt
from index.load import LEFT_OUT, Hashes, Listing, list_folder
from index.records import Skipped
from index.settings import IndexSettings

UPLOADS = "uploads"
EXCLUDED = "excluded.json"


def with_uploads(listing: Listing, index: Path, settings: IndexSettings, hashes: Hashes | None) -> Listing:
    """A listing with the files added.

    A file of the documents folder goes before an added one of the same path or content.
    """
    sources, skipped = list(listing.sources), list(listing.skipped)
    if (index / UPLOADS).is_dir():
        added = list_folder(index / UPLOADS, settings, hashes)
        held = {source.sha256: source.path for source in sources}
        paths = {source.path for source in listing.sources}
        paths |= {row.path for row in listing.skipped if row.reason == LEFT_OUT}
        skipped += [replace(row, path=f"{UPLOADS}/{row.path}") for row in added.skipped]
        for source in added.sources:
            path = f"{UPLOADS}/{source.path}"
            if path in paths:
                skipped.append(Skipped(path, "the documents folder holds a file of this path"))
            elif source.sha256 in held:
                skipped.append(Skipped(path, f"same content as {held[source.sha256]}"))
            else:
                sources.append(replace(source, path=path, folder=index))
    rows = tuple(sorted(skipped, key=lambda row: (row.path, row.reason)))
    return replace(listing, sources=tuple(sorted(sources, key=lambda source: source.path)), skipped=rows)


def excluded(index: Path) -> tuple[str, ...]:
    """Paths of the documents left out.

    Raises:
        IndexCorrupt: The list cannot be read; taken as empty, it would bring removed documents back.
    """
    try:
        paths = json.loads((index / EXCLUDED).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, ValueError) as error:
        raise IndexCorrupt(_unreadable(index)) from error
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise IndexCorrupt(_unreadable(index))
    return tuple(paths)


def exclude(index: Path, paths: Iterable[str]) -> None:
    """Leave these documents out from the next build on, and no others."""
    draft = index / f"{EXCLUDED}.new"
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps(sorted(set(paths)), ensure_ascii=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, index / EXCLUDED)


def _unreadable(index: Path) -> str:
    return (
        f"{index / EXCLUDED}, the list of the documents that were taken out, is damaged; write their paths "
        'into it again, as ["one.txt", "two.txt"], or delete it to take all of them in'
    )
