"""A follow-up rewritten by the generator's model, where it has one and the rewriting can be trusted.

The conversation is untrusted, and models embroider: a rewriting counts only if every word in it that carries
matter was said by somebody, a "not" only where it stood, and no name or "not" of the question is lost.
Otherwise the question is completed without a model.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from index.decode import mended
from index.words import content_terms, terms
from rag.conversation import History, standalone
from rag.generators import Completer, Generator, Note, Output
from rag.generators.prompts import rewrite_prompt
from rag.negation import polarity
from rag.vocabulary import names_in

_TURNS = 6
_LONGEST_TURN = 1000
_LONGEST = 400
_LEAST_KEPT = 0.5
_LABEL = re.compile(r"^\s*(?:question|rewritten(?: question)?|q)\s*:\s*", re.IGNORECASE)
_FIRST = re.compile(r"[^\W_]+")
_SENTENCES = re.compile(r"(?<=[.!?])\s|\n")
_ASKING = "name list tell explain describe kind sort type call mean happen reason cause place time date year"
_OPENERS = frozenset(
    """who whom whose what which when where why how did do does is are was were has have had can could will
    would should may might in at on for from to of by with about the a an name list tell explain describe
    """.split()
)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A question as it is searched, and what to tell about how it came about."""

    query: str
    outputs: tuple[Output, ...] = ()
    by_model: bool = False


def rewrite(question: str, history: History, generator: Generator) -> Rewritten:
    """The question, made to stand alone if it leans on the conversation.

    Raises:
        UsageError: A turn of the history is no mapping.
        GeneratorError: The model gave no reply.
    """
    plain = standalone(question, history)
    if plain == question or not isinstance(generator, Completer):
        return Rewritten(plain)
    turns = _turns(history)
    reply = generator.complete(rewrite_prompt(question, turns))
    line = next((line for line in reply.text.splitlines() if line.strip()), "")
    asked = " ".join(_LABEL.sub("", mended(line)).strip().strip("\"'“”`*").split())
    if accepted(asked, question, " ".join(turns)):
        return Rewritten(asked, (reply.usage,), by_model=True)
    note = Note(f"{generator.name} rewrote the question into something that nobody asked; done without it")
    return Rewritten(plain, (reply.usage, note))


def accepted(asked: str, question: str, said: str) -> bool:
    """Whether a rewriting is a short question that holds nothing new and still asks what was asked."""
    first = _FIRST.search(asked)
    opens = first is not None and first.group().lower() in _OPENERS
    if not (asked.endswith("?") or opens) or len(asked) > max(_LONGEST, 2 * len(question)):
        return False
    known, kept = set(terms(f"{question} {said}")), set(terms(asked))
    own = set(content_terms(question))
    return (
        set(content_terms(asked)) <= known | _of_asking()
        and all(set(terms(name)) <= known for name in names_in(asked))
        and all(set(terms(name)) <= kept for name in names_in(question))
        and len(own & kept) >= _LEAST_KEPT * len(own)
        and _denies_the_same(asked, question, said)
    )


def _denies_the_same(asked: str, question: str, said: str) -> bool:
    """Whether a rewriting denies what the question does, and nothing that nobody denied."""
    ours, theirs = polarity(asked), polarity(question)
    denied = theirs.denied.union(*(polarity(sentence).denied for sentence in _SENTENCES.split(said)))
    if theirs.count and not ours.count:
        return False
    return not ours.count or not ours.denied or bool(ours.denied & denied)


@cache
def _of_asking() -> frozenset[str]:
    """Terms that a question may be worded with, whoever asks."""
    return frozenset(terms(_ASKING))


def _turns(history: History) -> list[str]:
    """The last turns as lines; what is no text is passed over."""
    turns: list[str] = []
    for turn in history or ():
        if isinstance(turn, Mapping) and isinstance(content := turn.get("content"), str):
            speaker = "Question" if turn.get("role") == "user" else "Answer"
            turns.append(f"{speaker}: {mended(content[:_LONGEST_TURN])}")
    return turns[-_TURNS:]
