"""Do the chosen sentences hold the answer? The extractive path, asked as a user asks it, on public questions.

In a set where people marked the sentences that answer, those are looked for, and questions without any are
left out; in other sets a gold answer is, on token boundaries.
What the retrieved passages hold is the most that any choice of sentences can reach.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from eval.bench.answers_report import AnswersReport, Judged
from eval.bench.data import Query, read_sets
from eval.bench.folders import SAMPLE, Folder, cut, indexed
from eval.normal import contains
from eval.stats import mean
from index import Index
from rag import Rag, RagSettings, load_settings
from rag.generators import Evidence, Output, open_generator
from rag.relevance import COSINE


class WithoutCosine:
    """The extractive generator, choosing by words and rank alone: the baseline of the cosine.

    Relevance is the sum of a part from words and rank and of the cosine itself.
    """

    name = "extractive-without-cosine"

    def __init__(self, index: Index, settings: RagSettings) -> None:
        self._inner = open_generator("extractive", index, settings.answer)

    def generate(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Output]:
        """What the extractive generator chooses from evidence that lacks the cosine."""
        plain = [item._replace(relevance=item.relevance - COSINE * item.cosine) for item in evidence]
        return self._inner.generate(question, plain)


def bench_answers(
    folders: Sequence[Path],
    *,
    sample: int = SAMPLE,
    settings: RagSettings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> AnswersReport:
    """Ask answerable questions of public sets and look for what should be found.

    Args:
        folders: Each with `corpus.jsonl` and `queries.jsonl`.
        sample: Most questions for a folder.
        progress: Called with (folders done, all).

    Raises:
        EvalSetupError: A set cannot be used.
    """
    settings = (settings or load_settings()).model_copy(update={"generator": "extractive"})
    sets = read_sets(folders)
    marked = {data.name for data in sets if any(query.gold_evidence for query in data.queries)}
    parts = [folder for data in sets for folder in cut(data, sample)]
    judged: list[Judged] = []
    for done, folder in enumerate(parts, start=1):
        with indexed(folder, settings) as index:
            judged += _judge(folder, folder.data in marked, index, settings)
        if progress:
            progress(done, len(parts))
    unmarked = sum(len(folder.answerable) for folder in parts) - len(judged)
    return AnswersReport(tuple(judged), sum(data.left_out for data in sets) + unmarked)


def _judge(folder: Folder, marked: bool, index: Index, settings: RagSettings) -> Iterator[Judged]:
    never_refuse = settings.answer.model_copy(update={"threshold": 0.0})
    bold = settings.model_copy(update={"answer": never_refuse})
    brief = settings.model_copy(update={"answer": never_refuse.model_copy(update={"sentences": 1})})
    shipped, open_to_all, first_only = (Rag(index, given) for given in (settings, bold, brief))
    wordy = Rag(index, bold, WithoutCosine(index, bold))
    for query in folder.answerable:
        if not (query.gold_evidence if marked else query.answers):
            continue
        began = time.process_time()
        answer = shipped.ask(query.question)
        cpu_seconds = time.process_time() - began
        chosen = open_to_all.ask(query.question)
        first = [sentence.text for sentence in first_only.ask(query.question).sentences]
        plain = [sentence.text for sentence in wordy.ask(query.question).sentences]
        texts = [sentence.text for sentence in chosen.sentences]
        gold = query.gold_evidence
        yield Judged(
            data=folder.data,
            gold="gold sentence" if marked else "gold answer",
            group=query.about,
            answered=float(answer.status != "abstained"),
            answer=holds(query, [sentence.text for sentence in answer.sentences]),
            chosen=holds(query, texts),
            first=holds(query, first[:1]),
            without_cosine=holds(query, plain),
            passages=holds(query, [passage.text for passage in chosen.passages]),
            precision=mean([is_gold(text, gold) for text in texts]) or 0.0 if marked else None,
            sentences=len(texts),
            cpu_seconds=cpu_seconds,
        )


def holds(query: Query, texts: Sequence[str]) -> float:
    """1 if a gold sentence is among the texts, or a gold answer in them where no sentences are marked."""
    if query.gold_evidence:
        return float(any(is_gold(text, query.gold_evidence) for text in texts))
    together = "\n".join(texts)
    return float(any(contains(together, answer) for answer in query.answers))


def is_gold(text: str, gold: Sequence[str]) -> float:
    """1 if a text is, holds, or is a part of one of the gold sentences; sentences may be cut otherwise."""
    return float(any(contains(sentence, text) or contains(text, sentence) for sentence in gold))
