"""What an answering sentence brings along: what it leans on, its list, the heading that states its version.

A sentence that opens with "He" comes with the one before it, the best one also with one behind it that opens
so and has the value asked for, and one that announces something ("… the following:") with what it announces.
A step of a how-to comes with all its steps, in their order.
"""

import re
from collections.abc import Iterator, Sequence

from index.words import content_terms, term_set
from rag.antecedents import leans_back
from rag.definitions import thing_defined
from rag.generators.base import Evidence
from rag.how_to import is_how_to
from rag.identifiers import asks_version, has_code, has_version, heads_one, holds_one, identifiers
from rag.values import asked_kind, has_value
from rag.vocabulary import Understood, name_terms

_LONGEST_LIST = 14
_LONGEST_SECTION = 7
_STEPS_BACK = 2
_STEPS_ON = 2
_HEADED = 0.4
_NAMED = 0.6
_COMPLETED = 0.25
_ORDERS = re.compile(
    r"\W*(?:(?:then|now|next|and|first|please),? )?(?:add|ask|call|change|check|choose|clean|clear|click"
    r"|close|copy|create|delete|empty|enter|fill|free|go|install|make|move|open|press|pull|push|put|remove|replace|reset"
    r"|restart|run|select|send|set|start|stop|switch|take|try|turn|type|update|use|wait|write)\b",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"\W*(?:his|her|its|their) ", re.IGNORECASE)
# One thing is asked for, whatever else its list may hold.
_ONE = re.compile(
    r"\W*what(?:'s|’s| is| was) (?!on\b|in\b|new\b|needed\b|there\b|\w+ed (?:in|with|by)\b)", re.IGNORECASE
)


def announces(item: Evidence) -> bool:
    """Whether a sentence says only that something follows."""
    return item.text.rstrip().endswith(":")


