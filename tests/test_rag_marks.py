"""Bracketed numbers that are not ours: whatever reads as a marker in an answer leads to its citation."""

import re
from pathlib import Path

import pytest
from growth import is_linear
from hypothesis import given
from hypothesis import strategies as st

from rag import Answer, Rag, load_settings
from rag.antecedents import leans_back
from rag.marks import unmarked, without_footnotes

LAKE = (
    "Lake Orva\n\n"
    "Lake Orva is a lake in Norland.[1] It covers 312 square kilometres.[2][3]\n\n"
    "The dam at Lake Orva was completed in 1962.[5] It was designed by Petra Holm.[6] "
    "She had earlier built the Tarn Viaduct.[7]\n\n"
    "The toll at the dam,[8] paid until 1950 [2], was 5 crowns.[9][note 1]\n"
)
MARKS = re.compile(r"[\[［【]\d+[\]］】]")


@pytest.fixture(scope="module")
def rag(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    folder: Path = tmp_path_factory.mktemp("marks")
    (folder / "docs").mkdir()
    (folder / "docs" / "lake.txt").write_text(LAKE, encoding="utf-8")
    settings = load_settings(index={"encoder": "hash:"}, home=folder / "home")
    return Rag.open(folder / "docs", settings=settings)


def ask(rag: Rag, question: str) -> Answer:
    """The answer, whose every mark is a citation of its own and whose every quote is exact."""
    answer = rag.ask(question)
    assert {int(mark[1:-1]) for mark in MARKS.findall(answer.text)} == {c.number for c in answer.citations}
    assert all(LAKE[cited.start : cited.end] == cited.quote for cited in answer.citations)
    return answer


def test_a_footnote_of_a_source_is_no_citation(rag: Rag) -> None:
    """A mark behind the sentence before is not shown; the quote is exact and needs no mark at its edge."""
    answer = ask(rag, "Who designed the dam at Lake Orva?")
    assert "It was designed by Petra Holm." in [cited.quote for cited in answer.citations]
    assert {s.support.reason for s in answer.sentences} == {"verbatim"}


def test_a_mark_inside_a_sentence_is_none_of_ours(rag: Rag) -> None:
    """Glued to a word it is left out, after a space it is put in round brackets; the quote keeps both."""
    answer = ask(rag, "What was the toll at the dam?")
    at = [sentence.text for sentence in answer.sentences].index(
        "The toll at the dam, paid until 1950 (2), was 5 crowns."
    )
    (number,) = answer.sentences[at].citations
    assert answer.citations[number - 1].quote == (
        "The toll at the dam,[8] paid until 1950 [2], was 5 crowns."
    )
    assert answer.short_answer is None or answer.short_answer.text in answer.sentences[at].text


def test_a_footnote_hides_no_pronoun(rag: Rag) -> None:
    """ "[6] She" leans on the sentence before as "She" does."""
    texts = [
        sentence.text
        for sentence in ask(
            rag, "Which viaduct was built earlier, before the dam was designed by Petra Holm?"
        ).sentences
    ]
    assert texts.index("It was designed by Petra Holm.") < texts.index(
        "She had earlier built the Tarn Viaduct."
    )
    assert leans_back("[6] She had earlier built it.") and leans_back("[5][note 2] It was built.")
    assert not leans_back("[6] Petra Holm built it.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It is long.[5][6]", "It is long."),
        ("In 1931,[4] the bridge[5] opened.", "In 1931, the bridge opened."),
        ('He said “go”[3] and "stay"[4] then.', 'He said “go” and "stay" then.'),
        ("As shown in [2], and [3][4].", "As shown in (2), and (3)(4)."),
        ("[12] people and “[3] men” came [1–3].", "(12) people and “(3) men” came (1–3)."),
        ("Fulwidth【7】 or ［8］ too.", "Fulwidth or (8) too."),
        ("Escaped.\\[4\\] So \\[5\\] too.", "Escaped. So (5) too."),
        ("Use `argv[1]` or `a [2]`.", "Use `argv[ 1 ]` or `a [ 2 ]`."),
        ("The first is sys.argv[1] there.", "The first is sys.argv[ 1 ] there."),
        ("A range of [0, 1] and [note 1] or [ ] stay.", "A range of [0, 1] and [note 1] or [ ] stay."),
        ("Nested x[5[1]] ends.", "Nested x[5[ 1 ]] ends."),
    ],
)
def test_marks_in_a_text(text: str, shown: str) -> None:
    """Footnotes are left out, other marks read otherwise than ours, and code stays code."""
    assert unmarked(text) == shown


@given(st.text('[]［】【］\\12a .,`("', max_size=40))
def test_no_mark_is_left_in_any_text(text: str) -> None:
    """Whatever the text, nothing in it reads as a marker, and a second look changes nothing."""
    assert not MARKS.search(unmarked(text))
    assert unmarked(unmarked(text)) == unmarked(text)


@given(st.text("a.[1] \n", max_size=30), st.data())
def test_a_span_stays_inside_itself(text: str, data: st.DataObject) -> None:
    """Without its footnotes a span is a piece of itself, and never empty."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = without_footnotes(text, start, end)
    assert start <= span.start <= span.end <= end and (span.start < span.end or start == end)


@pytest.mark.parametrize("unit", ["[1]", "[", "[1", "a[1] ", "`[1]", "[a b ", ".[c]"])
def test_the_time_is_linear(unit: str) -> None:
    """A text of nothing but brackets costs in proportion to its length."""

    def read(text: str) -> None:
        unmarked(text)
        without_footnotes(text, 1, len(text))

    assert is_linear(read, (unit * 20_000)[:20_000])
