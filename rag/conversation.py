"""The conversation before a question: read with distrust, and used to make a follow-up stand alone.

No model: a pronoun, an opener such as "what about" or too few content words mark a dependent question, as in
CANARD (Elgohary et al. 2019, https://aclanthology.org/D19-1605/), and `rag/follow_up.py` completes it.
Answers and titles are untrusted: they lend names as words to search for, and nothing else of them is read.
"""

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.decode import mended
from index.errors import QuestionError, UsageError
from index.unseen import visible
from index.words import content_terms
from rag.follow_up import Topic, Turn, after, completed, depends

History = Sequence[Mapping[str, Any]]
Given = Iterable[Mapping[str, Any]]
"""A history as a caller may pass it in."""

NOTHING_ASKED = "That asks nothing the documents could answer. Ask a question about them."
ROLES = ("user", "assistant")
_SMALL_TALK = re.compile(
    r"\W*(?:(?:ok(?:ay)?|yes|no|yep|nope|sure|right|great|nice|cool|good|fine|perfect|thanks?(?: you)?|cheers"
    r"|hello|hi|hey|good (?:morning|afternoon|evening|night)|bye|goodbye|see you|please|well|wow|hm+|ah|oh"
    r"|i see|got it|that'?s (?:great|helpful|interesting|all)|helpful|interesting|all"
    r"|thx|ty|thank u|thanks? for (?:your|the) (?:help|answer)|that helps|lol|good job|well done|no problem"
    r"|(?:so|very) much|a lot|again|there|then"
    r"|how are you(?: doing)?(?: today)?|who are you|what(?:'s| is) up)(?:\W+|$))+",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\w")
_TURNS = 10
_LOOKED_AT = 4 * _TURNS
_LONGEST_TURN = 2000
_MOST_CITED = 20


def checked(question: str, longest: int) -> str:
    """The question with single spaces and without what cannot be seen.

    Raises:
        QuestionError: It is no text, empty, or has more than `longest` characters.
    """
    if not isinstance(question, str):
        raise QuestionError(f"the question is {type(question).__name__} and no text; ask with a string")
    if not question.strip():
        raise QuestionError("the question is empty; ask something")
    if len(question) > longest:
        raise QuestionError(f"the question has {len(question)} characters; at most {longest} are searched")
    return " ".join(visible(mended(question)).split())


def given(history: object) -> History:
    """The turns of a conversation as they were passed in: any iterable is read once, None is none.

    Raises:
        UsageError: It is no iterable of turns, or a turn is no mapping, or of another role.
    """
    if history is None:
        return ()
    if isinstance(history, str | bytes | Mapping) or not isinstance(history, Iterable):
        kind = type(history).__name__
        raise UsageError(f'the history is a list of turns, [{{"role": "user", "content": …}}], not {kind}')
    return tuple(_checked(turn) for turn in history)


def standalone(question: str, history: History) -> str:
    """The question, completed with the topic of the conversation if it does not stand alone.

    Args:
        history: Earlier turns, oldest first, as {"role": "user" or "assistant", "content": text}; a turn of
            the assistant may have the "citations" of its answer, or the "titles" of what it cited.

    Raises:
        UsageError: A turn of the history is no mapping, or of another role.
    """
    turns = _turns(history or ())
    if not turns or not depends(question) or (_SMALL_TALK.fullmatch(question) and not _offered(turns)):
        return question
    topic = Topic()
    for turn in turns:
        topic = after(topic, turn)
    return completed(question, topic)


@dataclass(frozen=True, slots=True)
class Cited:
    """A place that the last answer cited."""

    document: str
    start: int
    end: int


def cited(history: History) -> tuple[Cited, ...]:
    """What the last answer of a conversation cited; what is no citation is passed over.

    Raises:
        UsageError: A turn of the history is no mapping, or of another role.
    """
    turns = deque((_checked(turn) for turn in history or ()), maxlen=_LOOKED_AT)
    last = next((turn for turn in reversed(turns) if turn.get("role") == "assistant"), None)
    found = (_cited(one) for one in _listed(last.get("citations") if last else None))
    return tuple(one for one in found if one is not None)[:_MOST_CITED]


def _cited(given: object) -> Cited | None:
    if not isinstance(given, Mapping):
        return None
    document, start, end = given.get("document"), given.get("start"), given.get("end")
    if not isinstance(document, str) or type(start) is not int or type(end) is not int:
        return None
    return Cited(document, start, end)


def asks_nothing(text: str, history: History = ()) -> bool:
    """Whether it is a greeting, thanks or a nod, and no "yes" to a question of the assistant's.

    Raises:
        UsageError: A turn of the history is no mapping, or of another role.
    """
    turns = _turns(history or ())
    nothing = _SMALL_TALK.fullmatch(text) is not None or not _LETTER.search(text)
    return nothing and not _offered(turns)


def _offered(turns: Sequence[Turn]) -> bool:
    return bool(turns) and turns[-1].answer.rstrip().endswith("?")


def _turns(history: Iterable[object]) -> list[Turn]:
    """The last turns; content that is no text (an image, nothing) is passed over, and so is small talk."""
    kept = deque((_checked(turn) for turn in history), maxlen=_LOOKED_AT)
    turns: list[Turn] = []
    for turn in kept:
        content = turn.get("content")
        text = mended(" ".join(content[:_LONGEST_TURN].split())) if isinstance(content, str) else ""
        if turn.get("role") == "user" and content_terms(text) and not _SMALL_TALK.fullmatch(text):
            turns.append(Turn(text))
        elif turn.get("role") == "assistant":
            last = turns.pop() if turns else Turn("")
            turns.append(Turn(last.question, text, _titles(turn)))
    return turns[-_TURNS:]


def _checked(turn: object) -> Mapping[str, Any]:
    if not isinstance(turn, Mapping):
        kind = type(turn).__name__
        raise UsageError(f'a turn of the history is {{"role": …, "content": …}}, not {kind}')
    role = turn.get("role")
    if role is not None and role not in ROLES:
        raise UsageError(f"a turn of the history has the role {role!r}; it is one of {', '.join(ROLES)}")
    return turn


def _titles(turn: Mapping[str, Any]) -> tuple[str, ...]:
    given = _listed(turn.get("titles"))
    if not given:
        each = (one.get("title") for one in _listed(turn.get("citations")) if isinstance(one, Mapping))
        given = tuple(each)
    return tuple(mended(title[:_LONGEST_TURN]) for title in given if isinstance(title, str) and title.strip())


def _listed(given: object) -> tuple[object, ...]:
    return tuple(given) if isinstance(given, (list, tuple)) else ()
