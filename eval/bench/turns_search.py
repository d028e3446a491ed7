"""Whether completed follow-ups find the gold passages of a public corpus with conversations.

Recall of the gold documents among the first few found: with the question as asked, completed, and with the
two fused as the program does. Intervals are Wilson's, over conversations; judged is the half of them that
no rule was chosen on.
"""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.bench.data import Query, Source, history_of, read_lines
from eval.bench.sheets import Share, Sheet, share
from eval.bench.turns import Half, in_half
from eval.errors import EvalSetupError
from index import Index, build_index, open_index
from rag import RagSettings
from rag.conversation import standalone
from rag.retrieve import Hit, Scope, retrieve, retrieve_follow_up
from rag.vocabulary import Lexicon, understand

DEPTHS = (1, 3, 8)


class Asked(Query):
    """A question of a conversation; `history` holds lines such as "user: Who?" and "agent: Ana."."""

    dialog_id: str


@dataclass(frozen=True, slots=True)
class SearchReport:
    """Recall by way and depth, over all questions and over those that were completed."""

    name: str
    completed: int
    every: dict[str, tuple[Share, ...]]
    follow_ups: dict[str, tuple[Share, ...]]

    def to_dict(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)

    def sheets(self) -> tuple[Sheet, ...]:
        """The tables."""
        tables = (("all questions", self.every), (f"{self.completed} completed", self.follow_ups))
        return tuple(
            Sheet(
                (f"{self.name}: {of}", *(f"recall at {depth}" for depth in DEPTHS)),
                tuple((way, *map(str, shares)) for way, shares in table.items()),
            )
            for of, table in tables
        )


def bench_turns_search(folder: Path, settings: RagSettings, half: Half = "judged") -> SearchReport:
    """Search a corpus for the questions of conversations about it.

    Raises:
        EvalSetupError: A file is missing or wrong, or no question has both a history and a gold document.
    """
    sources = read_lines(folder / "corpus.jsonl", Source)
    questions = read_lines(folder / "queries.jsonl", Asked)
    asked = [q for q in questions if q.history and q.gold_doc_ids and in_half(half, q.dialog_id)]
    if not asked:
        raise EvalSetupError(f"{folder}: no question has both a history and gold documents")
    with tempfile.TemporaryDirectory(prefix="rag-bench-") as place:
        docs = Path(place, "documents")
        docs.mkdir()
        names: dict[str, str] = {}
        for number, source in enumerate(sources):
            names[f"{number:05}.txt"] = source.id
            (docs / f"{number:05}.txt").write_text(source.text, "utf-8", errors="replace", newline="")
        build_index(docs, Path(place, "index"), settings=settings.index_settings)
        with closing(open_index(Path(place, "index"), settings.index_settings)) as index:
            return _report(folder.resolve().name, asked, index, settings, names)


def _report(
    name: str, asked: Sequence[Asked], index: Index, settings: RagSettings, names: dict[str, str]
) -> SearchReport:
    every: dict[str, list[tuple[str, tuple[float, ...]]]] = {}
    later: dict[str, list[tuple[str, tuple[float, ...]]]] = {}
    completed = 0
    for question in asked:
        query = standalone(question.question, history_of(question.history))
        completed += query != question.question
        for way, search in _ways(question.question, query, index, settings).items():
            found = list(dict.fromkeys(names[hit.chunk.document] for hit in search()))
            gold = set(question.gold_doc_ids)
            recall = tuple(len(gold & set(found[:depth])) / len(gold) for depth in DEPTHS)
            every.setdefault(way, []).append((question.dialog_id, recall))
            if query != question.question:
                later.setdefault(way, []).append((question.dialog_id, recall))
    return SearchReport(name, completed, _shares(every), _shares(later))


def _ways(
    asked: str, query: str, index: Index, settings: RagSettings
) -> dict[str, Callable[[], tuple[Hit, ...]]]:
    scope, lexicon = Scope(index, settings.retrieval), Lexicon(index)
    plain, whole = understand(asked, lexicon), understand(query, lexicon)
    deep = 4 * max(DEPTHS)
    found: dict[str, Callable[[], tuple[Hit, ...]]] = {
        "as asked": lambda: retrieve(scope, plain, deep),
        "completed": lambda: retrieve(scope, whole, deep),
    }
    both = (lambda: retrieve_follow_up(scope, whole, plain, deep)) if query != asked else found["as asked"]
    return found | {"both fused": both}


def _shares(table: dict[str, list[tuple[str, tuple[float, ...]]]]) -> dict[str, tuple[Share, ...]]:
    return {
        way: tuple(share([(recall[at], dialog) for dialog, recall in rows]) for at in range(len(DEPTHS)))
        for way, rows in table.items()
    }
