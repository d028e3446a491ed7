"""How well the signals of `rag/abstain.py` tell questions with an answer in a folder from others.

Three kinds of question have none: those about the folder's own documents that they do not answer, those that
they answer, asked again with the passages of the answer passed over, and those that other folders answer. The
shipped weights are judged as they are, the threshold included. A refit of answerable against other folders'
questions is judged on folders it was not fitted on, and its weights over all folders are shown beside the
shipped ones, to see whether those still hold. The model of the fact is fitted again on the other two kinds,
each counting alike in each set, about one half of the titles, and judged on the other half.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from functools import lru_cache
from itertools import product
from pathlib import Path

import numpy as np

from eval.bench.abstain_report import FACTS, NEAR, SIGNALS, AbstainReport, Asked, Kind, Outcome
from eval.bench.data import Query, read_sets
from eval.bench.fitting import Logistic, Values, fit_logistic, fit_weighted
from eval.bench.folders import SAMPLE, Folder, cut, indexed
from index import Index
from rag import RagSettings, load_settings
from rag.abstain import UNCALIBRATED, log_odds
from rag.look import look
from rag.reader.splits import reported
from rag.retrieve import Scope
from rag.unsaid import unsaid
from rag.vocabulary import Lexicon

_FOLDS = 5


def bench_abstain(
    folders: Sequence[Path],
    *,
    sample: int = SAMPLE,
    settings: RagSettings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> AbstainReport:
    """Measure the abstention signals on public question sets.

    Args:
        folders: Each with `corpus.jsonl` and `queries.jsonl`.
        sample: Most questions of each kind for a folder.
        progress: Called with (folders done, all).

    Raises:
        EvalSetupError: A set cannot be used.
    """
    settings = settings or load_settings()
    sets = read_sets(folders)
    chosen = {
        (data.name, source.id)
        for data in sets
        for source in data.sources
        if not reported(source.title or source.id)
    }
    parts = [folder for data in sets for folder in cut(data, sample)]
    asked: list[Asked] = []
    wordless = 0
    for done, folder in enumerate(parts, start=1):
        with indexed(folder, settings) as index:
            found = list(_ask(folder, index, settings, chosen))
        asked += [item for item in found if item.signals]
        wordless += sum(not item.signals for item in found)
        if progress:
            progress(done, len(parts))
    refit, held_out = fit_again(asked)
    given = settings.answer.threshold
    left_out = sum(data.left_out for data in sets)
    least = UNCALIBRATED if given is None else given
    return AbstainReport(least, tuple(asked), left_out, wordless, refit, held_out, fit_fact(asked))


def fit_again(asked: Sequence[Asked]) -> tuple[Logistic | None, tuple[float, ...] | None]:
    """A model over all folders, and each question's probability by one that did not see its folder.

    Answerable questions against those about other folders. None where folders or kinds are too few.
    """
    rows = np.array([[item.signals[name] for name in SIGNALS] for item in asked], dtype=np.float64)
    labels = np.array([item.kind == "answerable" for item in asked], dtype=np.float64)
    fitted = np.array([item.kind in ("answerable", "other folders") for item in asked])
    names = sorted({item.folder for item in asked})
    fold_of = {name: at % _FOLDS for at, name in enumerate(names)}
    folds = np.array([fold_of[item.folder] for item in asked])
    held_out = np.zeros(len(asked))
    if not _both(labels[fitted]):
        return None, None
    refit = fit_logistic(rows[fitted], labels[fitted])
    for fold in sorted(set(fold_of.values())):
        others = fitted & (folds != fold)
        if not _both(labels[others]):
            return refit, None
        held_out[folds == fold] = fit_logistic(rows[others], labels[others]).probabilities(
            rows[folds == fold]
        )
    return refit, tuple(map(float, held_out))


def fit_fact(asked: Sequence[Asked]) -> Logistic | None:
    """The model of the fact, fitted on the questions about one half of the titles.

    Answerable questions against each kind without an answer that is about the folder's own documents; each
    such pair of kinds counts alike in each set. None where there is none.
    """
    rows = np.array([[item.fact[name] for name in FACTS] for item in asked], dtype=np.float64)
    labels = np.array([item.kind == "answerable" for item in asked], dtype=np.float64)
    counts = np.zeros(len(asked))
    for data, kind in product({item.data for item in asked}, NEAR):
        pair = [
            np.array([item.chosen and (item.data, item.kind) == (data, each) for item in asked])
            for each in ("answerable", kind)
        ]
        if all(part.any() for part in pair):
            for part in pair:
                counts[part] += 1 / part.sum()
    if not counts.any():
        return None
    used = counts > 0
    return fit_weighted(rows[used], labels[used], counts[used] * used.sum() / counts.sum(), 1.0)


def _ask(
    folder: Folder, index: Index, settings: RagSettings, chosen: Set[tuple[str, str]]
) -> Iterator[Asked]:
    """Each question as `Rag` sees it when it decides; questions are not divided into parts."""
    source = lru_cache(maxsize=None)(index.document)
    given = settings.answer.threshold
    least = UNCALIBRATED if given is None else given
    nothing = frozenset[int]()
    kinds: tuple[tuple[Kind, Query, frozenset[int]], ...] = (
        *(("answerable", query, nothing) for query in folder.answerable),
        *(("same topic", query, nothing) for query in folder.same_topic),
        *(("answer passed over", query, _holding(query, folder, index)) for query in folder.answerable),
        *(("other folders", query, nothing) for query in folder.elsewhere),
    )
    for kind, query, without in kinds:
        if kind == "answer passed over" and not without:
            continue
        scope = Scope(index, settings.retrieval, without=without)
        found = look(query.question, scope, source, threshold=least)
        verdict = found.verdict
        probability = 0.0 if verdict.unheard or verdict.unpinned else verdict.probability
        name = f"{folder.data}/{folder.number:04}"
        outcome: Outcome = "told what is open" if verdict.unsaid else "answered"
        outcome = outcome if verdict.answerable else "refused"
        fact = unsaid(found.understood, found.evidence, Lexicon(index, without)).signals
        yield Asked(
            folder.data,
            name,
            kind,
            query.about,
            verdict.signals,
            probability,
            verdict.stated,
            outcome,
            {"topic": log_odds(verdict.probability), **fact},
            (folder.data, query.about) in chosen,
        )


def _holding(query: Query, folder: Folder, index: Index) -> frozenset[int]:
    """The chunks that hold part of a gold document of a question."""
    texts = [folder.sources[gold].strip() for gold in query.gold_doc_ids if gold in folder.sources]
    held: set[int] = set()
    for path in index.documents:
        whole = index.document(path).text
        for start, text in ((at, text) for text in texts if (at := whole.find(text)) >= 0):
            end = start + len(text)
            held |= {chunk.id for chunk in index.chunks(path) if chunk.start < end and start < chunk.end}
    return frozenset(held)


def _both(labels: Values) -> bool:
    return len(np.unique(labels)) == 2
