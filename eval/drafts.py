"""Items of a user's own set: from a question and a quote, or from an answer that was rejected.

Offsets and hashes are looked up in the files, so nobody has to count characters. An item that a person has
not completed carries `gate: info`: it is measured and never counts.
"""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from eval.errors import QuestionSetError
from eval.normal import contains
from eval.questions import ANSWER_NEED_NOT_BE_QUOTED
from eval.schema import Evidence, Question
from eval.sources import Source, Sources
from index.load import list_folder
from index.settings import IndexSettings
from rag.records import Answer

Kind = Literal["off_corpus", "same_topic"]
REJECTED = "Draft from a rejected answer: correct answers and evidence, then set gate to normal."
BARE = "Draft from a rejected answer that rests on no file of the folder: add answers and evidence."

_LONGEST_TOLD = 80
_MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Expected:
    """What a right answer to a question is.

    Attributes:
        answers: Any of them is right.
        quotes: Where it stands, word for word; white space need not be the same.
        document: Where the quotes stand; by default all documents are looked through.
        places: (document, start, end) of evidence whose place is known.
        unanswerable: Why the documents do not answer, in place of answers and quotes.
        forbidden: Values that a wrong answer would give.
    """

    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    document: str = ""
    places: tuple[tuple[str, int, int], ...] = ()
    unanswerable: Kind | None = None
    forbidden: tuple[str, ...] = ()


def item(
    name: str,
    question: str,
    expected: Expected,
    folder: Path,
    settings: IndexSettings,
    history: Sequence[Mapping[str, str]] = (),
    kind: str = "",
) -> Question:
    """An item from a question and what is expected of its answer.

    Args:
        kind: Type of an answerable item; by default `single`, or `multi_turn` with a history.

    Raises:
        QuestionSetError: A quote stands nowhere or in several places, or the item is incomplete or
            contradicts itself.
    """
    evidence = () if expected.unanswerable else tuple(_evidence(expected, folder, settings))
    _refuse_contradictions(question, expected, [gold.quote for gold in evidence], kind)
    base = {
        "id": name,
        "schema": 1,
        "split": "dev",
        "question": question,
        "history": [{"role": turn["role"], "content": turn["content"]} for turn in history],
        "forbidden": list(expected.forbidden),
        "source": "human",
    }
    if expected.unanswerable:
        row = {"type": "unanswerable", "answerable": False, "unanswerable_kind": expected.unanswerable}
        return _checked({**base, **row, "group": name})
    group = f"{evidence[0].doc}#{evidence[0].start}"
    chosen = kind or ("multi_turn" if history else "single")
    answers = {"answers": list(expected.answers), "evidence": [gold.model_dump() for gold in evidence]}
    return _checked({**base, "type": chosen, "answerable": True, "group": group, **answers})


def from_answer(
    name: str,
    answer: Answer,
    folder: Path,
    settings: IndexSettings,
    expected: Expected | None = None,
    history: Sequence[Mapping[str, str]] = (),
) -> Question:
    """An item from an answer that was rejected; where nothing is expected, a draft that a person completes.

    A draft takes for evidence what the answer cited, or the best passage where it cited nothing, and for its
    answer the first of these quotes, so that it is valid and plainly not finished.

    Raises:
        QuestionSetError: A quote is in no document, or nothing was found that could be evidence.
    """
    if expected and (expected.answers or expected.quotes or expected.unanswerable):
        return item(name, answer.question, expected, folder, settings, history)
    if expected and (expected.forbidden or expected.document):
        raise QuestionSetError("--forbid and --document go with --expect and --quote; pass these, too")
    cited = answer.citations or answer.passages[:1]
    if not cited:
        raise QuestionSetError(
            "the answer has neither citations nor passages; pass --expect and --quote, or --unanswerable"
        )
    places = tuple(dict.fromkeys((one.document, one.start, one.end) for one in cited))
    quote = answer.citations[0].quote if answer.citations else answer.passages[0].text
    guess = Expected(answers=(quote,), places=places)
    drafted = item(name, answer.question, guess, folder, settings, history)
    return drafted.model_copy(update={"gate": "info", "notes": REJECTED})


def draft_from(
    name: str,
    answer: Answer,
    folder: Path,
    settings: IndexSettings,
    history: Sequence[Mapping[str, str]] = (),
) -> Question:
    """A draft from any answer that was rejected; one without evidence in the folder is unanswerable."""
    try:
        return from_answer(name, answer, folder, settings, history=history)
    except QuestionSetError:
        bare = item(name, answer.question, Expected(unanswerable="same_topic"), folder, settings, history)
        return bare.model_copy(update={"gate": "info", "notes": BARE})


