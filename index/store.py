"""Where an index lives: `faiss://FOLDER`, a bare folder, or the default beside the working folder."""

import hashlib
from pathlib import Path

from index.errors import SettingsError
from index.settings import IndexSettings

_SCHEME = "faiss://"


def index_folder(url: str | None, documents: Path | None, settings: IndexSettings) -> Path:
    """The folder an index address means.

    Args:
        url: `faiss://` and a path (up to `?`), a bare path, or None for the default of `documents`.
        documents: The documents folder; needed only for the default, `HOME/<name>-<8 hex>/`.

    Raises:
        SettingsError: The address has another scheme, options, or no path.
    """
    if url is None:
        if documents is None:
            raise SettingsError("an index address or a documents folder is needed")
        resolved = documents.resolve()
        digest = hashlib.sha256(str(resolved).encode("utf-8", "surrogateescape")).hexdigest()
        return settings.home / f"{resolved.name or 'root'}-{digest[:8]}"
    if "://" in url and not url.startswith(_SCHEME):
        scheme = url.split("://", 1)[0]
        raise SettingsError(f"no store for {scheme}://; use faiss://FOLDER or the path of a folder")
    path, mark, options = url.removeprefix(_SCHEME).partition("?")
    if mark and url.startswith(_SCHEME):
        raise SettingsError(f"the address {url!r} has options ({options!r}); a local index takes none")
    if not path:
        raise SettingsError(f"the address {url!r} names no folder; use faiss://FOLDER")
    return Path(path if url.startswith(_SCHEME) else url).expanduser()
