"""A public set of made-up towns, for the benches."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]
HASHED = {"index": {"encoder": "hash:"}}
THINGS = ("harbour", "bridge", "library", "market")


def write(folder: Path, sources: Sequence[Row], queries: Sequence[Row]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("corpus", sources), ("queries", queries)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def towns(folder: Path, count: int = 12, marked: bool = False, repeated: bool = True) -> Path:
    """Towns with made-up names: when each thing was opened, and a question that nothing answers."""
    draw = random.Random(7)
    sources: list[Row] = []
    queries: list[Row] = []
    for town in range(count):
        name = "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(4)).title()
        for thing in THINGS:
            key, year = f"{town:03}-{thing}", draw.randrange(1100, 1900)
            fact = f"The {thing} of {name} was opened in the year {year}."
            more = f"Many people of {name} walk to the {thing} on a sunny morning."
            title = name if repeated else f"{name} {thing}"
            sources.append({"id": key, "title": title, "text": f"{fact} {more}", "source": "made up"})
            asked = f"In what year was the {thing} of {name} opened?"
            gold = {"gold_evidence": [fact]} if marked else {}
            answer: Row = {"answers": [str(year)], "answerable": True, "gold_doc_ids": [key], **gold}
            queries.append({"id": f"{key}+", "question": asked, **answer})
            missing = f"What did the {thing} of {name} cost?"
            place: Row = {"source_doc_id": key} if town % 2 else {"source_doc_ids": [key]}
            lacking: Row = {"answers": [], "answerable": False, "gold_doc_ids": [], **place}
            queries.append({"id": f"{key}-", "question": missing, **lacking})
    return write(folder, sources, queries)
