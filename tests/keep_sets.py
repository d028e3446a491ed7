"""Keeps the question sets in step with their documents: `python tests/keep_sets.py`.

After a document or a reader has changed, each quote is looked up again, the hashes are taken anew, and
`dataset.yaml` is rewritten. What a person has to decide is left alone: a quote that is gone is an error.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.schema import Question
from index.formats import READERS
from index.limits import Limits
from index.parser_worker import ParserWorker
from index.reading import read_data

REPO = Path(__file__).resolve().parent.parent
SETS = REPO / "eval" / "sets"
MADE = REPO / "eval" / "corpora"
CORPORA = {"seeds": REPO / "seeds", "ferry": MADE / "ferry", "observatory": MADE / "observatory"}
"""Name of a set to the folder of its documents."""
VERSIONS = {"seeds": 4, "ferry": 3, "observatory": 1}
LICENSES = {"seeds": "unknown, see metadata.jsonl", "ferry": "CC0-1.0", "observatory": "CC0-1.0"}
"""Of the documents; the questions are CC0-1.0."""


def documents(folder: Path) -> list[Path]:
    """The files of a corpus that are read."""
    files = (path for path in folder.iterdir() if path.name != "metadata.jsonl")
    return sorted(path for path in files if path.suffix in READERS)


def texts(folder: Path) -> dict[str, str]:
    """The text of each document as the program reads it, which is what offsets count in."""
    with ParserWorker(Limits()) as worker:
        return {p.name: read_data(p.name, p.read_bytes(), worker).text for p in documents(folder)}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rows(name: str) -> list[dict[str, Any]]:
    lines = (SETS / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def anchored(row: Mapping[str, Any], found: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """An item with its evidence where the quotes stand now, the nearest place if there are several."""
    evidence = []
    for gold in row["evidence"]:
        text, quote = found[gold["doc"]], gold["quote"]
        starts = [at for at in range(len(text)) if text.startswith(quote, at)]
        if not starts:
            raise SystemExit(f"{row['id']}: {gold['doc']} no longer holds {quote!r}; correct the item")
        start = min(starts, key=lambda at: abs(at - gold["start"]))
        place = {"sha256": sha256(folder / gold["doc"]), "start": start, "end": start + len(quote)}
        evidence.append(gold | place)
    return {**row, "evidence": evidence}


def counts(questions: Sequence[Question]) -> dict[str, Any]:
    """How many items and groups there are, of each split and type."""
    groups = {question.group: question.split for question in questions}
    return {
        "items": dict(sorted(Counter(question.split for question in questions).items())),
        "groups": dict(sorted(Counter(groups.values()).items())),
        "types": dict(sorted(Counter(question.type for question in questions).items())),
        "unanswerable": dict(sorted(Counter(q.category for q in questions if not q.answerable).items())),
    }


def manifest() -> dict[str, Any]:
    """What `dataset.yaml` says."""
    sets = []
    for name, folder in CORPORA.items():
        questions = [Question.model_validate_json(json.dumps(row)) for row in rows(name)]
        told = {"name": name, "version": VERSIONS[name], "file": f"{name}.jsonl", "license": "CC0-1.0"}
        told |= {"source": "synthetic", "counts": counts(questions)}
        hashes = {path.name: sha256(path) for path in documents(folder)}
        where = {"folder": folder.relative_to(REPO).as_posix(), "license": LICENSES[name]}
        sets.append({**told, "corpus": {**where, "sha256": hashes}})
    return {"schema": 1, "sets": sets}


def main() -> None:
    import yaml

    for name, folder in CORPORA.items():
        found = texts(folder)
        lines = [json.dumps(anchored(row, found, folder), ensure_ascii=False) for row in rows(name)]
        (SETS / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = yaml.safe_dump(manifest(), sort_keys=False, allow_unicode=True, width=110)
    (SETS / "dataset.yaml").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
