"""Cited files that are no longer what was indexed: an answer from them may be out of date, and says so."""

from collections.abc import Iterator, Sequence

from index import Index
from index.freshness import Freshness
from rag.records import Citation

_BECAME = {"changed": "has changed", "removed": "has been deleted"}


def outdated(citations: Sequence[Citation], index: Index, looked: Freshness) -> Iterator[str]:
    """One sentence for each cited document whose file has gone or changed.

    Args:
        looked: Remembers what was seen of the files.
    """
    cited: dict[tuple[str, str], list[int]] = {}
    for citation in citations:
        cited.setdefault((citation.document, citation.sha256), []).append(citation.number)
    for (document, sha256), numbers in cited.items():
        became = _BECAME.get(looked.state(index, document, sha256))
        if became:
            told = "".join(f"[{number}]" for number in numbers)
            yield (
                f"{told} {document} {became} since it was indexed; "
                f"bring the index up to date with: rag index {index.documents_folder}"
            )
