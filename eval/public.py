"""Public data in the uniform form as a folder of documents and a question set, for `rag eval run --data`.

Each document of the corpus is a file. Evidence is the marked sentences where the data has them and they stand
in the document, else the sentence around the first answer, else the whole document.

An answer that stands in no evidence was worded by a person: no string comparison can tell whether another
wording says the same. It becomes a nugget that need not be stated, and what counts is the evidence cited.
"""

import hashlib
import json
import random
import shutil
from pathlib import Path
from typing import Any

from eval.bench.data import Query, Source, history_of, read_lines
from eval.normal import contains, norm

_SEED = 1


def prepared(folder: Path, sample: int, home: Path) -> tuple[Path, Path]:
    """The documents folder and the set of a public data folder, written below `home`.

    Args:
        sample: Most questions; drawn with a fixed seed, in the order of the file.

    Raises:
        EvalSetupError: A file is missing, or a line is not what it should be.
    """
    sources = read_lines(folder / "corpus.jsonl", Source)
    queries = read_lines(folder / "queries.jsonl", Query)
    place = home / folder.resolve().name
    documents = place / "documents"
    if documents.exists():
        shutil.rmtree(documents)
    documents.mkdir(parents=True)
    texts: dict[str, tuple[str, str]] = {}
    width = len(str(len(sources)))
    for number, source in enumerate(sources):
        name = f"{number:0{width}}.txt"
        text = f"{source.title}\n\n{source.text}" if source.title else source.text
        text = text.encode("utf-8", "replace").decode("utf-8")
        (documents / name).write_text(text, encoding="utf-8", newline="")
        texts[source.id] = (name, text)
    chosen = sorted(random.Random(_SEED).sample(range(len(queries)), min(sample, len(queries))))
    rows = [row for at in chosen if (row := _row(queries[at], texts)) is not None]
    path = place / f"{folder.resolve().name}.questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return documents, path


def _row(query: Query, texts: dict[str, tuple[str, str]]) -> dict[str, Any] | None:
    """A question as an item; None where it names no document, or nothing is expected of it."""
    history = history_of(query.history)
    base = {
        "id": query.id,
        "schema": 1,
        "split": "dev",
        "question": query.question,
        "history": history,
        "group": query.dialog_id or query.about or query.id,
        "source": "human",
    }
    if not query.answerable:
        # A question within a conversation is about its topic.
        same = "same_topic" if history or query.about in texts else "off_corpus"
        return {**base, "type": "unanswerable", "answerable": False, "unanswerable_kind": same}
    golds = [texts[name] for name in query.gold_doc_ids if name in texts]
    answers = [answer for answer in query.answers if norm(answer)]
    if not golds or not answers:
        return None
    evidence = [span for name, text in golds for span in _evidence(query, name, text)]
    row = {**base, "type": "multi_turn" if history else "single", "answerable": True, "evidence": evidence}
    if any(contains(span["quote"], answer) for span in evidence for answer in answers):
        wrong = [w for w in query.wrong_answers if norm(w) and not any(contains(a, w) for a in answers)]
        return {**row, "answers": answers, "forbidden": list(dict.fromkeys(wrong))}
    worded = {"id": "answer", "text": "a person's wording", "importance": "okay", "any_of": answers}
    return {**row, "nuggets": [worded]}


def _evidence(query: Query, name: str, text: str) -> list[dict[str, Any]]:
    spans = [(at, at + len(marked)) for marked in query.gold_evidence if (at := text.find(marked)) >= 0]
    if not spans:
        places = [
            (at, at + len(answer)) for answer in query.answers if answer and (at := text.find(answer)) >= 0
        ]
        spans = [_sentence(text, *min(places))] if places else [(0, len(text))]
    digest = hashlib.sha256(text.encode()).hexdigest()
    return [{"doc": name, "sha256": digest, "quote": text[a:b], "start": a, "end": b} for a, b in spans]


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch between full stops or line ends that holds a span."""
    first = max(text.rfind(". ", 0, start) + 2 if ". " in text[:start] else 0, text.rfind("\n", 0, start) + 1)
    stops = [at for at in (text.find(". ", end) + 1, text.find("\n", end)) if at > 0]
    return first, min(stops, default=len(text))
