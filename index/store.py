"""Where an index lives: `faiss://FOLDER`, a bare folder, or the default beside the working folder.

An address may also say what kind of vector index is built: `faiss://FOLDER?index=SQ8`.
"""

import hashlib
import re
from pathlib import Path

from index.errors import SettingsError
from index.settings import IndexSettings

_SCHEME = "faiss://"
_VECTOR_TYPE = re.compile(r"auto|Flat|SQ8|SQfp16|HNSW[1-9]\d{0,2}|IVF[1-9]\d{0,5},(?:Flat|SQ8|SQfp16)")


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
    path, _, _ = url.removeprefix(_SCHEME).partition("?") if url.startswith(_SCHEME) else (url, "", "")
    vector_type(url)
    if not path:
        raise SettingsError(f"the address {url!r} names no folder; use faiss://FOLDER")
    return Path(path).expanduser()


def vector_type(url: str | None) -> str | None:
    """The kind of vector index that an address asks for, or None where it leaves that open.

    Raises:
        SettingsError: The option is not `index`, or names no kind that is known.
    """
    if url is None or not url.startswith(_SCHEME):
        return None
    _, mark, options = url.partition("?")
    if not mark:
        return None
    key, _, value = options.partition("=")
    if key != "index" or not _VECTOR_TYPE.fullmatch(value):
        raise SettingsError(
            f"the address {url!r} has the option {options!r}; the only one is index=TYPE, with TYPE one of "
            "auto, Flat, SQ8, SQfp16, HNSW32, IVF1024,SQ8 (or other numbers)"
        )
    return value
