"""How likely each retrieved sentence answers the question.

The share of the question's word weight a sentence holds, some of what the sentence before it and its
heading add to that, a value of the kind asked for, how its passage ranks and how near it is, and last the
cosine of sentence and question, from vectors stored with the index. The weights were chosen on SQuAD 2.0
dev and CLAPnq dev cut into small folders (`rag bench answers`).

Where the question has a version or a name like `max_retries`, only what has it, in its own text or in its
heading, can be an answer. A sentence that defines the asked thing gains when a definition is asked for,
one that names the holder of an office when it is asked who that is,
what stands below a heading that names what is to be done when it is asked how,
and what stands behind a question of the document that asks the same.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from index import Index
from index.words import content_set, term_set
from rag.causes import stated_causes
from rag.cells import has_letters, letters_in
from rag.counted import fitness
from rag.definitions import defines, thing_defined
from rag.how_to import is_how_to, opens_doing, thing_done
from rag.identifiers import asks_version, has_version, heads_one, holds_one, identifiers
from rag.offices import holder, office_asked
from rag.retrieve import Hit
from rag.run_in import is_question
from rag.sections import heading_path
from rag.times import asks_clock, clock_times, is_of_date, tells_time
from rag.told import Told
from rag.values import asked_kind, has_value, values
from rag.vocabulary import Understood

OWN = 0.8
_AROUND = 0.5
_TYPED = {"date": 0.35, "number": 0.35, "reason": 0.35}
_RANK = 0.2
_NEARNESS = 0.5
_DEFINES = 0.6
_HOLDS = 0.8
_LETTERED = 0.5
_HEADED = 0.4
_PUT = 0.6
_ANSWERS = 0.6
COSINE = 1.2
_PLACE_KEY = re.compile(r"(?:place|location|venue|address|site|room)\W", re.IGNORECASE)


class Rating(NamedTuple):
    """How likely a sentence answers a question, and its cosine with it; both are 0 for what is context."""

    relevance: float = 0.0
    cosine: float = 0.0


UNRATED = Rating()


def rate(
    understood: Understood, hits: Sequence[Hit], told: Sequence[Sequence[Told]], index: Index
) -> tuple[tuple[Rating, ...], ...]:
    """A rating of each of the sentences that the hits tell, hit by hit."""
    question = index.vectors_of([understood.query], query=True)[0]
    by_passage = index.sentence_cosines(question, [hit.chunk for hit in hits])
    top = max((hit.score for hit, lines in zip(hits, told, strict=True) if lines), default=1.0) or 1.0
    asked = _Asked(understood)
    rated: list[tuple[Rating, ...]] = []
    for hit, lines, own in zip(hits, told, by_passage, strict=True):
        cosines = dict(zip([span.start for span in hit.chunk.sentences], own, strict=True))
        rank, nearness = _RANK * hit.score / top, _NEARNESS * (hit.scores.dense or 0.0)
        rated.append(
            tuple(asked.ratings(lines, cosines, index.fact(heading_path, hit.chunk.id), rank + nearness))
        )
    return tuple(rated)


class _Asked:
    """What a question asks for, as far as sentences are rated by it."""

    def __init__(self, understood: Understood) -> None:
        query = understood.query
        self._understood = understood
        self._terms = frozenset(understood.terms)
        self._kind = asked_kind(query)
        self._clock = asks_clock(query)
        self._typed = _TYPED["date"] if self._clock else _TYPED.get(self._kind, 0.0)
        self._named = identifiers(query)
        self._names = frozenset(term for each in self._named for term in term_set(each.name))
        self._letters = letters_in(query)
        self._definition = thing_defined(query)
        self._office = office_asked(query)
        self._how_to = is_how_to(query)
        self._done = thing_done(query)
        self._formed = bool(self._definition or self._office or self._done or self._letters)
        self._formed = self._formed or self._kind == "place"

    def ratings(
        self, lines: Sequence[Told], cosines: Mapping[int, float], heading: str, of_passage: float
    ) -> Iterator[Rating]:
        """The ratings of the sentences of one passage, given what they owe to its rank and nearness.

        Args:
            heading: The headings above the passage; what stands below a version speaks of that version.
        """
        understood, asked = self._understood, self._terms
        below = bool(self._named) and heads_one(self._named, heading)
        headed = self._names & asked if below else frozenset()
        if below and (nearest := term_set(heading.rpartition("\n")[2])) and nearest <= asked - self._names:
            of_passage += _HEADED  # "Fixed", below the version, where it is asked what was fixed in it
        if self._how_to and heading:
            of_passage += _HEADED * understood.coverage(term_set(heading) & asked)
        heads, of = asked, asked
        before: frozenset[str] = frozenset()
        for at, line in enumerate(lines):
            if line.heads is not of:
                of, heads = line.heads, line.heads & asked
            said = line.reading or line.text
            own = term_set(said) & asked | headed if headed else term_set(said) & asked
            if (line.answers or self._asks_for(line)) and (
                not self._named or below or self._is_named(lines, at)
            ):
                share = understood.coverage(own) if own else 0.0
                words = OWN * share + _AROUND * (understood.coverage(own | before | heads) - share)
                words += (self._typed * self._value_in(said) if self._typed else 0.0) + of_passage
                if at and not lines[at - 1].answers and self._is_put(lines[at - 1], before):
                    words += _ANSWERS  # "From eight", behind the question as somebody else put it
                if self._formed:
                    words += self._gain(lines, at, said)
                cosine = cosines.get(line.stored if line.stored >= 0 else line.start, 0.0)
                yield Rating(words + COSINE * cosine, cosine)
            else:
                yield UNRATED
            before = own

    def _is_put(self, line: Told, own: frozenset[str]) -> bool:
        """Whether a line, which has this of the question, asks the same."""
        return is_question(line.text) and self._understood.coverage(own) >= _PUT

    def _gain(self, lines: Sequence[Told], at: int, said: str) -> float:
        """What a sentence gains by being of the form that is asked for."""
        gain = 0.0
        if self._defines(lines, at, said):
            gain += _DEFINES
        if self._office and holder(self._office, said):
            gain += _HOLDS
        if self._done and opens_doing(said) == self._done:
            gain += _HEADED
        if self._letters and has_letters(self._letters, said):
            gain += _LETTERED
        if self._kind == "place" and _PLACE_KEY.match(said):
            gain += _TYPED["date"]
        return gain

    def _value_in(self, said: str) -> float:
        """How likely a sentence has a value of the kind asked for, and of the measure, from 0 to 1."""
        if self._kind == "reason":
            # "Sparked by the fire" is no reason of the fire.
            causes = (content_set(cause.text) for cause in stated_causes(said))
            return float(any(own and not own & self._terms for own in causes))
        query = self._understood.query
        if self._clock:
            return float(bool(clock_times(said)))
        if self._kind == "number":
            return fitness(query, said)
        if self._kind == "date" and tells_time(said):
            return 1.0
        return float(any(is_of_date(query, value.text) for value in values(said, self._kind)))

    def _defines(self, lines: Sequence[Told], at: int, said: str) -> bool:
        """Whether a sentence says what the asked thing is, or opens what stands below it as a heading."""
        if not self._definition:
            return False
        below = at > 0 and lines[at - 1].kind == "heading"
        opening = f"{lines[at - 1].text}: {said}" if below else said
        return defines(self._definition, said) or defines(self._definition, opening)

    def _asks_for(self, heading: Told) -> bool:
        """Whether a heading states the date or the version that is asked for."""
        if not heading.bears:
            return False
        dated = self._kind == "date" and has_value(heading.text, "date")
        return dated or (asks_version(self._understood.query) and has_version(heading.text))

    def _is_named(self, lines: Sequence[Told], at: int) -> bool:
        """Whether a sentence or what stands before it has what the question calls by name."""
        return any(
            (heads_one if line.kind == "heading" else holds_one)(self._named, line.text)
            for line in lines[max(0, at - 1) : at + 1]
        )
