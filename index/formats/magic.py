"""Content against suffix: a file that begins like another format is refused by the name of that format."""

from index.errors import UnreadableSource

_ZIP = "a zip archive or an Office file"
_OLE = "an old or an encrypted Office file"
_PDF = "a PDF"
_BEGINNINGS = (
    (b"%PDF-", _PDF),
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
_EXPECTED = {"pdf": _PDF, "docx": _ZIP, "pptx": _ZIP}
# Writers may put something before a PDF's first line; readers look this far.
_PDF_WINDOW = 1024


def check_content(name: str, data: bytes) -> None:
    """Refuse content that is not of the format `name`.

    Raises:
        UnreadableSource: It begins like another format, or not like its own.
    """
    found = next((kind for start, kind in _BEGINNINGS if data.startswith(start)), "")
    if not found and name == "pdf" and b"%PDF-" in data[:_PDF_WINDOW]:
        found = _PDF
    expected = _EXPECTED.get(name, "")
    if found == expected:
        return
    if found == _OLE:
        raise UnreadableSource(
            "is an old or an encrypted Office file; save it as .docx or .pptx, no password"
        )
    if found:
        raise UnreadableSource(f"is named .{name} but its content is {found}; give it the right suffix")
    raise UnreadableSource(f"is named .{name} but its content is not {expected}; it is damaged or misnamed")
