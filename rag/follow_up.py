"""A follow-up and the topic it leans on: which questions do, and how the topic completes them.

The topic is what the last question that stood alone named, or the title of the document cited last, if that
is the name of something. A pronoun is replaced where exactly one name fits: "he" and "she" by what may be a
person, whom an answer may have named, and "it" by what is none. Not covered: what a noun such as "the city"
stands for, and "they" for two things named one after the other.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.words import STOP_WORDS, content_terms
from rag.topics import WORD, may_be_person, names, nouns, subjects_in
from rag.values import asked_kind, values
from rag.vocabulary import names_in

_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|one|ones"
    r"|former|latter|both|same|such|else|other|others|another)\b",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"^\W*(?:and|but|so|or|also|what about|how about)\b"
    r"|^\W*(?:what else|who else|where else|why not|which ones?|in that case|why|how|when|where|who)\W*$"
    r"|^\W*(?:(?:some|any|more|further) )*"
    r"(?:more|details?|examples?|information|info|explain|elaborate|go on)(?: please)?\W*$",
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
_SMALL = re.compile(r"(to|from|in|at|for|by|on|with|of|near)\s+(?=\S)", re.IGNORECASE)
_SMALL_BEFORE = re.compile(r"\s+(?:to|from|in|at|for|by|on|with|of|near)\s+(?:the\s+)?$", re.IGNORECASE)
_ANOTHER_ONE = re.compile(r"\b(?:the|an?)\s+(?P<new>[a-z][\w’'-]*)\s+ones?\b", re.IGNORECASE)
_DESCRIBED = re.compile(r"\b(?:the|an?)\s+(?P<old>[a-z][\w’'-]*)\s+(?P<noun>[a-z][\w’'-]*)")
_YEAR = re.compile(r"\b(?:1\d{3}|20\d{2})\b")
# Who speaks of "us" goes on, if there is little else in the question.
_OF_US = re.compile(r"\b(?:[Ww]e|us|[Oo]urs?)\b")
_FEW = 1
_FEW_OF_US = 2
_TOPIC_WORDS = 5
_LONGEST_TITLE = 5
# A title with one of these says what kind of document it is, not what it is about.
_PAPERS = frozenset(
    """handbook register policy policies rules minutes report newsletter notice guide manual list schedule
    timetable fares statement memo letter faq overview introduction summary notes terms conditions post mail
    budget appendix agenda roster records log index glossary contents draft""".split()
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked, and what was said to it."""

    question: str
    answer: str = ""
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """What the conversation is about after some turns.

    Attributes:
        asked: The last question, completed.
        subjects: The names that the last question to stand alone was about.
        words: What else it was about.
        answer: What was said to the last question.
        title: Of the one document cited last, if it is short as the name of a thing and no headline.
        described: How the last question to stand alone described one thing: "quick", of "the quick train".
    """

    asked: str = ""
    subjects: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    answer: str = ""
    title: str = ""
    described: str = ""


def depends(question: str) -> bool:
    """Whether a question leans on what was said before, or is so short that it may."""
    most = _FEW_OF_US if _OF_US.search(question) else _FEW
    return leans(question) or (len(content_terms(question)) <= most and not _named_in(question))


def _named_in(question: str) -> bool:
    return any(content_terms(name) for name in names_in(question))  # "I" is no name


def names_another(question: str) -> bool:
    """Whether it is "What about …?" with a topic of its own, of two words that are no names."""
    rest = _instead(question)
    several = len(content_terms(rest)) > _FEW and not _PRONOUN.search(question)
    return bool(rest) and several and not _named_in(f"about {rest}")


def leans(question: str) -> bool:
    """Whether the wording of a question says that it leans on what was said before."""
    pronoun = _PRONOUN.search(question)
    if pronoun and (joined := _JOINED.search(question)) and joined.start() < pronoun.start():
        pronoun = (
            None if nouns(question[: joined.start()]) else pronoun
        )  # "What is CBT and how does it work?"
    return bool(pronoun or _OPENER.search(question))


def after(topic: Topic, turn: Turn) -> Topic:
    """The topic once a turn is over."""
    asked, subjects, words, title = topic.asked, topic.subjects, topic.words, topic.title
    described = topic.described
    if turn.question:
        described = described if words and depends(turn.question) else _described(turn.question)
        own = tuple(name.text for name in subjects_in(turn.question))
        if not depends(turn.question):
            fresh = (*own, *nouns(turn.question))
            shares = _shares(turn.question, words)
            asked, subjects, words = turn.question, own, (*fresh, *words) if shares else fresh
            title = title if shares else ""
        else:
            asked = completed(turn.question, topic)
            if own and _instead(turn.question):
                subjects = words = own
            else:
                words = (*words, *own) if words else nouns(turn.question)
    if turn.titles:
        worded = turn.titles[0].split()
        papers = _PAPERS.intersection(word.lower().strip(",.:;()") for word in worded)
        named = len(set(turn.titles)) == 1 and len(worded) <= _LONGEST_TITLE and not papers
        title = turn.titles[0] if named else ""
    return Topic(asked, subjects, tuple(dict.fromkeys(words)), turn.answer, title, described)


def _described(question: str) -> str:
    """The word between an article and the noun it describes, if there is one such only."""
    known = set(nouns(question))
    found = [m for m in _DESCRIBED.finditer(question) if {m["old"], m["noun"]} <= known]
    return found[0]["old"] if len(found) == 1 else ""


