"""Disagreements that no wording of the question tells of: places that say the same but for one figure."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rag import Answer, Rag
from rag.sides import wording

OLD = "A ticket is paid back in full if it is handed in at least 48 hours before the boat leaves."
NEW = OLD.replace("48", "24")
GRANT = "The board grants €{} for the piles at Harl; the work is done by the firm Marn & Co before {} April."


def _ask(folder: Path, texts: Mapping[str, str], question: str) -> Answer:
    documents = folder / "documents"
    documents.mkdir()
    for name, text in texts.items():
        (documents / name).write_text(f"{text}\n", encoding="utf-8")
    return Rag.open(documents, index=folder / "index").ask(question)


def _values(answer: Answer) -> list[set[str]]:
    return [{value.value for value in conflict.values} for conflict in answer.conflicts]


@pytest.mark.parametrize(
    ("question", "one", "other", "values"),
    [
        ("Until when can I hand in a ticket to be paid back?", OLD, NEW, {"48 hours", "24 hours"}),
        ("What must I do to have a ticket paid back in full?", OLD, NEW, {"48 hours", "24 hours"}),
        (
            "How much was granted for the piles at Harl?",
            GRANT.format("42,000", 15),
            GRANT.format("24,000", 30),
            {"€42,000", "€24,000"},
        ),
        (
            "By when is the work on the piles at Harl done?",
            GRANT.format("42,000", 15),
            GRANT.format("24,000", 30),
            {"15 April", "30 April"},
        ),
    ],
)
def test_an_edited_copy_is_told(
    tmp_path: Path, question: str, one: str, other: str, values: set[str]
) -> None:
    """The copy is not dropped as the same: both figures are shown, each cited to its document."""
    answer = _ask(tmp_path, {"a.txt": one, "b.txt": other}, question)
    assert _values(answer) == [values]
    cited = {answer.citations[value.citation - 1].document for value in answer.conflicts[0].values}
    assert cited == {"a.txt", "b.txt"} and answer.short_answer is None


def test_a_free_ride_denied(tmp_path: Path) -> None:
    """A yes or no in other words than the documents': the sentence told is denied elsewhere."""
    texts = {
        "a.txt": "Dogs travel free of charge on all lines.",
        "b.txt": "From 1 May dogs no longer travel free of charge.",
    }
    (conflict,) = _ask(tmp_path, texts, "Is a dog allowed on board free of charge?").conflicts
    assert conflict.kind == "yes_no" and len(conflict.values) == 2


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "Who works in the archive of Harl?",
            "Ilva Marn works in the archive of Harl.",
            "Jonas Lindt works in the archive of Harl.",
        ),
        ("Which firm does the work on the piles?", GRANT.format("42,000", 15), GRANT.format("42,000", 15)),
        (
            "What did the Orme ferry carry?",
            "In 2019 the Orme ferry carried 30,000 passengers over the lake.",
            "In 2021 the Orme ferry carried 12,000 passengers over the lake.",
        ),
    ],
    ids=["a list", "the same", "two years"],
)
def test_no_disagreement_is_invented(tmp_path: Path, question: str, one: str, other: str) -> None:
    """Two who work in one place, equal copies and figures of two years are none."""
    assert _ask(tmp_path, {"a.txt": one, "b.txt": other}, question).conflicts == ()


def test_a_document_that_disagrees_with_itself(tmp_path: Path) -> None:
    """Two figures of one document are said to be that, and not two sources."""
    text = f"{OLD} Claims go to the desk in Harl, which is open all day.\n\n{NEW}"
    answer = _ask(tmp_path, {"a.txt": text}, "How long before the boat leaves must a ticket be handed in?")
    (conflict,) = answer.conflicts
    assert wording(conflict, answer.citations).startswith("One document itself gives different values")
    assert wording(conflict).startswith("Sources differ")