def _refuse_contradictions(question: str, expected: Expected, quotes: Sequence[str], kind: str) -> None:
    answers = expected.answers
    if not question.strip():
        raise QuestionSetError("the question is empty; pass --question TEXT")
    if expected.unanswerable and (answers or expected.quotes or expected.document):
        raise QuestionSetError(
            "a question that the documents do not answer has no right answer: leave out --expect, --quote "
            "and --document, or leave out --unanswerable"
        )
    if expected.document and not expected.quotes:
        raise QuestionSetError("--document says where a quote stands; pass --quote, too")
    if not expected.unanswerable and not (answers and quotes):
        lacking = {
            (False, False): "--expect ANSWER and --quote TEXT, or --unanswerable KIND",
            (True, False): "--quote TEXT, too: the words of the document in which the answer stands",
            (False, True): "--expect ANSWER, too: what the quote says in answer to the question",
        }[bool(answers), bool(quotes)]
        raise QuestionSetError(f"the item is not complete; pass {lacking}")
    held = any(contains(quote, answer) for quote in quotes for answer in answers)
    if answers and not held and kind not in ANSWER_NEED_NOT_BE_QUOTED:
        raise QuestionSetError(
            f"{answers[0]!r} does not stand in the quote; pass the answer as it is worded there, or the "
            "quote that holds it"
        )
    for wrong in expected.forbidden:
        if right := next((text for text in (*answers, *quotes) if contains(text, wrong)), None):
            raise QuestionSetError(
                f"the forbidden {wrong!r} stands in {right[:_LONGEST_TOLD]!r}, which would make the right "
                "answer wrong; leave out --forbid, or shorten the quote"
            )


def _evidence(expected: Expected, folder: Path, settings: IndexSettings) -> Iterator[Evidence]:
    with Sources(folder, settings.limits) as sources:
        for name, start, end in expected.places:
            source = sources.get(name)
            if source.fault or not source.text[start:end].strip():
                raise QuestionSetError(
                    f"{name}:{start}-{end} is not there ({source.fault or 'the text is shorter'}); "
                    "was the answer given from another folder? Pass its folder with --docs"
                )
            yield _span(name, start, end, source)
        names = [known.path for known in list_folder(folder, settings).sources] if expected.quotes else []
        if expected.quotes and expected.document and expected.document not in names:
            near = difflib.get_close_matches(expected.document, names, 3, 0.3) or names[:3]
            raise QuestionSetError(
                f"there is no document {expected.document!r} in {folder}; pass one that is there to "
                f"--document: {', '.join(near) or 'there is none'}"
            )
        for quote in expected.quotes:
            yield _only(quote, [expected.document] if expected.document else names, sources, folder)


def _only(quote: str, names: Sequence[str], sources: Sources, folder: Path) -> Evidence:
    """The one place where a quote stands."""
    told = repr(quote[:_LONGEST_TOLD])
    words = quote.split()
    if not words:
        raise QuestionSetError("the quote is empty; pass --quote TEXT with words of the document")
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    texts = [(name, source) for name in names if not (source := sources.get(name)).fault]
    found = [
        _span(name, *match.span(), source)
        for name, source in texts
        for match in pattern.finditer(source.text)
    ]
    if not found:
        where = names[0] if len(names) == 1 else "any document"
        raise QuestionSetError(
            f"{told} does not stand in {where} of {folder}; copy it word for word, for example from rag show"
        )
    if len(found) > 1:
        places = ", ".join(f"{one.doc}:{one.start}" for one in found[:_MOST_PLACES])
        more = f" and {len(found) - _MOST_PLACES} more" if len(found) > _MOST_PLACES else ""
        advice = "quote more of the one you mean"
        if len({one.doc for one in found}) > 1:
            advice += ", or name its document with --document"
        raise QuestionSetError(f"{told} stands in {len(found)} places: {places}{more}; {advice}")
    return found[0]


def _span(name: str, start: int, end: int, source: Source) -> Evidence:
    return Evidence(doc=name, sha256=source.sha256, quote=source.text[start:end], start=start, end=end)


def _checked(row: Mapping[str, Any]) -> Question:
    try:
        return Question.model_validate_json(json.dumps(row))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        told = first["msg"].removeprefix("Value error, ")
        raise QuestionSetError(f"the item is not complete: {where}{': ' if where else ''}{told}") from error
