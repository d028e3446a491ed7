"""A question and its conversation, as they are looked up: completed, in parts, with what was cited before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index import Chunk, Filters, Index
from index.words import content_terms, term_set
from rag.conversation import Cited, Given, History, asks_nothing, cited, given, standalone
from rag.follow_up import leans, names_another
from rag.generators import Generator, Note, Output
from rag.parts import MOST_PARTS, in_parts
from rag.rewrite import rewrite
from rag.sections import heading_path
from rag.topics import nouns

_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: as it was put, as it reads without its history, in parts, and where to look.

    Attributes:
        parts: Empty, if nothing is asked.
        put: Each of them before it was completed, as a follow-up is searched, too.
        left: Parts beyond those that are answered at once.
        rewriting: What a model said when it completed the question, and what to tell about its parts.
        cited: What earlier answers cited.
    """

    question: str
    query: str
    parts: Sequence[str]
    put: Sequence[str]
    filters: Filters | None
    rewriting: Sequence[Output] = ()
    cited: Sequence[Cited] = ()
    left: Sequence[str] = ()


def as_asked(
    question: str,
    checked: str,
    history: Given,
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
    history = as_heard(checked, given(history), index)
    if asks_nothing(checked, history):
        return Asked(question, checked, (), (), filters)
    alone = rewrite(checked, history, generator(index))
    by_model = (alone.query, (), index) if alone.by_model else (checked, history, index)
    parts, put = zip(*in_parts(*by_model), strict=True)
    put = (checked,) if len(parts) == 1 and parts[0] == alone.query else put
    told, left = alone.outputs, parts[MOST_PARTS:]
    if left:
        named = ", ".join(f"“{part}”" for part in left)
        told = (*told, Note(f"at most {MOST_PARTS} questions are answered at once; ask on its own: {named}"))
    parts, put = parts[:MOST_PARTS], put[:MOST_PARTS]
    return Asked(question, alone.query, parts, put, filters, told, cited(history), left)


def as_heard(question: str, history: History, index: Index) -> History:
    """The conversation, unless the question has nothing to do with it.

    "Who is the captain?" after a question about the warm-up is asked of the club: no passage that speaks of
    a captain speaks of most of the topic. "What about the festival budget?" is asked of a festival, too, if
    a document has both words. A verb that no document has ("When do we land?") names no other topic.
    """
    if not history or (leans(question) and not names_another(question)):
        return history
    own = content_terms(question)
    topic = set(content_terms(standalone(question, history))).difference(own)
    if not own or not topic:
        return history
    found = index.chunks_by_id([number for number, _ in index.matching(own, _LOOKED_AT)]).values()
    told = [(chunk.document, _said(chunk, index)) for chunk in found]
    if not told:
        return () if nouns(question) else history
    if any(2 * len(topic & terms) > len(topic) for _, terms in told):
        return history
    if leans(question):
        whole: dict[str, set[str]] = {}
        for document, terms in told:
            whole.setdefault(document, set()).update(terms)
        return () if any(held.issuperset(own) for held in whole.values()) else history
    return ()


def _said(chunk: Chunk, index: Index) -> frozenset[str]:
    """The terms of a passage and of the headings above it."""
    return term_set(chunk.text) | term_set(chunk.heading) | term_set(index.fact(heading_path, chunk.id))
