"""Lexical support of sentences that say nearly what their source says: figures by meaning, names, "not"."""

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from index import Index, IndexSettings, build_index, open_index
from rag.figures import figures
from rag.ground import support
from rag.negation import differs
from rag.records import Support
from rag.settings import AnswerSettings

LINES = (
    "The harbour council of Quillmere paid 4.35 billion euros for 26 ferries on 3 May 1990.",
    "About 1,250 people of Ashford left their homes when the river rose 12% in Velmora.",
    "The crew did not reach the island of Tarnholm before the storm of 1987.",
    "The mayor Ilva Petrov opened the third bridge in Ashford after two dozen talks.",
)
PAID, LEFT, CREW, THIRD = LINES
Check = Callable[..., Support]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder: Path = tmp_path_factory.mktemp("changes")
    (folder / "a.txt").write_text("\n".join(LINES), encoding="utf-8")
    where, chosen = tmp_path_factory.mktemp("index") / "i", IndexSettings(encoder="hash:")
    build_index(folder, where, settings=chosen)
    return open_index(where, chosen)


@pytest.fixture(scope="module")
def check(index: Index) -> Check:
    return lambda sentence, *quotes: support(sentence, quotes, index, AnswerSettings())


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("In all, Quillmere paid 4,350 million euros for ferries.", PAID),
        ("In all, Quillmere paid €4.35bn for twenty-six ferries.", PAID),
        ("The council paid for ferries on 1990-05-03, in Quillmere.", PAID),
        ("On May 3rd, 1990, the Quillmere council paid for ferries.", PAID),
        ("In May 1990 the Quillmere council paid for ferries.", PAID),
        ("In 1990 the Quillmere council paid for ferries.", PAID),
        ("When the river rose, twelve per cent in Velmora, people left.", LEFT),
        ("In Ashford, one thousand two hundred and fifty people left their homes.", LEFT),
        ("In Ashford the mayor opened the 3rd bridge after 24 talks.", THIRD),
    ],
)
def test_figures_are_compared_by_meaning(check: Check, sentence: str, quote: str) -> None:
    """Digits or words, scale words, per cent, currencies, ordinals and dates: what they mean counts."""
    assert check(sentence, quote).label == "supported"


@pytest.mark.parametrize(
    ("sentence", "quote", "missing"),
    [
        ("In all, Quillmere paid 9.99 billion euros for ferries.", PAID, "9.99"),
        ("In all, Quillmere paid 6.35 billion euros for ferries.", PAID, "6.35"),
        ("In all, Quillmere paid 4.35 million euros for ferries.", PAID, "4.35"),
        ("In all, Quillmere paid 4.35 billion dollars for ferries.", PAID, "4.35"),
        ("In all, Quillmere paid for twenty-seven ferries.", PAID, "twenty-seven"),
        ("On 4 May 1990 the Quillmere council paid for ferries.", PAID, "4 May 1990"),
        ("On 3 May 1991 the Quillmere council paid for ferries.", PAID, "3 May 1991"),
        ("When the river rose 12 metres in Velmora, people left.", LEFT, "12"),
        ("In Ashford the mayor opened the fourth bridge.", THIRD, "fourth"),
    ],
)
def test_another_figure_is_named(check: Check, sentence: str, quote: str, missing: str) -> None:
    """Another value, scale, unit, day or place in order makes a sentence unsupported, however alike."""
    found = check(sentence, quote)
    assert (found.label, found.reason, found.missing) == ("not", "figure", (missing,))


def test_other_names(check: Check) -> None:
    """Others' bug: a sentence on other places was marked as the source of this one."""
    found = check("The harbour council of Velmora paid 4.35 billion euros for 26 ferries.", PAID)
    assert (found.label, found.reason, found.missing) == ("not", "name", ("Velmora",))
    first = check("Velmora paid 4.35 billion euros for 26 ferries on 3 May 1990 in Quillmere.", PAID)
    assert (first.label, first.reason, first.missing) == ("not", "name", ("Velmora",))


