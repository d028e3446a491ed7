"""Pointers to citations: only what exists and holds can be cited."""

import pytest

from index import Document
from rag.cite import Citer
from rag.generators import Evidence, Statement
from rag.records import Support

# Text that punishes any offset taken from a changed copy: BOM, CR LF, İ, an emoji, a combining accent.
TEXT = "\ufeffİzmir is large. 👩‍🚒 Firemen wait.\r\nThe cafe\u0301 opens. The cafe\u0301 opens.\r\n"
OK = Support("supported", "verbatim", 1.0)
SOURCES = {
    "a.txt": Document("a.txt", "aa" * 32, TEXT, title="A", date="2024-05-01"),
    "sub/a.txt": Document("sub/a.txt", "bb" * 32, TEXT, title="A again"),
}


def evidence(number: int, quote: str, document: str = "a.txt", nth: int = 0) -> Evidence:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(quote, start + 1)
    source = SOURCES[document]
    return Evidence(number, 0, document, source.title, source.date, "", start, start + len(quote), quote, 0.5)


EVERY = frozenset(range(1, 100))
CAFE = "The cafe\u0301 opens."
GIVEN = (
    evidence(1, "İzmir is large."),
    evidence(2, "👩‍🚒 Firemen wait."),
    evidence(3, CAFE),
    evidence(4, CAFE, nth=1),
    evidence(5, "İzmir is large.", "sub/a.txt"),
)


@pytest.fixture
def citer() -> Citer:
    return Citer(GIVEN, SOURCES.__getitem__)


def say(citer: Citer, text: str, *pointers: int) -> tuple[int, ...]:
    return citer.add(text, citer.resolve(Statement(text, pointers), EVERY), OK)[0].citations


def test_one_number_per_span(citer: Citer) -> None:
    """Numbers are given by first use, and a span keeps its number wherever it is cited again."""
    assert say(citer, "Wait.", 2) == (1,)
    assert say(citer, "Large and waiting.", 1, 2) == (2, 1)
    assert say(citer, "Once more.", 2, 2, 1) == (1, 2)
    assert [(c.number, c.quote) for c in citer.citations] == [(1, GIVEN[1].text), (2, GIVEN[0].text)]


def test_equal_text_is_not_one_span(citer: Citer) -> None:
    """A repeated sentence and the same sentence of another file are cited apart, each at its own place."""
    assert say(citer, "Open.", 3) == (1,)
    assert say(citer, "Open twice.", 4) == (2,)
    assert say(citer, "Large.", 1, 5) == (3, 4)
    assert len({(c.document, c.start) for c in citer.citations}) == 4


def test_a_citation_repeats_nothing_wrongly(citer: Citer) -> None:
    """Every citation quotes its document at its offsets and carries that document's hash, title and date."""
    for item in GIVEN:
        say(citer, f"Statement {item.number}.", item.number)
    for cited in citer.citations:
        source = SOURCES[cited.document]
        assert source.text[cited.start : cited.end] == cited.quote
        assert (cited.sha256, cited.title, cited.date) == (source.sha256, source.title, source.date or None)


def test_pointers_to_nothing(citer: Citer) -> None:
    """An unknown, zero or negative pointer is dropped and recorded; the others still count."""
    assert say(citer, "Mixed.", 9, 1, 0, -1) == (1,)
    assert say(citer, "Nothing.", 77) == ()
    assert citer.dropped == [9, 0, -1, 77]
    assert citer.text == "Mixed. [1] Nothing."


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Izmir is large."},
        {"start": 2, "end": 17},
        {"start": 10_000, "end": 10_015},
        {"start": -16, "end": -1},
        {"document": "sub/a.txt", "text": CAFE},
    ],
)
def test_evidence_that_the_document_does_not_hold(change: dict[str, object]) -> None:
    """Evidence whose text is not in its document at its offsets is never cited, and that is recorded."""
    forged = GIVEN[0]._replace(number=1, **change)  # type: ignore[arg-type]  # a table of fields
    citer = Citer([forged], SOURCES.__getitem__)
    assert citer.resolve(Statement("A lie.", (1,)), EVERY) == ()
    assert citer.dropped == [1]
    say(citer, "A lie.", 1)
    assert citer.citations == []


def test_the_answer_text_and_its_spans(citer: Citer) -> None:
    """The text is the sentences with their markers; a citation's answer span is its sentence in it."""
    say(citer, "The cafe\u0301 is open.", 3, 1)
    say(citer, "Nobody says so.")
    say(citer, "👩‍🚒 wait there.", 2, 3)
    assert citer.text == "The cafe\u0301 is open. [1] [2] Nobody says so. 👩‍🚒 wait there. [3] [1]"
    spans = [citer.text[c.answer_start : c.answer_end] for c in citer.citations]
    assert spans == ["The cafe\u0301 is open.", "The cafe\u0301 is open.", "👩‍🚒 wait there."]


def test_new_citations_are_told_once(citer: Citer) -> None:
    """A sentence comes with the citations it is the first to use, so a stream can show each as it appears."""
    first = citer.add("One.", citer.resolve(Statement("One.", (1, 2)), EVERY), OK)[1]
    second = citer.add("Two.", citer.resolve(Statement("Two.", (2, 3)), EVERY), OK)[1]
    assert [c.number for c in first] == [1, 2] and [c.number for c in second] == [3]


def test_what_was_said_is_known(citer: Citer) -> None:
    """The very same sentence is recognised, a similar one is not."""
    say(citer, "One.", 1)
    assert citer.said("One.") == citer.sentences[0]
    assert citer.said("One") is None


def test_a_pointer_given_twice_is_recorded(citer: Citer) -> None:
    """Within a statement it counts once, and the others are recorded; the next may point there again."""
    assert say(citer, "Large.", 1, 1, 2, 1) == (1, 2)
    assert citer.dropped == [1, 1]
    assert say(citer, "Large again.", 1) == (1,)
    assert citer.dropped == [1, 1]
