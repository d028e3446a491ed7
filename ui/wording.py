"""What the terminal, the chat and its exports say about an answer, and where its lines break. Pure.

What sources disagree about is worded in `rag/sides.py`.
"""

import re

from rag.records import Answer, Trace

NOT_SAID = "The documents do not say."
MISSING = "Not stated in the documents:"
STOPPED = "Stopped. The answer is not complete."
NO_ANSWER = "No answer"
_ENDS = re.compile(r"[.!?…:\u3002\uff01\uff1f][\"”’»)\]*_]*\s*$")
_ITEM = re.compile(r"(?:[-*•]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")
_INDENTED = re.compile(r"\n(?: {2,}|\t)\s*\S")


def is_line(text: str) -> bool:
    """Whether a sentence is a line of its own: a table row, an item, code."""
    return is_code(text) or bool(_ITEM.match(text)) or not _ENDS.search(text)


def is_code(text: str) -> bool:
    """Whether the line ends and indents of a sentence mean something."""
    return bool(_INDENTED.search(text))


def laid_out(answer: Answer) -> str:
    """The text of an answer, as long as before, with a line end for the blank beside each line of its own."""
    text, at, before = answer.text, 0, False
    for sentence in answer.sentences:
        start = text.find(sentence.text, at)
        if start < 0:
            return answer.text
        alone = is_line(sentence.text)
        if (alone or before) and text[start - 1 : start] == " ":
            text = f"{text[: start - 1]}\n{text[start:]}"
        at, before = start + len(sentence.text), alone
    return text


def how_made(trace: Trace) -> list[str]:
    """How the answer was made, where that is out of the ordinary; a sentence each."""
    told = [f"Note: {note}." for note in trace.notes]
    if left_out := len(trace.rejected):
        counted = "1 sentence was" if left_out == 1 else f"{left_out} sentences were"
        told.append(f"{counted} left out: no evidence supports what was written.")
    return told


def took(trace: Trace) -> str:
    """What a language model read and wrote for it, and for how much; "" where there was none."""
    if not trace.tokens:
        return ""
    cost = "" if trace.cost is None else f", ${trace.cost:.5f}"
    return f"{trace.tokens.get('input', 0)} tokens read, {trace.tokens.get('output', 0)} written{cost}"


def searched_in(documents: int) -> str:
    """How much was searched for an answer that is none."""
    return f"Searched {documents} document{'' if documents == 1 else 's'}"
