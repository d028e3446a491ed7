"""A rejected answer as a draft of an eval question: it never gates, and a person completes it.

Drafts are JSON Lines in the format of question sets, beside the index; what a good answer would be is not
known yet, so they hold no gold answers and no evidence, and the notes say what was wrong.
"""

import json
import os
from pathlib import Path
from typing import Any

from ui.conversations import Feedback
from ui.turns import Message, Turn

NAME = "drafts.questions.jsonl"
_SAID_LIMIT = 500


def draft_of(turn: Turn, history: list[Message], feedback: Feedback | None) -> dict[str, Any]:
    """The draft item of one turn."""
    answer = turn.answer
    reason = f"rejected: {feedback.reason or 'no reason given'}" if feedback else "rejected"
    told = [
        reason,
        feedback.text if feedback else "",
        f"answered ({turn.phase}): {answer.text[:_SAID_LIMIT]}",
    ]
    told.append(f"generator {answer.trace.generator or '?'}, index {answer.trace.index or '?'}")
    return {
        "id": f"draft-{turn.key}",
        "schema": 1,
        "split": "dev",
        "question": turn.question,
        "history": history,
        "type": "multi_turn" if history else "single",
        "answerable": True,
        "unanswerable_kind": None,
        "answers": [],
        "forbidden": [],
        "nuggets": [],
        "evidence": [],
        "conflict": None,
        "group": f"draft-{turn.key}",
        "tags": ["draft"],
        "gate": "info",
        "source": "human",
        "license": "",
        "notes": "; ".join(filter(None, told)),
    }


def save_draft(folder: Path, draft: dict[str, Any]) -> bool:
    """Append a draft to the file in a folder; False if it holds one of this id already."""
    file = folder / NAME
    if file.exists():
        lines = file.read_text(encoding="utf-8").splitlines()
        if any(json.loads(line)["id"] == draft["id"] for line in lines if line.strip()):
            return False
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(json.dumps(draft) + "\n")
    return True
