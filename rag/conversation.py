"""Follow-ups: a question that leans on the conversation is completed with its topic, without a model.

A pronoun, an opener such as "what about" or too few content words mark a dependent question, as in CANARD
(Elgohary et al. 2019, https://aclanthology.org/D19-1605/); the topic is the content words of the last
question that stood alone and of those since. Answers are not used, so what only an answer named cannot be
asked after by a pronoun.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from index.errors import UsageError
from index.words import content_terms
from rag.vocabulary import names_in

History = Sequence[Mapping[str, str]]

_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|one|ones"
    r"|former|latter|both|same|such|else|other|others|another)\b",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"^\W*(?:and|but|so|or|also|what about|how about)\b"
    r"|^\W*(?:what else|who else|where else|why not|which ones?|in that case|why|how|when|where|who)\W*$",
    re.IGNORECASE,
)
_FEW = 2
_TURNS = 10
_TOPIC_WORDS = 8
_LONGEST_TURN = 2000
_SURROGATE = re.compile("[\ud800-\udfff]")


def mended(text: str) -> str:
    """The text with U+FFFD for lone surrogates (bytes that are no text), which nothing encodes."""
    return _SURROGATE.sub("\ufffd", text)


def standalone(question: str, history: History) -> str:
    """The question, completed with the topic of the conversation if it does not stand alone.

    Raises:
        UsageError: A turn of the history is no mapping.
    """
    earlier = _questions(history or ())
    if not earlier or not depends(question):
        return question
    topic = _topic(earlier)
    present = set(content_terms(question))
    new = [word for word in topic if not set(content_terms(word)) & present]
    return f"{question} ({' '.join(new)})" if new else question


def depends(question: str) -> bool:
    """Whether a question leans on what was said before."""
    if _PRONOUN.search(question) or _OPENER.search(question):
        return True
    return len(content_terms(question)) <= _FEW and not names_in(question)


def _questions(history: Iterable[object]) -> list[str]:
    """What the user asked in the last turns; content that is no text (an image, nothing) is passed over."""
    asked: list[str] = []
    for turn in history:
        if not isinstance(turn, Mapping):
            kind = type(turn).__name__
            raise UsageError(f'a turn of the history is {{"role": …, "content": …}}, not {kind}')
        content = turn.get("content")
        if turn.get("role") == "user" and isinstance(content, str):
            asked.append(mended(content[:_LONGEST_TURN]))
    return asked[-_TURNS:]


def _topic(questions: Sequence[str]) -> list[str]:
    """The words that name the topic, from the last question that stood alone onwards."""
    start = max((at for at, asked in enumerate(questions) if not depends(asked)), default=0)
    words: list[str] = []
    for asked in questions[start:]:
        words.extend(re.findall(r"[^\W_]+(?:['’\-][^\W_]+)*", asked))
    return [word for word in dict.fromkeys(words) if content_terms(word)][:_TOPIC_WORDS]
