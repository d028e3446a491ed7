"""What the source panel and the document view are told. No gradio."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_chat import QUOTES, TEXT, ScriptedRag, answer

from ui import viewer
from ui.export import exported
from ui.sources import outdated, source_list
from ui.turns import Turn, new_turn
from ui.viewer import document_ref, find_words, key_of, source_view, text_part

KEY = "0123456789abcdef"


@pytest.fixture
def rag(tmp_path: Path) -> Any:
    """Any, because a stand-in is not a `Rag`."""
    return ScriptedRag(tmp_path)


@pytest.fixture
def turn() -> Turn:
    return new_turn(KEY, "harvest").done(answer("harvest"))


def test_the_view_holds_the_exact_span(rag: Any, turn: Turn) -> None:
    """Offsets count code points, emoji before the span included; neighbours are named."""
    view = source_view(rag, turn, f"{KEY}-2")
    assert view["text"][view["start"] - view["offset"] : view["end"] - view["offset"]] == QUOTES[1]
    assert (view["state"], view["previous"], view["next"]) == ("ok", f"{KEY}-1", f"{KEY}-3")
    assert (view["at"], view["of"]) == (2, 3)
    passage = source_view(rag, turn, f"{KEY}-p1")
    assert (passage["number"], passage["quote"], passage["next"]) == (None, QUOTES[0], f"{KEY}-p2")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("a.pdf", "page 3"),
        ("a.pptx", "slide 3"),
        ("a.tsv", "row 3"),
        ("a.json", "record 3"),
        ("a.jsonl", "line 3"),
    ],
)
def test_a_place_is_called_what_it_is(rag: Any, name: str, place: str) -> None:
    """The third row of a table is no page, neither in the panel nor in a saved conversation."""
    given = answer("harvest")
    cited = replace(given.citations[0], document=name, page=3, heading=None)
    turn = new_turn(KEY, "harvest").done(replace(given, citations=(cited,)))
    assert source_list(rag, turn)["cited"][0]["place"] == place
    assert f"{name}, {place}," in exported("t", [turn], "html")


@pytest.mark.parametrize(
    ("changed", "happened"),
    [
        ({"sha256": "1" * 64}, "moved"),
        ({"text": "New. " + TEXT, "sha256": "1" * 64}, "moved"),
        ({"text": TEXT.replace("47", "48")}, "changed"),
        ({"path": "gone"}, "removed"),
    ],
)
def test_a_changed_source_is_stale(rag: Any, turn: Turn, changed: dict[str, str], happened: str) -> None:
    """Never a highlight on a guess: other hash, other words or no document give the stored quote, and why."""
    assert outdated(rag, [turn]) == []
    rag.document_record = replace(rag.document_record, **changed)
    view = source_view(rag, turn, f"{KEY}-1")
    assert view["state"] == "stale" and view["quote"] == QUOTES[0] and "text" not in view
    assert (view["happened"], view["now"]) == (
        happened,
        None if happened == "removed" else document_ref("orchard.txt"),
    )
    assert f"{KEY}-1" in outdated(rag, [turn])
    card = source_list(rag, turn)["cited"][0]
    assert card["title"] == "Orchard notes" and card["stale"]


@pytest.mark.parametrize(
    "ref", ["", "x", "orchard.txt", "../x", "{}-9", "{}-p9", "{}-0", "{}-1\n", "{}-01", "{}"]
)
def test_a_reference_nobody_was_given_opens_nothing(rag: Any, turn: Turn, ref: str) -> None:
    """References have one shape, and only those of a kept turn resolve."""
    assert source_view(rag, turn, ref.format(KEY)) == {"state": "gone"}
    assert find_words(rag, turn, ref.format(KEY), "mill") is None
    assert key_of(f"{KEY}-1") == KEY and key_of("../x") is None


def test_a_document_of_the_list_opens_whole(rag: Any) -> None:
    """From its first character, without a highlight; another digest opens nothing."""
    view = source_view(rag, None, document_ref("orchard.txt"))
    assert (view["state"], view["text"], view["end"]) == ("ok", TEXT, 0)
    assert source_view(rag, None, "d-" + "0" * 16) == {"state": "gone"}


def test_a_large_document_is_shown_in_part(rag: Any, turn: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Around the span, with the offset that its positions need; the rest comes on demand."""
    monkeypatch.setattr(viewer, "WHOLE_LIMIT", 50)
    monkeypatch.setattr(viewer, "WINDOW", 40)
    view = source_view(rag, turn, f"{KEY}-3")
    assert view["offset"] > 0 and len(view["text"]) < view["length"] == len(TEXT)
    assert view["text"][view["start"] - view["offset"] : view["end"] - view["offset"]] == QUOTES[2]
    whole, at = "", 0
    while part := text_part(rag, turn, f"{KEY}-3", at):
        whole, at = whole + part["text"], at + len(part["text"])
        if not part["text"]:
            break
    assert whole == TEXT


@given(st.text(alphabet="aAbßİ .\n🍎(*", max_size=12))
def test_found_words_are_there(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    """Every place found holds the words, but for case and white space; no pattern of the user's runs."""
    rag: Any = ScriptedRag(tmp_path_factory.getbasetemp())
    rag.document_record = replace(rag.document_record, text="a (b* A\nB ßİ 🍎 aab . a  b")
    places = find_words(rag, None, document_ref("orchard.txt"), words)
    assert places is not None
    for start, end in places:
        found = rag.document_record.text[start:end]
        assert "".join(found.split()).lower() == "".join(words.split()).lower()
    if words.split() == ["a", "b"]:
        assert len(places) == 2


def test_cards_say_why(rag: Any, turn: Turn) -> None:
    """A match is a figure and a word, and what was found is told in words."""
    card = source_list(rag, turn)["cited"][0]
    assert (card["match"], card["share"]) == ("Strong match", 60)
    assert "meaning" in card["why"]
    assert source_list(rag, None)["phase"] == "gone"
