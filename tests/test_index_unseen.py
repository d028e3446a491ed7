"""What cannot be seen is neither searched nor embedded; offsets and quotes keep it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import REPO
from hypothesis import given
from hypothesis import strategies as st
from index_room import new_room

from eval.markdown import _inert as plain
from eval.page import text as page_text
from index.chunks import embedded_piece
from index.encoders.hashing import HashEncoder
from index.records import Chunk, Span
from index.unseen import UNSEEN, searchable, visible
from index.words import terms
from rag import Rag, load_settings
from ui.render import visible as ui_visible
from ui.terminal import clean

WRITTEN = (
    "The ferry pass\u200bword of the har\u00adbour is Quillon\U000e0041."
    " The \ufb01le of \uff21\uff44\uff41 is cafe\u0301."
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pass\u200bword", "password"),
        ("so\u00adft", "soft"),
        ("\u2066lev\u202eer\u2069", "lever"),
        ("a\U000e0061b", "ab"),
        ("\ufb01le", "file"),
        ("\uff21\uff44\uff41", "Ada"),
        ("cafe\u0301s", "cafés"),
        ("br\u034fidge\ufe0f", "bridge"),
    ],
)
def test_words_are_found_as_they_are_seen(written: str, meant: str) -> None:
    """One word, whatever nobody sees stands in it, and however its letters are encoded."""
    assert terms(written) == terms(meant) and len(terms(written)) == 1


@pytest.mark.parametrize(
    "text", ["می\u200cخواهم", "क्\u200dष", "👩\u200d🚒", "3½ m²", "Acme™ №5", "“quoted” — naïve", "1 000…"]
)
def test_what_is_part_of_a_word_stays(text: str) -> None:
    """Joiners of scripts that need them, fractions, powers, and signs beside words."""
    assert searchable(text) == text


@given(st.text())
def test_searching_twice_changes_nothing_more(text: str) -> None:
    """And nothing that can be seen goes with what cannot."""
    assert searchable(searchable(text)) == searchable(text)
    assert visible(visible(text)) == visible(text)


@given(st.lists(st.text("ab \u200b\u0301\ufb01\u00ad½é", min_size=1, max_size=9), max_size=5))
def test_sentences_keep_their_places_in_what_is_embedded(sentences: list[str]) -> None:
    """Each span of the piece holds its own sentence, as it is searched."""
    spans, text = [], ""
    for sentence in sentences:
        spans.append(Span(7 + len(text), 7 + len(text) + len(sentence)))
        text += sentence + "\n"
    chunk = Chunk(1, "a.txt", 7, 7 + len(text), text, "", 1, tuple(spans))
    piece = embedded_piece("A so\u00adft title", chunk, HashEncoder())
    assert [piece.text[s.start : s.end] for s in piece.sentences] == [searchable(s) for s in sentences]
    assert piece.text.startswith("A soft title\n")


def test_a_word_with_a_gap_nobody_sees_is_found_and_quoted_as_it_is(tmp_path: Path) -> None:
    """Asked with or without the gap; the offsets hold in the file."""
    room = new_room(tmp_path)
    room.write("a.txt", WRITTEN)
    settings = load_settings(index={"encoder": "hash:"})
    with Rag.open(room.docs, index=room.index, settings=settings) as rag:
        for question in ("What is the ferry password?", "What is the fer\u200bry password of the harbour?"):
            answer = rag.ask(question)
            assert answer.status == "answered" and answer.trace.unknown_words == ()
            assert all(WRITTEN[c.start : c.end] == c.quote for c in answer.citations)
    assert room.finds("file") == room.finds("Ada") == {"a.txt"}


def test_the_page_has_the_same_list() -> None:
    """The pattern of the script, read as one of ours, is the one of this room."""
    script = (REPO / "ui" / "assets" / "page.js").read_text(encoding="utf-8")
    stated = re.search(r"const UNSEEN = new RegExp\((.*?), \"gu\"\);", script, re.DOTALL)
    assert stated
    written = "".join(re.findall(r'"([^"]*)"', stated[1]))
    read = re.sub(r"\\\\u(?:\{([0-9a-f]+)\}|([0-9a-f]{4}))", lambda m: chr(int(m[1] or m[2], 16)), written)
    assert read == UNSEEN.pattern


@pytest.mark.parametrize("way", [visible, clean, ui_visible, page_text, plain])
def test_every_face_leaves_the_same_out(way: Callable[[str], str]) -> None:
    """The chat, the terminal, and the reports of the evals."""
    hidden = "\u00ad\u061c\u200b\u200e\u202e\u2060\u2066\ufeff\x07\x9f\U000e0041\U000e0100\ud800"
    assert not set(hidden) & set(way(f"a{hidden}b")) and way("a\u200db") == way("a\u200bb")
    assert "\u200c" in way("می\u200cخواهم")