class Companions:
    """What stands around each piece of evidence for a question."""

    def __init__(self, understood: Understood, evidence: Sequence[Evidence]) -> None:
        self._understood = understood
        self._evidence = evidence
        self._first = evidence[0].number if evidence else 0
        self._how_to = is_how_to(understood.query)
        self._typed = asked_kind(understood.query) not in ("other", "reason")

    def with_companions(self, item: Evidence, leads: bool) -> list[Evidence]:
        """A sentence among what it brings along, in reading order.

        Args:
            leads: It is the one that answers best.
        """
        around = list(self._before(item))
        if announces(item):
            around += self._of_named(list(self._announced(item)), item)
        elif leads and item.kind == "item":
            around += self._list_of(item)
        elif leads and self._how_to:
            around += self._section_of(item)
        if leads:
            around += self._after(item)
        heading = self._heading_of(item)
        found = {each.number: each for each in (*([heading] if heading else []), item, *around)}
        return [found[number] for number in sorted(found)]

    def has_what_it_announces(self, item: Evidence) -> bool:
        """Whether what a sentence announces is among the evidence."""
        return any(True for _ in self._announced(item))

    def announces_no_value(self, item: Evidence) -> bool:
        """Whether a date, a number or a name is asked for, and a sentence announces no list of any."""
        return (
            self._typed and announces(item) and all(other.kind != "item" for other in self._announced(item))
        )

    def _at(self, item: Evidence) -> int:
        return item.number - self._first

    def _before(self, item: Evidence) -> Iterator[Evidence]:
        """What a sentence that opens with a pronoun leans on, and at most one more."""
        for _ in range(_STEPS_BACK):
            at = self._at(item) - 1
            if at < 0 or self._evidence[at].passage != item.passage or not leans_back(item.text):
                return
            item = self._evidence[at]
            yield item

    def _after(self, item: Evidence) -> Iterator[Evidence]:
        """The next sentence, where it goes on about the same and says what the first lacks.

        Of a how-to it is what the rest of the paragraph says to do.
        """
        for other in self._evidence[self._at(item) + 1 :][:_STEPS_ON]:
            if other.passage != item.passage or other.kind != item.kind:
                return
            beside = 0 <= other.start - item.end <= 1
            on = self._how_to and beside and not announces(other) and bool(_ORDERS.match(other.text))
            if not on and not (leans_back(other.text) and self._completes(item, other)):
                return
            yield other
            if not on:
                return
            item = other

    def _completes(self, item: Evidence, other: Evidence) -> bool:
        """Whether a sentence has the value, or a good part of the words, that the one before it lacks."""
        kind = asked_kind(self._understood.query)
        if kind == "person" and _POSSESSIVE.match(other.text):  # "His successor is …", not told by his name
            asked = frozenset(self._understood.terms)
            return has_value(other.text, kind) and not asked <= term_set(item.text)
        if kind not in ("other", "reason"):
            return has_value(other.text, kind) and not has_value(item.text, kind)
        new = (term_set(other.text) - term_set(item.text)) & frozenset(self._understood.terms)
        return self._understood.coverage(new) >= _COMPLETED

    def _announced(self, item: Evidence) -> Iterator[Evidence]:
        following = self._evidence[self._at(item) + 1 :][:_LONGEST_LIST]
        for number, other in enumerate(following):
            if other.passage != item.passage or other.kind == "heading":
                return
            if other.kind != "item":
                if not number:
                    yield other
                return
            yield other

    def _list_of(self, item: Evidence) -> list[Evidence]:
        """The list an item is of, with the line that announces it, if all of it is asked for."""
        first = last = self._at(item)
        while first > 0 and last - first < _LONGEST_LIST and self._is_beside(item, first - 1):
            first -= 1
        while last - first < _LONGEST_LIST and self._is_beside(item, last + 1):
            last += 1
        above = self._evidence[first - 1] if first else item
        announced = above.passage == item.passage and announces(above) and above.kind != "heading"
        if not self._is_asked_for(item, above.text if announced else ""):
            return []
        return [
            *self._evidence[first - announced : first],
            *self._of_named(self._evidence[first : last + 1], item),
        ]

    def _of_named(self, items: Sequence[Evidence], item: Evidence) -> list[Evidence]:
        """Of a list whose items have names, as a list of tasks does, those that have the name asked about."""
        above = term_set(f"{item.heading} {item.text}" if announces(item) else item.heading)
        names = name_terms(self._understood.query) - above
        held = [each for each in items if names and names <= term_set(each.text)]
        return held if held and not self._how_to else list(items)

    def _is_beside(self, item: Evidence, at: int) -> bool:
        if at >= len(self._evidence):
            return False
        other = self._evidence[at]
        return other.passage == item.passage and other.kind == "item"

    def _section_of(self, item: Evidence) -> list[Evidence]:
        """All of a short section whose heading names what is to be done."""
        if not item.heading or not self._is_headed(item.heading, _HEADED):
            return []
        section = [e for e in self._evidence if e.passage == item.passage and e.kind in {"text", "item"}]
        return section if len(section) <= _LONGEST_SECTION else []

    def _is_asked_for(self, item: Evidence, announced: str) -> bool:
        """Whether what stands above a list names what the question wants listed or done."""
        query = self._understood.query
        if self._how_to:
            return self._is_headed(f"{item.heading} {announced}", _HEADED)
        if (
            asked_kind(query) != "other"
            or _ONE.match(query)
            or thing_defined(query)
            or has_code(item.heading)
        ):
            return False
        unheard = {term for name in self._understood.unknown_names for term in content_terms(name)}
        names = name_terms(query) - unheard
        above = " ".join([item.heading, *(heading.text for heading in self._stating_headings(item))])
        return names <= term_set(above) and self._is_headed(above, _HEADED)

    def _is_headed(self, above: str, least: float) -> bool:
        asked = frozenset(self._understood.terms)
        return self._understood.coverage(term_set(above) & asked) >= least

    def _heading_of(self, item: Evidence) -> Evidence | None:
        """The nearest heading above that states what is asked where the sentence does not."""
        return next((above for above in self._stating_headings(item) if self._states(above, item)), None)

    def _states(self, heading: Evidence, item: Evidence) -> bool:
        query = self._understood.query
        named = identifiers(query)
        return (
            (asks_version(query) and has_version(heading.text) and not has_version(item.text))
            or (
                asked_kind(query) == "date"
                and has_value(heading.text, "date")
                and not has_value(item.text, "date")
            )
            or (bool(named) and heads_one(named, heading.text) and not holds_one(named, item.text))
            or (self._how_to and has_code(heading.text) and self._is_headed(heading.text, _NAMED))
        )

    def _stating_headings(self, item: Evidence) -> Iterator[Evidence]:
        """The headings above that state a version, a date or the like, the nearest first."""
        if not item.heading or item.kind == "heading":
            return
        for at in range(self._at(item) - 1, -1, -1):
            other = self._evidence[at]
            if other.passage != item.passage:
                return
            if other.kind == "heading" and other.bears:
                yield other
