"""What a conversation is about: the names and nouns of a question or an answer, by the shape of the words.

No parser: a name is a run of capitalised words, a noun is a content word that does not stand where verbs
do ("who …", "to …", "they …") and is no word of the asking itself ("tell", "kind", "main").
"""

import re
from dataclasses import dataclass

from index.words import STOP_WORDS, content_terms

WORD = re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_NOUN_NEXT = re.compile(r"\s+([a-z]{3,})(?=\s*(?:$|[?.,;!)])|\s+([a-z]+))")
_ARTICLE = re.compile(r"\b(the|an?)\s+$", re.IGNORECASE)
_VERB_FIRST = re.compile(r"\b(?:do|does|did|has|have|had)\s+(?:the|an?)\s+$", re.IGNORECASE)
_INVERTED = re.compile(
    r"\b(?:do|does|did)\s+(?:the|an?)\s+[a-z]+\s+(?:of|in|at|for)\s+(?:the|an?)?\s*$", re.I
)
_IN = re.compile(r"\b(?:in|at|near|into|outside|inside|across|aboard|on|the)\s+$", re.IGNORECASE)
# A name with one of these is no person's.
_THINGS = frozenset(
    """company museum university college school institute church cathedral hospital library park garden
    street road avenue square bridge tower castle palace river lake sea ocean bay island islands
    mountain mount valley forest city town village county state republic kingdom province district
    region project programme program department ministry office agency bank party club team league union
    association society foundation council committee court board act treaty agreement convention war
    battle festival prize award ferry ferries railway station airport port harbour hotel theatre theater
    group inc ltd llc corporation friends north south east west new united saint sankt san santa""".split()
)
_JOINS = frozenset("of the de da del der di du la le van von and & for bin al".split())
_VERB_NEXT = frozenset(
    """who whom to i you we they he she it how why not never also could would should might must will can
    may""".split()
)
# Words that ask, count or link and name no topic.
_ASKING = frozenset(
    """anything anyone something someone everything else ever still now then really actually currently today
    tell talk describe explain name list define discuss compare summarize know think mean means find
    interesting important aspect aspects article detail details example examples information main major
    notable famous popular common different difference differences similar general specific best better worst
    good bad big new many kind kinds sort sorts type types way ways thing things lot part people person
    happen happened happens start started begin began end ended become became use used using make made makes
    take took work works worked get got go went come came want need like look help consider considered call
    called cause caused causes affect year years time times first last next long old ok okay yes thanks thank
    hello hi hey please sorry sure great""".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written, at `start:end` of the text."""

    text: str
    start: int
    end: int


def names(text: str, first: bool = True) -> tuple[Name, ...]:
    """Runs of capitalised words, joined by "of" and its like inside; the first word only in a run.

    Args:
        first: Whether the text opens a sentence, so that its first capital says nothing.
    """
    found: list[Name] = []
    run: list[re.Match[str]] = []
    words = list(WORD.finditer(text))
    for at, word in enumerate(words):
        opens = (at == 0 and first) or re.search(
            r"[.!?:\n\]]\s*$", text[max(0, word.start() - 3) : word.start()]
        )
        near = not run or not re.search(r"[^\s&\"“”'’.]", text[run[-1].end() : word.start()])
        written = word.group()
        if near and run and written.lower() in _JOINS and _named_next(words, at):
            run.append(word)
        elif _is_capital(written) and not (opens and written.lower() in STOP_WORDS | _ASKING):
            if not near or (run and run[-1].group()[-2:] in ("'s", "’s")):
                found += _named(text, run)
                run = []
            run.append(word)
        else:
            found += _named(text, run)
            run = []
    return tuple(found + _named(text, run))


def subjects_in(text: str) -> tuple[Name, ...]:
    """The names of a question, each with its article and the noun it describes: "the Quillmere bridge"."""
    found = []
    for name in names(text):
        start, end = name.start, name.end
        noun = _NOUN_NEXT.match(text, end)
        article = _ARTICLE.search(text[:start])
        ends = (
            noun is not None
            and noun[1] not in STOP_WORDS | _ASKING
            and (not noun[2] or noun[2] in STOP_WORDS)
        )
        # "Where does the wreck of the Arbor lie?": after "does the …" the last word is the verb.
        verb = noun is not None and not noun[2] and _INVERTED.search(text[:start])
        if noun and ends and article and not verb and not _VERB_FIRST.search(text[:start]):
            end = noun.end(1)
        if article and (article[1].lower() == "the" or end > name.end):
            start = article.start(1)
        found.append(Name(text[start:end], start, end) if (start, end) != (name.start, name.end) else name)
    return tuple(found)


def may_be_person(name: str, text: str = "") -> bool:
    """Whether a name can be that of a person, as far as its words and what stands before it tell."""
    words = WORD.findall(name)
    if not words or any(word.lower() in _THINGS or any(c.isdigit() for c in word) for word in words):
        return False
    if words[0].lower() in ("the", "a", "an") or any(len(w) > 1 and w.isupper() for w in words):
        return False
    at = text.find(name)
    return at < 0 or _IN.search(text[:at]) is None


def nouns(text: str) -> tuple[str, ...]:
    """The words of a question that may name its topic, each once."""
    found: list[str] = []
    before = ""
    for word in WORD.finditer(text):
        written = word.group()
        plain = _POSSESSIVE.sub("", written.lower())
        verb = before in _VERB_NEXT and not written[0].isupper()
        if not verb and plain not in _ASKING and content_terms(plain):
            found.append(_POSSESSIVE.sub("", written))
        before = plain
    return tuple(dict.fromkeys(found))


def _is_capital(word: str) -> bool:
    return (word[0].isupper() and (len(word) > 1 or not word.isascii())) or (
        word.isdigit() is False and any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
    )


def _named_next(words: list[re.Match[str]], at: int) -> bool:
    """Whether a capital follows within two small words."""
    following = [word.group() for word in words[at + 1 : at + 3]]
    return bool(following) and (
        following[0][0].isupper()
        or (following[0] in _JOINS and len(following) > 1 and following[1][0].isupper())
    )


def _named(text: str, run: list[re.Match[str]]) -> list[Name]:
    if not run:
        return []
    start, end = run[0].start(), run[-1].end()
    written = _POSSESSIVE.sub("", text[start:end])
    return [Name(written, start, start + len(written))]
