"""Documents that disagree: what is told, how it is cited, and when nothing may be said."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from eval.questions import default_set, read_questions
from rag import Answer, Rag
from rag.entities import are_different, entity_of, event_of
from rag.records import Conflict, ConflictValue
from rag.sides import wording

Ask = Callable[[Mapping[str, str], str], Answer]

MUSEUM = (
    "Visitors of the Alder Museum pay at the door. A ticket for the Alder Museum costs {} euros for adults"
    " and nothing for children under six. The museum is closed on Mondays and on the first of January."
)
BRIDGE = "The Arbor Bridge crosses the Lune. The Arbor Bridge was opened {} by the mayor of the town."


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Asks a folder made of the given texts."""

    def answer(texts: Mapping[str, str], question: str) -> Answer:
        folder = tmp_path / "documents"
        folder.mkdir()
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        return Rag.open(folder, index=tmp_path / "index").ask(question)

    return answer


def told(answer: Answer) -> list[tuple[str, dict[str, str]]]:
    """Each conflict as its kind and its values by the document cited; every value stands in its quote."""
    for conflict in answer.conflicts:
        for value in conflict.values:
            assert value.value in answer.citations[value.citation - 1].quote
    return [
        (conflict.kind, {answer.citations[v.citation - 1].document: v.value for v in conflict.values})
        for conflict in answer.conflicts
    ]


CONFLICTS: list[tuple[str, str, str, str, tuple[str, str]]] = [
    (
        "How long is parental leave?",
        "Every employee may take 26 weeks of parental leave. The leave is paid in full.",
        "This policy covers all staff. Parental leave lasts 12 weeks from the day of birth.",
        "number",
        ("26 weeks", "12 weeks"),
    ),
    (
        "When was the Arbor Bridge opened?",
        "The Arbor Bridge crosses the Lune. It was opened in 1931 by the mayor.",
        "Engineers admire its arches. The Arbor Bridge was opened on 3 May 1934 after long delays.",
        "date",
        ("1931", "3 May 1934"),
    ),
    (
        "Who is the chief executive of Norvane?",
        "Norvane builds boats. Ana Petrov is the chief executive of Norvane.",
        "In March the chief executive of Norvane, Jonas Lindt, spoke to the press about new boats.",
        "person",
        ("Ana Petrov", "Jonas Lindt"),
    ),
    (
        "Where will the Velo Congress be held?",
        "The Velo Congress will be held in Lyon next autumn.",
        "Organisers confirmed that the Velo Congress will be held in Ghent.",
        "place",
        ("Lyon", "Ghent"),
    ),
    (
        "What caused the fire at the mill in Harl?",
        "The mill in Harl burned down in May. Inspectors said the fire was caused by a broken lamp.",
        "The fire at the mill in Harl destroyed the looms. Police blamed the fire on two drunken sailors.",
        "reason",
        ("a broken lamp", "two drunken sailors"),
    ),
    (
        "How much is a ticket for the Alder Museum?",
        MUSEUM.format(12),
        MUSEUM.format(15),
        "number",
        ("12 euros", "15 euros"),
    ),
    (
        "What is the population of Springfield?",
        "Springfield, Ohio, is a city. The population of Springfield, Ohio, is 58,662.",
        "Springfield, Kansas, is a village. The population of Springfield, Kansas, is 1,120.",
        "ambiguous",
        ("58,662", "1,120"),
    ),
    (
        "Are dogs allowed in the Linden Park?",
        "Dogs are allowed in the Linden Park during the day.",
        "Please note: dogs are not allowed in the Linden Park.",
        "yes_no",
        (
            "Dogs are allowed in the Linden Park during the day.",
            "Please note: dogs are not allowed in the Linden Park.",
        ),
    ),
]


