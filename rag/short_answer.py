"""The few words that answer, marked inside a cited sentence; only where exactly one candidate is left."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from index.words import content_set, content_terms, term_set
from rag.agreement import agree
from rag.cells import asked_cell, cells, row_terms
from rag.corrections import corrects
from rag.fragments import is_aside, is_fragment, is_other_limit
from rag.look import Stated
from rag.marks import unmarked
from rag.measures import fits
from rag.offices import holders, office_asked
from rag.records import Citation, Sentence, ShortAnswer
from rag.times import asks_clock, clock_times, is_of_date
from rag.values import Kind, Value, asked_kind, values
from rag.vocabulary import name_terms, names_in

# "Who is Paul Adeyemi?" asks what he is, not for another name.
_DESCRIBES = re.compile(r"\W*who (?:is|was|are|were) (?:[A-Z][\w’'.-]*\W*)+$")
_MARKED = ("date", "number", "person")
# What is said of things of every kind: in "how much did the lock cost" only "lock" tells of which.
_SAID_OF_ALL = (
    "cost price pay paid charge weigh take took last start begin began end finish happen occur open close"
    " leave arrive become make made get got come go went need many much year day date time"
)
_NEAR = 40
_LEAST_SHARE = 0.5


def find_short_answer(question: str, sentences: Sequence[Sentence]) -> ShortAnswer | None:
    """The one date, time, number or person that the whole answer offers; None for several or none.

    Values that say the same ("1934" and "3 May 1934") are one candidate, and the first of them is marked.
    A candidate stands in a supported sentence that holds at least half of the question's content words and
    of those that tell what it is about, all of its names, and is not itself in the question; a number counts
    something the question names ("700 troops") and is of the measure asked for. In a row of a table it is
    the cell under the header asked for, and who holds an office is who is named beside it. What another
    sentence corrects is no short answer.
    """
    kind = asked_kind(question)
    tells = names_in(question) or office_asked(question)
    if not tells and not all(cells(sentence.text) for sentence in sentences):
        # Nothing says that a row among sentences is what is asked about.
        sentences = [s if not cells(s.text) else replace(s, text="") for s in sentences]
    of_each = _holders if office_asked(question) else _candidates
    found = [(at, value) for at, sentence in enumerate(sentences) for value in of_each(question, sentence)]
    same = _is_the_same if asks_clock(question) else partial(_says_the_same, kind)
    if not found or not all(same(found[0][1], value) for _, value in found[1:]):
        return None
    at, value = found[0]
    wanted = content_set(question)
    nearest = max(len(wanted & term_set(sentence.text)) for sentence in sentences)
    if len(wanted & term_set(sentences[at].text)) < nearest:
        return None  # what another sentence says of it may be no value that a rule finds
    if any(_is_taken_back(kind, value, other.text) for other in sentences if other is not sentences[at]):
        return None
    return ShortAnswer(value.text, at, value.start, value.end)


def read_short_answer(
    stated: Stated, sentences: Sequence[Sentence], citations: Sequence[Citation]
) -> ShortAnswer | None:
    """What the reader took for the answer, where a sentence of the answer is the very text it stands in."""
    for citation in citations:
        inside = citation.start <= stated.start < stated.end <= citation.end
        if not inside or citation.document != stated.document:
            continue
        for at, sentence in enumerate(sentences):
            if citation.number in sentence.citations and sentence.text == unmarked(citation.quote):
                at_quote = stated.start - citation.start
                start = len(unmarked(citation.quote[:at_quote]))
                said = citation.quote[at_quote : stated.end - citation.start]
                found = sentence.text.startswith(said, start)
                return ShortAnswer(said, at, start, start + len(said)) if found else None
    return None


def _holders(question: str, sentence: Sentence) -> Iterator[Value]:
    """Who holds the office asked about, by a sentence or by a row of the office."""
    office = office_asked(question)
    if office is None or sentence.support.label != "supported":
        return
    if not cells(sentence.text):
        yield from holders(office, sentence.text)
    elif row_terms(sentence.text) >= {office.noun} and (cell := asked_cell(question, sentence.text)):
        yield Value(cell.value, cell.start, cell.end)


def _is_the_same(one: Value, other: Value) -> bool:
    return one.text.lower() == other.text.lower()


def _says_the_same(kind: Kind, one: Value, other: Value) -> bool:
    return _is_the_same(one, other) or agree(kind, one.text, other.text) is True


def _is_taken_back(kind: Kind, value: Value, other: str) -> bool:
    """Whether another sentence of the answer has the words of a correction and another value."""
    return corrects(other) and any(agree(kind, value.text, new.text) is False for new in values(other, kind))


def _candidates(question: str, sentence: Sentence) -> Iterator[Value]:
    if cells(sentence.text):
        yield from _in_row(question, sentence)
        return
    kind = asked_kind(question)
    clock = asks_clock(question)
    if kind not in _MARKED and not clock:
        return
    wanted, held = content_set(question), term_set(sentence.text)
    if sentence.support.label != "supported" or len(wanted & held) < _LEAST_SHARE * len(wanted):
        return
    subject = wanted - term_set(_SAID_OF_ALL)
    if len(subject & held) < _LEAST_SHARE * len(subject):
        return
    names = name_terms(question)
    if not names <= held or (kind == "person" and _DESCRIBES.match(question)):
        return
    own = wanted - names
    if own and len(own & held) < _LEAST_SHARE * len(own):
        return  # a name alone does not tell what is said of it
    asked = term_set(question)
    found = [
        value
        for value in (_clock_values(sentence.text) if clock else values(sentence.text, kind))
        if not term_set(value.text) <= asked
        and not is_fragment(sentence.text, value, kind)
        and not is_other_limit(question, sentence.text, value)
        and (kind != "date" or is_of_date(question, value.text))
        and (
            kind != "number"
            or clock
            or (_counts(value, sentence.text, wanted) and fits(question, value.text))
        )
    ]
    if not all(is_aside(sentence.text, value, wanted) for value in found):
        yield from found


def _clock_values(text: str) -> Iterator[Value]:
    return (Value(text[start:end], start, end) for start, end in clock_times(text))


def _in_row(question: str, sentence: Sentence) -> Iterator[Value]:
    """The cell asked for, of a row that has all the names of the question among its values."""
    names = name_terms(question)
    held = row_terms(sentence.text)
    cell = asked_cell(question, sentence.text)
    wanted = content_set(question)
    if cell is None or not names <= held or not held & wanted:
        return
    headed = content_set(cell.header) & wanted
    if headed or wanted <= held | term_set(
        cell.header
    ):  # a usual column does for a row that is all that is asked
        yield Value(cell.value, cell.start, cell.end)


def _counts(value: Value, text: str, wanted: frozenset[str]) -> bool:
    """Whether a number stands beside a word of the question."""
    before = content_terms(text[max(0, value.start - _NEAR) : value.start])[-2:]
    following = content_terms(text[value.end : value.end + _NEAR])[:3]
    return bool(wanted & {*before, *following})
