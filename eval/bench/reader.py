"""The trained reader beside what the program does without it, on questions it never learnt from.

Each question is put to the document it was asked about. Answers in a few words are compared with SQuAD's
measures; whether the document answers at all is told from the signals of `rag/abstain.py`, from the reader,
and from both together. Judged is the half of the titles that training leaves alone. The weights of both
together were fitted on titles of the other half that it does not learn from either, and are fitted again.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.data import DataSet, Query, read_sets
from eval.bench.fitting import Logistic, auroc, fit_logistic
from eval.bench.sheets import Sheet, figure, share
from eval.bench.whole import one_folder
from eval.metrics.answers import overlap_f1, squad_words
from index import Filters, Index
from rag import Rag, RagSettings, load_settings
from rag.abstain import log_odds
from rag.look import look
from rag.reader.consult import SIGNALS, signals, together
from rag.reader.reading import Reader
from rag.reader.splits import DEVELOPMENT, reported
from rag.retrieve import Scope

SAMPLE = 2_400


@dataclass(frozen=True, slots=True)
class Read:
    """One question.

    Attributes:
        title: Of the document it was asked about.
        answerable: Whether that document answers it.
        signals: By name, of the verdict of both together.
        exact: The reader's span is a gold answer; None where none is given.
        f1: Its overlap with the best of them.
        ruled_exact: The same for the short answer, or else the first sentence, of the path without it.
        ruled_f1: The same overlap.
        seconds: CPU time of the reader for this document.
        pieces: Word pieces that were read.
    """

    title: str
    answerable: bool
    signals: dict[str, float]
    exact: float | None = None
    f1: float | None = None
    ruled_exact: float | None = None
    ruled_f1: float | None = None
    seconds: float = 0.0
    pieces: int = 0


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """One set.

    Attributes:
        read: The questions that are reported.
        fitted: Those that the weights of both together may be fitted on.
    """

    data: str
    read: tuple[Read, ...]
    fitted: tuple[Read, ...]

    def told(self, score: Callable[[dict[str, float]], float]) -> float | None:
        """AUROC of answerable against unanswerable questions by a score."""
        return auroc([score(item.signals) for item in self.read], [item.answerable for item in self.read])

    def to_dict(self) -> dict[str, Any]:
        """All figures, for JSON."""
        sheet = sheets([self])[0]
        return {"data": self.data, "figures": {row[0].strip(): row[1] for row in sheet.rows}}


def bench_reader(
    folders: Sequence[Path],
    *,
    sample: int = SAMPLE,
    settings: RagSettings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[ReaderReport, ...]:
    """Ask public sets with and without the reader.

    Args:
        folders: Each with `corpus.jsonl` and `queries.jsonl`.
        sample: Most questions of a set.
        progress: Called with (folders done, all).

    Raises:
        EvalSetupError: A set cannot be used.
        ModelError: The reader's network is missing or damaged.
    """
    settings = settings or load_settings()
    reader = Reader()
    reports = []
    sets = read_sets(folders)
    for done, data in enumerate(sets, start=1):
        reports.append(_report(data, reader, settings, sample))
        if progress:
            progress(done, len(sets))
    return tuple(reports)


def sheets(reports: Sequence[ReaderReport]) -> tuple[Sheet, ...]:
    """One table, a column for each set."""

    def shares(name: str) -> Iterator[str]:
        for report in reports:
            found = [
                (value, item.title) for item in report.read if (value := getattr(item, name)) is not None
            ]
            yield str(share(found)) if found else "-"

    def told(score: Callable[[dict[str, float]], float]) -> Iterator[str]:
        return (figure(report.told(score)) for report in reports)

    def cost(report: ReaderReport) -> str:
        pieces = sum(item.pieces for item in report.read)
        return f"{1000 * sum(item.seconds for item in report.read) / pieces * 160:.1f} ms" if pieces else "-"

    rows = (
        ("short answer, exact", *shares("exact")),
        ("  without the reader", *shares("ruled_exact")),
        ("short answer, F1", *shares("f1")),
        ("  without the reader", *shares("ruled_f1")),
        ("answerable or not, AUROC: both", *told(together)),
        ("  without the reader", *told(lambda found: found["lexical"])),
        ("  the reader alone", *told(lambda found: found["stated"] + found["margin"])),
        ("CPU for 160 word pieces", *(cost(report) for report in reports)),
    )
    return (Sheet(("document given", *(report.data for report in reports)), rows),)


def fit_again(reports: Sequence[ReaderReport]) -> Logistic | None:
    """Weights of the signals, in the order of `SIGNALS`, over all sets; None where they cannot be fitted."""
    read = [item for report in reports for item in report.fitted]
    labels = np.array([float(item.answerable) for item in read])
    if not 0 < labels.sum() < len(labels):
        return None
    return fit_logistic(np.array([[item.signals[name] for name in SIGNALS] for item in read]), labels)


def _report(data: DataSet, reader: Reader, settings: RagSettings, sample: int) -> ReaderReport:
    titles = {source.id: source.title or source.id for source in data.sources}
    texts = {source.id: source.text for source in data.sources}
    asked = [query for query in data.queries if query.about in titles]
    judged = [query for query in asked if reported(titles[query.about])]
    others = [query for query in asked if not reported(titles[query.about])]
    if any(titles[query.about] in DEVELOPMENT for query in others):
        others = [query for query in others if titles[query.about] in DEVELOPMENT]
    with one_folder([[source] for source in data.sources], settings) as (index, places):

        def read(query: Query) -> Read:
            title, text, place = titles[query.about], texts[query.about], places[query.about]
            return _read(query, title, text, place, index, reader, settings)

        every = -(-len(judged) // sample)
        return ReaderReport(data.name, tuple(map(read, judged[:: every or 1])), tuple(map(read, others)))


def _read(
    query: Query, title: str, text: str, place: str, index: Index, reader: Reader, settings: RagSettings
) -> Read:
    only = index.allowed(Filters(documents=(place,)))
    scope = Scope(index, settings.retrieval, only)
    verdict = look(query.question, scope, index.document, threshold=0.0).verdict
    began = time.process_time()
    (reading,) = reader.read(query.question, [text])
    seconds = time.process_time() - began
    found = signals(log_odds(verdict.probability), [reading])
    pieces = reader.pieces(query.question, text)
    if not query.answers:
        return Read(title, query.answerable, found, seconds=seconds, pieces=pieces)
    answer = settings.answer.model_copy(update={"threshold": 0.0, "reader": False})
    told = Rag(index, settings.model_copy(update={"answer": answer})).ask(
        query.question, filters=Filters(documents=(place,))
    )
    ruled = told.short_answer.text if told.short_answer else told.sentences[0].text if told.sentences else ""
    exact, f1 = _overlap(text[reading.span.start : reading.span.end], query.answers)
    ruled_exact, ruled_f1 = _overlap(ruled, query.answers)
    return Read(title, query.answerable, found, exact, f1, ruled_exact, ruled_f1, seconds, pieces)


def _overlap(text: str, answers: Sequence[str]) -> tuple[float, float]:
    """Exact match and F1 with the best answer (https://arxiv.org/abs/1606.05250)."""
    given = squad_words(text)
    expected = [squad_words(answer) for answer in answers]
    return float(given in expected), max(overlap_f1(given, one) for one in expected)
