"""Follow-ups: a question that leans on the conversation is completed with its topic, without a model.

A pronoun, an opener such as "what about" or too few content words mark a dependent question, as in CANARD
(Elgohary et al. 2019, https://aclanthology.org/D19-1605/). The topic is what the last question that stood
alone named, or the title of the document cited last. A pronoun is replaced where exactly one name fits;
"he" and "she" may be whom an answer named. Answers and titles are untrusted: they lend names and titles as
words to search for, and nothing else of them is read. Not covered: what a noun such as "the city" stands
for, and "they" for two things named one after the other.
"""

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.errors import UsageError
from index.words import STOP_WORDS, content_terms
from rag.topics import WORD, names, nouns, subjects_in
from rag.values import asked_kind, values
from rag.vocabulary import names_in

History = Sequence[Mapping[str, Any]]

NOTHING_ASKED = "That asks nothing the documents could answer. Ask a question about them."
ROLES = ("user", "assistant")
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
_INSTEAD = re.compile(
    r"^\W*(?:(?:and|but|or|so)\s+)?(?:what about|how about|and|or)\s+(?P<rest>.+?)[\s?.!]*$", re.I
)
_VERBAL = re.compile(
    r"\b(?:who|what|when|where|which|why|how|is|are|was|were|do|does|did|has|have|had|can|could|will|would"
    r"|should)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:he|she|him|her|his)\b", re.IGNORECASE)
_THING = re.compile(r"\b(?:it|its)\b", re.IGNORECASE)
_JOINED = re.compile(
    r"[,;]?\s+and\s+(?=(?:who|what|when|where|which|why|how|is|are|was|does|did|do)\b)", re.I
)
_SMALL_TALK = re.compile(
    r"\W*(?:(?:ok(?:ay)?|yes|no|yep|nope|sure|right|great|nice|cool|good|fine|perfect|thanks?(?: you)?|cheers"
    r"|hello|hi|hey|good (?:morning|afternoon|evening|night)|bye|goodbye|see you|please|well|wow|hm+|ah|oh"
    r"|i see|got it|(?:that'?s )?(?:great|helpful|interesting|all)|(?:so|very) much|a lot|again|there|then"
    r"|how are you(?: doing)?(?: today)?|who are you|what(?:'s| is) up)(?:\W+|$))+",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1\d{3}|20\d{2})\b")
_FEW = 2
_TURNS = 10
_LOOKED_AT = 4 * _TURNS
_TOPIC_WORDS = 5
_LONGEST_TURN = 2000
_LONGEST_TITLE = 5
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Turn:
    """What was asked, and what was said to it."""

    question: str
    answer: str = ""
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Topic:
    """What the conversation is about after some turns.

    Attributes:
        asked: The last question, completed.
        subjects: The names that the last question to stand alone was about.
        words: What else it was about.
        answer: What was said to the last question.
        title: Of the one document cited last, if it is short as the name of a thing and no headline.
    """

    asked: str = ""
    subjects: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    answer: str = ""
    title: str = ""


def mended(text: str) -> str:
    """The text with U+FFFD for lone surrogates (bytes that are no text), which nothing encodes."""
    return _SURROGATE.sub("\ufffd", text)


def standalone(question: str, history: History) -> str:
    """The question, completed with the topic of the conversation if it does not stand alone.

    Args:
        history: Earlier turns, oldest first, as {"role": "user" or "assistant", "content": text}; a turn of
            the assistant may have "titles", those of the documents it cited.

    Raises:
        UsageError: A turn of the history is no mapping, or of another role.
    """
    turns = _turns(history or ())
    if not turns or not depends(question) or (_SMALL_TALK.fullmatch(question) and not _offered(turns)):
        return question
    topic = _Topic()
    for turn in turns:
        topic = _after(topic, turn)
    return _completed(question, topic)


def depends(question: str) -> bool:
    """Whether a question leans on what was said before."""
    pronoun = _PRONOUN.search(question)
    if pronoun and (joined := _JOINED.search(question)) and joined.start() < pronoun.start():
        pronoun = (
            None if nouns(question[: joined.start()]) else pronoun
        )  # "What is CBT and how does it work?"
    if pronoun or _OPENER.search(question):
        return True
    return len(content_terms(question)) <= _FEW and not names_in(question)


def asks_nothing(text: str, history: History = ()) -> bool:
    """Whether it is a greeting, thanks or a nod, and no "yes" to a question of the assistant's.

    Raises:
        UsageError: A turn of the history is no mapping, or of another role.
    """
    turns = _turns(history or ())
    return _SMALL_TALK.fullmatch(text) is not None and not _offered(turns)


def _offered(turns: Sequence[_Turn]) -> bool:
    return bool(turns) and turns[-1].answer.rstrip().endswith("?")


def _turns(history: Iterable[object]) -> list[_Turn]:
    """The last turns; content that is no text (an image, nothing) is passed over, and so is small talk."""
    kept = deque((_checked(turn) for turn in history), maxlen=_LOOKED_AT)
    turns: list[_Turn] = []
    for turn in kept:
        content = turn.get("content")
        text = mended(content[:_LONGEST_TURN]) if isinstance(content, str) else ""
        if turn.get("role") == "user" and content_terms(text) and not _SMALL_TALK.fullmatch(text):
            turns.append(_Turn(text))
        elif turn.get("role") == "assistant":
            last = turns.pop() if turns else _Turn("")
            turns.append(_Turn(last.question, text, _titles(turn.get("titles"))))
    return turns[-_TURNS:]


