"""A rejected answer as a draft of an eval question, in a file beside the index.

What it holds is decided in `eval/drafts.py`. It never gates; a person completes it.
"""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ui.conversations import Feedback
from ui.turns import Turn, history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.schema import Question
    from index.settings import IndexSettings

NAME = "drafts.questions.jsonl"
_SAID_LIMIT = 500


def draft_of(
    earlier: "Sequence[Turn]",
    turn: Turn,
    feedback: Feedback | None,
    folder: Path,
    settings: "IndexSettings",
) -> "Question":
    """The draft item of one turn; its notes say what was wrong."""
    # Late: the first page of a chat should not wait for it.
    from eval.drafts import draft_from

    answer = turn.answer
    asked = [said for said in history(earlier) if said["content"]]
    as_put = replace(answer, question=turn.question)
    made = draft_from(f"draft-{turn.key}", as_put, folder, settings, asked)
    told = [
        made.notes,
        f"Rejected: {feedback.reason or 'no reason given'}" if feedback else "Rejected",
        feedback.text if feedback else "",
        f"answered ({turn.phase}): {answer.text[:_SAID_LIMIT]}",
        f"generator {answer.trace.generator or '?'}, index {answer.trace.index or '?'}",
    ]
    return made.model_copy(update={"tags": ("draft",), "notes": "; ".join(filter(None, told))})


def save_draft(folder: Path, draft: "Question") -> bool:
    """Append a draft to the file in a folder; False if it holds one of this id already."""
    from eval.own_set import line_of

    file = folder / NAME
    torn = False
    if file.exists():
        content = file.read_bytes()
        if any(_id_of(line) == draft.id for line in content.split(b"\n")):
            return False
        torn = bool(content) and not content.endswith(b"\n")
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as out:
        out.write(("\n" if torn else "") + line_of(draft) + "\n")
    return True


def _id_of(line: bytes) -> object:
    """The id of a draft; None for a line that somebody is still editing, which is left as it is."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found.get("id") if isinstance(found, dict) else None