@pytest.mark.parametrize(
    ("sentence", "quote", "name"),
    [
        ("Petrov paid 4.35 billion euros for 26 ferries.", PAID, "Petrov"),
        ("Zorblax opened the third bridge in Ashford after two dozen talks.", THIRD, "Zorblax"),
        ("Zorblax has opened the bridge.", "The mayor has opened the bridge.", "Zorblax"),
        ("Monday is when it opened.", "Tuesday is when it opened.", "Monday"),
    ],
)
def test_a_name_that_opens_a_sentence(check: Check, sentence: str, quote: str, name: str) -> None:
    """A capital says nothing there, but how the documents write a word does, and what follows it."""
    found = check(sentence, quote)
    assert (found.label, found.reason, found.missing) == ("not", "name", (name,))


@pytest.mark.parametrize(
    "sentence",
    [
        "Island crews did not reach Tarnholm before the storm of 1987.",
        "Workers did not reach the island of Tarnholm before the storm of 1987.",
        "Navigation to the island of Tarnholm did not reach before the storm of 1987.",
        "Nobody of the crew did reach the island of Tarnholm before the storm of 1987.",
    ],
)
def test_an_ordinary_word_that_opens_a_sentence(check: Check, sentence: str) -> None:
    """A word that the documents write small, a plural or a word such as "navigation" is no name."""
    found = check(sentence, CREW)
    assert found.label != "not" or found.reason == "coverage"


@pytest.mark.parametrize(
    ("sentence", "quote", "held"),
    [
        ("40 percent of the members voted.", "40 members voted.", False),
        ("40 members voted.", "40 percent of the members voted.", False),
        ("Of members, 40 voted: 40 percent.", "Members voted: 40 percent, 40.", True),
        ("Members said that it costs 5 euros.", "It costs 5, members said.", False),
        ("Members said that it costs 5 euros.", "Costs in euros: 5, members said.", True),
        ("From 5 percent it rose to 10 percent.", "It rose from 5 to 10 percent.", True),
        ("From 5 it rose to 10 percent.", "It rose from 5 percent to 10 percent.", True),
        ("When she was 70 years old, she voted.", "She voted, aged 70.", True),
        ("It is 90 long.", "It has been 90 metres long.", True),
        ("It was the 3rd that voted.", "Number 3 voted, it was.", True),
    ],
)
def test_a_unit_on_one_side_only(check: Check, sentence: str, quote: str, held: bool) -> None:
    """A unit that only one side writes beside a number has to be named on the other side."""
    assert (check(sentence, quote).reason == "figure") is not held


@pytest.mark.parametrize(
    ("sentence", "quote", "held"),
    [
        ("One person died.", "Two people died.", False),
        ("One young man died.", "Twelve men died in the storm.", False),
        ("Only one ferry sank.", "Three ferries sank.", False),
        ("One person died.", "A person died, and two people were hurt.", True),
        ("One ferry sank.", "One ferry of three ferries sank.", True),
        ("One of them sank.", "Two of them sank.", True),
        ("On one side two ferries sank.", "Two ferries sank on both sides.", True),
        ("One can see two ferries.", "Two ferries can be seen.", True),
    ],
)
def test_one_of_more(check: Check, sentence: str, quote: str, held: bool) -> None:
    """ "One" is a number where the source counts the same and comes to more."""
    assert (check(sentence, quote).reason == "figure") is not held


def test_not_and_now(check: Check) -> None:
    """Others' bug: "does now" passed for "does not" as nearly the same letters."""
    now = CREW.replace("did not reach", "did now reach")
    assert (check(now, CREW).label, check(now, CREW).reason) == ("partly", "negation")


@pytest.mark.parametrize(
    ("sentence", "source", "other"),
    [
        ("They never paid for it.", "They paid for it.", True),
        ("They didn’t pay the crew.", "They did not pay the crew.", False),
        ("The mayor denied the deal.", "The mayor confirmed the deal.", True),
        ("They failed to reach land.", "They reached land.", True),
        ("They left without bread.", "They left with bread.", True),
        ("Room No. 5 was full.", "Room 5 was full.", False),
        ("Not only bread was sold.", "Bread was sold.", False),
        ("It opened.", "It opened, but nobody came.", False),
        ("The shops stayed open.", "The shops opened and never stayed open.", True),
    ],
)
def test_negations(sentence: str, source: str, other: bool) -> None:
    """What one side denies and the other says is a difference; a "no" about something else is none."""
    assert differs(sentence, [source]) is other