@pytest.mark.parametrize(
    ("question", "one", "other", "kind", "values"), CONFLICTS, ids=[kind for *_, kind, _ in CONFLICTS]
)
def test_a_disagreement_is_told(
    ask: Ask, question: str, one: str, other: str, kind: str, values: tuple[str, str]
) -> None:
    """Both values are shown, each cited to the document that states it, and none is marked as the answer."""
    answer = ask({"a.txt": one, "b.txt": other, "c.txt": "The canteen serves soup at noon."}, question)
    assert told(answer) == [(kind, {"a.txt": values[0], "b.txt": values[1]})] or told(answer) == [
        (kind, {"b.txt": values[1], "a.txt": values[0]})
    ]
    assert answer.short_answer is None
    assert all(sentence.support.reason == "verbatim" for sentence in answer.sentences)
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("When was the Arbor Bridge opened?", BRIDGE.format("in 1934"), BRIDGE.format("on 3 May 1934")),
        ("When was the Arbor Bridge opened?", BRIDGE.format("in 1934"), BRIDGE.format("last year")),
        (
            "How much did the Tarn Dam cost?",
            "The Tarn Dam is tall. The Tarn Dam cost 4.35 billion euros to build.",
            "Critics complained that the Tarn Dam had cost €4,350 million, far too much.",
        ),
        (
            "How many passengers did the Orme ferry carry?",
            "In 2019 the Orme ferry carried 30,000 passengers.",
            "In 2021 the Orme ferry carried 12,000 passengers.",
        ),
        ("When is the Alder Museum closed?", MUSEUM.format(12), MUSEUM.format(15)),
        (
            "What caused the fire at the mill in Harl?",
            "The fire at the mill in Harl was caused by a broken lamp.",
            "Because of the fire at the mill in Harl, two drunken sailors were arrested.",
        ),
        (
            "How long is the Brack Tunnel?",
            "The Brack Tunnel is 12 kilometres long.",
            "The Orme Tunnel is 14 kilometres long.",
        ),
    ],
    ids=["granularity", "relative date", "units", "other year", "other fact", "other effect", "other name"],
)
def test_agreement_and_other_matters_are_not_told(ask: Ask, question: str, one: str, other: str) -> None:
    """Values that agree, cannot be compared, or belong to another time, fact or thing are no conflict."""
    assert told(ask({"a.txt": one, "b.txt": other}, question)) == []


def test_one_document_may_contradict_itself(ask: Ask) -> None:
    """Two sentences of one document that differ in the value alone are told, and cited apart."""
    first = "The Brack Tunnel is 12 kilometres long and has two tubes. Trains pass it every hour."
    second = "Its history is short. The Brack Tunnel is 14 kilometres long and has two tubes."
    answer = ask({"a.txt": f"{first}\n\n{second}"}, "How long is the Brack Tunnel?")
    (conflict,) = answer.conflicts
    assert [value.value for value in conflict.values] == ["12 kilometres", "14 kilometres"]
    assert len({value.citation for value in conflict.values}) == 2


def test_the_newer_document_comes_first(ask: Ask) -> None:
    """Dates of the documents order the sides and are shown; the older value stays."""
    old, new = (f"---\ndate: {date}\n---\n\n" for date in ("2021-06-01", "2025-03-01"))
    texts = {"a.md": old + BRIDGE.format("in 1931"), "b.md": new + BRIDGE.format("in 1934")}
    (conflict,) = ask(texts, "When was the Arbor Bridge opened?").conflicts
    assert [(value.value, value.date) for value in conflict.values] == [
        ("1934", "2025-03-01"),
        ("1931", "2021-06-01"),
    ]
    assert wording(conflict).endswith(f"[{conflict.values[0].citation}] is newer.")


def test_more_documents_come_first_and_copies_count_once(ask: Ask) -> None:
    """Without dates, the value that more independent documents state comes first."""
    texts = {
        "a.txt": MUSEUM.format(12),
        "b.txt": MUSEUM.format(12),
        "c.txt": MUSEUM.format(15),
        "d.txt": "Prices rose this spring. A ticket for the Alder Museum is now 15 euros, the guides say.",
    }
    (conflict,) = ask(texts, "How much is a ticket for the Alder Museum?").conflicts
    assert [value.value for value in conflict.values] == ["15 euros", "12 euros"]


