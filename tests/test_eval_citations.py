"""Citation validity, fault by fault, and the labelled evidence."""

import dataclasses
import hashlib
from pathlib import Path
from typing import Any

import pytest
from eval_cases import CAFE, DOC, GATE, LEAVE, TEXT, answer, corpus, question_set, row, shifted

from eval.metrics import citations
from eval.sources import Sources
from rag.records import Answer


def test_gold_precision_counts_the_answers_own_citations(tmp_path: Path) -> None:
    """One of two citations on gold is one half; none cited is 0."""
    item = question_set(tmp_path, [row("a")]).questions[0]
    assert citations.gold_precision(item, answer(LEAVE, GATE)) == 0.5
    assert citations.gold_precision(item, dataclasses.replace(answer(LEAVE), citations=())) == 0.0


@pytest.mark.parametrize(("shared", "hit"), [(9, 0.0), (10, 1.0)])
def test_an_overlap_is_half_of_the_shorter_span(tmp_path: Path, shared: int, hit: float) -> None:
    """A citation of 20 characters needs 10 on a longer gold span, wherever the rest lies."""
    item = question_set(tmp_path, [row("a")]).questions[0]
    right = answer(LEAVE)
    end = item.evidence[0].start + shared
    given = dataclasses.replace(
        right, citations=(dataclasses.replace(right.citations[0], start=end - 20, end=end),)
    )
    assert len(LEAVE) > 20
    assert citations.gold_recall(item, given) == hit
    assert citations.gold_precision(item, given) == hit


def faults(tmp_path: Path, given: Answer) -> tuple[float | None, str]:
    found = citations.validity(given, Sources(corpus(tmp_path / "docs")))
    return found.value, " / ".join(found.faults)


def changed(**fields: Any) -> Answer:
    """Two right citations, the first of them changed."""
    right = answer(LEAVE, CAFE)
    return dataclasses.replace(
        right, citations=(dataclasses.replace(right.citations[0], **fields), right.citations[1])
    )


def test_right_citations_are_valid_and_an_abstention_has_none(tmp_path: Path) -> None:
    """Validity is 1 behind BOM, CR LF and emoji; nothing cited is no value, not 1."""
    assert faults(tmp_path, answer(LEAVE, CAFE, GATE)) == (1.0, "")
    assert faults(tmp_path, answer()) == (None, "")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"start": 12, "end": 55}, "is not the quote"),
        ({"end": TEXT.index(LEAVE) + len(LEAVE) + 2}, "is not the quote"),
        ({"start": -3, "end": 2}, "has no span"),
        ({"quote": LEAVE.lower()}, "is not the quote"),
        ({"sha256": "0" * 64}, "is not the file that was cited"),
        ({"document": "absent.txt"}, "cannot be read"),
        ({"document": "../docs/handbook.txt"}, "leaves the documents folder"),
        ({"answer_start": 1}, "is no sentence that cites it"),
        ({"answer_start": 0, "answer_end": 0}, "is no sentence that cites it"),
    ],
)
def test_one_wrong_citation_of_two(tmp_path: Path, fields: dict[str, Any], reason: str) -> None:
    """Each kind of fault costs exactly the citation it is in, and is named."""
    value, told = faults(tmp_path, changed(**fields))
    assert value == 0.5
    assert reason in told


def test_an_off_by_one_is_seen(tmp_path: Path) -> None:
    """The planted fault of one code point makes the citation invalid, in both directions."""
    assert faults(tmp_path, shifted(answer(LEAVE), 1))[0] == 0.0
    assert faults(tmp_path, shifted(answer(LEAVE), -1))[0] == 0.0


def test_offsets_of_translated_line_ends_are_invalid(tmp_path: Path) -> None:
    """Offsets counted after CR LF became LF, or without the BOM, do not hold in the file."""
    translated = TEXT.replace("\r\n", "\n").index(CAFE)
    at = TEXT.index(CAFE)
    assert translated != at
    assert faults(tmp_path, shifted(answer(CAFE), translated - at))[0] == 0.0


def test_markers_must_lead_somewhere(tmp_path: Path) -> None:
    """A marker without a citation is an invalid pointer; so is a number given twice."""
    right = answer(LEAVE)
    assert faults(tmp_path, dataclasses.replace(right, text=right.text + " [7]")) == (
        0.5,
        "[7] leads to no citation",
    )
    assert faults(tmp_path, dataclasses.replace(right, citations=()))[0] == 0.0
    twice = dataclasses.replace(right, citations=right.citations * 2)
    assert faults(tmp_path, twice)[0] == 0.0


def test_a_marker_inside_a_sentence_that_its_quote_lacks_is_a_pointer(tmp_path: Path) -> None:
    """A generator cannot hide a pointer to nothing in the words of a cited sentence."""
    right = answer(LEAVE)
    said = LEAVE.replace("leave", "leave [9]")
    cited = dataclasses.replace(right.citations[0], answer_end=len(said))
    sentence = dataclasses.replace(right.sentences[0], text=said)
    given = dataclasses.replace(right, text=f"{said} [1]", citations=(cited,), sentences=(sentence,))
    assert faults(tmp_path, given) == (0.5, "[9] leads to no citation")


def test_a_bracketed_number_of_the_source_is_no_marker(tmp_path: Path) -> None:
    """A quoted sentence may hold `[9]`; the same in words that are not quoted is a pointer."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / DOC).write_bytes(TEXT.replace("of leave", "of [9] le").encode())
    quote = LEAVE.replace("of leave", "of [9] le")
    right = answer(LEAVE)
    text = right.text.replace(LEAVE, quote)
    digest = hashlib.sha256((folder / DOC).read_bytes()).hexdigest()
    cited = dataclasses.replace(
        right.citations[0],
        quote=quote,
        sha256=digest,
        answer_end=len(quote),
        end=right.citations[0].start + len(quote),
    )
    sentence = dataclasses.replace(right.sentences[0], text=quote)
    given = dataclasses.replace(right, text=text, citations=(cited,), sentences=(sentence,))
    assert citations.validity(given, Sources(folder)).value == 1.0
