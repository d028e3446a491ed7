"""Boilerplate marking against hand labels, and what it must never do to a note."""

import json
from pathlib import Path

import pytest
from conftest import REPO, SEEDS
from growth import is_linear
from hypothesis import given
from hypothesis import strategies as st
from index_room import HASH, Room, new_room

from index import Index, build_index, explain, open_index
from index.clean import mark
from index.formats import markdown, plain_text
from index.furniture import furniture_reason, is_unmistakable, opens_section

LABELS = REPO / "tests" / "data" / "seeds_blocks.jsonl"
# Lines labelled boilerplate that are indexed all the same, by document and line number.
KNOWN_MISSES: set[tuple[str, int]] = set()

NOTES = {
    "figures": "People by year\n1987\n2000\n1990\nThe town grew because the mine had opened.\nIt fell.\n",
    "costs": "Budget 2024\nRent 1200\nOther costs 300\nMore in the sheet\nTop speed 120\nAdvertising 5\n",
    "minutes": (
        "Minutes, 3 May\nPresent: Ann, Bob\nAgenda\nNewsletter\n"
        "The newsletter goes out on Friday, Ann writes it and Bob checks the text before noon.\n"
        "Comments\nBob likes the draft.\nOther business\nNone\nNext meeting: 10 May\n"
    ),
    "recipe": "Pancakes\nIngredients\nFlour 200 g\nMilk 300 ml\nSalt\n2\nEggs\n3\nSteps\nMix. Fry. Serve.\n",
    "book": "".join(
        f"It was a long day on the river and the men were tired of rowing {n}.\n{n}\nChapter {n}\n"
        for n in range(9)
    ),
}
PAGE = (
    "Home\nMenu\nSearch\nWeather\nSport\nHarbour Bridge Reopens After Storm\nAdvertisement\n"
    "The harbour bridge was opened again on Monday after the storm had closed it for nine days. "
    "Nobody was hurt when a mast fell on the road at night.\n"
    "Photo: Ann Smith\n"
    "Engineers replaced forty cables and painted the railings before the first cars crossed it. "
    "They worked in three shifts.\nA lorry was the first to cross, as it had been when the bridge was new.\n"
    "Read also: Ferry fares to rise in June\n"
    "The mayor said that the repairs had cost less than the council had feared in the spring.\n"
    "Share this article\nSubscribe to our newsletter\nLatest news\nFerry fares to rise\nZoo gets a lynx\n"
    "Leave a comment\nAll rights reserved.\n"
)


def labels(label: str) -> list[dict[str, object]]:
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["label"] == label]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The seeds as a default build chunks them; the encoder plays no part in that."""
    address = str(tmp_path_factory.mktemp("clean") / "index")
    build_index(SEEDS, address, settings=HASH)
    return open_index(address, HASH)


def chunked(index: Index, row: dict[str, object]) -> bool:
    """Whether a part of a labelled line lies in a chunk's sentences."""
    spans = (span for chunk in index.chunks(str(row["document"])) for span in chunk.sentences)
    return any(span.start < int(str(row["end"])) and span.end > int(str(row["start"])) for span in spans)


def test_no_boilerplate_of_the_seeds_is_indexed(seeds: Index) -> None:
    """No line labelled boilerplate lies in a chunk, but for the known misses."""
    rows = labels("boilerplate")
    missed = {(row["document"], row["line"]) for row in rows if chunked(seeds, row)}
    assert len(rows) > 50 and missed == KNOWN_MISSES


def test_the_body_of_the_seeds_is_indexed(seeds: Index) -> None:
    """At least 95 % of the lines labelled body are in the chunks, and as much of every document."""
    rows = labels("body")
    for document in sorted({str(row["document"]) for row in rows}):
        kept = [chunked(seeds, row) for row in rows if row["document"] == document]
        assert sum(kept) >= 0.95 * len(kept), document