@pytest.mark.parametrize(
    ("kind", "dates", "line"),
    [
        ("number", (None, None), "Sources differ (leave): 26 [1] · 12 [2]."),
        (
            "number",
            ("2021", "2025-03"),
            "Sources differ (leave): 26 [1] (2021) · 12 [2] (2025-03). [2] is newer.",
        ),
        ("number", ("2021", "unknown"), "Sources differ (leave): 26 [1] (2021) · 12 [2] (unknown)."),
        ("number", ("2021", "2021"), "Sources differ (leave): 26 [1] (2021) · 12 [2] (2021)."),
        ("reason", (None, None), "Reasons given differ (leave): 26 [1] · 12 [2]."),
        ("yes_no", (None, None), "Sources may differ (leave): 26 [1] · 12 [2]."),
        ("ambiguous", (None, None), "There may be several of this name (leave): 26 [1] · 12 [2]."),
    ],
)
def test_wording(kind: str, dates: tuple[str | None, str | None], line: str) -> None:
    """The line names what differs and which source is newest, and calls none wrong."""
    values = (ConflictValue("26", 1, dates[0]), ConflictValue("12", 2, dates[1]))
    assert wording(Conflict(kind, "leave", values)) == line


@pytest.mark.parametrize(
    "question",
    [
        "Why was the embassy bombed?",
        "What caused the embassy bombing?",
        "Why was the Chinese embassy in Belgrade bombed?",
        "What reason was given for the bombing of the Chinese embassy?",
        "What reason did the United States give for bombing the embassy?",
        "Was the bombing an accident?",
        "What was the reason for the 1999 bombing according to NATO and according to China?",
        "Who is to blame for the bombing of the Chinese embassy?",
        "How come the embassy was bombed?",
    ],
)
def test_the_seeds_disagree_about_a_reason(seeds_rag: Rag, question: str) -> None:
    """Two accounts of one event give different reasons: both are shown and cited."""
    answer = seeds_rag.ask(question)
    ((kind, values),) = told(answer)
    assert kind == "reason"
    one, other = sorted(values.values())
    assert one == "a map error"
    assert other in ("intelligence failures", "flawed intel"), "two pages word the same reason differently"
    cited = [answer.citations[value.citation - 1] for value in answer.conflicts[0].values]
    for citation in cited:
        text = (SEEDS / citation.document).read_bytes().decode("utf-8")
        assert text[citation.start : citation.end] == citation.quote


def test_no_false_alarm_on_the_seeds(seeds_rag: Rag) -> None:
    """Of the development questions only those after that reason are told to have different answers."""
    asked = [item for item in read_questions(default_set()) if item.split == "dev" and not item.history]
    alarms = {item.question for item in asked if seeds_rag.ask(item.question).conflicts}
    assert all("embassy" in question for question in alarms)
    assert len(asked) > 50


@pytest.mark.parametrize(
    ("question", "entity"),
    [
        ("When was the Arbor Bridge opened?", "Arbor Bridge"),
        ("Who sang “The Long Way”?", "The Long Way"),
        ("How long is parental leave?", "parental leave"),
        ("Is Bank of Norvane’s office shut?", "Bank of Norvane"),
        ("", ""),
    ],
)
def test_what_a_question_is_about(question: str, entity: str) -> None:
    """The name in quotes, else the longest name, else the words that carry meaning."""
    assert entity_of(question) == entity


@pytest.mark.parametrize(
    ("question", "event"),
    [
        ("Why was the mill closed?", "mill closed"),
        ("What caused the fire?", "fire"),
        ("What reason did the owner give for the fire?", "fire"),
        ("What did the police blame for the fire?", "fire"),
        ("Why?", ""),
    ],
)
def test_what_a_reason_is_asked_of(question: str, event: str) -> None:
    """The question's words without those that ask."""
    assert event_of(question) == event


@given(st.text(max_size=80))
def test_any_question_is_about_something(question: str) -> None:
    """No wording of a question is too odd."""
    assert entity_of(question) is not None
    assert event_of(question) is not None
    assert are_different(entity_of(question), [question], [question]) is False
