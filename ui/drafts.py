"""A rejected answer as a draft of an eval question: it never gates, and a person completes it.

Drafts are a question set beside the index, which can be validated as it is. What a good answer would be is
not known yet, so for evidence and answer a draft holds what was cited, and the notes say what was wrong. An
answer from uploaded documents alone, which no folder holds, is kept as a question without an answer.
"""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index import IndexSettings
from ui.conversations import Feedback
from ui.turns import Message, Turn

if TYPE_CHECKING:
    from eval.schema import Question

NAME = "drafts.questions.jsonl"
_SAID_LIMIT = 500


def draft_of(
    turn: Turn, history: list[Message], feedback: Feedback | None, folder: Path, settings: IndexSettings
) -> "Question":
    """The draft item of one turn of a chat about a documents folder."""
    from eval.drafts import REJECTED, Expected, from_answer
    from eval.errors import QuestionSetError

    answer = turn.answer
    reason = f"rejected: {feedback.reason or 'no reason given'}" if feedback else "rejected"
    told = [
        reason,
        feedback.text if feedback else "",
        f"answered ({turn.phase}): {answer.text[:_SAID_LIMIT]}",
    ]
    told.append(f"generator {answer.trace.generator or '?'}, index {answer.trace.index or '?'}")
    asked = [{"role": said["role"], "content": said["content"]} for said in history if said["content"]]
    name = f"draft-{turn.key}"
    try:
        item = from_answer(name, replace(answer, question=turn.question), folder, settings, history=asked)
    except QuestionSetError as error:  # nothing cited that the folder holds, as it is now
        told.append(f"no evidence: {error}")
        nothing = Expected(unanswerable="off_corpus")
        item = from_answer(name, replace(answer, question=turn.question), folder, settings, nothing, asked)
    told.append(REJECTED)
    return item.model_copy(
        update={"group": name, "tags": ("draft",), "gate": "info", "notes": "; ".join(filter(None, told))}
    )


def save_draft(folder: Path, draft: "Question") -> bool:
    """Append a draft to the file in a folder; False if it holds one of this id already."""
    from eval.own_set import line_of

    file = folder / NAME
    if file.exists():
        lines = file.read_bytes().split(b"\n")
        if any(json.loads(line)["id"] == draft.id for line in lines if line.strip()):
            return False
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as out:
        out.write(f"{line_of(draft)}\n")
    return True