def _checked(turn: object) -> Mapping[str, Any]:
    if not isinstance(turn, Mapping):
        kind = type(turn).__name__
        raise UsageError(f'a turn of the history is {{"role": …, "content": …}}, not {kind}')
    role = turn.get("role")
    if role is not None and role not in ROLES:
        raise UsageError(f"a turn of the history has the role {role!r}; it is one of {', '.join(ROLES)}")
    return turn


def _titles(given: object) -> tuple[str, ...]:
    found = given if isinstance(given, (list, tuple)) else ()
    return tuple(mended(title[:_LONGEST_TURN]) for title in found if isinstance(title, str) and title.strip())


def _after(topic: _Topic, turn: _Turn) -> _Topic:
    """The topic once a turn is over."""
    asked, subjects, words, title = topic.asked, topic.subjects, topic.words, topic.title
    if turn.question:
        own = tuple(name.text for name in subjects_in(turn.question))
        if not depends(turn.question):
            fresh = (*own, *nouns(turn.question))
            shares = _shares(turn.question, words)
            asked, subjects, words = turn.question, own, (*fresh, *words) if shares else fresh
            title = title if shares else ""
        else:
            asked = _completed(turn.question, topic)
            if own and _instead(turn.question):
                subjects = words = own
            else:
                words = (*words, *own) if words else nouns(turn.question)
    if turn.titles:
        named = len(set(turn.titles)) == 1 and len(turn.titles[0].split()) <= _LONGEST_TITLE
        title = turn.titles[0] if named else ""
    return _Topic(asked, subjects, tuple(dict.fromkeys(words)), turn.answer, title)


def _shares(question: str, words: Iterable[str]) -> bool:
    """Whether a question speaks of the topic, or of something new."""
    return not set(content_terms(question)).isdisjoint(content_terms(" ".join(words)))


def _completed(question: str, topic: _Topic) -> str:
    """The question with what it leans on: another name for the old, a pronoun's name, or the topic."""
    if swapped := _swapped(question, topic):
        return swapped
    said = _person_said(topic)
    if topic.title and not (said and _PERSONAL.search(question)):
        return _with(question, (topic.title,))
    if _PERSONAL.search(question):
        if person := said or _person_asked(topic):
            return _named(question, _PERSONAL, person)
    elif len(topic.subjects) == 1 and _THING.search(question):
        return _named(question, _THING, topic.subjects[0])
    if _instead(question) or not content_terms(question):
        return _with(question, [word.group() for word in WORD.finditer(topic.asked)])
    return _with(question, topic.words)


def _person_said(topic: _Topic) -> str:
    """Whom the answer to "who …?" named, if it was one person only."""
    if asked_kind(topic.asked) != "person":
        return ""
    known = set(content_terms(topic.asked))
    found = {v.text for v in values(topic.answer, "person") if not set(content_terms(v.text)) <= known}
    return next(iter(found)) if len(found) == 1 else ""


def _person_asked(topic: _Topic) -> str:
    """Whom the last questions were about, if that can be one person only."""
    found = {value.text for value in values(topic.asked, "person")} or set(topic.subjects)
    return next(iter(found)) if len(found) == 1 else ""


def _named(question: str, pronouns: re.Pattern[str], name: str) -> str:
    """The question with a name for its pronouns, unless it has the name already."""
    if set(content_terms(name)) <= set(content_terms(question)):
        return question
    return pronouns.sub(lambda match: name + "'s" * _is_possessive(match), question)


def _is_possessive(pronoun: re.Match[str]) -> bool:
    following = re.match(r"\s+([^\W_]+)", pronoun.string[pronoun.end() :])
    owns = following is not None and following[1].lower() not in STOP_WORDS
    return pronoun.group().lower() in ("his", "its", "their") or (pronoun.group().lower() == "her" and owns)


def _swapped(question: str, topic: _Topic) -> str:
    """The last question about another: "And Alpha?" after "When did Beta start?"."""
    rest = _instead(question)
    if rest and len(new := _YEAR.findall(rest)) == 1 == len(_YEAR.findall(topic.asked)):
        return _YEAR.sub(new[0], topic.asked)
    if not rest or not names(rest, first=False):
        return ""
    whole = rest.split()[-1].islower()  # "the Ashford bridge" is for "the Quillmere bridge", not "Quillmere"
    old = subjects_in(topic.asked) if whole else names(topic.asked)
    if len(old) != 1:
        return ""
    before = topic.asked[: old[0].start]
    if before.lower().endswith("the "):
        rest = re.sub(r"^the\s+", "", rest, flags=re.IGNORECASE)
    return before + rest + topic.asked[old[0].end :]


def _instead(question: str) -> str:
    match = _INSTEAD.match(question)
    return match["rest"] if match and not _VERBAL.search(match["rest"]) else ""


def _with(question: str, words: Sequence[str]) -> str:
    """The question and what it lacks of some words, in brackets."""
    present = set(content_terms(question))
    each = [word for written in words for word in written.split()]
    new = [word for word in each if (own := set(content_terms(word))) and not own <= present]
    new = list(dict.fromkeys(new))[:_TOPIC_WORDS]
    return f"{question} ({' '.join(new)})" if new else question
