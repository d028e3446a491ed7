"""The trained reader beside what the program does without it, on questions it never learnt from.

Each question is put to the document it was asked about. Answers in a few words are compared with SQuAD's
measures; whether the document answers at all is told from the signals of `rag/abstain.py`, from the reader,
and from both together. Judged is the half of the titles that training leaves alone. The weights of both
together are fitted again on all titles that it did not learn from, and each title is judged by weights
fitted on others.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from eval.bench.data import DataSet, Query, read_sets
from eval.bench.fitting import Logistic
from eval.bench.reader_fit import Told, crossed, fit_told
from eval.bench.reader_report import Read, ReaderReport
from eval.bench.whole import one_folder
from eval.metrics.answers import overlap_f1, squad_words
from index import Filters, Index
from rag import Rag, RagSettings, load_settings
from rag.look import Stated, look
from rag.reader.consult import weighed
from rag.reader.reading import Reader
from rag.reader.splits import DEVELOPMENT, reported
from rag.retrieve import Scope

SAMPLE = 2_400


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
    return tuple(_with_odds(reports))


def fit_again(reports: Sequence[ReaderReport]) -> Logistic | None:
    """Weights of the signals, in the order of `SIGNALS`, over all sets; None where they cannot be fitted."""
    return fit_told([item.told for report in reports for item in (*report.read, *report.fitted)])


def _with_odds(reports: Sequence[ReaderReport]) -> Iterator[ReaderReport]:
    odds = crossed([item.told for report in reports for item in (*report.read, *report.fitted)])
    at = 0
    for report in reports:
        yield replace(report, odds=tuple(odds[at : at + len(report.read)]) if odds else ())
        at += len(report.read) + len(report.fitted)


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
            told = (data.name, titles[query.about], texts[query.about], places[query.about])
            return _read(query, *told, index, reader, settings)

        every = -(-len(judged) // sample)
        return ReaderReport(data.name, tuple(map(read, judged[:: every or 1])), tuple(map(read, others)))


def _read(
    query: Query,
    data: str,
    title: str,
    text: str,
    place: str,
    index: Index,
    reader: Reader,
    settings: RagSettings,
) -> Read:
    only = index.allowed(Filters(documents=(place,)))
    scope = Scope(index, settings.retrieval, only)
    looked = look(query.question, scope, index.document, threshold=0.0)
    began = time.process_time()
    (reading,) = reader.read(query.question, [text])
    seconds = time.process_time() - began
    first = index.document(place).text.index(text) + reading.span.start
    span = Stated(place, first, first + reading.span.end - reading.span.start)
    found = Told(data, title, query.answerable, weighed(looked, [span], [reading], reader))
    pieces = reader.pieces(query.question, text)
    if not query.answers:
        return Read(found, seconds=seconds, pieces=pieces)
    answer = settings.answer.model_copy(update={"threshold": 0.0, "reader": False})
    told = Rag(index, settings.model_copy(update={"answer": answer})).ask(
        query.question, filters=Filters(documents=(place,))
    )
    ruled = told.short_answer.text if told.short_answer else told.sentences[0].text if told.sentences else ""
    exact, f1 = _overlap(text[reading.span.start : reading.span.end], query.answers)
    ruled_exact, ruled_f1 = _overlap(ruled, query.answers)
    return Read(found, exact, f1, ruled_exact, ruled_f1, seconds, pieces)


def _overlap(text: str, answers: Sequence[str]) -> tuple[float, float]:
    """Exact match and F1 with the best answer (https://arxiv.org/abs/1606.05250)."""
    given = squad_words(text)
    expected = [squad_words(answer) for answer in answers]
    return float(given in expected), max(overlap_f1(given, one) for one in expected)
