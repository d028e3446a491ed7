"""A question and its conversation, as they are looked up: completed, in parts, with what was cited before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index import Filters, Index
from rag.conversation import Cited, History, asks_nothing, cited
from rag.generators import Generator, Output
from rag.parts import in_parts
from rag.rewrite import rewrite


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: as it was put, as it reads without its history, in parts, and where to look.

    Attributes:
        parts: Empty, if nothing is asked.
        put: Each of them before it was completed, as a follow-up is searched, too.
        rewriting: What a model said when it completed the question.
        cited: What earlier answers cited.
    """

    question: str
    query: str
    parts: Sequence[str]
    put: Sequence[str]
    filters: Filters | None
    rewriting: Sequence[Output] = ()
    cited: Sequence[Cited] = ()


def as_asked(
    question: str,
    checked: str,
    history: History,
    filters: Filters | None,
    index: Index,
    generator: Callable[[Index], Generator],
) -> Asked:
    """A question read with its conversation.

    Args:
        question: As it was put.
        checked: The same without needless space.
        generator: Opens what may complete a follow-up.
    """
    if asks_nothing(checked, history):
        return Asked(question, checked, (), (), filters)
    alone = rewrite(checked, history, generator(index))
    by_model = (alone.query, (), index) if alone.by_model else (checked, history, index)
    parts, put = zip(*in_parts(*by_model), strict=True)
    put = (checked,) if len(parts) == 1 and parts[0] == alone.query else put
    return Asked(question, alone.query, parts, put, filters, alone.outputs, cited(history))
