"""Bytes to text: every character of the file keeps its place."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_room import Room, new_room

from index.decode import decode
from index.errors import UnreadableSource

FRENCH = "Le café était fermé; l'été, on dînait à côté du théâtre avec des élèves très gênés. " * 6


def test_a_byte_order_mark_stays() -> None:
    """A BOM is the first character of the text, so that offsets hold in the file."""
    assert decode(codecs.BOM_UTF8 + b"one").text == "\ufeffone"


def test_line_ends_stay() -> None:
    """CR LF, lone CR and LF are what they are in the file."""
    assert decode(b"one\r\ntwo\rthree\n").text == "one\r\ntwo\rthree\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
def test_a_marked_encoding_is_read_as_marked(encoding: str) -> None:
    """A BOM decides the encoding and needs no note."""
    text = "\ufeffOne 🙂 İstanbul\r\n"
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.note) == (text, "")


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_utf8_comes_back_exactly(text: str) -> None:
    """Decoding and encoding again gives the bytes of the file."""
    assert decode(text.encode()).text == text


def test_a_guessed_encoding_is_noted() -> None:
    """Latin-1 is recognised and the guess is written down."""
    decoded = decode(FRENCH.encode("latin-1"))
    assert decoded.text == FRENCH
    assert decoded.note.startswith("not UTF-8; read as ")


def test_a_guess_is_stored_with_the_document(tmp_path: object, room: Room) -> None:
    """The note travels with the document into the index."""
    room.write("cafe.txt", FRENCH.encode("latin-1"))
    room.build()
    assert "not UTF-8" in room.open().document("cafe.txt").note


@pytest.mark.parametrize("data", [b"text \x00 text", "\ufeffa\x00b".encode("utf-16-le")])
def test_nul_is_refused(data: bytes) -> None:
    """A NUL means a binary file, with or without a BOM."""
    with pytest.raises(UnreadableSource, match="NUL"):
        decode(data)


@pytest.mark.parametrize("data", [codecs.BOM_UTF8 + b"\xff\xfe\xff", codecs.BOM_UTF16_LE + b"a"])
def test_a_wrong_mark_is_named(data: bytes) -> None:
    """A file that is not what its BOM says is refused with that reason."""
    with pytest.raises(UnreadableSource, match="first bytes say"):
        decode(data)


def test_noise_is_refused() -> None:
    """Bytes that fit no encoding are no text."""
    with pytest.raises(UnreadableSource):
        decode(bytes(range(1, 256)) * 8)


def test_offsets_hold_in_the_file(room: Room) -> None:
    """A chunk's span cut from the decoded file is the chunk, BOM, CR LF, emoji and İ included."""
    data = "\ufeffİzmir 🙂 has a harbour.\r\nThe café by the harbour closes at nine.\r\n"
    room.write("a.txt", data)
    room.build()
    chunks = room.open().chunks("a.txt")
    assert chunks
    for chunk in chunks:
        assert data[chunk.start : chunk.end] == chunk.text
    assert not chunks[0].text.startswith("\ufeff")


@pytest.fixture
def room(tmp_path: object) -> Room:
    from pathlib import Path

    return new_room(Path(str(tmp_path)))


@pytest.mark.parametrize(
    "text",
    [
        "Le maire de Besançon, François Légaré, ouvre la façade naïve.",
        "15 € pour le café",
        "Die Straße führt über die Brücke, sagte der Bürgermeister.",
        "El niño comió en la montaña",
    ],
)
def test_a_few_accents_are_western(text: str) -> None:
    """A short Western text is not taken for a code page that nobody uses any more."""
    assert decode(text.encode("cp1252")).text == text
