"""Does the program see that documents disagree? On questions whose documents were made to, or not.

A set names for each question its documents, which of them state a right answer, which a wrong one, and the
wrong answers. A folder is made of the documents of one question and asked that question as a user would.
A question counts as one with a conflict if any of its documents states a wrong answer. The halves, by the
hash of the question's id, are one to choose methods on and one to report.
"""

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pydantic import Field

from eval.bench.conflicts_report import ConflictsReport, Half, Seen
from eval.bench.data import Query, Source, read_lines
from eval.errors import EvalSetupError
from eval.normal import contains
from rag import Answer, Rag, RagSettings, load_settings
from rag.records import Conflict


class Disputed(Query):
    """A question and what each of its documents answers.

    Attributes:
        doc_answers: Its documents, with what they answer.
        misinfo_doc_ids: Those that state a wrong answer.
        wrong_answers: What these state.
    """

    doc_answers: Mapping[str, str] = Field(min_length=1)
    misinfo_doc_ids: tuple[str, ...] = ()
    wrong_answers: tuple[str, ...] = ()


def half_of(identifier: str) -> Half:
    """The half that a question belongs to."""
    return "chosen on" if hashlib.sha256(identifier.encode()).digest()[0] % 2 == 0 else "reported"


def bench_conflicts(
    folder: Path,
    *,
    sample: int | None = None,
    settings: RagSettings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ConflictsReport:
    """Ask each question of its own documents, and compare what they are said to disagree on.

    Args:
        folder: With `corpus.jsonl` and `queries.jsonl`.
        sample: Most questions of each half; by default all.
        progress: Called with (questions done, all).

    Raises:
        EvalSetupError: The set cannot be used.
    """
    settings = (settings or load_settings()).model_copy(update={"generator": "extractive"})
    texts = {source.id: source.text for source in read_lines(folder / "corpus.jsonl", Source)}
    asked = read_lines(folder / "queries.jsonl", Disputed)
    halves: dict[Half, list[Disputed]] = {"chosen on": [], "reported": []}
    for query in asked:
        if missing := [name for name in query.doc_answers if name not in texts]:
            raise EvalSetupError(f"{folder}: {query.id}: the corpus has no document {missing[0]}")
        halves[half_of(query.id)].append(query)
    chosen = [query for part in halves.values() for query in part[:sample]]
    seen = []
    for done, query in enumerate(chosen, start=1):
        seen.append(_judge(query, _ask(query, texts, settings)))
        if progress:
            progress(done, len(chosen))
    return ConflictsReport(folder.resolve().name, tuple(seen))


def _ask(query: Disputed, texts: Mapping[str, str], settings: RagSettings) -> Answer:
    with tempfile.TemporaryDirectory(prefix="rag-bench-") as place:
        documents = Path(place, "documents")
        documents.mkdir()
        for name in query.doc_answers:
            path = documents / f"{name}.txt"
            path.write_text(texts[name], encoding="utf-8", errors="replace", newline="")
        with Rag.open(documents, index=Path(place, "index"), settings=settings) as rag:
            return rag.ask(query.question)


def _judge(query: Disputed, answer: Answer) -> Seen:
    claimed = [conflict for conflict in answer.conflicts if conflict.kind != "ambiguous"]
    readings = [conflict for conflict in answer.conflicts if conflict.kind == "ambiguous"]
    right = _different(query.answers)
    shown = "\n".join([answer.text, *(value.value for c in answer.conflicts for value in c.values)])
    none_wrong = not any(contains(shown, wrong) for wrong in query.wrong_answers)
    return Seen(
        half=half_of(query.id),
        conflict=bool(query.misinfo_doc_ids),
        several=right > 1,
        abstained=answer.status == "abstained",
        claimed=bool(claimed),
        readings=bool(readings),
        both=any(_both(conflict, query, answer) for conflict in claimed),
        all_right=all(contains(shown, gold) for gold in query.answers),
        none_wrong=none_wrong,
    )


def _both(conflict: Conflict, query: Disputed, answer: Answer) -> bool:
    """Whether a right and a wrong value are shown, each cited to a document that states it."""

    def cited(documents: Sequence[str], expected: Sequence[str]) -> bool:
        files = {f"{name}.txt" for name in documents}
        return any(
            answer.citations[value.citation - 1].document in files
            and any(contains(value.value, text) or contains(text, value.value) for text in expected)
            for value in conflict.values
        )

    return cited(query.gold_doc_ids, query.answers) and cited(query.misinfo_doc_ids, query.wrong_answers)


def _different(answers: Sequence[str]) -> int:
    """How many of the answers do not contain another."""
    return sum(
        not any(contains(answer, other) for other in answers[:at]) for at, answer in enumerate(answers)
    )
