"""The benches on public data, here on made-up towns and pages and the hashing encoder."""

import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from town_sets import HASHED, THINGS, Row, towns, write
from typer.testing import CliRunner

from eval.bench.abstain import bench_abstain
from eval.bench.abstain_report import SIGNALS
from eval.bench.answers import bench_answers, holds, is_gold
from eval.bench.clean import bench_clean, kept_lines
from eval.bench.clean_pages import Counts
from eval.bench.data import Query, read_set, read_sets
from eval.bench.folders import cut
from eval.errors import EvalSetupError
from index import Chunk, Index
from index.records import Span
from rag import RagSettings
from rag.abstain import FACT
from rag.records import Scores
from rag.relevance import COSINE, rate
from rag.retrieve import Hit
from rag.told import Told
from rag.vocabulary import Understood
from ui.cli import app


@pytest.fixture
def hashed() -> RagSettings:
    return RagSettings(**cast(Any, HASHED))


# The corpus cut into folders.


def test_titles_stay_whole_and_questions_lie_where_their_documents_are(tmp_path: Path) -> None:
    """Five titles a folder, a file for each; other folders' questions are about none of its documents."""
    folders = cut(read_set(towns(tmp_path / "towns")))
    assert [len(folder.texts) for folder in folders] == [5, 5, 2]
    for folder in folders:
        held = "\n".join(folder.texts)
        names = {text.partition("\n")[0] for text in folder.texts}
        assert all(held.count(f"{thing} of {name} was") == 1 for name in names for thing in THINGS)
        own = [*folder.answerable, *folder.same_topic]
        assert len(own) == 2 * len(THINGS) * len(names)
        assert all(any(name in query.question for name in names) for query in own)
        assert folder.elsewhere
        assert not any(name in query.question for name in names for query in folder.elsewhere)
        assert all(query.answerable for query in (*folder.answerable, *folder.elsewhere))
        assert not any(query.answerable for query in folder.same_topic)


def test_documents_with_titles_of_their_own_go_by_forties(tmp_path: Path) -> None:
    """Each document is a file of its own."""
    folders = cut(read_set(towns(tmp_path / "towns", count=23, repeated=False)))
    assert [len(folder.texts) for folder in folders] == [40, 40, 12]


def test_the_sample_is_bounded_and_always_the_same(tmp_path: Path) -> None:
    """A fixed seed: two cuts agree, and a folder has at most N questions of each kind."""
    data = read_set(towns(tmp_path / "towns"))
    folders = cut(data, sample=3)
    assert folders == cut(data, sample=3)
    kinds = [kind for f in folders for kind in (f.answerable, f.same_topic, f.elsewhere)]
    assert all(len({query.id for query in kind}) == len(kind) == 3 for kind in kinds)


def test_questions_that_lean_on_earlier_turns_are_left_out(tmp_path: Path) -> None:
    """They are counted; without any other question the set is refused."""
    source = {"id": "a", "text": "It rains."}
    told: Row = {"answers": ["rain"], "answerable": True, "gold_doc_ids": ["a"]}
    queries = [{"id": "1", "question": "And now?", "history": ["user: hello"], **told}]
    data = read_set(write(tmp_path / "turns", [source], queries))
    assert (data.queries, data.left_out) == ((), 1)
    with pytest.raises(EvalSetupError, match="no question stands alone"):
        cut(data)


def test_bad_data_is_refused_with_its_line(tmp_path: Path) -> None:
    """A missing file, a line that lacks a field, and two folders of one name."""
    with pytest.raises(EvalSetupError, match="cannot be read"):
        read_set(tmp_path / "nothing")
    good = {"id": "a", "text": "x"}
    with pytest.raises(EvalSetupError, match=r"corpus\.jsonl, line 2: text"):
        read_set(
            write(tmp_path / "bad", [good, {"id": "b"}], [{"id": "1", "question": "q", "answerable": True}])
        )
    pair = [towns(tmp_path / side / "towns", count=1) for side in ("left", "right")]
    with pytest.raises(EvalSetupError, match="same name"):
        read_sets(pair)


# The benches on made-up towns.