def test_a_negation_caps_at_partly_but_not_what_is_verbatim(check: Check) -> None:
    """ "Not" on one side takes a sentence to partly; its own words from the source stay verbatim."""
    turned = check("The crew reached the island of Tarnholm before the storm of 1987.", CREW)
    assert (turned.label, turned.reason) == ("partly", "negation")
    assert check(CREW, CREW).reason == "verbatim"
    assert check("reach the island of Tarnholm", CREW).reason == "verbatim"


def test_a_refusal_asserts_nothing(check: Check) -> None:
    """A sentence that says there is no answer is neither supported nor wrong."""
    for text in ("The documents do not say who paid.", "I cannot answer that from the ferries."):
        assert check(text, PAID) == Support("not_applicable", "none")


def test_markers_are_no_figures(check: Check) -> None:
    """A marker left in the text is not looked for in the source; one of the source's own is verbatim."""
    assert check("Ferries were bought by Quillmere [1].", "Quillmere bought 26 ferries.").label == "supported"
    assert check("Ferries [7] were bought.", "Ferries [7] were bought.").reason == "verbatim"


def test_letters_that_grow_in_lower_case(check: Check) -> None:
    """Others' bug: letters such as İ moved all marks; here they compare like any other."""
    text = "İİİİ Quillmere paid for İstanbul ferries."
    assert check(text, f"First. {text} Last.").reason == "verbatim"


@given(st.sampled_from(LINES), st.data())
@settings(max_examples=60, deadline=None)
def test_a_piece_is_verbatim(check: Check, line: str, data: st.DataObject) -> None:
    """Whole words taken from a source are verbatim, or assert nothing."""
    words = line.split()
    start = data.draw(st.integers(0, len(words) - 1))
    piece = " ".join(words[start : data.draw(st.integers(start + 1, len(words)))])
    found = check(piece, line)
    assert found == Support("supported", "verbatim", 1.0) or found.label == "not_applicable"


@given(st.sampled_from(LINES), st.data())
@settings(max_examples=150, deadline=None)
def test_one_change_is_never_supported(check: Check, line: str, data: st.DataObject) -> None:
    """One digit changed, one name changed, or one "not" put in: never supported."""
    kind = data.draw(st.sampled_from(("digit", "name", "not")))
    if kind == "digit":
        places = [m.start() for m in re.finditer(r"\d", line)]
        assume(places)
        at = data.draw(st.sampled_from(places))
        digit = data.draw(st.sampled_from("123456789").filter(lambda d: d != line[at]))
        changed = line[:at] + digit + line[at + 1 :]
    elif kind == "name":
        names = re.findall(r"(?<=\s)(?!May)[A-Z]\w+", line)
        other = data.draw(st.sampled_from(("Zorbland", "Kuthrey", "Oswin")))
        changed = line.replace(data.draw(st.sampled_from(names)), other, 1)
    else:
        words = line.split()
        at = data.draw(st.integers(1, len(words)))
        changed = " ".join([*words[:at], "not", *words[at:]])
    assert check(changed, line).label != "supported"


_PIECES = [*"0159.,-–½$€% abmn", "twenty", "six", "hundred", " May ", "third", "bn", "per cent"]


@given(st.lists(st.sampled_from(_PIECES), max_size=20).map("".join))
def test_figures_lie_in_the_text(text: str) -> None:
    """Any text has its figures in order, each where it says, and none overlaps another."""
    found = figures(text)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


def test_a_date_ends_with_its_sentence() -> None:
    """The stop behind a whole month's name is no part of it."""
    text = "It closed in March. 1200 visitors came on 3 May. 2021 left."
    found = [figure.written for figure in figures(text)]
    assert "March. 1200" not in found and "3 May" in found
