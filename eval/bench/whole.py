"""A public corpus as one folder: its gold document alone, all of it, and all of it without the topic asked.

Documents are files of their own for the first two; for the third, documents of one title are one file, and
each question is asked with its file passed over, in the folder of all files and in one of those most about
one thing. The threshold is the one that calibration finds on the folder, or the setting's. Judged are the
questions whose title falls in one half by its hash; rules and weights were chosen on the other.
"""

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from eval.bench.answers import holds, is_gold
from eval.bench.data import DataSet, Query, Source
from eval.bench.fitting import auroc, auroc_interval
from eval.bench.sheets import Estimate, share
from eval.bench.whole_report import Asked, Removed, WholeReport
from eval.metrics import calibration
from eval.stats import mean, ratio_interval, weighted_interval
from index import Filters, Index, open_index
from rag import Answer, Rag, RagSettings
from rag.abstain import UNCALIBRATED, Verdict, confidence
from rag.calibrate import threshold
from rag.look import look
from rag.opening import build
from rag.reader.splits import reported
from rag.retrieve import Scope

SAMPLE = 600
_SEED = 1
_FEWEST = 4
_DOMAIN = 10


def bench_whole(data: DataSet, settings: RagSettings, sample: int = SAMPLE) -> WholeReport:
    """Ask one set as described above; at most `sample` questions of a kind."""
    titles = {source.id: source.title or source.id for source in data.sources}
    ours = [q for q in data.queries if q.about in titles and reported(titles[q.about])]
    answerable = _drawn([q for q in ours if q.answerable and (q.answers or q.gold_evidence)], sample)
    unanswerable = _drawn([q for q in ours if not q.answerable], sample)
    with one_folder([[source] for source in data.sources], settings) as (index, places):
        asked = tuple(_ask(query, titles, index, places, settings) for query in answerable)
        both = [_given(query, index, places, settings) for query in (*answerable, *unanswerable)]
    kinds = [True] * len(answerable) + [False] * len(unanswerable)
    groups = [titles[query.about] for query in (*answerable, *unanswerable)]
    sure, stated = (
        Estimate(auroc(scores, kinds), auroc_interval(groups, scores, kinds))
        for scores in zip(*both, strict=True)
    )
    files: dict[str, list[Source]] = {}
    for source in data.sources:
        files.setdefault(titles[source.id], []).append(source)
    with one_folder(list(files.values()), settings) as (index, places):
        everywhere = ask_without(answerable, titles, index, places, settings)
        near = _domain(index)
    alike = [file for file in files.values() if places[file[0].id] in near]
    inside = [query for query in answerable if places[query.about] in near]
    domain = None
    if inside:
        with one_folder(alike, settings) as (index, places):
            domain = ask_without(inside, titles, index, places, settings)
    told = [(a.confidence, a.right, a.group) for a in asked]
    told += [
        (_confidence(value), 0.0, titles[q.about])
        for value, q in zip(everywhere.away, answerable, strict=True)
    ]
    return WholeReport(data.name, asked, sure, stated, everywhere, domain, _off(told))


def ask_without(
    queries: Sequence[Query],
    titles: Mapping[str, str],
    index: Index,
    places: Mapping[str, str],
    settings: RagSettings,
) -> Removed:
    """Ask each question with its file there and with it passed over; the program decides as it does."""
    limit = threshold(index, settings)
    there, away = zip(*(_with_and_without(q, index, places, settings, limit) for q in queries), strict=True)
    groups = [titles[query.about] for query in queries]
    hits = [float(not verdict.answerable) for verdict in away]
    refusals = [float(not verdict.answerable) for verdict in there]
    twice = [2 * hit for hit in hits]
    decided = [hit + refusal + 1 for hit, refusal in zip(hits, refusals, strict=True)]
    return Removed(
        share([(1 - hit, group) for hit, group in zip(hits, groups, strict=True)]),
        share(list(zip(refusals, groups, strict=True))),
        Estimate(sum(twice) / sum(decided), ratio_interval(groups, twice, decided)),
        limit,
        settings.answer.threshold is None and limit != UNCALIBRATED,
        len(set(places.values())),
        tuple(verdict.probability if verdict.answerable else 0.0 for verdict in away),
    )


