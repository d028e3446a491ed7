"""What a question asks for, and the dates, numbers and persons in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.records import Sentence, ShortAnswer, Support
from rag.short_answer import find_short_answer
from rag.values import Kind, asked_kind, has_value, values

KINDS: tuple[Kind, ...] = ("date", "number", "person", "place", "reason", "other")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did the bridge open?", "date"),
        ("In what year was it built?", "date"),
        ("Since when has it been shut?", "date"),
        ("How many boats sank?", "number"),
        ("how MUCH was paid?", "number"),
        ("What percentage voted?", "number"),
        ("What was the percentage of those who voted?", "number"),
        ("What percent of them came by bus?", "number"),
        ("At what age may I join?", "number"),
        ("To whom is it paid?", "person"),
        ("How come it was shut?", "reason"),
        ("Who built it?", "person"),
        ("“Which president signed it?”", "person"),
        ("Where is it?", "place"),
        ("Which city hosts it?", "place"),
        ("Why did it close?", "reason"),
        ("What caused the fire?", "reason"),
        ("What is it?", "other"),
        ("How does it work?", "other"),
        ("whenever somewhere", "other"),
        ("What is the population of the valley?", "number"),
        ("What did the bridge cost?", "number"),
        ("How long is the tunnel?", "number"),
        ("What is her birth date?", "date"),
        ("What was the location of the mill?", "place"),
        ("What did the inspectors blame for the fire?", "reason"),
        ("How did the owner explain the fire?", "reason"),
        ("Where was it when it sank?", "place"),
        ("", "other"),
    ],
)
def test_asked_kind(question: str, kind: Kind) -> None:
    """The first asking word of a question tells the kind; no asking word tells nothing."""
    assert asked_kind(question) == kind


def found(text: str, kind: Kind) -> list[str]:
    return [value.text for value in values(text, kind)]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("It opened on 3 May 1990.", ["3 May 1990"]),
        ("It opened on May 3rd, 1990.", ["May 3rd, 1990"]),
        ("Founded 2004-11-05.", ["2004-11-05"]),
        ("In the winter of 1998-99 it froze.", ["1998-99"]),
        ("They may 3 times fail.", []),
        ("Room 12345 and 999.", []),
        ("It falls on Tuesday the 23rd.", ["Tuesday", "the 23rd"]),
        ("The fair ran from 5 to 8 May 2025.", ["5 to 8 May 2025"]),
        ("Open May 5–8, 2025, then shut.", ["May 5–8, 2025"]),
        ("The war of 1990–95 ended.", ["1990–95"]),
        ("It lasted from 28 April to 3 May 2021.", ["28 April to 3 May 2021"]),
        ("Ann Lee (June 19, 1910 – June 5, 1988) sang.", ["June 19, 1910", "June 5, 1988"]),
        ("It stood in the late 19th century.", ["19th century"]),
        ("Some 1500 people came in 1500.", ["1500"]),
        ("A fee of $2000 and 1990 metres.", []),
        ("The 2010 census and the 1999 floods.", ["2010", "1999"]),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    """A date is found whole, and a number or the verb "may" is none."""
    assert found(text, "date") == dates


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It fell to -5 degrees.", ["-5 degrees"]),
        ("It fell to −5 by noon.", ["−5"]),
        ("Pages 10-15 are lost.", ["10-15"]),
        ("It takes 26–30 weeks to build.", ["26–30 weeks"]),
        ("A loan of 5 to 8 million euros.", ["5 to 8 million euros"]),
        ("A 26-week leave for twenty-six men.", ["26-week", "twenty-six"]),
        ("A $30 million deal, €4,350 million more.", ["$30 million", "€4,350 million"]),
        ("Some 1500 people lived on 4.35 billion euros.", ["1500", "4.35 billion euros"]),
        ("Version 1.2.3 of it.", []),
        ("Add ½ cup.", ["½"]),
        ("Add 2½ cups.", ["2½"]),
        ("The answer is 42!", ["42"]),
        ("A crowd of 3,800, then 1,000,000.", ["3,800", "1,000,000"]),
        ("It cost $4.35 billion.", ["$4.35 billion"]),
        ("Some 12 % and 7.5 percent.", ["12 %", "7.5 percent"]),
        ("Twenty-five of two hundred.", ["Twenty-five", "two hundred"]),
        ("The A320 landed.", []),
        ("In 1999 there were 30 boats.", ["30"]),
    ],
)
def test_numbers(text: str, numbers: list[str]) -> None:
    """A number keeps its sign, fraction, currency and scale; a year or a model name is none."""
    assert found(text, "number") == numbers


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("President Ana Petrov spoke.", ["Ana Petrov"]),
        ("A letter by Maria de la Cruz arrived.", ["Maria de la Cruz"]),
        ("We met Jean-Luc O’Hara’s aunt.", ["Jean-Luc O’Hara"]),
        ("The Foreign Minister spoke.", []),
        ("She left.", []),
    ],
)
def test_persons(text: str, persons: list[str]) -> None:
    """A person is two capitalised words or more, without titles, roles or a possessive."""
    assert found(text, "person") == persons


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("The fair was held in Arlen, Veld County.", ["Arlen, Veld County"]),
        ("He moved from the city of Port Said to Lund.", ["Port Said", "Lund"]),
        ("In May they met at Cape Horn.", ["Cape Horn"]),
        ("They met at noon.", []),
    ],
)
def test_places(text: str, places: list[str]) -> None:
    """A place is a name behind a preposition of place, with the larger place it lies in."""
    assert found(text, "place") == places


@pytest.mark.parametrize("kind", ["reason", "other"])
def test_kinds_without_rules(kind: Kind) -> None:
    """Where there is no rule there is no value, rather than a guess."""
    assert values("In Paris, because of 3 storms in 1999, Ana Petrov left.", kind) == ()
    assert not has_value("In Paris, because of 3 storms in 1999, Ana Petrov left.", kind)


@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(
                "3 May 1990|-5|½|42!|İ|e\u0301|👩‍🚒|Ana Petrov’s|Mr. Li Wei.|to|–|in 1999|and|million|€|%"
                "|twenty|two hundred|May|in Port Said,|٣|²".split("|")
            ),
        ),
        max_size=8,
    ).map(" ".join),
    st.sampled_from(KINDS),
)
def test_offsets_are_exact(text: str, kind: Kind) -> None:
    """Every value stands at its offsets, whatever characters surround it, and none overlap."""
    last = 0
    for value in values(text, kind):
        assert value.text and text[value.start : value.end] == value.text
        assert value.start >= last
        last = value.end


SUPPORTED = Support("supported", "verbatim", 1.0)


def said(*texts: str, support: Support = SUPPORTED) -> list[Sentence]:
    return [Sentence(text, (1,), support) for text in texts]


def test_one_candidate_is_marked() -> None:
    """The only number beside a word of the question is the short answer, with its place."""
    sentence = "The council bought 700 lamps for the bridge."
    short = find_short_answer("How many lamps did the council buy?", said("A preface.", sentence))
    assert short == ShortAnswer("700", 1, sentence.index("700"), sentence.index(" lamps"))


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("How many lamps did the council buy?", ["The council bought 700 lamps and 30 spare lamps."]),
        (
            "How many lamps did the council buy?",
            ["The council bought lamps, which it may well regret in 30 months."],
        ),
        ("Did 700 lamps cost the council less?", ["The council bought 700 lamps."]),
        ("How many of the 700 lamps did the council buy?", ["The council bought 700 lamps."]),
        ("How many lamps did the council buy?", ["A choir of 700 voices sang."]),
        ("How many lamps did the council buy?", []),
        ("How much did the lamp cost?", ["Cost: about 90 euros, split among four flats."]),
        (
            "When will the lamp be lit?",
            ["The lamp will be lit on 18 May.", "Small correction: it comes on 1 June."],
        ),
        ("How large is the lamp shop?", ["The lamp shop on the third floor of the mill sells oil."]),
        ("How big is the council?", ["The council pays 30 euros a month."]),
        (
            "When does the spring session start?",
            ["Session: Spring; First day: 6 January 2026; Half-session break: 16 to 20 February 2026"],
        ),
    ],
)
def test_otherwise_nothing_is_marked(question: str, texts: list[str]) -> None:
    """Two candidates, a stray number, one from the question, an off-topic sentence: no short answer."""
    assert find_short_answer(question, said(*texts)) is None


def test_only_supported_sentences_are_marked() -> None:
    """A sentence that its source does not carry gives no short answer."""
    doubtful = said("The council bought 700 lamps.", support=Support("not", "figure", 0.9, ("700",)))
    assert find_short_answer("How many lamps did the council buy?", doubtful) is None


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("When was the lamp fair held?", "The lamp fair was held from 5 to 8 May 2025.", "5 to 8 May 2025"),
        ("How long is the lamp leave?", "The lamp leave is long: 26 weeks of leave.", "26 weeks"),
        ("How much did the lamps cost?", "The lamps cost 4.35 billion euros.", "4.35 billion euros"),
    ],
)
def test_a_short_answer_is_whole(question: str, text: str, short: str) -> None:
    """A range is marked from end to end, a number with its scale, currency and unit."""
    marked = find_short_answer(question, said(text))
    assert marked is not None and marked.text == short


def test_two_spellings_of_one_value_are_one_candidate() -> None:
    """What says the same is no second candidate; the first is marked."""
    texts = ("The lamps cost 4.35 billion euros.", "So the lamps cost €4,350 million.")
    marked = find_short_answer("How much did the lamps cost?", said(*texts))
    assert marked is not None and (marked.text, marked.sentence) == ("4.35 billion euros", 0)


def test_a_place_is_never_marked() -> None:
    """Only dates, numbers and persons are good enough to mark."""
    assert find_short_answer("Where was the lamp fair?", said("The lamp fair was in Arlen.")) is None
