"""Do citations point where they say, and to the labelled evidence?

Validity is an invariant, read from the files on disk. It proves provenance, not truth: a valid citation may
still be beside the point, which the gold measures see; those do not know evidence that nobody labelled.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from eval.metrics.spans import found_share, overlap
from eval.schema import Evidence, Question
from eval.sources import Sources
from rag.records import Answer, Citation

_MARKER = re.compile(r"\[(\d+)\]")
_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Validity:
    """How many pointers (citations, and markers that lead nowhere) were checked, and what was wrong."""

    checked: int
    invalid: int
    faults: tuple[str, ...]

    @property
    def value(self) -> float | None:
        """Share of valid pointers; None when the answer points at nothing."""
        return (self.checked - self.invalid) / self.checked if self.checked else None


def validity(answer: Answer, sources: Sources) -> Validity:
    """Check every marker, quote, hash and offset of an answer against the files.

    Method: https://arxiv.org/abs/2305.14627 (ALCE) presupposes that citations resolve; here that is tested.
    """
    invalid = 0
    faults: list[str] = []
    numbers = Counter(citation.number for citation in answer.citations)
    for citation in answer.citations:
        found = [f"[{citation.number}] {fault}" for fault in _faults(citation, answer, sources)]
        if numbers[citation.number] > 1:
            found.append(f"[{citation.number}] is given to {numbers[citation.number]} citations")
        invalid += bool(found)
        faults += found
    pointed = _markers(answer) | {number for sentence in answer.sentences for number in sentence.citations}
    dangling = sorted(pointed - set(numbers))
    faults += [f"[{number}] leads to no citation" for number in dangling]
    return Validity(len(answer.citations) + len(dangling), invalid + len(dangling), tuple(faults))


def gold_recall(question: Question, answer: Answer) -> float | None:
    """Parts of the evidence that a citation overlaps; 0 for an abstention, None for an unanswerable item.

    An overlap is at least half of the shorter of the two spans. Of alternatives one is enough.
    """
    if not question.evidence:
        return None
    if answer.status == "abstained":
        return 0.0
    hits = [any(is_on(citation, gold) for citation in answer.citations) for gold in question.evidence]
    return found_share(hits, question.parts)


def gold_precision(question: Question, answer: Answer) -> float | None:
    """Citations that overlap a gold span; 0 for an abstention or none, None for an unanswerable item."""
    if not question.evidence:
        return None
    if answer.status == "abstained" or not answer.citations:
        return 0.0
    hits = [any(is_on(citation, gold) for gold in question.evidence) for citation in answer.citations]
    return sum(hits) / len(hits)


def _faults(citation: Citation, answer: Answer, sources: Sources) -> Iterator[str]:
    source = sources.get(citation.document)
    if not source.sha256:
        yield f"{citation.document!r}: {source.fault}"
    elif source.sha256 != citation.sha256:
        yield f"{citation.document!r} on disk is not the file that was cited"
    elif source.fault:
        yield f"{citation.document!r}: {source.fault}"
    elif not 0 <= citation.start < citation.end:
        yield f"has no span: {citation.start}-{citation.end}"
    elif source.text[citation.start : citation.end] != citation.quote:
        yield f"the text of {citation.document!r} at {citation.start}-{citation.end} is not the quote"
    if not _at_its_sentence(citation, answer):
        yield f"the answer at {citation.answer_start}-{citation.answer_end} is no sentence that cites it"


def _at_its_sentence(citation: Citation, answer: Answer) -> bool:
    if not 0 <= citation.answer_start < citation.answer_end:
        return False
    part = answer.text[citation.answer_start : citation.answer_end]
    return any(part == said.text for said in answer.sentences if citation.number in said.citations)


def _markers(answer: Answer) -> set[int]:
    """The markers of the text, except bracketed numbers that a sentence only repeats from its source."""
    quoted = [
        (citation.answer_start, citation.answer_end, citation.quote)
        for citation in answer.citations
        if _at_its_sentence(citation, answer)
    ]
    return {
        int(match[1])
        for match in _MARKER.finditer(answer.text)
        if not any(a <= match.start() and match.end() <= b and match[0] in quote for a, b, quote in quoted)
    }


def is_on(citation: Citation, gold: Evidence) -> bool:
    """Whether a citation and a gold span overlap by at least half of the shorter of the two."""
    shorter = min(citation.end - citation.start, gold.end - gold.start)
    shared = overlap((citation.start, citation.end), (gold.start, gold.end))
    return citation.document == gold.doc and shorter > 0 and shared >= _OVERLAP * shorter
