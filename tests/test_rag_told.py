"""What is read once and kept says the same as what is read anew."""

import difflib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rag import Rag, RagSettings
from rag.copies import _LEAST_SHINGLES, _SHINGLE, _WORD, Text
from rag.generators import Evidence
from rag.told import _may_answer, is_sentence
from rag.vocabulary import _ALIKE, Understood, _may_be_alike

_SENTENCES = st.lists(st.tuples(st.integers(0, 3), st.text("ab .,é", max_size=12)), max_size=8)
_LONG = st.lists(st.tuples(st.integers(0, 3), st.text("ab ", max_size=60)), max_size=8)
_Cut = list[tuple[int, str]]
_SPELLED = st.text("abcde", min_size=1, max_size=9)


@given(_SENTENCES)
def test_a_text_has_the_runs_of_its_words_however_it_is_cut(cut: _Cut) -> None:
    """Runs over the ends of sentences and passages are among them."""
    words = [word for _, text in cut for word in _WORD.findall(text.lower())]
    expected = {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
    assert _text(cut).runs == expected


@given(_LONG, _LONG, st.integers(0, 8))
def test_texts_are_alike_by_the_runs_they_share(cut: _Cut, other: _Cut, copied: int) -> None:
    """What is told by the bits of runs alone is what the runs tell."""
    one, two = _text(cut), _text(cut[:copied] + other)
    least = _LEAST_SHINGLES * max(1, min(len(one.runs), len(two.runs)))
    assert one.is_like(two) is two.is_like(one) is (len(one.runs & two.runs) >= least)


def _text(cut: _Cut) -> Text:
    return Text(
        tuple(
            Evidence(at, passage, "a.txt", "", "", "", 0, len(text), text, 1.0)
            for at, (passage, text) in enumerate(cut)
        )
    )


@given(_SPELLED, st.lists(_SPELLED, max_size=12))
def test_no_near_spelling_is_passed_over(word: str, known: list[str]) -> None:
    """What is left out before words are aligned would not have been near enough."""
    possible = [other for other in known if _may_be_alike(word, other)]
    near = difflib.get_close_matches(word, known, n=1, cutoff=_ALIKE)
    assert difflib.get_close_matches(word, possible, n=1, cutoff=_ALIKE) == near


def test_a_share_is_the_same_however_it_is_asked_for() -> None:
    """As a set, in another order, with words around it, and again."""
    asked = Understood("?", ("oak", "mill"), {"oak": 3.0, "mill": 1.0}, (), (), ())
    for _ in range(2):
        assert asked.coverage(frozenset({"oak"})) == asked.coverage(["tree", "oak"]) == 0.75
        assert asked.coverage(frozenset({"oak", "mill", "x"})) == asked.coverage(("mill", "oak")) == 1.0
        assert asked.coverage(frozenset()) == 0.0


def test_headings_are_no_sentences() -> None:
    """A row of a table and "name: value" are."""
    assert not is_sentence("Annual report") and not is_sentence("Opening hours of the mill")
    assert is_sentence("The mill is closed.") and is_sentence("Price: 4 euros") and is_sentence("| a | b |")


def test_what_a_document_makes_an_item_may_answer() -> None:
    """Without a full stop, too; but no link alone, no names of columns, and nothing short in a saved page."""
    assert _may_answer("Four life jackets", "item", False) and _may_answer("Harlow, 3 May", "text", False)
    assert not _may_answer("Four life jackets", "item", True) and not _may_answer("Gear", "heading", False)
    assert not _may_answer("[Guide](guide.md)", "item", False) and not _may_answer("a | b", "columns", False)
    assert _may_answer("The mill is closed.", "text", True) and _may_answer("a | b", "row", True)


def test_rows_say_the_columns_of_their_own_table(tmp_path: Path) -> None:
    """Those of a long table, of which a passage shows the middle, and of a second one in the same passage."""
    rows = "".join(f"| Gate {n} | {n} tonnes |\n" for n in range(40))
    text = f"# Locks\n\n| Gate | Weight |\n| --- | --- |\n{rows}\n"
    text += "| Keeper | Shift |\n| --- | --- |\n| Ada | night |\n"
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "locks.md").write_text(text, encoding="utf-8")
    rag = Rag.open(tmp_path / "docs", settings=RagSettings(home=tmp_path / "home"))
    assert rag.ask("What is the weight of Gate 23?").sentences[0].text == "Gate: Gate 23; Weight: 23 tonnes"
    assert rag.ask("Which shift does Ada have?").sentences[0].text == "Keeper: Ada; Shift: night"
