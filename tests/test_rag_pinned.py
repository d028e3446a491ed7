"""A year or an identifier that no passage found speaks of: the passages are about another one."""

import pytest

from index import Document
from rag import Rag, RagSettings
from rag.pinned import pinned

TEXTS = {
    "budget.md": """# Budget of the mill club

In 2025 the budget of the mill club was 18,400 euros. The insurance premium was 310 euros.

From 2017 to 2019 the mill club paid no rent. In the 1980s the rent was 40 euros.
""",
    "fair-2025.md": """# The winter fair

The winter fair of 2025 made 6,480 euros.
""",
    "fair.md": """# What the fairs made

In 2023 the winter fair made 5,100 euros. In 2024 it was closed.
""",
    "settings.md": """# Settings of the pump

`poll_interval` says how often the pump looks at the level; its default is 5 seconds.
The max retries of the pump are 7. Version 2.3.0 of the pump came out in spring.
""",
}


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    docs = tmp_path_factory.mktemp("club")
    for name, text in TEXTS.items():
        (docs / name).write_text(text, encoding="utf-8")
    (docs / "metadata.jsonl").write_text('{"document": "settings.md", "date": "2021-05-01"}\n')
    return Rag.open(docs, settings=RagSettings(home=tmp_path_factory.mktemp("home")))


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What was the budget of the mill club in 2025?", None),
        ("What was the budget of the mill club in 2022?", "2022"),
        ("What rent did the mill club pay in 2018?", None),  # within the years given
        ("What was the rent of the mill club in 1984?", None),  # within the decade
        ("What is the default of poll_interval?", None),
        ("What is the default of heartbeat_interval of the pump?", "heartbeat_interval"),
        ("What is max_retries of the pump?", None),  # written in two words
        ("When did version 2.3.0 of the pump come out?", None),
        ("When did version 2.4.1 of the pump come out?", "2.4.1"),
        ("Which version of the pump came out in 2021?", None),  # the date of the document
    ],
)
def test_years_and_identifiers_have_to_be_there(rag: Rag, question: str, missing: str | None) -> None:
    answer = rag.ask(question)
    if missing is None:
        assert answer.status == "answered"
    else:
        assert answer.status == "abstained"
        assert answer.text == f"The documents do not say. No passage found on this speaks of “{missing}”."


def test_a_year_selects_the_documents_that_speak_of_it(rag: Rag) -> None:
    """What another document says is of another time, however well it is worded."""
    answer = rag.ask("How much did the winter fair make in 2024?")
    assert "6,480" not in answer.text and answer.citations[0].document == "fair.md"
    assert "6,480" in rag.ask("How much did the winter fair make in 2025?").text


@pytest.mark.parametrize(
    "question",
    [
        "Who has 2000 members in 2000 villages?",
        "How deep is 1500 m, and how much is 2000.5?",
        "What is 3.14?",
    ],
)
def test_other_numbers_are_no_years(question: str) -> None:
    assert pinned(question, [], lambda path: Document(path, "", "")).missing == ()


def test_degrees_are_not_looked_for(rag: Rag) -> None:
    """Nobody writes that a budget is large: "how large" only asks for its size."""
    answer = rag.ask("How humongous was the budget of the mill club?")
    assert answer.status == "answered" and "18,400" in answer.text
    assert answer.trace.unknown_words == ()
