"""Facts in rows, records and lists are answers as much as sentences are."""

from pathlib import Path

import pytest

from rag import Rag, RagSettings

FILES = {
    "staff.csv": "name,department,extension\nIlva Marn,Legal,4437\nTorb Esk,Help,2210\nPell Ohm,Sales,81\n",
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
