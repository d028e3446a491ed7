"""Bytes to text without losing a character: BOM and line ends stay, so offsets hold in the file on disk."""

import codecs
from dataclasses import dataclass

from index.errors import UnreadableSource

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 200_000


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


def _guess(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    matches = from_bytes(data[:_SAMPLE])
    best = matches.best()
    # Equally good guesses come in alphabetical order, which puts Central Europe before Western Europe.
    if western := next((match for match in matches if match.encoding == "cp1252"), None):
        equal = best and (western.chaos, -western.coherence) <= (best.chaos, -best.coherence)
        best = western if equal else best
    if best is None:
        raise UnreadableSource("is neither UTF-8 nor any other text encoding that could be recognised")
    try:
        return Decoded(data.decode(best.encoding), f"not UTF-8; read as {best.encoding}")
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableSource(f"looks like {best.encoding} at first but is not") from error
