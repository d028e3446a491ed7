"""A question and its conversation, as they are looked up: completed, in parts, with what was cited before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index import Filters, Index
from rag.conversation import Cited, History, asks_nothing, cited
from rag.generators import Generator, Output
from rag.parts import split_question
from rag.rewrite import rewrite


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: as it was put, as it reads without its history, in parts, and where to look.

    Attributes:
        parts: Empty, if nothing is asked.
        rewriting: What a model said when it completed the question.
        cited: What earlier answers cited.
    """

    question: str
    query: str
    parts: Sequence[str]
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
        return Asked(question, checked, (), filters)
    alone = rewrite(checked, history, generator(index))
    by_model = (alone.query, (), index) if alone.by_model else (checked, history, index)
    return Asked(question, alone.query, split_question(*by_model), filters, alone.outputs, cited(history))