def test_names_tell_the_folders_apart(
    tmp_path: Path, hashed: RagSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs agree, the shipped and the refitted model find other folders' questions, nothing is left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    data = [towns(tmp_path / "towns", count=15)]
    done: list[tuple[int, int]] = []
    report = bench_abstain(data, sample=6, settings=hashed, progress=lambda *at: done.append(at))
    assert done == [(1, 3), (2, 3), (3, 3)]
    assert len(report.asked) == 3 * 4 * 6
    models = {"shipped model", "refit, held-out folds", "the fact, shipped"}
    other = {"the fact, shipped, other titles", "the fact, refit, other titles"}
    assert report.scores().keys() == {*SIGNALS, *models, *other}
    assert report.fact is not None and report.fact_weights().keys() == FACT.keys()
    by_kind = {item.kind: item for item in report.asked}
    assert by_kind["answer passed over"].fact["topic"] < by_kind["answerable"].fact["topic"]
    assert {item.chosen for item in report.asked} == {True, False}
    for values in report.models().values():
        assert (report.area(values, "towns", "other folders") or 0) > 0.9
    told = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert told["answered"]["towns"]["shipped model"]["answerable"]["items"] == 18
    assert all(len(row) == len(sheet.headings) for sheet in report.sheets() for row in sheet.rows)
    assert bench_abstain(data, sample=6, settings=hashed) == report
    assert list((tmp_path / "scratch").iterdir()) == []


def bold(settings: RagSettings) -> RagSettings:
    return settings.model_copy(update={"answer": settings.answer.model_copy(update={"threshold": 0.0})})


def test_answers_are_found_where_they_are(tmp_path: Path, hashed: RagSettings) -> None:
    """The year is in the first sentence chosen; without a marked sentence there is no precision."""
    report = bench_answers([towns(tmp_path / "towns")], sample=4, settings=bold(hashed))
    assert len(report.judged) == 12
    for item in report.judged:
        assert (item.gold, item.answered, item.precision) == ("gold answer", 1.0, None)
        assert item.answer == item.chosen == item.first == item.passages == 1.0
    sheet = report.sheets()[0]
    assert sheet.headings == ("answerable questions", "towns: gold answer")
    assert all(len(row) == 2 for row in sheet.rows)


def test_marked_sentences_are_what_is_looked_for(tmp_path: Path, hashed: RagSettings) -> None:
    """Precision counts the chosen sentences that are marked; what is refused holds nothing."""
    data = [towns(tmp_path / "towns", marked=True)]
    report = bench_answers(data, sample=4, settings=bold(hashed))
    assert {item.gold for item in report.judged} == {"gold sentence"}
    assert all(item.precision == 1 / item.sentences for item in report.judged)
    careful = hashed.model_copy(update={"answer": hashed.answer.model_copy(update={"threshold": 1.0})})
    refused = bench_answers(data, sample=4, settings=careful)
    assert {(item.answered, item.answer, item.chosen) for item in refused.judged} == {(0.0, 0.0, 1.0)}
    plain = json.loads(json.dumps(refused.to_dict(), allow_nan=False))["sets"][0]
    assert (plain["answer"]["value"], plain["chosen"]["groups"]) == (0.0, 12)


def test_in_a_marked_set_questions_without_a_mark_are_left_out(tmp_path: Path, hashed: RagSettings) -> None:
    """Otherwise one column would hold two measures."""
    file = towns(tmp_path / "towns", count=2, marked=True) / "queries.jsonl"
    first, rest = file.read_text(encoding="utf-8").split("\n", 1)
    bare = json.dumps({**json.loads(first), "gold_evidence": []})
    file.write_text(f"{bare}\n{rest}", encoding="utf-8")
    report = bench_answers([file.parent], settings=hashed)
    assert (len(report.judged), report.left_out) == (2 * len(THINGS) - 1, 1)
    assert {item.gold for item in report.judged} == {"gold sentence"}


def test_what_counts_as_found() -> None:
    """Token boundaries for answers; a sentence counts however it was cut."""
    asked = Query(id="1", question="q", answerable=True, answers=("5 oaks",))
    assert holds(asked, ["There are 5", "oaks, and more."]) == 1.0
    assert holds(asked, ["There are 25 oaks."]) == 0.0
    assert holds(asked, []) == 0.0
    marked = asked.model_copy(update={"gold_evidence": ("The mill , it is said , has 5 oaks .",)})
    assert holds(marked, ["The mill, it is said, has 5 oaks."]) == 1.0
    assert holds(marked, ["5 oaks are here."]) == 0.0
    assert is_gold("it is said", marked.gold_evidence) == 1.0


class Turned:
    """An index whose sentences are one and two turns away from any question."""

    def __init__(self, angle: float) -> None:
        self.angle = angle

    def vectors_of(self, texts: Sequence[str], query: bool = False) -> list[Any]:
        return [np.array([1.0, 0.0]) for _ in texts]

    def sentence_cosines(self, question: object, chunks: Sequence[Chunk]) -> tuple[tuple[float, ...], ...]:
        return tuple((math.cos(self.angle), math.cos(2 * self.angle)) for _ in chunks)

    def fact(self, of: object, key: object) -> str:
        return ""  # no headings above


def test_the_relevance_less_the_cosine_is_that_of_words_and_rank() -> None:
    """What the bench calls "without the cosine" depends on no vector."""
    texts = ("The mill has five old oaks.", "The garden of the mill is closed on Sundays.")
    told = tuple(
        Told(50 * n, 50 * n + len(text), text, "text", None, True, frozenset())
        for n, text in enumerate(texts, start=1)
    )
    spans = tuple(Span(line.start, line.end) for line in told)
    hits = (Hit(Chunk(1, "a.txt", 50, 150, texts[0], "", 9, spans), Scores(0.4, 2.0, 1.0)),)
    asked = Understood("How many oaks has the mill?", ("oak", "mill"), {"oak": 2.0, "mill": 1.0}, (), (), ())
    given = [rate(asked, hits, [told], cast(Index, Turned(angle)))[0] for angle in (0.1, 1.2)]
    first, second = ([item.relevance - COSINE * item.cosine for item in rated] for rated in given)
    assert first == pytest.approx(second)
    assert given[0][0].cosine != given[1][0].cosine


# Boilerplate.


def pages(folder: Path, rows: Sequence[Row]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "dev.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def test_characters_are_counted(tmp_path: Path) -> None:
    """By hand: 10 of 14 characters are body, then 90 of 90."""
    rows = [{"lines": ["a" * 10, "b" * 4], "keep": [1, 0]}, {"lines": ["c" * 90, ""], "keep": [1, 0]}]
    report = bench_clean(pages(tmp_path / "pages", rows))
    plain = report.to_dict()["methods"]
    assert plain["keep every line"]["micro"] == pytest.approx(
        {"precision": 100 / 104, "recall": 1.0, "f1": 200 / 204}
    )
    assert plain["keep every line"]["by_page"]["precision"] == pytest.approx((10 / 14 + 1) / 2)
    assert plain["lines of 80 characters or more"]["micro"] == pytest.approx(
        {"precision": 1.0, "recall": 0.9, "f1": 1.8 / 1.9}
    )
    assert plain["lines of 80 characters or more"]["by_page"]["f1"] == 0.5
    assert all(len(row) == 8 for row in report.sheets()[0].rows)
    assert (Counts(0, 0, 0).precision, Counts(0, 0, 0).recall, Counts(0, 5, 5).f1) == (0.0, 1.0, 0.0)


def test_lines_are_judged_as_a_text_file_is_read() -> None:
    """Blank lines and leading spaces move nothing; furniture goes, the author's lines stay."""
    body = "The committee met for three hours and could not agree on where the new path should begin."
    lines = ["", f"  {body}", "Advertisement", "", body]
    assert kept_lines(lines) == [False, True, False, False, True]


def test_a_page_must_fit_its_labels(tmp_path: Path) -> None:
    """As many labels as lines."""
    with pytest.raises(EvalSetupError, match="page 1"):
        bench_clean(pages(tmp_path / "pages", [{"lines": ["a", "b"], "keep": [1]}]))


def test_the_commands_print_tables_or_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table, or JSON alone with --json; a folder that is not there is a usage error."""
    monkeypatch.setenv("RAG_INDEX__ENCODER", "hash:")
    data = towns(tmp_path / "towns", count=6)
    page = pages(tmp_path / "pages", [{"lines": ["a" * 90], "keep": [1]}])
    shown = {"clean": "keep every line", "answers": "in the first sentence chosen", "abstain": "(intercept)"}
    for command, folder in (("clean", page), ("answers", data), ("abstain", data)):
        given = ["bench", command, "--data", str(folder), *(() if command == "clean" else ("--sample", "2"))]
        table = CliRunner().invoke(app, given)
        assert table.exit_code == 0, table.output
        assert shown[command] in table.stdout
        assert json.loads(CliRunner().invoke(app, [*given, "--json"]).stdout)
    missing = CliRunner().invoke(app, ["bench", "abstain", "--data", str(tmp_path / "none")])
    assert isinstance(missing.exception, EvalSetupError)
    assert missing.exception.exit_code == 2
