"""Compressed streams of a PDF, measured before PDFium unpacks them.

Covered: streams packed once with Flate, which is nearly all there are; pictures are left out, since their
pixels are never read. Not covered: rarer packings, and streams that claim to be a font; for those the
memory and time of the process are the limit.
"""

import re
import zlib

from index.errors import UnreadableSource

_STREAM = re.compile(rb"stream\r?\n")
_PICTURE = re.compile(rb"/Subtype\s*/Image")
_FONT = re.compile(rb"/Length1\b|/Subtype\s*/(?:CIDFontType0C|OpenType|Type1C)")
_LONGEST_HEAD = 2000
_STEP = 1 << 20
_CONTENT_MB = 10
_FONT_MB = 75
_TWICE = 2


def check_streams(data: bytes) -> None:
    """Refuse a PDF with a stream that unpacks beyond the limit.

    Raises:
        UnreadableSource: There is one.
    """
    for match in _STREAM.finditer(data):
        before = data[max(0, match.start() - _LONGEST_HEAD) : match.start()]
        head = before[before.rfind(b"obj") :]
        if b"/Fl" not in head or _PICTURE.search(head):
            continue
        if head.count(b"/FlateDecode") >= _TWICE:
            raise UnreadableSource("holds a stream that is compressed twice, which is refused")
        limit = _FONT_MB if _FONT.search(head) else _CONTENT_MB
        if _unpacks_beyond(data, match.end(), limit * 1_000_000):
            raise UnreadableSource(f"holds a stream that unpacks to more than {limit} MB")


def _unpacks_beyond(data: bytes, start: int, limit: int) -> bool:
    """Whether the stream at `start` is longer than `limit` when unpacked; nothing of it is kept."""
    unpack = zlib.decompressobj()
    at, size = start, 0
    try:
        while (unpack.unconsumed_tail or at < len(data)) and not unpack.eof:
            part = unpack.unconsumed_tail or data[at : at + _STEP]
            at += 0 if unpack.unconsumed_tail else len(part)
            size += len(unpack.decompress(part, _STEP))
            if size > limit:
                return True
    except zlib.error:
        return False  # damaged or encrypted: whoever reads it gets no further than this
    return False
