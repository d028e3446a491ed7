"""Marking boilerplate: lossless, careful with documents that are no pages, and right on the seeds."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import REPO, SEEDS
from growth import is_linear
from hypothesis import given
from hypothesis import strategies as st

from index import clean, page_model
from index.errors import ModelMissing
from index.formats import READERS
from index.formats.plain_text import blocks
from index.generation import shape_of
from index.page_features import features, names
from index.page_lines import by_wording, look
from index.records import Block
from index.settings import IndexSettings

PROSE = (
    "The committee met on Tuesday to discuss the repair of the old bridge, which has been closed since the "
    "spring floods and is used by hundreds of families every day.",
    "Engineers told the members that the northern pier had moved by four centimetres, and that it would not "
    "be safe to open the road again before the end of the year.",
    "A temporary crossing for walkers will be built in the meantime, the chairman said, although the money "
    "for it has not been found so far.",
)
MENU = ("Home", "News", "Sport", "Weather", "Log in", "Advertisement")
FOOT = ("Share this article", "Related stories", "Ten gardens to see", "Why cats purr", "All rights reserved")
PAGE = (*MENU, "Old bridge stays closed until the end of the year", *PROSE, *FOOT)
REASONS = {
    *("navigation", "advert", "related", "comments", "subscription", "footer", "share", "caption", "byline"),
    *("loading", "title"),
}
# What the marks of the seeds still lack: furniture that is kept as text. No body text may be listed here.
KEPT_IN_SEEDS: set[tuple[str, int]] = set()
NOTES = {
    "report": "\n".join(("Quarterly report", "Summary", *PROSE, "Costs", "Travel: 300", "Outlook", PROSE[0])),
    "poem": "Rain\n\nThe rain it raineth\nupon the roof\nand on the lane\nall through the night\n" * 4,
    "list": "Shopping\n" + "\n".join(f"- {thing}" for thing in ("milk", "bread", "eggs", "salt", "tea")),
    "table": "name | size | price\n" + "\n".join(f"bolt {n} | {n} mm | {n}.50" for n in range(20)),
    "code": "def f(x):\n    return x\n\nfor i in range(3):\n    print(f(i))\n" * 5,
    "minutes": "\n".join(("Agenda", "Welcome", "Comments", "Next", "Contact", *PROSE, "Any other business")),
    "mention": f"{PROSE[0]}\nThe advertisement asked us to subscribe to the paper, he wrote.\n{PROSE[1]}",
}


def marked(text: str, suffix: str = ".txt") -> dict[str, str]:
    """Block text to reason."""
    reader = READERS[suffix]
    found = clean.mark(text, reader.blocks(text), reader.headings_stated)
    return {text[block.start : block.end]: block.reason for block in found}


def body_of(text: str, suffix: str = ".txt") -> list[str]:
    reader = READERS[suffix]
    found = clean.mark(text, reader.blocks(text), reader.headings_stated)
    return [text[block.start : block.end] for block in found if block.verdict == "body"]


def test_a_page_is_told_from_its_furniture() -> None:
    """Prose and headline stay; menu, advert, related stories and footer are marked with a reason."""
    reasons = marked("\n".join(PAGE))
    assert [reasons[line] for line in PROSE] == ["", "", ""]
    assert reasons[PAGE[len(MENU)]] in {"", "title"}
    assert all(reasons[line] for line in (*MENU, *FOOT))
    assert (reasons["Advertisement"], reasons["Why cats purr"]) == ("advert", "related")
    assert (reasons["Share this article"], reasons["All rights reserved"]) == ("share", "footer")


@given(st.lists(st.sampled_from((*PAGE, "", "12", "* x", "Кто там?", "İstanbul 🚲", "a" * 200)), max_size=40))
def test_marking_loses_nothing(lines: list[str]) -> None:
    """Spans, kinds and order stay; only verdict and reason are set, and a reason is one of ours."""
    text = "\n".join(lines)
    before = blocks(text)
    after = clean.mark(text, before)
    assert [replace(block, verdict="body", reason="") for block in after] == list(before)
    for block in after:
        assert block.reason in REASONS | {""}
        assert (block.verdict == "body") == (block.reason in {"", "title"})


@pytest.mark.parametrize("name", NOTES)
def test_a_document_that_is_no_page_keeps_every_line(name: str) -> None:
    """Notes, poems, lists, tables and code without furniture are body from end to end."""
    assert {block.verdict for block in clean.mark(NOTES[name], blocks(NOTES[name]))} == {"body"}


def test_unmistakable_furniture_is_marked_in_a_note_too() -> None:
    """One pasted advert line does not make a note a page, and the other lines stay."""
    text = "\n".join(("To do", "Advertisement", "Call the plumber", "Water the plants"))
    assert [line for line, reason in marked(text).items() if reason] == ["Advertisement"]


def test_a_heading_that_markdown_states_is_not_furniture_by_its_wording() -> None:
    """`## Comments` and `## About` above prose stay body in a page."""
    page = "\n\n".join(
        (*MENU, "# Old bridge", PROSE[0], "## Comments", PROSE[1], "## About", PROSE[2], *FOOT)
    )
    body = body_of(page, ".md")
    assert {"Comments", "About", *PROSE} <= set(body)
    assert "Advertisement" not in body


def test_a_verdict_that_a_block_has_stays() -> None:
    """What the reader of the format has marked is not marked again, nor unmarked."""
    text = "\n".join(PAGE)
    given_blocks = [replace(b, verdict="boilerplate", reason="front_matter") for b in blocks(text)]
    assert clean.mark(text, given_blocks) == tuple(given_blocks)


def test_a_page_in_another_language_keeps_its_body() -> None:
    """Set phrases of publishing systems make a page; its prose stays."""
    prose = (
        "Die Brücke bleibt bis zum Ende des Jahres gesperrt, wie der Ausschuss am Dienstag nach langer "
        "Beratung mitteilte, weil sich der nördliche Pfeiler um vier Zentimeter bewegt hat.",
        "Für Fußgänger soll in der Zwischenzeit ein Steg gebaut werden, sagte der Vorsitzende, doch das Geld "
        "dafür ist bisher nicht gefunden worden.",
    )
    text = "\n".join(("Startseite", "Politik", "Teilen", *prose, "Lesen Sie auch", "Gärten", "Katzen",
                      "Schreibe einen Kommentar", "Alle Rechte vorbehalten"))  # fmt: skip
    assert set(prose) <= set(body_of(text))
    reasons = marked(text)
    assert (reasons["Gärten"], reasons["Alle Rechte vorbehalten"]) == ("related", "footer")


def test_the_seeds_are_marked_as_labelled_by_hand() -> None:
    """No body line is marked; what furniture is kept is listed."""
    labels = [json.loads(line) for line in (REPO / "tests/data/seeds_blocks.jsonl").read_text().splitlines()]
    lost, kept = [], set()
    for name in sorted({label["document"] for label in labels}):
        text = (SEEDS / name).read_bytes().decode("utf-8")
        rows = [label for label in labels if label["document"] == name]
        for row, block in zip(
            rows, clean.mark(text, [Block(r["start"], r["end"]) for r in rows]), strict=True
        ):
            if row["label"] == "body" and block.verdict != "body":
                lost.append((name, row["line"]))
            if row["label"] != "body" and block.verdict == "body":
                kept.add((name[:3], row["line"]))
    assert lost == []
    assert kept <= KEPT_IN_SEEDS


@pytest.mark.slow
def test_time_grows_with_length_alone() -> None:
    """Eight times as many lines, or one line of a megabyte, cost in proportion."""
    page = "\n".join(PAGE) + "\n"
    assert is_linear(lambda text: clean.mark(text, blocks(text)), page * 480)
    for pattern in ("word, ", "* ", "a", "share ", "1 ", "subscribe to ", " ", "- "):
        line = pattern * (1_000_000 // len(pattern))
        assert is_linear(lambda text: clean.mark(page + text, blocks(page + text)), line)


def test_sections_end_where_prose_returns() -> None:
    """Short lines under an opener go with it, a sentence does not."""
    lines = [look(text) for text in ("Related stories", "Ten gardens", "* Cats", PROSE[0], "Ten gardens")]
    assert by_wording(lines) == ["related", "related", "related", "", ""]


def test_the_figures_of_a_page_are_finite_and_named() -> None:
    """One row a line, one column a name, also for a page of nothing."""
    found = features([look(text) for text in (*PAGE, "", "*")])
    assert found.shape == (len(PAGE) + 2, len(names()))
    assert (abs(found) < 1e9).all()
    assert features([]).shape == (0, len(names()))


def test_trees_add_up() -> None:
    """A row goes left where its figure is at most the threshold; leaves add to the log-odds."""
    made = page_model.trees(0.0, [[[0, 0.5, 1, 2], [-2.0], [1, 3.0, 3, 4], [1.0], [4.0]], [[0.0]]])
    chance = made.chance(page_model.np.array([[0.5, 9.0], [1.0, 3.0], [1.0, 3.5]]))
    assert chance == pytest.approx([1 / (1 + 2.718281828**-odds) for odds in (-2.0, 1.0, 4.0)])
    with pytest.raises(ValueError, match="points back"):
        page_model.trees(0.0, [[[0, 0.5, 0, 1], [1.0]]])


def test_the_weights_fit_the_program_and_are_in_the_fingerprint(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The bundled file is small and read whole; other weights are another shape, foreign ones an error."""
    assert page_model.WEIGHTS.stat().st_size < 300_000
    plain = page_model.bundled().to_dict()
    assert page_model.read_model(plain).to_dict() == plain
    assert page_model.weights_hash() in str(shape_of(IndexSettings(), "cl100k", "hash:")["clean"])
    with pytest.raises(ValueError, match="other figures"):
        page_model.read_model({**plain, "columns": ["length"]})
    monkeypatch.setattr(page_model, "WEIGHTS", tmp_path / "none.json")
    page_model.bundled.cache_clear()
    try:
        with pytest.raises(ModelMissing, match="install the program again"):
            page_model.bundled()
    finally:
        page_model.bundled.cache_clear()


def test_marking_needs_no_training_library() -> None:
    """scikit-learn is not imported, and the weights are not read before a page comes."""
    code = (
        "import sys; from index.clean import mark; from index.formats.plain_text import blocks; "
        "from index import page_model; "
        "mark('a note', blocks('a note')); assert not page_model.bundled.cache_info().currsize; "
        f"text = {chr(10).join(PAGE)!r}; mark(text, blocks(text)); "
        "assert page_model.bundled.cache_info().currsize; "
        "assert not any(name.startswith(('sklearn', 'scipy')) for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPO)
