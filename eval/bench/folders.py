"""A public corpus as small folders of documents, like those a user has, and an index of each.

Where titles repeat, the documents of a title are one file and five titles a folder; else each document is a
file and forty a folder. The order is shuffled with a fixed seed. A question counts in the folder that holds
the first of its gold documents.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from eval.bench.data import DataSet, Query, Source
from eval.errors import EvalSetupError
from index import Index, open_index
from rag import RagSettings
from rag.opening import build

SAMPLE = 60
_SEED = 1
_TITLES = 5
_DOCUMENTS = 40


@dataclass(frozen=True, slots=True)
class Folder:
    """A part of a corpus and a sample of questions for it.

    Attributes:
        data: Name of the set.
        number: 0, 1, … in the set.
        texts: Its files.
        sources: The text of each of its documents.
        answerable: Questions whose answer lies in it.
        same_topic: Questions about its documents that they do not answer.
        elsewhere: Questions that documents of other folders answer.
    """

    data: str
    number: int
    texts: tuple[str, ...] = field(repr=False)
    sources: Mapping[str, str] = field(repr=False)
    answerable: tuple[Query, ...] = field(repr=False)
    same_topic: tuple[Query, ...] = field(repr=False)
    elsewhere: tuple[Query, ...] = field(repr=False)


def cut(data: DataSet, sample: int = SAMPLE) -> tuple[Folder, ...]:
    """The folders of a set, each with at most `sample` questions of each kind.

    Raises:
        EvalSetupError: No question can be placed in any folder.
    """
    files, size = _files(data.sources)
    random.Random(_SEED).shuffle(files)
    parts = [files[at : at + size] for at in range(0, len(files), size)]
    home = {source.id: number for number, part in enumerate(parts) for file in part for source in file}
    placed = [query for query in data.queries if query.about in home]
    if not any(query.answerable for query in placed):
        raise EvalSetupError(
            f"{data.name}: no question stands alone, is answerable and names a gold document of the corpus"
        )
    folders = []
    for number, part in enumerate(parts):
        own = [query for query in placed if home[query.about] == number]
        others = [
            query
            for query in placed
            if query.answerable and all(home.get(gold) != number for gold in query.gold_doc_ids)
        ]
        kinds = ([q for q in own if q.answerable], [q for q in own if not q.answerable], others)
        chosen = [_sample(pool, sample, f"{number}/{kind}") for kind, pool in enumerate(kinds)]
        sources = {source.id: source.text for file in part for source in file}
        folders.append(Folder(data.name, number, tuple(map(_text, part)), sources, *chosen))
    return tuple(folders)


@contextmanager
def indexed(folder: Folder, settings: RagSettings) -> Iterator[Index]:
    """The index of a folder, built in a temporary place and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="rag-bench-") as place:
        documents, where = Path(place, "documents"), Path(place, "index")
        documents.mkdir()
        for number, text in enumerate(folder.texts):
            path = documents / f"{number:04}.txt"
            path.write_text(text, encoding="utf-8", errors="replace", newline="")
        build(documents, where, settings)
        index = open_index(where, settings.index_settings)
        try:
            yield index
        finally:
            index.close()


def _files(sources: Sequence[Source]) -> tuple[list[list[Source]], int]:
    """The corpus as files of one or more documents, and how many files make a folder."""
    titles = Counter(source.title for source in sources if source.title)
    repeated = sum(count for count in titles.values() if count > 1)
    if 2 * repeated < len(sources):
        return [[source] for source in sorted(sources, key=lambda source: source.id)], _DOCUMENTS
    files: dict[str, list[Source]] = {}
    for source in sources:
        files.setdefault(source.title or source.id, []).append(source)
    return [files[name] for name in sorted(files)], _TITLES


def _text(file: Sequence[Source]) -> str:
    return "\n\n".join(part for part in (file[0].title, *(source.text for source in file)) if part)


def _sample(pool: list[Query], most: int, draw: str) -> tuple[Query, ...]:
    return tuple(random.Random(f"{_SEED}/{draw}").sample(pool, min(most, len(pool))))
