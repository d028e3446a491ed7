"""Facts in rows, records and lists are answers as much as sentences are."""

from pathlib import Path

import pytest

from rag import Rag, RagSettings

FILES = {
    "staff.csv": (
        "name,department,extension\nIlva Marn,Legal,4437\nTorb Esk,Help,2210\nPell Ohm,Sales,81\n"
        "Dora Veld,Logistics,52\nNora Kell,Physics,17\nSten Arro,Robotics,93\n"
    ),
    "garden.md": (
        "# Garden\n\nThe shed holds the following tools:\n\n- two wheelbarrows\n- six spades\n\n"
        "| plot | tenant | crop |\n|---|---|---|\n| A2 | Jorn Vask | pumpkins |\n| B1 | Ada Rill | leeks |\n"
    ),
    "minutes.txt": "Minutes of the council.\nPresent: Lotte Krum, Ansel Vey\nAbsent: Odile Prass\n",
}


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """The files above, asked with the real encoder."""
    docs = tmp_path_factory.mktemp("docs")
    for name, text in FILES.items():
        (docs / name).write_text(text, encoding="utf-8")
    return Rag.open(docs, index=Path(tmp_path_factory.mktemp("index")), settings=RagSettings())


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is Ilva Marn's extension?", "4437"),
        ("What does Jorn Vask grow?", "pumpkins"),
        ("Who was absent?", "Odile Prass"),
        ("Which tools are in the shed?", "six spades"),
    ],
)
def test_rows_and_lists_answer(rag: Rag, question: str, expected: str) -> None:
    """The row or item that holds the fact is in the answer, cited as an exact span."""
    answer = rag.ask(question)
    assert expected in answer.text
    for citation in answer.citations:
        assert rag.document(citation.document).text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("department", "name"),
    [
        ("Legal", "Ilva Marn"),
        ("Sales", "Pell Ohm"),
        ("Logistics", "Dora Veld"),
        ("Physics", "Nora Kell"),
        ("Robotics", "Sten Arro"),
    ],
)
def test_a_row_answers_who_works_there(rag: Rag, department: str, name: str) -> None:
    """That no document says "works" is no reason not to tell the row that has the department."""
    answer = rag.ask(f"Who works in {department}?")
    assert answer.status == "answered" and name in answer.text


@pytest.mark.parametrize("question", ["Who works in Botany?", "Who was dismissed from Physics?"])
def test_a_row_answers_nothing_else(rag: Rag, question: str) -> None:
    """A department that is not there, or something else about one that is, is not stated."""
    assert rag.ask(question).status == "abstained"
