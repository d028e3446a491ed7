"""What stands below a heading below a heading is about both; a code in a question is met whole."""

from pathlib import Path

import pytest

from index import open_index
from rag import Answer, Rag
from rag.identifiers import codes, heads_one, holds_one, identifiers, opens_with
from rag.sections import heading_path

FILES = {
    "log.md": (
        "# Changes\n\n## 3.2.0 (2025-04-07)\n\n### Added\n- A second needle.\n\n"
        "### Fixed\n- The loom stopped on wet wool.\n- Bobbins of tin were refused.\n\n"
        "## 3.1.0 (2024-11-02)\n\n### Added\n- `--double-thread` for weaving.\n\n"
        "### Removed\n- Support for hemp.\n"
    ),
    "speed.csv": "version,rows,weft\n3.2.0,80,9 min\n3.1.0,64,12 min\n",
    "news.md": (
        "NEWS\n====\n\nHeddle 5.0\n----------\n\n"
        "### Major changes between Heddle 5.0.18 and Heddle 5.0.19 [3 May 2025]\n\n"
        "- Fixed a broken pedal.\n- Fixed a slack belt.\n\n"
        "### Major changes between Heddle 5.0.17 and Heddle 5.0.18 [2 Feb 2025]\n\n"
        "- Fixed a loose comb.\n- Fixed a warped frame.\n"
    ),
    "codes.md": (
        "# Messages of the loom\n\n`E417 slack warp`: the threads of the two beams differ by more than a "
        "hand. Turn the rear beam.\n\n`E550 basket full`: empty it, or change the spool.\n\n"
        "`E31 lamp out`: change the lamp.\n"
    ),
}


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the index of the files above lies."""
    return Path(tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory, where: Path) -> Rag:
    """The files above, asked with the real encoder."""
    docs = tmp_path_factory.mktemp("docs")
    for name, text in FILES.items():
        (docs / name).write_text(text, encoding="utf-8")
    return Rag.open(docs, index=where)


def texts(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def test_the_path_of_headings_is_told_by_their_depth(rag: Rag, where: Path) -> None:
    """Underlined headings count as well; a section's neighbours are not above it."""
    del rag
    index = open_index(where)
    paths = [
        index.fact(heading_path, chunk.id) for name in ("log.md", "news.md") for chunk in index.chunks(name)
    ]
    assert paths[1] == "Changes\n3.2.0 (2025-04-07)\nFixed"
    assert paths[3] == "Changes\n3.1.0 (2024-11-02)\nRemoved"
    assert paths[-1] == (
        "NEWS\nHeddle 5.0\nMajor changes between Heddle 5.0.17 and Heddle 5.0.18 [2 Feb 2025]"
    )


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "What was fixed in 3.2.0?",
            ["3.2.0 (2025-04-07)", "The loom stopped on wet wool.", "Bobbins of tin were refused."],
        ),
        ("What was added in 3.1.0?", ["3.1.0 (2024-11-02)", "`--double-thread` for weaving."]),
        ("What was removed in 3.1.0?", ["3.1.0 (2024-11-02)", "Support for hemp."]),
        (
            "In which version was --double-thread added?",
            ["3.1.0 (2024-11-02)", "`--double-thread` for weaving."],
        ),
    ],
)
def test_a_nested_change_log_answers(rag: Rag, question: str, expected: list[str]) -> None:
    """The version two headings up is told above the items, and no row of a table is told in their place."""
    assert texts(rag.ask(question)) == expected


def test_changes_between_two_versions_are_those_of_the_later(rag: Rag) -> None:
    """What was fixed in 5.0.18 is not what was fixed after it."""
    told = texts(rag.ask("What was fixed in Heddle 5.0.18?"))
    assert "Fixed a loose comb." in told and "Fixed a warped frame." in told
    assert "Fixed a broken pedal." not in told and "Fixed a slack belt." not in told


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does E550 mean?", ["`E550 basket full`: empty it, or change the spool."]),
        (
            "How do I fix E417?",
            [
                "`E417 slack warp`: the threads of the two beams differ by more than a hand.",
                "Turn the rear beam.",
            ],
        ),
    ],
)
def test_a_code_is_told_with_what_to_do(rag: Rag, question: str, expected: list[str]) -> None:
    """No other code is, however near; the rest of the paragraph is where it is asked how."""
    assert texts(rag.ask(question)) == expected


def test_a_code_that_is_not_there_is_not_answered(rag: Rag) -> None:
    """E551 is not E550, nor is E317 E31."""
    assert rag.ask("What does E551 mean?").status == "abstained"
    assert rag.ask("What does E317 mean?").status == "abstained"


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What does E417 mean?", ["E417"]),
        ("How do I fix ERR-12 or error HTTP 404?", ["ERR-12", "HTTP 404"]),
        ("Who met at the G20?", []),
        ("What does it mean that 404 left?", []),
    ],
)
def test_codes(question: str, names: list[str]) -> None:
    """Only where it is asked what they mean or need; a number alone is none."""
    assert [code.name for code in codes(question)] == names


def test_a_text_that_opens_with_a_code() -> None:
    """Marks in front of it do not count; it is the whole code."""
    (code,) = codes("What does ERR-12 mean?")
    assert opens_with(code, "- **ERR 12**: no wool") and opens_with(code, "`ERR12 no wool`: add some")
    assert not opens_with(code, "See ERR-12") and not opens_with(code, "ERR-123: no dye")


def test_a_heading_between_versions() -> None:
    """It holds both, but heads one; where no changes are told, the first counts too."""
    named = identifiers("What was fixed in 5.0.18?")
    assert holds_one(named, "Changes between Heddle 5.0.18 and Heddle 5.0.19")
    assert not heads_one(named, "Changes between Heddle 5.0.18 and Heddle 5.0.19")
    assert heads_one(named, "Changes between Heddle 5.0.17 and Heddle 5.0.18")
    assert heads_one(named, "Moving from 5.0.18 to 6.0.0")
    assert not identifiers("What happened on 3.10.18?")
