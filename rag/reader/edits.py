"""Unanswerable questions made from answerable ones, and passages without their answer.

SQuAD 2.0 (Rajpurkar, Jia and Liang 2018, https://aclanthology.org/P18-2124/) names the ways in which people
wrote theirs: another name or number, an antonym, a negation, a condition that is not met. The words put in
are kept, so that the network learns which part of a question a passage leaves open.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from index.records import Span
from index.words import content_terms
from rag.opposites import PAIRS
from rag.reader.examples import Example, sentences_of

_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w’'-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
_WORD = re.compile(r"[^\W\d_]{4,}")
OPPOSITES: dict[str, list[str]] = {}
for _pair in (*PAIRS, "same|different"):
    _one, _other = _pair.split("|")
    OPPOSITES.setdefault(_one, []).append(_other)
    OPPOSITES.setdefault(_other, []).append(_one)
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|did|does|do|can|could|has|have|had|will|would|should)\b")


def edited(example: Example, others: Sequence[str], chance: random.Random) -> Example | None:
    """The question with one of its words changed so that the passage no longer answers it.

    Args:
        others: Questions of the same topic; names and words are borrowed from them and from the passage.
    """
    makers = [_renamed, _renumbered, _opposite, _reworded, _negated]
    chance.shuffle(makers)
    makers.sort(key=lambda maker: maker is _negated and chance.random() < 0.7)
    for maker in makers:
        made = maker(example, others, chance)
        if made is not None:
            question, at = made
            return replace(
                example,
                question=question,
                spans=(),
                unmet=(at,),
                source=f"{example.source}+{maker.__name__[1:]}",
            )
    return None


def without_answer(example: Example) -> Example | None:
    """The passage without the sentences that hold the answer; None if little is left."""
    held = [
        s
        for s in sentences_of(example.passage)
        if any(s.start < a.end and a.start < s.end for a in example.spans)
    ]
    rest = [s for s in sentences_of(example.passage) if s not in held]
    answers = {example.passage[a.start : a.end].lower() for a in example.spans}
    text = " ".join(example.passage[s.start : s.end] for s in rest)
    if len(rest) < 2 or any(answer in text.lower() for answer in answers):
        return None
    return replace(example, passage=text, spans=(), source=f"{example.source}+removed")


def _renamed(example: Example, others: Sequence[str], chance: random.Random) -> tuple[str, Span] | None:
    found = list(_NAME.finditer(example.question))
    if not found:
        return None
    old = chance.choice(found)
    asked = example.question.lower()
    nearer = [m.group() for m in _NAME.finditer(example.passage)]
    further = [
        m.group()
        for other in chance.sample(list(others), min(12, len(others)))
        for m in _NAME.finditer(other)
    ]
    pool = nearer if nearer and chance.random() < 0.6 else further
    fitting = sorted(
        {name for name in pool if name.lower() not in asked and old.group().lower() not in name.lower()}
    )
    return _put(example.question, old, chance.choice(fitting)) if fitting else None


def _renumbered(example: Example, others: Sequence[str], chance: random.Random) -> tuple[str, Span] | None:
    found = list(_NUMBER.finditer(example.question))
    if not found:
        return None
    old = chance.choice(found)
    size = len(old.group())
    held = sorted(
        {m.group() for m in _NUMBER.finditer(example.passage) if len(m.group()) == size} - {old.group()}
    )
    if held and chance.random() < 0.5:
        return _put(example.question, old, chance.choice(held))
    digits = old.group().replace(",", "")
    if not digits.isdigit():
        return None
    value = int(digits)
    near = value + chance.choice([-1, 1]) * chance.randint(1, max(2, min(value // 20, 40)))
    return _put(example.question, old, str(abs(near)))


def _opposite(example: Example, others: Sequence[str], chance: random.Random) -> tuple[str, Span] | None:
    found = [m for m in re.finditer(r"\b[a-z]+\b", example.question) if m.group() in OPPOSITES]
    if not found:
        return None
    old = chance.choice(found)
    return _put(example.question, old, chance.choice(OPPOSITES[old.group()]))


def _reworded(example: Example, others: Sequence[str], chance: random.Random) -> tuple[str, Span] | None:
    """Another content word, from a question of the same topic, where the passage meets the old one."""
    kept = set(content_terms(example.passage))
    found = [
        m
        for m in _WORD.finditer(example.question)
        if m.group().islower() and set(content_terms(m.group())) & kept and m.group() not in OPPOSITES
    ]
    if not found or not others:
        return None
    old = chance.choice(found)
    ending = old.group()[-2:]
    asked = example.question.lower()
    pool = {
        m.group()
        for other in chance.sample(list(others), min(25, len(others)))
        for m in _WORD.finditer(other)
        if m.group().islower() and content_terms(m.group()) and m.group() not in asked
    }
    alike = sorted(word for word in pool if word.endswith(ending)) or sorted(pool)
    return _put(example.question, old, chance.choice(alike)) if alike else None


def _negated(example: Example, others: Sequence[str], chance: random.Random) -> tuple[str, Span] | None:
    found = _AUXILIARY.search(example.question)
    if found is None or " not " in example.question or found.start() == 0:
        return None
    at = found.end()
    return f"{example.question[:at]} not{example.question[at:]}", Span(at + 1, at + 4)


def _put(question: str, old: re.Match[str], new: str) -> tuple[str, Span]:
    return question[: old.start()] + new + question[old.end() :], Span(old.start(), old.start() + len(new))
