"""How well the signals of `rag/abstain.py` tell questions with an answer in a folder from others.

Two kinds of question have none: those about the folder's own documents that they do not answer, and those
that other folders answer. The shipped weights are judged as they are, the threshold included. A refit of
answerable against other folders' questions is judged on folders it was not fitted on, and its weights
over all folders are shown beside the shipped ones, to see whether those still hold.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from eval.bench.abstain_report import KINDS, SIGNALS, AbstainReport, Asked, Outcome
from eval.bench.data import read_sets
from eval.bench.fitting import Logistic, Values, fit_logistic
from eval.bench.folders import SAMPLE, Folder, cut, indexed
from index import Index
from rag import RagSettings, load_settings
from rag.abstain import UNCALIBRATED
from rag.look import look
from rag.retrieve import Scope

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
    parts = [folder for data in sets for folder in cut(data, sample)]
    asked: list[Asked] = []
    wordless = 0
    for done, folder in enumerate(parts, start=1):
        with indexed(folder, settings) as index:
            found = list(_ask(folder, index, settings))
        asked += [item for item in found if item.signals]
        wordless += sum(not item.signals for item in found)
        if progress:
            progress(done, len(parts))
    refit, held_out = fit_again(asked)
    given = settings.answer.threshold
    left_out = sum(data.left_out for data in sets)
    return AbstainReport(
        UNCALIBRATED if given is None else given, tuple(asked), left_out, wordless, refit, held_out
    )


def fit_again(asked: Sequence[Asked]) -> tuple[Logistic | None, tuple[float, ...] | None]:
    """A model over all folders, and each question's probability by one that did not see its folder.

    Answerable questions against those about other folders. None where folders or kinds are too few.
    """
    rows = np.array([[item.signals[name] for name in SIGNALS] for item in asked], dtype=np.float64)
    labels = np.array([item.kind == "answerable" for item in asked], dtype=np.float64)
    fitted = np.array([item.kind != "same topic" for item in asked])
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


def _ask(folder: Folder, index: Index, settings: RagSettings) -> Iterator[Asked]:
    """Each question as `Rag` sees it when it decides; questions are not divided into parts."""
    source = lru_cache(maxsize=None)(index.document)
    scope = Scope(index, settings.retrieval)
    given = settings.answer.threshold
    least = UNCALIBRATED if given is None else given
    kinds = zip(KINDS, (folder.answerable, folder.same_topic, folder.elsewhere), strict=True)
    for kind, query in ((kind, query) for kind, queries in kinds for query in queries):
        verdict = look(query.question, scope, source, threshold=least).verdict
        probability = 0.0 if verdict.unheard or verdict.unpinned else verdict.probability
        name = f"{folder.data}/{folder.number:04}"
        outcome: Outcome = "told what is open" if verdict.unsaid else "answered"
        outcome = outcome if verdict.answerable else "refused"
        yield Asked(
            folder.data, name, kind, query.about, verdict.signals, probability, verdict.stated, outcome
        )


def _both(labels: Values) -> bool:
    return len(np.unique(labels)) == 2
