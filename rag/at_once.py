"""One question to a folder of documents, for who asks no second one."""

from pathlib import Path

from index import Filters
from rag.conversation import Given
from rag.generators import Generator
from rag.pipeline import Rag
from rag.records import Answer


def ask(
    question: str,
    docs: str | Path | None = None,
    *,
    index: str | Path | None = None,
    generator: str | Generator | None = None,
    history: Given = (),
    filters: Filters | None = None,
) -> Answer:
    """Answer one question from a folder of documents; see `Rag.open` and `Rag.ask`."""
    with Rag.open(docs, index=index, generator=generator) as rag:
        return rag.ask(question, history, filters)
