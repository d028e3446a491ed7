"""Whether the file of a document is still the one that was indexed.

An answer rests on the text that was stored, so it holds either way; whoever shows it can say that the source
has gone or changed since. A file is hashed once, and again only when its size, time or inode has changed.
"""

import os
from pathlib import Path
from typing import Literal

from index.digests import file_sha256
from index.opened import Index
from index.uploads import UPLOADS
from index.watch import SeenHashes

SourceState = Literal["same", "changed", "removed", "unknown"]


class Freshness:
    """Looks at the files behind documents; keep one for as long as questions are asked."""

    def __init__(self) -> None:
        """Start without having looked."""
        self._hashes = SeenHashes()

    def state(self, index: Index, path: str, sha256: str) -> SourceState:
        """What has become of a file since it was indexed.

        Args:
            path: Of the document, as in a citation.
            sha256: Of its bytes when it was indexed, as in a citation.

        Returns:
            `unknown` where the whole documents folder is out of reach with it, or the file cannot be read.
        """
        file = os.path.join(index.documents_folder, path)
        if path.startswith(f"{UPLOADS}/") and not os.path.exists(file):
            file = os.path.join(index.folder, path)
        try:
            found = self._hashes.known(file)
            if found is None:
                found = file_sha256(Path(file))
                self._hashes.learn(file, found)
        except (FileNotFoundError, NotADirectoryError):
            return "removed" if index.documents_folder.is_dir() else "unknown"
        except OSError:
            return "unknown"
        return "same" if found == sha256 else "changed"
