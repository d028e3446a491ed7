"""Cited files that are no longer what was indexed: an answer from them may be out of date, and says so.

The index answers until the next build, whatever becomes of the files. A file is read again only when its
time or size has moved since it was last looked at; of one too large for that it is only told when it is gone.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from index import Index
from index.uploads import UPLOADS
from rag.records import Citation

_LARGEST = 50 * 2**20


def outdated(citations: Sequence[Citation], index: Index) -> Iterator[str]:
    """One sentence for each cited document whose file has gone or changed."""
    cited: dict[tuple[str, str], list[int]] = {}
    for citation in citations:
        cited.setdefault((citation.document, citation.sha256), []).append(citation.number)
    for (document, sha256), numbers in cited.items():
        became = _became(document, sha256, index)
        if became:
            told = "".join(f"[{number}]" for number in numbers)
            yield (
                f"{told} {document} {became} since it was indexed; "
                f"bring the index up to date with: rag index {index.documents_folder}"
            )


def _became(document: str, sha256: str, index: Index) -> str:
    inside = document.removeprefix(f"{UPLOADS}/")
    places = [index.documents_folder / document]
    if inside != document:
        places.append(index.folder / UPLOADS / inside)
    for path in places:
        try:
            found = path.stat()
            if found.st_size > _LARGEST:
                return ""
            same = _sha256(path, found.st_mtime_ns, found.st_size) == sha256
        except OSError:
            continue
        return "" if same else "has changed"
    return "has been deleted"


@lru_cache(maxsize=4096)
def _sha256(path: Path, changed: int, size: int) -> str:
    """Of a file's bytes; its time and size are there to tell one state of it from another."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
