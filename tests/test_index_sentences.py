"""Sentences: abbreviations, initials and quotations do not mislead the splitter; spans are exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans

SENTENCES = [
    (
        "Dr. Smith met Mrs. Jones at 5 p.m. on Jan. 3, 2021.",
        "They spoke with J. R. R. Tolkien.",
        "All agreed.",
    ),
    ("Anti-U.S. sentiment has also contributed.", "The U.S. government and the E.U. council differ."),
    (
        "He said: “It all depends on the situation.”",
        "“I tell you, it can count on help,” she replied.",
        "It ended.",
    ),
    ("“Stop!” he cried.", "“Why?” she asked.", "It was late."),
    (
        "The firm (Acme Inc.) earned $3.5 million.",
        "Prices rose 4.2 percent in the U.K. and 3 percent elsewhere.",
    ),
    ("See fig. 3 and eq. 4.2, e.g. the red line, i.e. the upper one.", "Prof. A. B. Miller et al. disagree."),
    ("She lives in Washington, D.C.", "He does not."),
    ("It cost approx. 5 kg.", "The end came."),
    ("Das Fest ist am 20. Juli um 15 Uhr.", "Am 3. August 2024 wird geprobt."),
    ("They lost by 20.", "May and August were worse."),
    ("hello there.", "how are you?", "fine."),
    ("The rent is due on the 3rd of each month.", "From 1 May 2026 it is higher."),
    ("Emil bought a new lock.", "Cost: 112 euros."),
    ("The badge opens building B.", "Do not share it.", "We took vitamin D.", "It helps."),
    ("The actor B. Smith and the physicist J. Robert spoke to approx. 200 people.",),
]


@pytest.mark.parametrize("expected", SENTENCES, ids=lambda expected: expected[0][:20])
def test_a_full_stop_is_not_always_an_end(expected: tuple[str, ...]) -> None:
    """Abbreviations, initials, decimals and quotations stay inside their sentence."""
    text = " ".join(expected)
    assert tuple(text[s.start : s.end] for s in sentence_spans(text, 0, len(text))) == expected


@given(st.text(max_size=400))
def test_spans_are_ordered_trimmed_and_lose_nothing(text: str) -> None:
    """Whatever the text: spans in order, without blanks at the ends, and only blanks between them."""
    at = 0
    for span in sentence_spans(text, 0, len(text)):
        assert span.start >= at and span.end > span.start
        assert not text[at : span.start].replace("\ufeff", "").strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        at = span.end
    assert not text[at:].replace("\ufeff", "").strip()
