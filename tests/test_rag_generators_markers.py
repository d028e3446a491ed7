"""The marker parser: every form of marker, no half of one, statements as early as certain, in linear time."""

import re
from itertools import pairwise

import pytest
from growth import is_linear
from hypothesis import example, given
from hypothesis import strategies as st

from rag.generators import Statement
from rag.generators.markers import StatementParser

PIECES = st.sampled_from(
    [
        *(
            "The mill closed",
            " in 1987",
            ".",
            ". ",
            "! ",
            "? ",
            " Dr. Smith",
            "\n",
            "\n\n",
            "- ",
            "”",
            "É",
            " ",
        ),
        *("[1]", "[2, 3]", "【4】", "［5］", "[6-8]", "[", "]", "[9", "[999999]", "[note]", "[[7]]", "[["),
        *("`a[1]`", "`", "```\nx [1]. Y\n```", "``"),
    ]
)


def parsed(text: str, cuts: tuple[int, ...] = ()) -> list[Statement]:
    parser = StatementParser()
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    found = [statement for a, b in pairwise(places) for statement in parser.feed(text[a:b])]
    return found + parser.end()


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[1]", (1,)),
        ("[1,2]", (1, 2)),
        ("[1, 3; 2]", (1, 3, 2)),
        ("[1-3]", (1, 2, 3)),
        ("[3–1]", (1, 2, 3)),
        ("[1][2]", (1, 2)),
        ("[1] [2]", (1, 2)),
        ("[2][2]", (2,)),
        ("【1】", (1,)),
        ("［1］", (1,)),
        ("[ 7 ]", (7,)),
        ("[[7]]", (7,)),
        ("[1][[7, 8]]", (1, 7, 8)),
        ("[1-2, 9]", (1, 2, 9)),
        ("[123456789012]", (123456789012,)),
        ("[1-999999999]", (1, 999999999)),
    ],
)
@pytest.mark.parametrize(
    "text", ["The mill closed{}.", "The mill closed {}.", "The mill closed. {}", "{} The mill closed."]
)
def test_a_marker_is_read_and_not_shown(marker: str, numbers: tuple[int, ...], text: str) -> None:
    """Each form gives its numbers to the sentence it stands at, which reads as if there were no marker."""
    assert parsed(text.format(marker)) == [Statement("The mill closed.", numbers)]


@pytest.mark.parametrize(
    "text",
    [
        "See [note] there.",
        "Use `a[1]` here.",
        "Use ``a`[1]`` here.",
        "An array[i] grows.",
        "[3 apples] fell.",
        "[-] x.",
        "[,] y.",
    ],
)
def test_what_is_no_marker_stays(text: str) -> None:
    """Words in brackets and code spans are text."""
    assert parsed(text) == [Statement(text, ())]


def test_a_backtick_without_a_partner_hides_no_marker() -> None:
    """An unclosed code span is a stray backtick; markers behind it count."""
    assert parsed("It`s here [1].\nThere too [2].") == [
        Statement("It`s here.", (1,)),
        Statement("There too.", (2,)),
    ]


@pytest.mark.parametrize("half", ["[", "[1", "[1,", "[1-", "【12", "［ 3 "])
def test_half_a_marker_is_never_shown(half: str) -> None:
    """Neither when the text ends in it nor while more of it may come."""
    assert parsed(f"The mill closed {half}") == [Statement("The mill closed", ())]
    parser = StatementParser()
    shown = parser.feed("It opened. The mill closed. ") + parser.feed(half)
    assert shown == [Statement("It opened.", ())]
    assert not re.search(r"[\[【［]", "".join(s.text for s in parser.feed("4") + parser.end()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It closed in 1987 [1]. Dr. Smith of the U.S. left [2].",
            ["It closed in 1987.", "Dr. Smith of the U.S. left."],
        ),
        ("[1] It closed. [2] It opened.", ["It closed.", "It opened."]),
        ("[[1]] It closed [. [[2]] It opened.", ["It closed [.", "It opened."]),
        ("It closed. [1] It opened. [2]", ["It closed.", "It opened."]),
        ("- It closed [1]\n- It opened 【2】", ["It closed", "It opened"]),
        ("It closed.\n[1]\nIt opened.\n[2]", ["It closed.", "It opened."]),
        ("1. It closed [1]\r\n2) It opened [2]\r\n", ["It closed", "It opened"]),
        ("He said “it is over.” [1] She left.[2]", ["He said “it is over.”", "She left."]),
    ],
)
def test_each_sentence_has_its_own_numbers(text: str, expected: list[str]) -> None:
    """Markers go to the sentence before, or, in a line that opens with one, to the sentence after."""
    assert parsed(text) == [Statement(sentence, (at,)) for at, sentence in enumerate(expected, 1)]


def test_a_statement_comes_as_soon_as_it_is_certain() -> None:
    """The word behind a sentence and its markers releases it; nothing waits for the end of the text."""
    parser = StatementParser()
    assert parser.feed("The mill closed in 1987 [1].") == []
    assert parser.feed(" It") == []
    assert parser.feed(" opened") == [Statement("The mill closed in 1987.", (1,))]


@given(
    st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=200),
    st.lists(st.integers(0, 400), max_size=12),
)
@example("closed [1]. It opened. " * 200, [5, 23, 24, 25, 1999, 2000, 2001, 2300])
@example("word " * 900 + "[1]", [1999, 2000, 2001])
def test_where_the_text_is_cut_does_not_matter(text: str, cuts: list[int]) -> None:
    """Any cutting of a text into pieces gives the statements of the whole, down to single characters."""
    whole = parsed(text)
    assert parsed(text, tuple(cuts)) == whole
    assert parsed(text, tuple(range(len(text)))) == whole


@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_but_markers_and_layout_is_lost(text: str) -> None:
    """Every word outside markers is in exactly one statement, in order."""
    words = re.findall(r"[A-Za-zÉ]+", text)
    assert re.findall(r"[A-Za-zÉ]+", " ".join(statement.text for statement in parsed(text))) == words


@pytest.mark.parametrize(
    "unit",
    ["[", "`", "` `` ``` ```` ", "[1", "[1-9999999] x", "e.g. ", "x", "`a", "\n[1]", "[1] a ", "- ", "“.” "],
)
def test_the_time_is_linear(unit: str) -> None:
    """A reply that arrives piece by piece costs in proportion to its length."""

    def parse(text: str) -> None:
        parser = StatementParser()
        for at in range(0, len(text), 7):
            parser.feed(text[at : at + 7])
        parser.end()

    assert is_linear(parse, (unit * 20_000)[:20_000])
