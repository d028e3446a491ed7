"""Records as terminal text: whole, plain, and without anything that a terminal would obey."""

import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, Group

from index.records import Block, BuildReport, Document, Skipped
from rag.records import (
    Answer,
    Citation,
    Conflict,
    ConflictValue,
    Passage,
    Scores,
    Sentence,
    ShortAnswer,
    Support,
    Trace,
)
from ui.export import exported
from ui.terminal import answer_view, blocks_view, clean, passages_view, progress, report_view
from ui.turns import new_turn

PASSAGE = Passage("a.txt", 0, 9, "Nine oaks", 0.8, Scores(0.7, 3.25, 0.8, None), True)
SAID = "There are nine oaks."
CITATION = Citation(1, "a.txt", "0", "Trees", 5, 25, SAID, 0, 20, None, None, "2020-01-02", 0.8)
ABSENT: dict[str, Any] = {
    "status": "abstained",
    "text": "No.",
    "short_answer": None,
    "sentences": (),
    "citations": (),
}
ANSWER = Answer(
    id="0",
    question="How many oaks?",
    query="How many oaks?",
    text="There are nine oaks. [1]",
    status="answered",
    confidence=None,
    short_answer=ShortAnswer("nine", 0, 10, 14),
    missing=(),
    sentences=(Sentence(SAID, (1,), Support("supported", "verbatim")),),
    citations=(CITATION,),
    passages=(PASSAGE,),
    conflicts=(),
    trace=Trace("extractive", "0", 1, 1),
)


def shown(view: Group, terminal: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=60, highlight=False, markup=False, emoji=False)
    console.print(view, soft_wrap=not terminal)
    return out.getvalue()


@pytest.mark.parametrize(
    ("hostile", "plain"),
    [
        ("a\x1b[31mb\x1b[0m", "ab"),
        ("a\x9b31mb", "ab"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x1b]8;;https://x.example\x1b\\link\x1b]8;;\x1b\\b", "alinkb"),
        ("a\x1bPq~~\x1b\\b", "ab"),
        ("a\x1b", "a"),
        ("a\x1b]never ended", "a]never ended"),
        ("a\x08\x07\x00b", "ab"),
        ("over\rwritten", "overwritten"),
        ("two\r\nlines\tand a tab", "two\r\nlines\tand a tab"),
        ("\u202egnp.exe\u2066", "gnp.exe"),
        ("\ufeffmark\u200b \U000e0041tag", "mark tag"),
        ("naïve café 👩\u200d🌾 İ", "naïve café 👩\u200d🌾 İ"),
        ("[bold]not markup[/bold] :smile:", "[bold]not markup[/bold] :smile:"),
    ],
)
def test_clean_takes_out_what_a_terminal_would_obey(hostile: str, plain: str) -> None:
    """Sequences go whole, controls and invisible characters go one by one, text stays."""
    assert clean(hostile) == plain


@given(st.text(alphabet=st.sampled_from("\x1b\x9b\x9d[]0;m\x07\\Pab\r\n\u202e"), max_size=60))
def test_nothing_active_is_left_of_any_mixture(text: str) -> None:
    """Taking a sequence out never leaves or makes another control character."""
    left = set(clean(text))
    assert not left & set("\x1b\x9b\x9d\x07\u202e")
    assert "\r" not in clean(text).replace("\r\n", "")


def test_an_answer_shows_its_text_and_where_it_stands() -> None:
    """Text with markers, then each citation as a place that `rag show` understands, with its quote."""
    told = shown(answer_view(ANSWER))
    assert told.splitlines() == [
        "There are nine oaks. [1]",
        "",
        "[1] a.txt:5-25  Trees, 2020-01-02",
        "    “There are nine oaks.”",
    ]


def test_the_short_answer_is_bold_on_a_terminal() -> None:
    """The few words that answer stand out inside their sentence."""
    assert "There are \x1b[1mnine\x1b[0m oaks. [1]" in shown(answer_view(ANSWER), terminal=True)


def test_rows_stand_on_lines_of_their_own() -> None:
    """Each table row on its line, the short answer bold where it then stands; exports have the same lines."""
    verbatim = Support("supported", "verbatim")
    rows = tuple(Sentence(text, (1,), verbatim) for text in ("Yes.", "a: 1; b: 2", "a: 3; b: 4"))
    answer = replace(
        ANSWER,
        text="Yes. [1] a: 1; b: 2 [1] a: 3; b: 4 [1]",
        sentences=rows,
        short_answer=ShortAnswer("4", 2, 9, 10),
    )
    assert shown(answer_view(answer)).splitlines()[:3] == ["Yes. [1]", "a: 1; b: 2 [1]", "a: 3; b: 4 [1]"]
    assert "a: 3; b: \x1b[1m4\x1b[0m [1]" in shown(answer_view(answer), terminal=True)
    turn = new_turn("0" * 16, "q").done(answer)
    assert "Yes. \\[1\\]  \na: 1; b: 2 \\[1\\]  \na: 3" in exported("t", [turn], "md")
    assert "Yes. [1]</p><p>a: 1; b: 2 [1]</p><p>a: 3" in exported("t", [turn], "html")