def test_no_chunk_reaches_over_boilerplate(seeds: Index) -> None:
    """The text between the sentences of a chunk holds no marked block either."""
    for path in seeds.documents:
        marked = [block for block in seeds.document(path).blocks if block.verdict == "boilerplate"]
        for chunk in seeds.chunks(path):
            assert not any(block.start < chunk.end and block.end > chunk.start for block in marked)


@given(st.lists(st.sampled_from([*PAGE.splitlines(), "A plain note.", "7", ""]), max_size=30))
def test_marking_changes_nothing_but_verdicts(lines: list[str]) -> None:
    """Every block keeps its place and kind, and a mark has a reason."""
    text = "\n".join(lines)
    before = plain_text.blocks(text)
    after = mark(text, before)
    assert [(b.start, b.end, b.kind) for b in before] == [(b.start, b.end, b.kind) for b in after]
    assert all(bool(block.reason) == (block.verdict == "boilerplate") for block in after)


@pytest.mark.parametrize("name", NOTES)
def test_a_note_keeps_every_line(name: str) -> None:
    """A note whose headings, figures and rows look like furniture loses none of them."""
    text = NOTES[name]
    assert [text[b.start : b.end] for b in mark(text, plain_text.blocks(text)) if b.verdict != "body"] == []


def test_a_note_loses_only_an_advert() -> None:
    """In a note, wording that no author uses is marked alone and its neighbours stay."""
    text = NOTES["minutes"] + "Advertisement\n"
    marked = [text[b.start : b.end] for b in mark(text, plain_text.blocks(text)) if b.verdict != "body"]
    assert marked == ["Advertisement"]


def test_a_page_loses_its_furniture() -> None:
    """In a saved page menus, adverts, captions, teasers and footers go; headline and prose stay."""
    kept = [PAGE[b.start : b.end] for b in mark(PAGE, plain_text.blocks(PAGE)) if b.verdict == "body"]
    wanted = ("Harbour Bridge", "The harbour bridge", "Engineers", "A lorry", "The mayor")
    assert len(kept) == 5 and all(line.startswith(start) for line, start in zip(kept, wanted, strict=True))


def test_stated_headings_are_no_furniture() -> None:
    """A heading that Markdown states is body, even "# Contact" and "# Advertisement"."""
    text = (
        "# Contact\n\nCall Ann.\n\n# Comments\n\nNone.\n\n# Advertisement\n\nAds.\n\n## Share this\n\nYes.\n"
    )
    blocks = mark(text, markdown.blocks(text), headings_stated=True)
    assert [block.verdict for block in blocks] == ["body"] * 8


def test_cleaning_can_be_turned_off(tmp_path: Path) -> None:
    """With `clean = false` everything is indexed."""
    room: Room = new_room(tmp_path, HASH.model_copy(update={"clean": False}))
    room.write("page.txt", PAGE)
    room.build()
    assert "".join(room.texts()).replace("\n", "") == PAGE.replace("\n", "")


def test_explain_shows_the_verdicts(tmp_path: Path) -> None:
    """`explain` gives the verdicts a build would store."""
    room = new_room(tmp_path)
    room.write("page.txt", PAGE)
    room.build()
    assert explain("page.txt", room.docs).blocks == room.open().document("page.txt").blocks


HOSTILE = [
    *(
        piece * (100_000 // len(piece))
        for piece in ("a ", "(", "share ", "more from ", ".", '."', "photo/", "1 ", "-'")
    ),
    "Read also" + " " * 100_000,
    "subscription" + "€" * 100_000,
]


@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: f"{line[:9]!r}")
def test_furniture_is_linear(line: str) -> None:
    """100 kB cost in proportion, as one line and as many of the longest that are looked at."""

    def judge(text: str) -> None:
        blocks = plain_text.blocks(text)
        mark(text, blocks)
        for block in blocks:
            wording = text[block.start : block.end]
            furniture_reason(wording), is_unmistakable(wording), opens_section(wording)

    assert is_linear(judge, line)
    assert is_linear(judge, "\n".join(line[at : at + 119] for at in range(0, len(line), 119)))
