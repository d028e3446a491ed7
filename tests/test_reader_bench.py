"""What the benches say of the reader: areas and weights judged across titles, and its answers to a set."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from eval_cases import CAFE, GATE, corpus, gold, off, row, write
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.bench.fitting import auroc
from eval.bench.reader import bench_reader, fit_again
from eval.bench.reader_fit import Told, area, crossed, fit_told, gain
from eval.bench.reader_report import sheets
from eval.bench.reader_set import bench_reader_set
from eval.bench.warm import WarmReport
from index.records import Span
from rag import RagSettings
from rag.generators.base import Evidence
from rag.look import Stated
from rag.reader.reading import Reading
from rag.reader.splits import reported
from rag.reader.verdict import SIGNALS, sentence_of, signals, together

CHANCES = st.integers(0, 10_000).map(random.Random)


def asked(chance: random.Random, count: int, titles: int = 8, shift: float = 1.5) -> list[Told]:
    """Questions of two sets, whose signals are higher where the document answers."""
    found = []
    for number in range(count):
        answerable = number % 2 == 0
        values = {name: chance.gauss(shift * answerable, 1.0) for name in SIGNALS}
        title = f"title {chance.randrange(titles)}"
        found.append(Told("one" if number % 4 < 2 else "two", title, answerable, values))
    return found


def sentence(number: int, text: str, start: int, relevance: float = 1.0) -> Evidence:
    end = start + len(text)
    return Evidence(number, 0, "a.txt", "", "", "", start, end, text, 1.0, "text", relevance, 0.4)


@settings(max_examples=25, deadline=None)
@given(CHANCES)
def test_an_area_and_its_error_are_those_of_its_scores(chance: random.Random) -> None:
    """The area is the plain one; equal scores gain nothing; one title has no error to be seen."""
    told = asked(chance, 40)
    scores = [item.signals["stated"] for item in told]
    found = area(told, scores)
    assert found is not None and found.value == auroc(scores, [item.answerable for item in told])
    assert 0 < found.error < 0.3
    same = gain(told, scores, scores)
    assert same is not None and (same.value, same.error) == (0.0, 0.0)
    alone = area([replace(item, title="one") for item in told], scores)
    assert alone is not None and alone.error == pytest.approx(0.0, abs=1e-9)
    assert area([item for item in told if item.answerable], scores[::2]) is None


@settings(max_examples=25, deadline=None)
@given(CHANCES)
def test_no_title_is_judged_by_weights_that_saw_it(chance: random.Random) -> None:
    """What the questions of one title turn out to be changes the weights of all, and no odds of its own."""
    told = asked(chance, 80)
    title = told[0].title
    other = [replace(item, answerable=not item.answerable) if item.title == title else item for item in told]
    before, after = crossed(told), crossed(other)
    assert before is not None and after is not None
    assert [b for b, item in zip(before, told, strict=True) if item.title == title] == [
        a for a, item in zip(after, told, strict=True) if item.title == title
    ]
    assert fit_told(told) != fit_told(other)


def test_sets_count_alike_whatever_their_size() -> None:
    """A question of a set asked thrice as often weighs a third; a set of one kind only fits nothing."""
    told = asked(random.Random(1), 60)
    thrice = [item for item in told for _ in range(3 if item.data == "two" else 1)]
    one, other = fit_told(told), fit_told(thrice)
    assert one is not None and other is not None
    # The penalty is one against more rows, so the weights move a little, as they do for any larger sample.
    larger = fit_told([item for item in told for _ in range(2)])
    assert larger is not None
    assert other.weights == pytest.approx(larger.weights, abs=1e-6)
    assert fit_told([item for item in told if item.data == "one" or item.answerable]) is None
    assert fit_told([]) is None and crossed(told[:2]) is None


def test_the_signals_are_those_of_the_sentence_that_answers() -> None:
    """A number that the sentence lacks counts against it, and the most relevant of two sentences is taken."""
    first = sentence(1, "The ferry left Bergen in 1998.", 0, relevance=0.5)
    second = sentence(2, "It sank near Stord.", 31, relevance=0.9)
    assert sentence_of(Stated("a.txt", 25, 29), [first, second]) is first
    assert sentence_of(Stated("a.txt", 25, 34), [first, second]) is second
    assert sentence_of(Stated("b.txt", 25, 29), [first, second]) is None
    reading, close = Reading(Span(25, 29), 2.0, 1.0), Reading(Span(0, 1), 0.0, -1.0)
    right, wrong = (
        signals(f"Which ferry left in {year}?", 0.5, reading, first, close) for year in ("1998", "1999")
    )
    assert right == {
        "lexical": 0.5,
        "stated": 1.0,
        "margin": 2.0,
        "close": -1.0,
        "nearness": 0.4,
        "number": 0.0,
    }
    assert wrong == right | {"number": 1.0} and together(wrong) < together(right)
    assert signals("Who sank?", 0.5, reading, None, reading)["nearness"] == 0.0


def ferries(folder: Path, count: int) -> Path:
    """Ferries of which a passage tells the captain and not the owner, half of them judged."""
    folder.mkdir()
    sources: list[dict[str, Any]] = []
    queries: list[dict[str, Any]] = []
    captains = ("Ruth Hansen", "Olav Berg", "Ingrid Moe", "Lars Vik")
    names = [f"Aurora {n}" for n in range(100)]
    half = count // 2
    titles = [n for n in names if reported(n)][:half] + [n for n in names if not reported(n)][:half]
    for at, title in enumerate(titles):
        captain = captains[at % len(captains)]
        text = f"The ferry {title} left Bergen at noon. Captain {captain} reported a broken rudder that day."
        sources.append({"id": title, "title": title, "text": text, "source": "made up"})
        common = {"gold_doc_ids": [title], "source_doc_id": title}
        question = f"Who reported a broken rudder on the {title}?"
        queries.append(
            {"id": f"{at}+", "question": question, "answers": [captain], "answerable": True, **common}
        )
        question = f"What did the owner of the {title} pay for the engine?"
        queries.append({"id": f"{at}-", "question": question, "answers": [], "answerable": False, **common})
    for name, rows in (("corpus", sources), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return folder


def test_the_bench_tells_what_the_reader_finds_and_misses(tmp_path: Path) -> None:
    """On plain passages it names the captains, and knows that no owner is told."""
    hashed = RagSettings(**cast(Any, {"index": {"encoder": "hash:"}}))
    (report,) = bench_reader([ferries(tmp_path / "ferries", 12)], settings=hashed)
    assert len(report.read) == len(report.odds) == 12 and len(report.fitted) == 12
    assert all(reported(told.title) for told in report.told)
    assert sum(item.f1 or 0.0 for item in report.read) / 6 > 0.7
    found = area(report.told, report.odds)
    assert found is not None and found.value > 0.9
    assert fit_again([report]) is not None
    rows: dict[str, Sequence[str]] = {row[0]: row[1:] for row in sheets([report])[0].rows}
    assert rows["answerable or not, AUROC: both"] == (str(found),)
    assert report.to_dict()["figures"]["short answer, F1"] == rows["short answer, F1"][0]


def test_a_set_is_asked_with_and_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each split has both means and their difference; of held-out items nothing else is told."""
    monkeypatch.setenv("RAG_INDEX__ENCODER", "hash:")
    monkeypatch.setenv("RAG_HOME", str(tmp_path / "home"))
    rows = [
        row("leave", question="How many weeks of leave do eligible staff receive?", split="dev"),
        row("cafe", question="When does the café open?", answers=["8"], evidence=[gold(CAFE)]),
        row("gate", question="When does the gate close?", answers=["9"], evidence=[gold(GATE)]),
        off("moon", question="Who walked on the moon?"),
    ]
    docs = corpus(tmp_path / "docs")
    steps: list[tuple[int, int]] = []
    report = bench_reader_set(
        write(tmp_path / "set.jsonl", rows), docs, progress=lambda *at: steps.append(at)
    )
    assert steps[-1] == (8, 8)
    sheet = report.sheet()
    assert len(sheet.headings) == 7 and all(len(cells) == 7 for cells in sheet.rows)
    told = {cells[0]: cells[1:] for cells in sheet.rows}
    assert told["unanswerable: refused"][:3] == ("-", "-", "-")
    assert told["unanswerable: refused"][3:5] == ("1.000", "1.000")
    without, with_it = (float(told["a short answer is marked"][at]) for at in (3, 4))
    assert with_it >= without
    assert not any("café" in cell for cells in sheet.rows for cell in cells)
    assert report.to_dict()["unanswerable: refused"]["heldout, with"] == "1.000"


def test_warm_figures_name_the_reader_only_where_it_was_measured() -> None:
    """Percentiles of its own column."""
    plain = WarmReport((10.0, 20.0), (5.0, 5.0), (30.0,))
    assert "reader_ms" not in plain.to_dict()
    assert replace(plain, reader=(60.0, 80.0)).to_dict()["reader_ms"]["p50"] == 70.0
