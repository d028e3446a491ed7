"""A question's words against the words of an index."""

import math
from pathlib import Path

import pytest

from index import Index, IndexSettings, build_index, open_index
from rag import Rag, RagSettings
from rag.vocabulary import Lexicon, Understood, names_in, understand

TEXTS = {
    "harbour.txt": "The harbour of Quillmere opened in 1931. Ferries leave the harbour at dawn.\n",
    "orchard.txt": "The orchard keeps twelve hives. Apples ripen in the orchard.\n",
    "mill.txt": "The mill grinds barley near the harbour wall.\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("words")
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    where, settings = tmp_path_factory.mktemp("index") / "i", IndexSettings(encoder="hash:")
    build_index(folder, where, settings=settings)
    return open_index(where, settings)


def test_weight_is_inverse_document_frequency(index: Index) -> None:
    """The weight is BM25's IDF over chunks, worked out here by hand; rarer weighs more."""
    assert len(index) == 3
    assert Lexicon(index).weight("harbour") == pytest.approx(math.log(1 + 1.5 / 2.5))
    assert Lexicon(index).weight("orchard") == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert (
        Lexicon(index).weight("the")
        < Lexicon(index).weight("harbour")
        < Lexicon(index).weight("orchard")
        < Lexicon(index).weight("zzz")
    )
    assert Lexicon(index).weight("the") > 0


def test_function_words_are_left_out(index: Index) -> None:
    """What is asked for are the content words, stemmed, each once, in order."""
    found = understand("When do the ferries leave the harbour, and which ferry leaves?", Lexicon(index))
    assert found.terms == ("ferri", "leav", "harbour")
    assert found.unknown == ()


def test_unknown_words_as_written(index: Index) -> None:
    """A word no document holds is named as the user wrote it, once, and keeps its weight."""
    found = understand("Does the Zephyr-9 carry gearboxes to the harbour? Gearboxes?", Lexicon(index))
    assert found.unknown == ("Zephyr-9", "carry", "gearboxes", "Gearboxes")
    assert found.unknown_names == ("Zephyr-9", "Gearboxes")
    assert found.coverage({"harbour"}) < 0.5


def test_coverage_is_a_share_of_weight(index: Index) -> None:
    """Coverage is the found weight over the whole, 0 without words and 1 with all."""
    found = understand("harbour orchard", Lexicon(index))
    light, heavy = Lexicon(index).weight("harbour"), Lexicon(index).weight("orchard")
    assert found.coverage({"orchard", "mill"}) == pytest.approx(heavy / (light + heavy))
    assert found.coverage(found.terms) == pytest.approx(1) and found.coverage(()) == 0
    assert Understood("?", (), {}, (), (), ()).coverage({"harbour"}) == 0


@pytest.mark.parametrize(
    ("asked", "taken"), [("harbuor", "harbour"), ("orchrad", "orchard"), ("Quilmere", "quillmer")]
)
def test_a_slip_of_the_pen(index: Index, asked: str, taken: str) -> None:
    """A longer word that is nearly a known one is taken for it, and the answer's trace can say so."""
    found = understand(f"Where is the {asked}?", Lexicon(index))
    assert found.terms == (taken,) and found.unknown == ()
    assert found.corrected == (f"{asked} → {taken}",)


@pytest.mark.parametrize("asked", ["mll", "1932", "telescope", "harb0ur"])
def test_not_everything_is_a_slip(index: Index, asked: str) -> None:
    """Short words, words with digits and words unlike any known one are never re-spelled."""
    found = understand(f"Where is the {asked}?", Lexicon(index))
    assert found.corrected == () and found.unknown == (asked,)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Where does Ana Petrov live?", ("Ana", "Petrov")),
        ("Petrov lives here", ()),
        ("NATO sent ships", ("NATO",)),
        ("the A320 and 3 ships of 1999", ("A320", "3", "1999")),
        ("Which of The ships", ("The",)),
        ("Émile und Ötzi", ("Ötzi",)),
        ("", ()),
    ],
)
def test_names(text: str, names: tuple[str, ...]) -> None:
    """Names are capitalised words inside a text, words in capitals, and words with digits."""
    assert names_in(text) == names


@pytest.mark.parametrize("question", ["", "?", "the of and", "🎉 — …", "'"])
def test_a_question_without_content(index: Index, question: str) -> None:
    """Nothing asked is nothing wanted and nothing unknown."""
    found = understand(question, Lexicon(index))
    assert (found.terms, found.unknown, found.corrected) == ((), (), ())


def test_words_typed_in_haste_are_no_words_of_the_matter(tmp_path: Path) -> None:
    """Short forms without their apostrophe, "till", and German function words; "the till" is a thing."""
    (tmp_path / "docs").mkdir()
    for name, text in {
        "staff.txt": "Sickness\n\nWhoever is sick rings Ilva Marn before eight on the first day.\n",
        "shop.txt": "The shop\n\nThe shop closes at six. Gift cards are sold at the till beside the door.\n",
    }.items():
        (tmp_path / "docs" / name).write_text(text, encoding="utf-8")
    rag = Rag.open(tmp_path / "docs", settings=RagSettings(home=tmp_path / "home"))
    assert "Ilva Marn" in rag.ask("whos the one i ring when im sick").text
    assert "six" in rag.ask("till when isnt the shop closed").text
    assert "gift cards" in rag.ask("what is sold at the till?").text.lower()
    assert rag.ask("Wer ist im Ballett und wann?").trace.unknown_words == ("Ballett",)
    lexicon = Lexicon(rag._current.index)
    assert understand("where is the till", lexicon).terms == ("till",)
    assert understand("till when is it open", lexicon).terms == ("open",)
