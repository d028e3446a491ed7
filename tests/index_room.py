"""What the tests of the index room share: a documents folder, a quick encoder, small fictional texts."""

import os
import random
from dataclasses import dataclass
from pathlib import Path

from index import BuildReport, Chunk, Index, IndexSettings, build_index, open_index

MODELS = Path(os.environ["RAG_MODELS"])
HASH = IndexSettings(encoder="hash:", models=MODELS)
REAL = IndexSettings(models=MODELS)


@dataclass(frozen=True)
class Room:
    """A documents folder and its index, with the hash encoder unless a test says otherwise."""

    docs: Path
    index: Path
    settings: IndexSettings = HASH

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.docs / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def build(self, settings: IndexSettings | None = None) -> BuildReport:
        return build_index(self.docs, self.index, settings=settings or self.settings)

    def open(self) -> Index:
        return open_index(self.index, self.settings)

    def reasons(self) -> dict[str, str]:
        """Path to reason of everything the next build skips."""
        return {row.path: row.reason for row in self.build().skipped}

    def texts(self) -> list[str]:
        """The texts of all chunks, by document and place."""
        index = self.open()
        try:
            return [chunk.text for path in index.documents for chunk in index.chunks(path)]
        finally:
            index.close()

    def finds(self, word: str) -> set[str]:
        """The documents that the word index finds by a word."""
        from index.words import terms

        index = self.open()
        try:
            hits = index.matching(terms(word), 1000)
            return {chunk.document for chunk in index.chunks_by_id(i for i, _ in hits).values()}
        finally:
            index.close()


def new_room(folder: Path, settings: IndexSettings = HASH) -> Room:
    """An empty documents folder and the place for its index."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    return Room(docs, folder / "index", settings)


def prose(seed: int, sentences: int = 12) -> str:
    """A fictional text; another seed gives another one."""
    draw = random.Random(seed)
    verbs = "repaired painted measured sold lost found described visited".split()
    things = "bridge lantern harbour ledger orchard engine window violin archive kettle".split()
    names = ["".join(draw.choice(["ka", "lo", "mi", "ten", "ru", "vas"]) for _ in range(3)) for _ in range(4)]
    lines = [
        f"{draw.choice(names).title()} {draw.choice(verbs)} the {draw.choice(things)} of "
        f"{draw.choice(names).title()} in {draw.randint(1800, 2020)} because the {draw.choice(things)} "
        f"had been {draw.choice(verbs)} by {draw.randint(2, 90)} people."
        for _ in range(sentences)
    ]
    return "\n".join(lines) + "\n"


def chunk_facts(index: Index) -> list[tuple[str, int, int, str, str, int]]:
    """Everything about the chunks of an index that must not depend on how it came about."""
    found: list[Chunk] = [chunk for path in index.documents for chunk in index.chunks(path)]
    return [(c.document, c.start, c.end, c.text, c.heading, c.tokens) for c in found]