def _domain(index: Index) -> frozenset[str]:
    """The files that are most about one thing: one and those nearest to it, a tenth of a folder or ten."""
    centroids = index.centroids()
    names = list(centroids)
    if len(names) < _FEWEST:
        return frozenset()
    matrix = np.stack([centroids[name] for name in names])
    alike = matrix @ matrix.T
    size = max(_DOMAIN, len(names) // _DOMAIN)
    nearest = np.argsort(-alike, axis=1, kind="stable")[:, :size]
    tight = np.take_along_axis(alike, nearest, axis=1).mean(axis=1)
    return frozenset(names[at] for at in nearest[int(np.argmax(tight))])


def _drawn(queries: list[Query], most: int) -> list[Query]:
    return random.Random(_SEED).sample(queries, min(most, len(queries)))


@contextmanager
def one_folder(
    files: Sequence[Sequence[Source]], settings: RagSettings
) -> Iterator[tuple[Index, dict[str, str]]]:
    """An index of files of one or more documents, and the file of each document."""
    with tempfile.TemporaryDirectory(prefix="rag-bench-") as place:
        documents = Path(place, "documents")
        documents.mkdir()
        places: dict[str, str] = {}
        for number, file in enumerate(files):
            name = f"{number:05}.txt"
            text = "\n\n".join(part for part in (file[0].title, *(source.text for source in file)) if part)
            (documents / name).write_text(text, encoding="utf-8", errors="replace", newline="")
            places |= {source.id: name for source in file}
        report = build(documents, Path(place, "index"), settings)
        with closing(open_index(report.index, settings.index_settings)) as index:
            yield index, places


def _ask(
    query: Query, titles: dict[str, str], index: Index, places: dict[str, str], settings: RagSettings
) -> Asked:
    # One document offers nothing to calibrate with.
    one = settings.answer.model_copy(update={"threshold": _threshold(settings)})
    gold = Filters(documents=tuple(dict.fromkeys(places[i] for i in query.gold_doc_ids if i in places)))
    given = Rag(index, settings.model_copy(update={"answer": one})).ask(query.question, filters=gold)
    brief = one.model_copy(update={"sentences": 1})
    first = Rag(index, settings.model_copy(update={"answer": brief})).ask(query.question, filters=gold)
    whole = Rag(index, settings).ask(query.question)
    always = settings.answer.model_copy(update={"threshold": 0.0})
    bold = Rag(index, settings.model_copy(update={"answer": always})).ask(query.question)
    precision, recall = _cited(query, whole)
    return Asked(
        titles[query.about],
        holds(query, [sentence.text for sentence in given.sentences]),
        holds(query, [first.sentences[-1].text] if first.sentences else []),
        len(given.sentences),
        holds(query, [sentence.text for sentence in whole.sentences]),
        bold.confidence or 0.0,
        holds(query, [sentence.text for sentence in bold.sentences]),
        precision,
        recall,
    )


def _confidence(probability: float) -> float:
    return confidence([Verdict(True, probability, {})])


def _off(told: Sequence[tuple[float, float, str]]) -> Estimate:
    """The expected calibration error over ten bins of equal size (https://arxiv.org/abs/1706.04599)."""
    found = calibration.judged([(sure, bool(right)) for sure, right, _ in told])
    value = float(calibration.calibration_error(found, np.ones((1, len(told))))[0])
    groups = [told[at][2] for at in found.order]
    return Estimate(value, weighted_interval(groups, partial(calibration.calibration_error, found)))


def _threshold(settings: RagSettings) -> float:
    return UNCALIBRATED if settings.answer.threshold is None else settings.answer.threshold


def _cited(query: Query, answer: Answer) -> tuple[float | None, float | None]:
    if not query.gold_evidence:
        return None, None
    quotes = [citation.quote for citation in answer.citations]
    cited = [float(any(is_gold(quote, [gold]) for quote in quotes)) for gold in query.gold_evidence]
    return mean([is_gold(quote, query.gold_evidence) for quote in quotes]), mean(cited)


def _given(query: Query, index: Index, places: dict[str, str], settings: RagSettings) -> tuple[float, float]:
    """The probabilities of topic and fact, asked of the document it is about."""
    only = index.allowed(Filters(documents=(places[query.about],)))
    scope = Scope(index, settings.retrieval, only)
    verdict = look(query.question, scope, index.document, threshold=0.0).verdict
    return (verdict.probability, verdict.stated) if verdict.answerable else (0.0, 0.0)


def _with_and_without(
    query: Query, index: Index, places: Mapping[str, str], settings: RagSettings, limit: float
) -> tuple[Verdict, Verdict]:
    source = lru_cache(maxsize=16)(index.document)
    gold = {places[found] for found in query.gold_doc_ids if found in places}
    hidden = frozenset(chunk.id for path in gold for chunk in index.chunks(path))
    there, away = (
        look(
            query.question, Scope(index, settings.retrieval, without=without), source, threshold=limit
        ).verdict
        for without in (frozenset[int](), hidden)
    )
    return there, away
