"""A public corpus as one folder: its gold document alone, all of it, and all of it without the topic asked.

Documents are files of their own for the first two; for the third, documents of one title are one file, and
each question is asked with its file passed over. The threshold is the one that calibration finds on the
folder, or the setting's. Judged are the questions whose title falls in one half by its hash; rules and
weights were chosen on the other.
"""

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

import numpy as np

from eval.bench.answers import holds, is_gold
from eval.bench.data import DataSet, Query, Source
from eval.bench.fitting import auroc
from eval.bench.sheets import share
from eval.bench.whole_report import Asked, WholeReport
from eval.stats import mean
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


def bench_whole(data: DataSet, settings: RagSettings, sample: int = SAMPLE) -> WholeReport:
    """Ask one set as described above; at most `sample` questions of a kind."""
    titles = {source.id: source.title or source.id for source in data.sources}
    ours = [q for q in data.queries if q.about in titles and reported(titles[q.about])]
    answerable = _drawn([q for q in ours if q.answerable and (q.answers or q.gold_evidence)], sample)
    unanswerable = _drawn([q for q in ours if not q.answerable], sample)
    with one_folder([[source] for source in data.sources], settings) as (index, places):
        asked = tuple(_ask(query, titles, index, places, settings) for query in answerable)
        sure = [_given(query, index, places, settings) for query in (*answerable, *unanswerable)]
    kinds = [True] * len(answerable) + [False] * len(unanswerable)
    files: dict[str, list[Source]] = {}
    for source in data.sources:
        files.setdefault(titles[source.id], []).append(source)
    with one_folder(list(files.values()), settings) as (index, places):
        limit = threshold(index, settings)
        there, away = zip(*(_with_and_without(q, index, places, settings) for q in answerable), strict=True)
    hits = sum(value < limit for value in away)
    refusals = hits + sum(value < limit for value in there)
    groups = [titles[query.about] for query in answerable]
    return WholeReport(
        data.name,
        asked,
        auroc([topic for topic, _ in sure], kinds),
        auroc([fact for _, fact in sure], kinds),
        share([(float(value >= limit), group) for value, group in zip(away, groups, strict=True)]),
        share([(float(value < limit), group) for value, group in zip(there, groups, strict=True)]),
        _off([(a.confidence, a.right) for a in asked] + [(_confidence(value), 0.0) for value in away]),
        2 * hits / (refusals + len(away)) if refusals else 0.0,
        limit,
        settings.answer.threshold is None and limit != UNCALIBRATED,
    )


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


def _off(told: list[tuple[float, float]]) -> float:
    """The expected calibration error over ten bins of equal size (https://arxiv.org/abs/1706.04599)."""
    ordered = np.array(sorted(told))
    bins = np.array_split(ordered, 10)
    return float(sum(abs(b[:, 0].mean() - b[:, 1].mean()) * len(b) for b in bins if len(b)) / len(ordered))


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
    query: Query, index: Index, places: dict[str, str], settings: RagSettings
) -> tuple[float, float]:
    source = lru_cache(maxsize=16)(index.document)
    gold = {places[found] for found in query.gold_doc_ids if found in places}
    hidden = frozenset(chunk.id for path in gold for chunk in index.chunks(path))
    both = []
    for without in (frozenset[int](), hidden):
        scope = Scope(index, settings.retrieval, without=without)
        verdict = look(query.question, scope, source, threshold=0.0).verdict
        both.append(verdict.probability if verdict.answerable else 0.0)
    return both[0], both[1]
