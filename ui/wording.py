"""What the terminal, the chat and its exports say about an answer, beside its sentences. Pure.

What sources disagree about is worded in `rag/sides.py`.
"""

from rag.records import Trace

NOT_SAID = "The documents do not say."
MISSING = "Not stated in the documents:"
STOPPED = "Stopped. The answer is not complete."
NO_ANSWER = "No answer"


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
