"""Questions in one: how they divide, and how the parts are completed."""

from pathlib import Path

import pytest

from index import Index, IndexSettings, build_index, open_index
from rag import Rag, RagSettings
from rag.conversation import History
from rag.parts import in_parts, listed

TOPIC = [{"role": "user", "content": "Who built the Quillmere bridge?"}]


def split_question(question: str, history: History = (), index: Index | None = None) -> tuple[str, ...]:
    """The parts alone."""
    return tuple(query for query, _ in in_parts(question, history, index))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who designed the northern bridge, and when was the Quillmere harbour dredged?",
            ("Who designed the northern bridge?", "when was the Quillmere harbour dredged?"),
        ),
        (
            "Who designed the northern bridge? When was the Quillmere harbour dredged?",
            ("Who designed the northern bridge?", "When was the Quillmere harbour dredged?"),
        ),
        (
            "Which lamps were bought and in which year did the council pay?",
            ("Which lamps were bought?", "in which year did the council pay?"),
        ),
    ],
)
def test_two_questions_in_one(question: str, parts: tuple[str, ...]) -> None:
    """Where "and" or a question mark joins two questions, each is asked by itself."""
    assert split_question(question) == parts


def test_a_later_part_is_completed() -> None:
    """A part that leans on the one before gets its topic, like a follow-up."""
    first, second = split_question("Who designed the northern bridge, and when did its construction end?")
    assert first == "Who designed the northern bridge?"
    assert second == "when did its construction end? (northern bridge)"


@pytest.mark.parametrize(
    "question",
    [
        "Which lamps and benches were bought?",
        "Who designed it and how?",
        "What was said about bread and whatever else?",
        "When and where was the northern bridge built?",
        "Thanks. Where is it? I saw it once.",
        "Lamps",
        "The northern bridge and which other crossing were built by Ana?",
        "?",
        "? ? ?",
    ],
)
def test_what_does_not_divide(question: str) -> None:
    """A list, a part that asks nothing by itself, or no question at all stays whole."""
    assert split_question(question) == (question,)


def test_many_parts() -> None:
    """However many questions, each is a part, and what is asked twice is one."""
    each = [f"Who leads the {name} club?" for name in "red blue green black white grey brown".split()]
    assert split_question(" ".join([*each, each[0]])) == tuple(each)


@pytest.mark.parametrize(
    ("question", "last"),
    [
        ("What did Ana say about tolls, and why?", "why? (Ana tolls)"),
        ("Who designed the bridge and when?", "when? (designed bridge)"),
        ("Who sold the mill and for how much?", "for how much? (sold mill)"),
    ],
)
def test_a_question_word_alone(question: str, last: str) -> None:
    """It asks of what was asked before it."""
    assert split_question(question)[1:] == (last,)


def test_every_part_knows_the_conversation() -> None:
    """In a follow-up of two parts, both are completed from the history, not only the last."""
    parts = split_question("Who paid the workers for it, and when did its construction end?", TOPIC)
    assert len(parts) == 2
    assert all("Quillmere" in part for part in parts)


def test_a_part_keeps_how_it_was_put() -> None:
    """It is searched like that, too; what is asked of several names was not put so."""
    found = in_parts("Who paid the workers for it, and when did it open?", TOPIC)
    assert [put for _, put in found] == ["Who paid the workers for it?", "when did it open?"]
    assert [query for query, _ in found] == [
        "Who paid the workers for the Quillmere bridge?",
        "when did the Quillmere bridge open?",
    ]
    assert in_parts("What do Harlow and Brez say about tolls?") == (
        ("What does Harlow say about tolls?", ""),
        ("What does Brez say about tolls?", ""),
    )


