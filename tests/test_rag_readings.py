"""Markdown read without its marks, identifiers, definitions, and values that are only fragments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.antecedents import leans_back
from rag.definitions import defines, thing_defined
from rag.fragments import is_aside, is_fragment, is_other_limit
from rag.how_to import is_how_to
from rag.identifiers import holds_one, identifiers
from rag.readings import fenced, line_at, row_reading
from rag.values import Kind, values

_CELL = st.text("abcé 19.`*", min_size=1, max_size=8).map(lambda cell: " ".join(cell.split()) or "x")


@given(st.data(), st.booleans())
def test_a_row_says_its_columns(data: st.DataObject, bars: bool) -> None:
    """Each cell follows the name of its column, with the bars around it or without."""
    names, row = (data.draw(st.lists(_CELL, min_size=3, max_size=3)) for _ in range(2))
    text = f"Before.\n| {' | '.join(row)} |\nAfter."
    line = line_at(text, text.index("|") + 1) if bars else " | ".join(row)
    assert row_reading(" | ".join(names), line) == "; ".join(
        f"{name}: {cell}" for name, cell in zip(names, row, strict=True)
    )


@given(st.text("ab`~ \n|-", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_any_text_can_be_read(text: str, one: int, other: int) -> None:
    """Nothing is too odd to be asked for its reading."""
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    row_reading(text[:start], line_at(text, end))
    code = fenced(text)
    assert code is None or (0 <= code[0] <= len(text) and code[1] <= len(text))


def test_code_is_read_without_its_fences() -> None:
    """Also where the last fence is missing."""
    for block in ("```bash\nmake all\nmake test\n```", "~~~\nmake all\nmake test"):
        found = fenced(block)
        assert found is not None and block[slice(*found)] == "make all\nmake test"
    assert fenced("make `all`") is None


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("When was 2.3.0 released?", "## v2.3.0 (2025)", True),
        ("When was 2.3.0 released?", "2.0.3 and 12.3.0 and 2.3.0.1", False),
        ("What changed in version 2.3?", "Since 2.3.7 it", True),
        ("When was gzip 1.14 released?", "release 1.3.14 (2009)", False),
        ("What is max_retries?", "the max retries are", True),
        ("What is max_retries?", "max_retries_total", False),
    ],
)
def test_identifiers_are_whole(question: str, text: str, held: bool) -> None:
    """A version or a name made for machines is there or it is not."""
    assert holds_one(identifiers(question), text) is held


@pytest.mark.parametrize("question", ["What happened on 11.04.2024?", "Is 3.5 enough?", "Who is J. Marn?"])
def test_dates_and_figures_are_no_identifiers(question: str) -> None:
    """They may be written in other ways."""
    assert identifiers(question) == ()


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("What is a kiln?", "A kiln is an oven for clay.", True),
        ("What is a kiln?", "The shed has a kiln.", False),
        ("Define bisque", "**Bisque**: clay that was fired once.", True),
        ("What does PTO stand for?", "PTO (paid time off) means days of leave.", True),
        ("What are glazes?", "Glazes are thin coats of glass.", True),
        ("What is dry_run?", "`dry_run`: nothing is printed.", True),
    ],
)
def test_what_defines_is_known(question: str, text: str, expected: bool) -> None:
    """A sentence or an entry that opens with the thing and says what it is."""
    thing = thing_defined(question)
    assert thing and defines(thing, text) is expected


@pytest.mark.parametrize("question", ["What is the price of the kiln in May?", "Who is Ada?", "When is it?"])
def test_other_questions_ask_for_no_definition(question: str) -> None:
    """A property of a thing is not what the thing is."""
    assert thing_defined(question) == ""


def test_how_to_is_told_from_how_many() -> None:
    """What to do is asked with "I", "to" or "steps"."""
    assert all(map(is_how_to, ("How do I fire it?", "how to fire it", "What should I do if it cracks?")))
    assert not any(map(is_how_to, ("How many kilns are there?", "How does it work?", "What do lamps cost?")))


@pytest.mark.parametrize(
    ("text", "figure", "kind", "fragment"),
    [
        ("It opens workers + 2 connections.", "2", "number", True),
        ("The fee goes from 45 to 52 euros.", "45 to 52 euros", "number", True),
        ("It ends three months before 1 June.", "1 June", "date", True),
        ("The fee is 45 euros.", "45 euros", "number", False),
        ("It ends on 1 June.", "1 June", "date", False),
    ],
)
def test_fragments(text: str, figure: str, kind: Kind, fragment: bool) -> None:
    """A part of a sum, of a change or of a time before another is no answer alone."""
    found = next(value for value in values(text, kind) if value.text == figure)
    assert is_fragment(text, found, kind) is fragment


def test_the_most_is_not_where_it_starts() -> None:
    """Who asks for the longest time is not told the first."""
    text = "The wait doubles, starting at 2 seconds and capped at 10 minutes."
    first, most = values(text, "number")
    assert is_other_limit("How long is the wait at most?", text, first)
    assert not is_other_limit("How long is the wait at most?", text, most)
    assert not is_other_limit("How long is the wait?", text, first)


def test_a_date_of_another_clause_is_an_aside() -> None:
    """Half of what is asked must stand in the clause of the value."""
    text = "The rent is due each month. From 1 May 2026 it is adjusted."
    value = values(text, "date")[0]
    assert is_aside(text, value, frozenset({"rent", "due", "month"}))
    assert not is_aside(text, value, frozenset({"adjust"}))


def test_a_department_is_no_pronoun() -> None:
    """ "IT" in capitals leans on nothing."""
    assert not leans_back("IT answers within a day.") and leans_back("It answers within a day.")
