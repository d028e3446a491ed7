"""Files added to a documents folder, and documents left out of it, without writing the folder.

Both are kept in the index folder: added files under `uploads/`, where they appear as `uploads/NAME`, and the
paths of documents left out in `excluded.json`.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from index.load import Hashes, Listing, list_folder
from index.records import Skipped
from index.settings import IndexSettings

UPLOADS = "uploads"
EXCLUDED = "excluded.json"
LEFT_OUT = "left out of the index"


def with_uploads(listing: Listing, index: Path, settings: IndexSettings, hashes: Hashes | None) -> Listing:
    """A listing with the files added and without the documents left out.

    A file of the documents folder goes before an added one of the same path or content.
    """
    out = set(excluded(index))
    sources = [source for source in listing.sources if source.path not in out]
    skipped = list(listing.skipped)
    skipped += [Skipped(source.path, LEFT_OUT) for source in listing.sources if source.path in out]
    if (index / UPLOADS).is_dir():
        added = list_folder(index / UPLOADS, settings, hashes)
        held = {source.sha256: source.path for source in sources}
        paths = {source.path for source in listing.sources}
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
    """Paths of the documents left out; a list that cannot be read counts as empty."""
    try:
        paths = json.loads((index / EXCLUDED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(path for path in paths if isinstance(path, str)) if isinstance(paths, list) else ()


def exclude(index: Path, paths: Iterable[str]) -> None:
    """Leave these documents out from the next build on, and no others."""
    draft = index / f"{EXCLUDED}.new"
    draft.write_text(json.dumps(sorted(set(paths)), ensure_ascii=True) + "\n", encoding="utf-8")
    os.replace(draft, index / EXCLUDED)
