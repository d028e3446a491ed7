"""A further sentence of an answer adds something that was asked, or it is left out."""

import pytest

from rag import Rag, RagSettings
from rag.generators import Evidence
from rag.generators.further import may_follow
from rag.vocabulary import Understood

ALLOTMENTS = """# Allotments

The allotments lie behind the water tower and have 48 plots. Wil Hartog keeps the keys of the tool shed.
The tool shed was painted green by the scouts. Bonfires are forbidden because the reeds catch fire easily.
The reeds are cut by the council. The pump runs from 06:30 to 21:00. The pump was a gift of the brewery.

# Water

The yearly watering charge depends on the bank.

| Bank | Summer | Winter |
| --- | --- | --- |
| Westbank | 12 euros | 2 euros |
| Eastbank | 14 euros | 3 euros |

# Bees

Tasks of the spring:

- Ilka Braun: paint the hives
- Otto Reis: mow the meadow
- Ilka Braun: order new frames

Three hives stand beside the pump. The hives belong to Ines Moreau. Honey is sold at the gate in August.
"""


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    docs = tmp_path_factory.mktemp("docs")
    (docs / "allotments.md").write_text(ALLOTMENTS, encoding="utf-8")
    home = tmp_path_factory.mktemp("home")
    settings = RagSettings(home=home)
    bold = settings.model_copy(update={"answer": settings.answer.model_copy(update={"threshold": 0.0})})
    return Rag.open(docs, settings=bold)


@pytest.mark.parametrize(
    "question, told",
    [
        ("Who keeps the keys of the tool shed?", "Wil Hartog keeps the keys of the tool shed."),
        ("Why are bonfires forbidden?", "Bonfires are forbidden because the reeds catch fire easily."),
        ("What was painted green?", "The tool shed was painted green by the scouts."),
        ("At what hours does the pump run?", "The pump runs from 06:30 to 21:00."),
    ],
)
def test_a_sentence_without_a_value_of_the_kind_asked_is_left_out(rag: Rag, question: str, told: str) -> None:
    """Behind a first sentence that says it, what only lies near the question adds nothing."""
    assert [sentence.text for sentence in rag.ask(question).sentences] == [told]


def test_of_a_list_of_names_the_one_asked_about_is_told(rag: Rag) -> None:
    """Other people's tasks are left out, wherever the list is announced."""
    told = rag.ask("What are the tasks of Ilka Braun in spring?").text
    assert "paint the hives" in told and "order new frames" in told and "Otto" not in told


def test_what_stands_below_a_heading_that_is_asked_for_is_told_together() -> None:
    """Though it has no word of the question itself."""
    asked = Understood(
        "What are the common pests?", ("common", "pest"), {"common": 1.0, "pest": 2.0}, (), (), ()
    )
    first = evidence(1, "Pests are most common at night.", "Common pests")
    keyed = {number: frozenset[str]() for number in (1, 3)}
    told = frozenset({"common", "pest"})
    for heading, follows in (("Common pests", True), ("Tools", False)):
        item = evidence(3, "Wireworm bores into carrots.", heading)
        assert may_follow(asked, first, item, False, keyed, told) is follows


def test_what_goes_on_about_the_same_follows() -> None:
    """Though the first has nearly all words that are asked, and says nothing of the last of them."""
    asked = Understood("Which lock was mended?", ("lock", "mend"), {"lock": 9.0, "mend": 1.0}, (), (), ())
    first, on = evidence(1, "The lock was broken."), evidence(2, "It was mended in May.")
    keyed = {number: frozenset[str]() for number in (1, 2)}
    assert may_follow(asked, first, on, True, keyed, frozenset({"lock"}))


def test_the_row_of_the_name_asked_about_follows(rag: Rag) -> None:
    """Though a sentence on all of the rows has more of the other words."""
    told = [sentence.text for sentence in rag.ask("Tell me the watering charge for Eastbank").sentences]
    assert "Bank: Eastbank; Summer: 14 euros; Winter: 3 euros" in told


def test_a_question_worded_otherwise_keeps_what_lies_near() -> None:
    """Where the first sentence has few words of the question, any near one may be the answer."""
    understood = Understood("Who has the keys?", ("key",), {"key": 3.0}, (), (), ())
    first, near = evidence(1, "The shed has a lock."), evidence(3, "Wil looks after it.")
    keyed = {1: frozenset[str](), 3: frozenset[str]()}
    assert may_follow(understood, first, near, False, keyed, frozenset())
    sure = evidence(1, "Wil Hartog has the keys.")
    assert not may_follow(understood, sure, near, False, keyed, frozenset({"key"}))


def evidence(number: int, text: str, heading: str = "") -> Evidence:
    return Evidence(number, 0, "a.md", "", "", heading, 100 * number, 100 * number + len(text), text, 1.0)


def test_what_another_document_says_follows_only_if_it_speaks_of_the_same() -> None:
    """Lying near a question that is worded otherwise than the text is not enough there."""
    weights = {"joineri": 2.0, "knock": 2.0, "friday": 1.5}
    understood = Understood("Does the joinery knock off on Fridays?", tuple(weights), weights, (), (), ())
    first = evidence(1, "The joinery stops at 13:00.")
    for text, follows in (
        ("The bees came home in the evening.", False),
        ("Nobody works on Fridays.", True),
        ("The joinery is closed in August.", True),
    ):
        own, other = evidence(3, text), evidence(3, text)._replace(document="b.md")
        keyed = {1: frozenset[str](), 3: frozenset[str]()}
        assert may_follow(understood, first, own, False, keyed, frozenset({"joineri"}))
        assert may_follow(understood, first, other, False, keyed, frozenset({"joineri"})) is follows
