"""A follow-up rewritten by the generator's model, where it has one and the rewriting can be trusted.

The conversation is untrusted, and models embroider: a rewriting counts only if every name and number in it
was named by somebody, and none of the question's own is lost. Otherwise the question is completed
without a model.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.decode import mended
from index.words import content_terms, terms
from rag.conversation import History, standalone
from rag.generators import Completer, Generator, Note, Output
from rag.generators.prompts import rewrite_prompt
from rag.vocabulary import names_in

_TURNS = 6
_LONGEST_TURN = 1000
_LONGEST = 400
_LEAST_KEPT = 0.5
_LABEL = re.compile(r"^\s*(?:question|rewritten(?: question)?|q)\s*:\s*", re.IGNORECASE)
_FIRST = re.compile(r"[^\W_]+")
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
    """Whether a rewriting is a short question that names nothing new and still asks what was asked."""
    first = _FIRST.search(asked)
    opens = first is not None and first.group().lower() in _OPENERS
    if not (asked.endswith("?") or opens) or len(asked) > max(_LONGEST, 2 * len(question)):
        return False
    known, kept = set(terms(f"{question} {said}")), set(terms(asked))
    named = list(names_in(asked))
    if first and not opens:  # it has a capital whatever it is, so it may be a name
        named.append(first.group())
    own = set(content_terms(question))
    return (
        all(set(terms(name)) <= known for name in named)
        and all(set(terms(name)) <= kept for name in names_in(question))
        and len(own & kept) >= _LEAST_KEPT * len(own)
    )


def _turns(history: History) -> list[str]:
    """The last turns as lines; what is no text is passed over."""
    turns: list[str] = []
    for turn in history or ():
        if isinstance(turn, Mapping) and isinstance(content := turn.get("content"), str):
            speaker = "Question" if turn.get("role") == "user" else "Answer"
            turns.append(f"{speaker}: {mended(content[:_LONGEST_TURN])}")
    return turns[-_TURNS:]