def test_a_whole_question_is_completed_too() -> None:
    """A follow-up of one part is completed as it always is."""
    assert split_question("When did it open?", TOPIC) == ("When did the Quillmere bridge open?",)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "What do Alpha and the Old Charter say about taxes?",
            ("What does Alpha say about taxes?", "What does the Old Charter say about taxes?"),
        ),
        ("When were Alpha and Beta founded?", ("When was Alpha founded?", "When was Beta founded?")),
        (
            "What is the capital of Alpha and Beta?",
            ("What is the capital of Alpha?", "What is the capital of Beta?"),
        ),
        (
            "What do Alpha, Beta, Gamma and Delta say?",
            tuple(f"What does {name} say?" for name in ("Alpha", "Beta", "Gamma", "Delta")),
        ),
        ("When did Alpha and Beta ratify it?", ("When did Alpha ratify it?", "When did Beta ratify it?")),
        (
            "Why did it close according to Ana Petrov and Ilva Marn?",
            ("Why did it close according to Ana Petrov?", "Why did it close according to Ilva Marn?"),
        ),
    ],
)
def test_the_same_of_several(question: str, parts: tuple[str, ...]) -> None:
    """A question that asks the same of two is asked of each."""
    assert split_question(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "When did Alpha and Beta meet?",
        "What happened between Alpha and Beta?",
        "What is the border of Alpha and Beta?",
        "Who is the founder of Petrov and Sons?",
        "What do bread and butter cost?",
        "When did Alpha and Beta open the bridge?",
    ],
)
def test_what_two_do_together(question: str) -> None:
    """A meeting, a border, things without a name, what may be one deed: the question stays whole."""
    assert split_question(question) == (question,)


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("Which countries signed?", 5),
        ("Name three lamps.", 3),
        ("List the bridges", 5),
        ("Give me 9 names", 5),
        ("Name the mayor of Ashford", 0),
        ("Which bus goes there?", 0),
        ("What keeps the harbour going?", 0),
        ("Which sport awards a prize?", 0),
        ("What lamps were bought?", 5),
        ("What was it?", 0),
    ],
)
def test_lists(question: str, count: int) -> None:
    """How many things are asked for; five where a plural does not say."""
    assert listed(question) == count


CHARTERS = {
    "alpha.txt": "The Alpha charter lowers the harbour taxes to five per cent for all ships.\n",
    "beta.txt": "The Beta charter raises the harbour taxes to nine per cent for all ships.\n",
    "rest.txt": "The river runs through Tarn and Velda. Tarn and Velda has two chambers of deputies.\n",
}


@pytest.fixture(scope="module")
def charters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("charters")
    for name, text in CHARTERS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_one_name_with_an_and(charters: Path, tmp_path: Path) -> None:
    """What the documents always write together is one name; what they do not is two."""
    settings = IndexSettings(encoder="hash:")
    build_index(charters, tmp_path / "i", settings=settings)
    index = open_index(tmp_path / "i", settings)
    one = "What does it say? What is the capital of Tarn and Velda?"
    assert split_question("What is the capital of Tarn and Velda?", (), index) == (
        "What is the capital of Tarn and Velda?",
    )
    assert len(split_question("What do Alpha and Beta say about taxes?", (), index)) == 2
    assert len(split_question(one, (), index)) <= 2


def test_an_answer_for_each_source(charters: Path, tmp_path: Path) -> None:
    """Each of two sources is cited for its part; a third that says nothing is named as missing."""
    rag = Rag.open(charters, index=tmp_path / "i", settings=RagSettings())
    both = rag.ask("What do Alpha and Beta say about the harbour taxes?")
    assert both.status == "answered"
    assert {cited.document for cited in both.citations} == {"alpha.txt", "beta.txt"}
    lone = rag.ask("How much did Alpha and Zorblax lower the harbour taxes?")
    assert lone.status == "partial" and lone.missing == ("How much did Zorblax lower the harbour taxes?",)
    met = rag.ask("When did Alpha and Zorblax meet about the harbour taxes?")
    assert met.status == "abstained" and "Zorblax" in met.text
    half = rag.ask("What do Alpha and Omicron say about the harbour taxes?")
    assert half.status == "partial" and half.citations[0].document == "alpha.txt"
    assert half.missing == ("What does Omicron say about the harbour taxes?",)
