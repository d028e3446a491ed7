"""Notes, manuals and change logs: what has no full stop, stands in a heading or in a table answers, too."""

from pathlib import Path

import pytest

from rag import Answer, Rag, RagSettings

FILES = {
    "boat.md": (
        "# Boat weekend\n\nSkipper: Ada Rill\n\n## Gear\n\n"
        "- Anchor with thirty metres of chain\n- Four life jackets\n"
        "- Flare gun in the locker\n\n## On board\n\n- No smoking below deck\n"
        "- Harbour at Slipway 9, 4410 Orme\n\n"
        "## Starting the engine\n\n1. Open the sea cock\n2. Switch on the blower\n"
        "3. Turn the key to the right\n\n"
        "Harlow, 3 March 2023\n"
    ),
    "changes.md": (
        "# Changes\n\n## 3.2.0 (2024-05-17)\n\n"
        "- Added `dry_run` to `Press.print`.\n- Paper jams are counted.\n\n"
        "## 3.1.4 (2024-02-09)\n\n- Fixed a leak in the ink gauge.\n\n## 2.3.0 (2022-11-30)\n\n"
        "- Ribbons are no longer sold.\n- `Press.push` was renamed to `Press.print`.\n"
    ),
    "press.md": (
        "# Press\n\nA press is a machine that prints on paper by force. Every press is oiled in May.\n\n"
        "## Install\n\n```bash\npip install inkpress\ninkpress init --bed large\n```\n\n"
        "## Platen\n\nThe plate that meets the paper. It weighs nine kilograms.\n\n"
        "## Press.halt(job)\n\nHalts a job. The sheet in the bed is thrown out.\n\n"
        "| Setting | Default | Meaning |\n|---|---|---|\n| `max_sheets` | 40 | sheets in one job |\n"
        "| `bed_heat` | 65 | degrees of the bed |\n| `ink_limit` | 12 | millilitres of ink a day |\n"
    ),
    "crew.csv": (
        "name,post,grade\nIlva Marn,cook,B\nTorb Esk,mate,A\nPell Ohm,diver,C\n"
        "Jorn Vask,cook,A\nAda Rill,clerk,B\n"
    ),
    "kiln.txt": (
        "The kiln stands in the shed behind the mill. It was bought in 2019.\n\nTo fire the kiln:\n\n"
        + "".join(
            f"{n}. Do part {n} of the firing, which takes {n} hours and a steady hand.\n"
            for n in range(1, 11)
        )
        + "\nThe kiln cools for two days.\n\nLighting the lamp of the shed:\n- Turn the tap\n"
    ),
}


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """The files above, asked with the real encoder; nothing is refused, so that the choice is seen."""
    docs = tmp_path_factory.mktemp("docs")
    for name, text in FILES.items():
        (docs / name).write_text(text, encoding="utf-8")
    settings = RagSettings()
    bold = settings.model_copy(update={"answer": settings.answer.model_copy(update={"threshold": 0.0})})
    return Rag.open(docs, index=Path(tmp_path_factory.mktemp("index")), settings=bold)


def texts(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How long is the chain of the anchor?", "Anchor with thirty metres of chain"),
        ("Is smoking allowed below deck?", "No smoking below deck"),
        ("Where is the flare gun?", "Flare gun in the locker"),
        ("How do I install inkpress?", "pip install inkpress\ninkpress init --bed large"),
        ("What is a platen?", "The plate that meets the paper."),
        ("What is a press?", "A press is a machine that prints on paper by force."),
        (
            "What is the default of max_sheets?",
            "Setting: `max_sheets`; Default: 40; Meaning: sheets in one job",
        ),
        ("When was 2.3.0 released?", "2.3.0 (2022-11-30)"),
    ],
)
def test_the_line_that_answers_stands_first(rag: Rag, question: str, first: str) -> None:
    """An item, code, a row or a heading with the asked date; every quote is the document's own text."""
    answer = rag.ask(question)
    assert texts(answer)[0] == first
    for citation in answer.citations:
        assert rag.document(citation.document).text[citation.start : citation.end] == citation.quote
    assert {sentence.support.label for sentence in answer.sentences} == {"supported"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "In which version was the leak in the ink gauge fixed?",
            ["3.1.4 (2024-02-09)", "Fixed a leak in the ink gauge."],
        ),
        (
            "What changed in 2.3.0?",
            [
                "2.3.0 (2022-11-30)",
                "Ribbons are no longer sold.",
                "`Press.push` was renamed to `Press.print`.",
            ],
        ),
        ("how to halt a job", ["Press.halt(job)", "Halts a job.", "The sheet in the bed is thrown out."]),
        (
            "How do I start the engine?",
            ["Open the sea cock", "Switch on the blower", "Turn the key to the right"],
        ),
    ],
)
def test_a_heading_and_a_list_come_along(rag: Rag, question: str, expected: list[str]) -> None:
    """The heading is a citation of its own above what stands below it; a how-to has all its steps."""
    assert texts(rag.ask(question))[: len(expected)] == expected


def test_a_list_is_whole_across_passages(rag: Rag) -> None:
    """All ten steps are told though they do not fit into one passage."""
    assert len(rag._current.index.chunks("kiln.txt")) > 1
    steps = [text for text in texts(rag.ask("How do I fire the kiln?")) if "part" in text]
    assert [text.split(". ", 1)[-1].split(",")[0] for text in steps] == [
        f"Do part {n} of the firing" for n in range(1, 11)
    ]


def test_a_how_to_is_not_dragged_into_a_date(rag: Rag) -> None:
    """Who asks when is not told how."""
    assert not [text for text in texts(rag.ask("When was the kiln bought?")) if "part" in text]


@pytest.mark.parametrize("question", ["When was 2.3.1 released?", "What is the default of max_pages?"])
def test_an_identifier_matches_whole_or_not_at_all(rag: Rag, question: str) -> None:
    """Another version or another setting is no answer."""
    assert rag.ask(question).status == "abstained"


def test_only_the_rows_of_one_grade(rag: Rag) -> None:
    """A letter that is no word of the index still tells rows apart, and nothing else comes along."""
    answer = rag.ask("List all people of grade A")
    assert sorted(texts(answer)) == [
        "name: Jorn Vask; post: cook; grade: A",
        "name: Torb Esk; post: mate; grade: A",
    ]


def test_a_row_does_not_lean_on_the_one_before(rag: Rag) -> None:
    """The header row and the neighbours of a row are not told."""
    told = texts(rag.ask("What is the default of ink_limit?"))
    assert told == ["Setting: `ink_limit`; Default: 12; Meaning: millilitres of ink a day"]
