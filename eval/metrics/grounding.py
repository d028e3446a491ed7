"""Do the citations carry what is said? By the program's own lexical checker, and by figures and names alone.

"Supported" is lexical support, never a claim of truth; the checker's limits are those of `rag/ground.py`, and
the measures against labelled evidence in `citations.py` are the ones that do not use it.
"""

from collections.abc import Callable, Sequence

from eval.normal import contains, norm, numbers
from rag.records import Answer, Sentence, Support
from rag.vocabulary import names_in

Checker = Callable[[str, Sequence[str]], Support]
"""Support of a sentence by quotes: `Rag.support`."""


def faithfulness(answer: Answer) -> float | None:
    """Supported sentences over asserting sentences, as the answer itself says; None for an abstention."""
    asserting = _asserting(answer)
    held = [sentence.support.label == "supported" for sentence in asserting]
    return sum(held) / len(held) if held else None


def citation_recall(answer: Answer, support: Checker) -> float | None:
    """Asserting sentences that all their citations together support; without citations a sentence is 0.

    Method: ALCE, https://arxiv.org/abs/2305.14627, with the program's checker in place of a model.
    """
    asserting = _asserting(answer)
    held = [_holds(sentence, _quotes(answer, sentence.citations), support) for sentence in asserting]
    return sum(held) / len(held) if held else None


def citation_precision(answer: Answer, support: Checker) -> float | None:
    """Citations that are not beside the point, over all citations of asserting sentences.

    A citation counts if all citations of its sentence together support it, and not (it alone fails while the
    others still support). None where nothing is cited. Method: ALCE, as above.
    """
    good = total = 0
    for sentence in _asserting(answer):
        total += len(sentence.citations)
        if not _holds(sentence, _quotes(answer, sentence.citations), support):
            continue
        for number in sentence.citations:
            others = [other for other in sentence.citations if other != number]
            alone = _holds(sentence, _quotes(answer, [number]), support)
            good += alone or not _holds(sentence, _quotes(answer, others), support)
    return good / total if total else None


def unsupported_figures(answer: Answer) -> float | None:
    """Numbers of the answer that its cited text lacks, over all its numbers, compared by value."""
    return _absent(answer, numbers, lambda cited, figure: figure in numbers(cited))


def unsupported_names(answer: Answer) -> float | None:
    """Capitalised words inside sentences that the cited text lacks, over all of them."""
    return _absent(answer, _names, contains)


def _absent(
    answer: Answer, find: Callable[[str], Sequence[str]], holds: Callable[[str, str], bool]
) -> float | None:
    found: list[bool] = []
    for sentence in answer.sentences:
        cited = "\n".join(_quotes(answer, sentence.citations))
        verbatim = sentence.text in cited  # what most answers are; then there is nothing to look up
        found += [verbatim or holds(cited, item) for item in find(sentence.text)]
    return found.count(False) / len(found) if found else None


def _names(text: str) -> list[str]:
    return [name for name in names_in(text) if norm(name) and not numbers(name)]


def _asserting(answer: Answer) -> list[Sentence]:
    return [sentence for sentence in answer.sentences if sentence.support.label != "not_applicable"]


def _quotes(answer: Answer, cited: Sequence[int]) -> list[str]:
    return [citation.quote for citation in answer.citations if citation.number in cited]


def _holds(sentence: Sentence, quotes: Sequence[str], support: Checker) -> bool:
    return bool(quotes) and support(sentence.text, quotes).label == "supported"
