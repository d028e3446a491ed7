"""Lexical support: what is caught, what is only measured, and what is not covered."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rag.ground
from index import Index, IndexSettings, build_index, open_index
from rag.ground import support
from rag.records import Support
from rag.settings import AnswerSettings

DOCUMENT = (
    "The council of Quillmere bought 3,800 lamps in 2019 for the bridge.\n"
    "“We never promised free ferries,” said mayor Ana Petrov.\n"
    "The temperature fell to -5 degrees and 25 men worked 4½ hours.\n"
    "The treaty was signed by the northern towns after a long quarrel.\n"
    "Nothing else happened that winter, and the harbour stayed shut until spring came.\n"
)
LAMPS, FERRIES, COLD, TREATY, _ = DOCUMENT.splitlines()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder: Path = tmp_path_factory.mktemp("ground")
    (folder / "a.txt").write_text(DOCUMENT, encoding="utf-8")
    (folder / "b.txt").write_text("The harbour council keeps bees.\n", encoding="utf-8")
    where, settings = tmp_path_factory.mktemp("index") / "i", IndexSettings(encoder="hash:")
    build_index(folder, where, settings=settings)
    return open_index(where, settings)


@pytest.fixture
def check(index: Index):
    def check(sentence: str, *quotes: str) -> Support:
        return support(sentence, quotes, index, AnswerSettings())

    return check


@pytest.mark.parametrize("sentence", DOCUMENT.splitlines())
def test_a_quote_of_itself(check, sentence: str) -> None:
    """A sentence taken from its source is supported, verbatim, with full score."""
    assert check(sentence, sentence) == Support("supported", "verbatim", 1.0)


@given(st.text(st.sampled_from("ab5-.,½İ “”’%\n"), max_size=12) | st.text(max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the fixture holds no state
def test_any_quote_of_itself(check, text: str) -> None:
    """Whatever stands at the edges of a sentence, taken word for word it is verbatim or asserts nothing."""
    assert check(text, text).reason in {"verbatim", "none"}
    assert check(text, f"First. {text} Then.").reason in {"verbatim", "none"}


@pytest.mark.parametrize(
    "sentence",
    [
        "The council of Quillmere  bought\n3,800 lamps",
        "the council of Quillmere bought 3,800 lamps in 2019.",
        '"We never promised free ferries," said mayor Ana Petrov',
    ],
)
def test_shape_does_not_matter(check, sentence: str) -> None:
    """White space, capitals, the shape of quote marks and the last full stop are no differences."""
    assert check(sentence, LAMPS, FERRIES).reason == "verbatim"


@pytest.mark.parametrize(
    "sentence",
    [
        "5 men worked 4½ hours.",
        "5 degrees and 25 men worked 4½ hours.",
        "The temperature fell to -5 degrees and 2",
        "Men worked 4",
    ],
)
def test_a_piece_of_a_word_is_not_verbatim(check, sentence: str) -> None:
    """ "5 men" does not stand in "25 men", nor "5 degrees" in "-5 degrees"."""
    assert check(sentence, COLD).reason != "verbatim"


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Quillmere bought 380 lamps for the bridge.", "380"),
        ("Quillmere bought 3,801 lamps for the bridge.", "3,801"),
        ("Quillmere bought 3,800 lamps for the bridge in 2020.", "2020"),
        ("The temperature fell to -25 degrees and men worked.", "-25"),
        ("In temperature of 5 degrees worked 25 men for hours.", "5"),
        ("In 25 degrees, men worked 4 hours.", "4"),
        ("Half the men, 12½ that is, worked.", "12½"),
        ("Men worked " + "9" * 5000 + " hours.", "9" * 5000),
    ],
)
def test_a_wrong_figure(check, sentence: str, missing: str) -> None:
    """A number that no cited text holds makes a sentence unsupported and is named."""
    found = check(sentence, LAMPS, COLD)
    assert (found.label, found.reason, found.missing) == ("not", "figure", (missing,))


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2019 Quillmere bought 3800 lamps for the bridge of the council.",
        "In 2019 Quillmere bought 3,800.0 lamps for the bridge of the council.",
        "In 2019, the council of Quillmere bought lamps for the bridge: 3800.",
        "The 25 men worked hours, 4.5, and to −5 degrees fell the temperature!",
    ],
)
def test_numbers_compare_as_numbers(check, sentence: str) -> None:
    """3800 is 3,800, 4.5 is 4½, and a minus is a minus however it is typed."""
    assert check(sentence, LAMPS, COLD).label == "supported"


def test_a_wrong_name(check) -> None:
    """A name that no cited text holds makes a sentence unsupported and is named."""
    found = check("The council of Ashford bought lamps for the bridge.", LAMPS)
    assert (found.label, found.reason, found.missing) == ("not", "name", ("Ashford",))
    assert check("42 Ashford lamps", "42 lamps").missing == ("Ashford",)
    assert check("An A320 landed.", "An A319 landed, 320 saw it.").missing == ("A320",)
    assert check("Lamps were bought by the council of Quillmere for the bridge.", LAMPS).label == "supported"


def test_a_wrong_quotation(check) -> None:
    """Words between quote marks must stand in a cited text as they are."""
    found = check("The mayor said “we always promised free ferries” again.", FERRIES)
    assert (found.label, found.reason, found.missing) == (
        "not",
        "quote",
        ("we always promised free ferries",),
    )
    assert check("The mayor said «We never promised free ferries» then.", FERRIES).reason == "coverage"


def test_coverage_in_three_bands(check) -> None:
    """Without figures, names or quotes the share of weighted words decides, and what lacks is listed."""
    full = check("The northern towns signed the treaty after a quarrel.", TREATY)
    half = check("The northern towns signed the treaty after a quarrel about fishing.", TREATY)
    none = check("The northern lighthouse needs paint and fishing nets.", TREATY)
    assert [s.label for s in (full, half, none)] == ["supported", "partly", "not"]
    assert {s.reason for s in (full, half, none)} == {"coverage"}
    assert full.score is not None and half.score is not None and none.score is not None
    assert full.score > half.score > none.score
    assert set(half.missing) == {"fish"}


def test_the_bands_are_settings(index: Index) -> None:
    """The same sentence is judged by the thresholds in force."""
    sentence = "The northern towns signed the treaty after a quarrel about fishing."
    labels = [
        support(sentence, [TREATY], index, AnswerSettings(support=high, partly=low)).label
        for high, low in ((0.3, 0.1), (0.99, 0.3), (0.99, 0.98))
    ]
    assert labels == ["supported", "partly", "not"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Who signed the treaty after the quarrel?",
        "And so it is.",
        "",
        "…",
        "No.",
        "Do you want to know more?",
        "How can I help you?",
        "I cannot answer the question.",
        "Unfortunately, the documents don’t say who paid for it.",
        "I could not find that information in the documents.",
    ],
)
def test_what_asserts_nothing(check, sentence: str) -> None:
    """Talk that keeps to the sources, or words without content, is not applicable rather than wrong."""
    assert check(sentence, TREATY) == Support("not_applicable", "none")


@pytest.mark.parametrize(
    "sentence",
    [
        "42?",
        "Did you know that the mayor stole 5 million euros?",
        "Did you know that the mayor stole the money?",
        "Isn't it true that Ana Petrov is a thief?",
        "The towns signed the treaty, but who knew that Ana Petrov stole it?",
        "I cannot find more; the mayor stole the money.",
        "I cannot find more: the mayor is a thief.",
        "I cannot tell you more, but the mayor stole 5 million euros.",
        "The documents do not say that the mayor is a thief.",
        "The documents do not say it. The mayor is a thief.",
        "The documents do not mention Ana Petrov.",
        "The text does not say who stole 5 million euros.",
    ],
)
def test_talk_that_brings_something_in(check, sentence: str) -> None:
    """A figure, a name or a claim that no source holds is no talk, whatever stands around it."""
    assert check(sentence, TREATY).label == "not"
    assert check(sentence).label == "not"


def test_talk_of_a_document_is_told_from_a_generators(check) -> None:
    """A question or a refusal that a source itself holds is word for word from it."""
    for text in ("Who signed the treaty?", "The documents do not say who paid.", "So it is."):
        assert check(text, text) == Support("not_applicable", "verbatim")


def test_without_a_source(check) -> None:
    """A statement that cites nothing is unsupported, however true."""
    assert check(TREATY) == Support("not", "none", 0.0)


def test_two_sources_together(check) -> None:
    """What two cited texts hold together supports a sentence that joins them."""
    sentence = "Ana Petrov is mayor, and Quillmere bought 3,800 lamps."
    assert check(sentence, LAMPS, FERRIES).label == "supported"
    assert check(sentence, LAMPS).label == "not"


def test_two_that_change_places_are_not_covered(check) -> None:
    """Who did what to whom is not told apart, and the module says so where it is read."""
    turned = "After a long quarrel the treaty signed the northern towns."
    assert check(turned, TREATY).label == "supported"
    documented = " ".join(str(rag.ground.__doc__).split()).partition("Not covered:")[2]
    assert "who did what to whom" in documented and "opposites" in documented