def test_document_text_is_never_markup() -> None:
    """Brackets, emoji codes and escape sequences of a document are shown or dropped, not obeyed."""
    quote = "[red]x[/red] :smile: \x1b[5mblink"
    title, document = "[link=x]t[/link]", "\x1b]0;a\x07.txt"
    citation = replace(CITATION, quote=quote, title=title, document=document)
    told = shown(answer_view(replace(ANSWER, citations=(citation,))))
    assert "“[red]x[/red] :smile: blink”" in told
    assert "[link=x]t[/link]" in told
    assert "\x1b" not in told


def test_an_abstention_shows_the_closest_passages() -> None:
    """The reader sees what was found instead."""
    told = shown(answer_view(replace(ANSWER, missing=("oaks",), **ABSENT)))
    assert "Closest passages:" in told
    assert "a.txt:0-9" in told
    assert "Nine oaks" in told


def test_what_is_doubtful_is_said() -> None:
    """A missing part, weak support and a disagreement are each named."""
    weak = replace(ANSWER.sentences[0], support=Support("partly", "figure", 0.5, ("nine",)))
    values = (ConflictValue("nine", 1, "2020"), ConflictValue("ten", 2, None))
    answer = replace(
        ANSWER,
        status="partial",
        missing=("how many elms",),
        sentences=(weak,),
        conflicts=(Conflict("number", "oaks", values),),
    )
    told = shown(answer_view(answer))
    assert "Partly supported (lacks nine): There are nine oaks." in told
    assert "Not stated in the documents: how many elms" in told
    assert "Sources differ (oaks): nine [1] (2020) · ten [2]." in told


def test_passages_carry_every_component_score() -> None:
    """A score that no component gave is a dash, not a nought."""
    told = shown(passages_view([PASSAGE]))
    assert "1. a.txt:0-9" in told
    assert "score 0.800  dense 0.700  words 3.250  fused 0.800  rerank -" in told
    assert shown(passages_view([])).strip() == "No passage was found."


def test_a_report_names_what_it_touched() -> None:
    """Added, changed, removed, and skipped with the reason; what stayed as it was is counted."""
    skipped = (Skipped("e.bin", "no reader"),)
    report = BuildReport(
        "docs", "idx", 3, ("a.txt",), ("b.txt",), ("c.txt",), ("d.txt",), skipped, 7, 4, "x", 1.5
    )
    lines = shown(report_view(report)).splitlines()
    assert [line.split() for line in lines[:3]] == [
        ["added", "a.txt"],
        ["changed", "b.txt"],
        ["removed", "c.txt"],
    ]
    assert lines[3].split(maxsplit=1) == ["skipped", "e.bin: no reader"]
    assert lines[4].startswith("3 documents (1 unchanged), 7 chunks (4 newly encoded")
    later = shown(report_view(report, frozenset(report.skipped)))
    assert "e.bin" not in later and "d.txt" not in later


def test_an_emptied_index_is_told_clearly() -> None:
    """When the last document went, the report says that nothing is answered any more, and the way back."""
    report = BuildReport("/d", "/i", 2, (), (), ("a.txt",), (), (), 0, 0, "tiktoken", 0.1)
    told = shown(report_view(report))
    assert "the index is empty now" in told and "put the documents back" in told
    assert "the index is empty" not in shown(report_view(replace(report, unchanged=("b.txt",), chunks=3)))


def test_explained_blocks_show_verdict_and_reason() -> None:
    """Each block with its span, its verdict and why."""
    blocks = (Block(0, 4, "item", "boilerplate", "menu"), Block(5, 10))
    told = shown(blocks_view(Document("a.txt", "0", "Menu\nBody.", blocks=blocks, note="decoded as cp1252")))
    assert told.splitlines() == [
        "Note: decoded as cp1252",
        "0-4  item  boilerplate (menu)  Menu",
        "5-10  text  body  Body.",
    ]


def test_progress_off_a_terminal_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log gets one line for a build, and none when nothing is built or it is done in a moment."""
    with progress():
        pass
    with progress() as tick:
        tick("encode", 1, 1)
        tick("encode", 2, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("ui.terminal._PATIENCE", 0)
    with progress() as tick:
        for done in range(5):
            tick("encode", done, 5)
    told = capsys.readouterr()
    assert (told.out, len(told.err.splitlines())) == ("", 1)
