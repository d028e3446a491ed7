"""Bytes to text without losing a character: BOM and line ends stay, so offsets hold in the file on disk."""

import codecs
import re
from dataclasses import dataclass

from index.errors import UnreadableSource

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SAMPLE = 200_000
_FEW = 0.25
_CENTRAL = frozenset({"cp1250", "iso8859_2", "cp1254", "iso8859_9"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and what had to be guessed to get it."""

    text: str
    note: str = ""


def decode(data: bytes) -> Decoded:
    """Decode a text file: by its BOM, else as UTF-8, else by a guess that is reported.

    Raises:
        UnreadableSource: The bytes are no text, or fit no encoding.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableSource(
                    f"its first bytes say {encoding}, but it is not: {error.reason}"
                ) from error
            if "\x00" in text:
                raise UnreadableSource("holds NUL characters: a binary file, not text")
            return Decoded(text)
    if b"\x00" in data:
        raise UnreadableSource("holds NUL bytes: a binary file, not text")
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _guess(data)


def mended(text: str) -> str:
    """The text with U+FFFD for lone surrogates (bytes that are no text), which nothing encodes."""
    return _SURROGATE.sub("\ufffd", text)


def _few_accents(data: bytes) -> bool:
    high = sum(byte > 127 for byte in data[:_SAMPLE])
    return high < _FEW * sum(65 <= byte <= 122 for byte in data[:_SAMPLE])


def _as_western(data: bytes, otherwise: str) -> Decoded:
    try:
        return Decoded(data.decode("cp1252"), "not UTF-8; read as cp1252")
    except UnicodeDecodeError:
        return Decoded(data.decode(otherwise), f"not UTF-8; read as {otherwise}")


def _guess(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    matches = from_bytes(data[:_SAMPLE])
    best = matches.best()
    # Equally good guesses come in alphabetical order, which puts Central Europe before Western Europe.
    if western := next((match for match in matches if match.encoding == "cp1252"), None):
        equal = best and (western.chaos, -western.coherence) <= (best.chaos, -best.coherence)
        best = western if equal else best
    # In a few accents among plain letters the guesses drown; Western Europe is by far the most frequent.
    sure = best is not None and best.encoding in _CENTRAL and best.coherence > 0
    if best and not sure and _few_accents(data):
        return _as_western(data, best.encoding)
    if best is None:
        raise UnreadableSource("is neither UTF-8 nor any other text encoding that could be recognised")
    try:
        return Decoded(data.decode(best.encoding), f"not UTF-8; read as {best.encoding}")
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableSource(f"looks like {best.encoding} at first but is not") from error
