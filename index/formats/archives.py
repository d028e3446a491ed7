"""Zip-based formats, before a library sees them: counted while unpacked, and every XML part checked.

The library then gets a new archive in memory that holds the checked parts and empty pictures, so it can
read nothing that was not counted here. Archives inside are never opened.
"""

import io
import stat
import zipfile
import zlib
from typing import Any
from xml.sax.handler import ContentHandler

from index.errors import UnreadableSource
from index.limits import Limits

_STEP = 1 << 18
_FREE = 1_000_000
_DEEPEST = 250
_XML = (".xml", ".rels")


class _Depth(ContentHandler):
    """Counts how deep elements stand, since the libraries recurse."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def startElement(self, name: str, attrs: Any) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnreadableSource(f"is nested over {_DEEPEST} elements deep")

    def endElement(self, name: str) -> None:
        self._depth -= 1


def checked_package(data: bytes, main_part: str, limits: Limits) -> io.BytesIO:
    """An Office file as an archive that is safe to open.

    Args:
        main_part: The member without which it is not of its format.

    Raises:
        UnreadableSource: It is damaged, of another format, encrypted, or over a limit.
    """
    safe = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(safe, "w") as target:
            members = source.infolist()
            if len(members) > limits.archive_entries:
                raise UnreadableSource(
                    f"holds {len(members)} parts, above the limit of {limits.archive_entries}"
                )
            names = {member.filename for member in members}
            if main_part not in names or "[Content_Types].xml" not in names:
                raise UnreadableSource(f"is an archive without {main_part}: damaged, or of another format")
            total = 0
            for member in members:
                _refuse_odd(member)
                content = b""
                if member.filename.lower().endswith(_XML):
                    content = _unpacked(source, member, total, len(data), limits)
                    _check_xml(content)
                    total += len(content)
                target.writestr(member.filename, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise UnreadableSource(f"is a damaged archive: {error}") from error
    safe.seek(0)
    return safe


def _refuse_odd(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        raise UnreadableSource("holds a part whose name leaves the archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise UnreadableSource("holds a link")
    if member.flag_bits & 0x1:
        raise UnreadableSource("is encrypted; save it without a password")


def _unpacked(
    source: zipfile.ZipFile, member: zipfile.ZipInfo, total: int, packed: int, limits: Limits
) -> bytes:
    parts = []
    with source.open(member) as stream:
        # The sizes that the archive states are the author's claim; only what comes out counts.
        while part := stream.read(_STEP):
            parts.append(part)
            total += len(part)
            if total > limits.archive_mb * 1e6:
                raise UnreadableSource(f"unpacks to more than {limits.archive_mb} MB (max_archive_mb)")
            if total > max(_FREE, packed * limits.archive_ratio):
                raise UnreadableSource(
                    f"unpacks to more than {limits.archive_ratio} times its size (max_archive_ratio)"
                )
    return b"".join(parts)


def _check_xml(content: bytes) -> None:
    from xml.sax import SAXException

    from defusedxml import DefusedXmlException
    from defusedxml.sax import parseString

    try:
        parseString(content, _Depth(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableSource("declares a document type or entities in its XML, which is refused") from error
    except SAXException as error:
        raise UnreadableSource(f"holds damaged XML: {error}") from error
