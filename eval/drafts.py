"""Items of a user's own set: from a question and a quote, or from an answer that was rejected.

Where quotes stand is looked up in `eval/expected.py`, so nobody has to count characters. An item that a
person has not completed carries `gate: info`: it is measured and never counts.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.errors import QuestionSetError
from eval.expected import LONGEST_TOLD, Expected, evidence_of
from eval.normal import contains
from eval.questions import ANSWER_NEED_NOT_BE_QUOTED
from eval.schema import Question
from index.settings import IndexSettings
from rag.records import Answer

REJECTED = "Draft from a rejected answer: correct answers and evidence, then set gate to normal."
BARE = "Draft from a rejected answer that rests on no file of the folder: add answers and evidence."


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
    evidence = () if expected.unanswerable else tuple(evidence_of(expected, folder, settings))
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
                f"the forbidden {wrong!r} stands in {right[:LONGEST_TOLD]!r}, which would make the right "
                "answer wrong; leave out --forbid, or shorten the quote"
            )


def _checked(row: Mapping[str, Any]) -> Question:
    try:
        return Question.model_validate_json(json.dumps(row))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        told = first["msg"].removeprefix("Value error, ")
        raise QuestionSetError(f"the item is not complete: {where}{': ' if where else ''}{told}") from error
