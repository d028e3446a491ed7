"""A threshold for abstaining that fits one folder: how sure must one be here to answer?

The larger a folder, the more of it resembles any question: a threshold that answers one question in twenty
about absent topics in a folder of five articles answers several times as many in one of thirty-five. So
questions are made from sentences of the folder and asked with their own document, and whatever is near it,
passed over. The threshold is the value above which at most a chosen share of them is answered: split
conformal prediction (https://arxiv.org/abs/2107.07511).

A folder whose documents are all about one thing keeps near misses among such questions, and a threshold made
from them would refuse what is there. So it stays below what the same questions reach when their document is
not passed over, but for a few; then more than the share may be answered.

What it promises holds for topics that are not in the folder. A question about a topic that is there, asking
for a fact that is not, is as hard as before; and a folder with one topic has nothing to calibrate with.
"""

import json
import logging
import os
import random
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter

from index import BuildReport, Document, Index
from index.words import content_terms
from rag.abstain import MODEL, UNCALIBRATED, log_odds, probability_of
from rag.look import look
from rag.retrieve import Scope
from rag.settings import RagSettings
from rag.told import is_sentence

FILE = "calibration.json"
# A folder that has changed by more than this share of its chunks is calibrated again.
DRIFT = 0.1
_QUESTIONS = 400
_FEWEST = 50
_FROM_A_DOCUMENT = 12
# Documents whose mean directions are this near count as one topic.
_NEAR = 0.3
_LEFT = 0.5
# The share of made questions that may be refused with their document there, and how much less sure real ones
# are, in log odds. On SQuAD 2.0 it is 1.6; with less than that taken off, more of the real ones are refused.
_REFUSED = 0.05
_LESS_SURE = 0.8
# One sentence elsewhere with this share of a question's words says the same: then it is no absent topic.
_SAID_ELSEWHERE = 0.8
_MOST_HIDDEN = 400
_WORDS = (3, 6)
_OPENERS = ("What", "Who", "When", "How", "Which", "Where")
_WORD = re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)*")
_Share = Annotated[float, Field(ge=0, le=1)]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was found for one index.

    Attributes:
        index: Fingerprint of the index it holds for.
        generation: Its generation; a build that was not seen may have changed anything.
        model: The weights and settings it was made with.
        false_answers: The share of unanswerable questions that may be answered.
        threshold: The probability above which a question is answered.
        questions: How many were asked with their document passed over.
        most: What the threshold may not exceed, so that few answerable questions are refused.
        cpu_seconds: What it cost.
        drift: Share of the chunks that have changed since.
    """

    index: str
    generation: int
    model: str
    false_answers: _Share
    threshold: _Share
    questions: int
    most: _Share
    cpu_seconds: float
    drift: _Share = 0.0


def threshold(index: Index, settings: RagSettings) -> float:
    """The probability above which a question to this index is answered.

    The setting, where there is one; else the calibration, unless it is of another state of the index. Between
    a build and the end of its calibration the one before holds: it is nearer than what suits no folder.
    """
    if settings.answer.threshold is not None:
        return settings.answer.threshold
    found = load(index.folder)
    if found is None or found.model != _model(settings):
        return UNCALIBRATED
    fits = found.index == index.fingerprint or found.generation + 1 == index.generation
    return found.threshold if fits else UNCALIBRATED


def after_build(report: BuildReport, index: Index, settings: RagSettings) -> Calibration | None:
    """Calibrate an index that a build has changed by over a tenth; else carry the old calibration over.

    Returns:
        What holds for the index from now on; None where its folder offers too little to calibrate with.
    """
    old = load(index.folder)
    if old is not None and old.index == index.fingerprint and old.model == _model(settings):
        return old
    share = report.encoded / max(1, report.chunks) + len(report.removed) / max(1, len(index.documents))
    # A build that found nothing to do follows one whose calibration was cut off: what that changed is lost.
    here = bool(report.added or report.changed or report.removed)
    followed = old is not None and old.generation + 1 == index.generation and old.model == _model(settings)
    if old is not None and here and followed and old.drift + share <= DRIFT:
        now = {"index": index.fingerprint, "generation": index.generation, "drift": old.drift + share}
        kept = Calibration(**{**asdict(old), **now})
        save(index.folder, kept)
        return kept
    new = calibrate(index, settings)
    save(index.folder, new)
    return new


def calibrate(index: Index, settings: RagSettings) -> Calibration | None:
    """Ask an index questions made from its own sentences, with their topic passed over.

    The questions are drawn by the index's fingerprint, so the same index gives the same threshold.

    Returns:
        None where fewer than fifty questions can be asked: a small folder, or one with a single topic.
    """
    began = time.process_time()
    source = lru_cache(maxsize=256)(index.document)
    scope = Scope(index, settings.retrieval)
    missed: list[float] = []
    sure: list[float] = []
    for question, hidden in _questions(index):
        without = look(question, replace(scope, without=hidden), source, threshold=0.0).verdict
        if without.signals.get("sentence", 0.0) >= _SAID_ELSEWHERE:
            continue
        # What names and words unsaid add is left out: of words drawn from a text they tell something else.
        missed.append(without.probability)
        sure.append(look(question, scope, source, threshold=0.0).verdict.probability)
        if len(missed) == _QUESTIONS:
            break
    share = settings.answer.false_answers
    place = int((len(missed) + 1) * share)
    if len(missed) < _FEWEST or not place:
        return None
    # Rounded up: a threshold a hair too low would answer the very question it was made from.
    most = _most(sure)
    value = min(most, round(sorted(missed, reverse=True)[place - 1] + 5e-5, 4))
    spent = round(time.process_time() - began, 3)
    return Calibration(
        index.fingerprint, index.generation, _model(settings), share, value, len(missed), most, spent
    )


def _most(sure: list[float]) -> float:
    """The threshold at which about one answerable question in twenty would be refused."""
    return round(probability_of(log_odds(float(np.quantile(sure, _REFUSED))) - _LESS_SURE), 4)


def load(folder: Path) -> Calibration | None:
    """The calibration beside an index; None where there is none, or a damaged one, which is made anew."""
    file = os.path.join(folder, FILE)
    if not os.path.exists(file):  # as of every small folder, at each question
        return None
    try:
        with open(file, "rb") as kept:
            found = _read(kept.read())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        told = "it is not what was written" if isinstance(error, ValueError) else str(error)
        _log.warning("%s in %s is passed over (%s); the next `rag index` makes it anew", FILE, folder, told)
        return None
    return found


@lru_cache(maxsize=16)
def _read(raw: bytes) -> Calibration:
    return _form().validate_json(raw, strict=True)


@cache
def _form() -> TypeAdapter[Calibration]:
    return TypeAdapter(Calibration)


def save(folder: Path, calibration: Calibration | None) -> None:
    """Put a calibration beside an index, whole or not at all; None removes an old one."""
    if calibration is None:
        (folder / FILE).unlink(missing_ok=True)
        return
    number, name = tempfile.mkstemp(prefix=f"{FILE}.", dir=folder)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        json.dump(asdict(calibration), file, indent=1)
    os.replace(name, folder / FILE)


def _questions(index: Index) -> Iterator[tuple[str, frozenset[int]]]:
    """Questions made from sentences, each with the chunks of its document and of those near it."""
    draw = random.Random(index.fingerprint)
    centroids = index.centroids()
    names = list(centroids)
    if len(names) < 2:
        return
    matrix = np.stack([centroids[name] for name in names])
    order = list(range(len(names)))
    draw.shuffle(order)
    by_document = [_of_document(index, names, matrix, at, draw) for at in order]
    for _ in range(_FROM_A_DOCUMENT):
        for questions in by_document:
            yield from (one for one in [next(questions, None)] if one)


def _of_document(
    index: Index, names: list[str], matrix: NDArray[np.float32], at: int, draw: random.Random
) -> Iterator[tuple[str, frozenset[int]]]:
    near = np.flatnonzero(matrix @ matrix[at] >= _NEAR)
    hidden = frozenset(chunk.id for place in near for chunk in index.chunks(names[int(place)]))
    if len(hidden) > min(_MOST_HIDDEN, (1 - _LEFT) * len(index)):
        return
    document = index.document(names[at])
    sentences = _sentences(index, document)
    draw.shuffle(sentences)
    for sentence in sentences:
        if question := _question(sentence, draw):
            yield question, hidden


def _sentences(index: Index, document: Document) -> list[str]:
    spans = (span for chunk in index.chunks(document.path) for span in chunk.sentences)
    texts = (document.text[span.start : span.end] for span in spans)
    return [text for text in texts if is_sentence(text)]


def _question(sentence: str, draw: random.Random) -> str | None:
    """A run of three to six content words as a question; questions repeat such runs of their source.

    On two public sets the probabilities of these, their document passed over, spread like those of real
    questions: nine in ten are below .84 and .75, of the real ones below .76 and .90.
    """
    words = [word for word in _WORD.findall(sentence) if content_terms(word)]
    count = draw.randint(*_WORDS)
    if len(words) < count + 2:
        return None
    start = draw.randrange(len(words) - count + 1)
    return f"{draw.choice(_OPENERS)} {' '.join(words[start : start + count])}?"


def _model(settings: RagSettings) -> str:
    shape = [sorted(MODEL.items()), settings.retrieval.model_dump(), settings.answer.false_answers]
    return json.dumps(shape, sort_keys=True)