def _shares(question: str, words: Iterable[str]) -> bool:
    """Whether a question speaks of the topic, or of something new."""
    return not set(content_terms(question)).isdisjoint(content_terms(" ".join(words)))


def completed(question: str, topic: Topic) -> str:
    """The question with what it leans on: another name for the old, a pronoun's name, or the topic."""
    if swapped := _swapped(question, topic):
        return swapped
    if topic.described and (other := _ANOTHER_ONE.search(question)) and content_terms(other["new"]):
        return _of_another(question, topic)
    titled = _titled(topic)
    if _PERSONAL.search(question):
        person = _person_said(topic)
        if titled and not person and may_be_person(titled):
            return _with(question, (titled,))
        if person := person or _person_asked(topic) or _person_told(topic):
            return _named(question, _PERSONAL, person)
    elif titled:
        return _with(question, (titled,))
    elif len(topic.subjects) == 1 and _THING.search(question) and not _is_person(topic.subjects[0], topic):
        return _named(question, _THING, topic.subjects[0])
    if _instead(question) or not content_terms(question):
        return _with(question, [word.group() for word in WORD.finditer(topic.asked)])
    return _with(question, topic.words)


def _of_another(question: str, topic: Topic) -> str:
    """ "And the slow one?" after a question about the quick train: all of it but "quick"."""
    asked = topic.asked if _instead(question) else " ".join(topic.words)
    return _with(question, [word.group() for word in WORD.finditer(asked) if word.group() != topic.described])


def _titled(topic: Topic) -> str:
    """The title, unless the questions were about something that has another name."""
    own = set(content_terms(" ".join(topic.subjects)))
    shared = own & set(content_terms(topic.title))
    return topic.title if not own or shared or _is_name(topic.title) else ""


def _is_name(title: str) -> bool:
    """Whether a title is written as names are: "Ilva Marn", not "Fleet in service"."""
    found = names(title, first=False)
    return len(found) == 1 and len(found[0].text) == len(title.strip())


def _person_said(topic: Topic) -> str:
    """Whom the answer to "who …?" named, if it was one person only."""
    return _person_told(topic) if asked_kind(topic.asked) == "person" else ""


def _person_told(topic: Topic) -> str:
    """Whom the answer named and the question did not, if it was one person only."""
    known = set(content_terms(topic.asked))
    persons = (v.text for v in values(topic.answer, "person") if may_be_person(v.text, topic.answer))
    found = {name for name in persons if not set(content_terms(name)) <= known}
    return next(iter(found)) if len(found) == 1 else ""


def _person_asked(topic: Topic) -> str:
    """Whom the last questions were about, if that can be one person only."""
    persons = {value.text for value in values(topic.asked, "person")} or set(topic.subjects)
    found = {name for name in persons if may_be_person(name, topic.asked)}
    return next(iter(found)) if len(found) == 1 else ""


def _is_person(name: str, topic: Topic) -> bool:
    """Whether the conversation shows that a name is a person's: "who is …", "Ms …"."""
    bare = re.escape(name)
    shown = (
        rf"\b[Ww]ho (?:is|was) {bare}|\b(?:Mr|Mrs|Ms|Dr|Prof)\.? (?:[^\W\d_]+ )?{re.escape(name.split()[-1])}"
    )
    return re.search(shown, f"{topic.asked} {topic.answer}") is not None


def _named(question: str, pronouns: re.Pattern[str], name: str) -> str:
    """The question with a name for its pronouns, unless it has the name already."""
    if set(content_terms(name)) <= set(content_terms(question)):
        return question
    return pronouns.sub(lambda match: name + "'s" * _is_possessive(match), question)


def _is_possessive(pronoun: re.Match[str]) -> bool:
    following = re.match(r"\s+([^\W_]+)", pronoun.string[pronoun.end() :])
    owns = following is not None and following[1].lower() not in STOP_WORDS
    return pronoun.group().lower() in ("his", "its", "their") or (pronoun.group().lower() == "her" and owns)


def _swapped(question: str, topic: Topic) -> str:
    """The last question about another: "And Alpha?" after "When did Beta start?"."""
    rest = _instead(question)
    if rest and len(new := _YEAR.findall(rest)) == 1 == len(_YEAR.findall(topic.asked)):
        return _YEAR.sub(new[0], topic.asked)
    if not rest or not names(rest, first=False):
        return ""
    if replaced := _in_place(rest, topic.asked):
        return replaced
    whole = rest.split()[-1].islower()  # "the Ashford bridge" is for "the Quillmere bridge", not "Quillmere"
    old = subjects_in(topic.asked) if whole else names(topic.asked)
    if len(old) != 1:
        return ""
    before = topic.asked[: old[0].start]
    if before.lower().endswith("the "):
        rest = re.sub(r"^the\s+", "", rest, flags=re.IGNORECASE)
    return before + rest + topic.asked[old[0].end :]


def _in_place(rest: str, asked: str) -> str:
    """ "And to Morwen?" after "… from Altwerd to Brez?": the name behind the same small word is another."""
    small = _SMALL.match(rest)
    if small is None:
        return ""
    ends = [name for name in names(asked) if _SMALL_BEFORE.search(asked[: name.start])]
    same = [n for n in ends if asked[: n.start].lower().rstrip().endswith(f" {small[1].lower()}")]
    for found in (same, ends):
        if len(found) == 1:
            before = _SMALL_BEFORE.sub("", asked[: found[0].start])
            return f"{before} {rest}{asked[found[0].end :]}"
    return ""


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
