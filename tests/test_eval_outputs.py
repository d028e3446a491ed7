"""The files of a run: equal for equal runs, whole, and inert whatever the documents say."""

import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from eval_cases import CAFE, GATE, LEAVE, Scripted, about, answer, off, question_set, row, shifted
from hypothesis import given
from hypothesis import strategies as st

from eval.charts import Bar, bars, histogram, lines
from eval.errors import BaselineError
from eval.gate import gate
from eval.junit import junit
from eval.markdown import LARGEST, markdown
from eval.metrics.catalogue import KS
from eval.outputs import write_outputs
from eval.page import page, text
from eval.recorded import recorded
from eval.regression import compare
from eval.runner import RunResult, run
from eval.spent import spent
from eval.stored import StoredRun, load, load_record, save
from index.errors import IndexMissing
from rag.records import Answer, Sentence

HOSTILE = (
    "<script>alert(1)</script> [x](javascript:1) ![i](http://a.example/p) | ` \x00\x1b[31m\u202e]]> & \ud800"
)


def hostile(reply: Answer) -> Answer:
    """The same answer saying what nobody should obey."""
    sentence = dataclasses.replace(reply.sentences[0], text=HOSTILE)
    return dataclasses.replace(reply, text=HOSTILE, sentences=(sentence,))


def mixed(tmp_path: Path) -> RunResult:
    """A right, a wrong, a hostile, an invalid, a refused item and an error; one of them held out."""
    rows = [row(name, split="dev") for name in ("a", "b", "c", "d", "e")] + [off("f", split="dev"), row("g")]
    rows[2] |= {"question": f"c? {HOSTILE[:-1]}", "answers": [f"26 weeks {HOSTILE[:-1]}"], "type": "yes_no"}
    table: dict[str, Answer | Exception] = {
        "a?": dataclasses.replace(answer(LEAVE), confidence=0.9),
        "b?": dataclasses.replace(answer(GATE), confidence=0.4),
        rows[2]["question"]: hostile(answer(CAFE)),
        "d?": shifted(answer(LEAVE)),
        "e?": IndexMissing(f"gone {HOSTILE}"),
        "f?": answer(),
        "g?": answer(GATE),
    }
    return run(question_set(tmp_path, rows), Scripted(table))


def test_a_stored_run_is_read_again_whole(tmp_path: Path) -> None:
    """Items, values, answers and provenance; gating it again gives the same decisions."""
    result = mixed(tmp_path)
    stored = StoredRun(about(settings={"k": 8}, set_sha256=result.sha256), result, spent(result))
    save(stored, gate(result), tmp_path / "run")
    again = load(tmp_path / "run")
    assert again.about == stored.about
    assert again.result == result
    assert gate(again.result).decisions == gate(result).decisions
    record, ks = load_record(tmp_path / "run")
    assert (record, ks) == (stored.record, KS)


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    """But for timings, which the scripted answers hold fixed."""
    for name in ("one", "two"):
        result = mixed(tmp_path)
        write_outputs(StoredRun(about(), result, spent(result)), gate(result), tmp_path / name)
    for file in ("results.jsonl", "summary.json", "junit.xml", "report.md", "report.html"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


def test_no_output_holds_a_nan(tmp_path: Path) -> None:
    """JSON that any reader takes; every figure with its n."""
    result = mixed(tmp_path)
    save(StoredRun(about(), result, spent(result)), gate(result), tmp_path)
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert summary["outcomes"] == {"scored": 6, "error": 1, "not_applicable": 0}
    assert all({"items", "groups", "interval"} <= figure.keys() for figure in summary["figures"])
    assert {"set_sha256", "corpus_sha256", "index", "seed", "settings", "versions"} <= summary["about"].keys()


@pytest.mark.parametrize("content", ["", "{}", "[]", "\x00", '{"about": {}}'])
def test_a_damaged_run_is_refused(tmp_path: Path, content: str) -> None:
    """A missing folder and a file that is none are exit code 2."""
    (tmp_path / "summary.json").write_text(content, encoding="utf-8")
    for place in (tmp_path, tmp_path / "absent"):
        with pytest.raises(BaselineError):
            load(place)


def test_junit_fails_on_tiers_and_holds_any_text(tmp_path: Path) -> None:
    """Well-formed with control characters and half surrogates; a wrong answer alone is no failure."""
    result = mixed(tmp_path)
    root = ElementTree.fromstring(junit(result, gate(result)))
    cases = {case.get("name"): case for case in root}
    assert len(cases) == len(result.items) + len(gate(result).decisions)
    assert cases["d"].find("failure") is not None
    assert cases["b"].find("failure") is None
    assert "containment 0.00" in (cases["b"].findtext("system-out") or "")
    assert cases["citation validity"].find("failure") is not None
    assert int(root.get("failures", "0")) == sum(case.find("failure") is not None for case in root)


def test_markdown_stays_inert(tmp_path: Path) -> None:
    """No tag, link, picture, code or table cell of a document's; held-out items are counted only."""
    result = mixed(tmp_path)
    told = markdown(StoredRun(about(name=HOSTILE), result, spent(result)), gate(result))
    assert "<script" not in told and "](" not in told and "http://" not in told and "`" not in told
    assert "\x1b" not in told and "\u202e" not in told and "\x00" not in told
    assert "1 held-out items went wrong" in told
    assert "\n- g " not in told
    assert "\n- g " in markdown(StoredRun(about(), result, spent(result)), gate(result), heldout=True)


def test_markdown_is_at_most_a_mebibyte(tmp_path: Path) -> None:
    """A huge answer is cut with a word about it."""
    long = dataclasses.replace(
        answer(GATE), sentences=(Sentence("x" * LARGEST, (1,), answer(GATE).sentences[0].support),)
    )
    result = run(question_set(tmp_path, [row("a", split="dev")]), Scripted({"a?": long}))
    told = markdown(StoredRun(about(), result, spent(result)), gate(result))
    assert len(told.encode()) <= LARGEST
    assert "Cut here" in told


def test_the_step_summary_is_appended_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands there stays."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    result = mixed(tmp_path)
    write_outputs(StoredRun(about(), result, spent(result)), gate(result), tmp_path / "run")
    told = summary.read_text(encoding="utf-8")
    assert told.startswith("before\n## set.jsonl: ")
    assert told.endswith((tmp_path / "run" / "report.md").read_text(encoding="utf-8"))


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def whole_page(tmp_path: Path) -> str:
    result = mixed(tmp_path)
    rows = [item.question for item in result.items]
    before = recorded(
        run(dataclasses.replace(question_set(tmp_path, [row("x")]), questions=tuple(rows)), Refusing()),
        about(),
    )
    report = gate(result, comparison=compare(recorded(result, about()), before, KS))
    return page(StoredRun(about(name=f"set {HOSTILE}"), result, spent(result)), report)


class Refusing(Scripted):
    """Refuses everything."""

    def __init__(self) -> None:
        super().__init__({})

    def ask(self, question: str, history: object = ()) -> Answer:
        return answer()


def test_the_page_is_closed_and_inert(tmp_path: Path) -> None:
    """No script, no address, no handler, no style but the one the policy names; one file, nothing loaded."""
    source = whole_page(tmp_path)
    tags = Tags(source)
    assert not {tag for tag, _ in tags.found} & {
        "script",
        "img",
        "link",
        "iframe",
        "a",
        "form",
        "object",
        "base",
    }
    assert not [name for _, attributes in tags.found for name in attributes if name.startswith("on")]
    assert not [1 for _, attributes in tags.found if {"src", "href", "style"} & attributes.keys()]
    policy = next(a["content"] for t, a in tags.found if a.get("http-equiv") == "Content-Security-Policy")
    assert policy and policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search("[\x00\x1b\u202e\ud800]", source)
    assert source.encode("utf-8")


def test_the_page_shows_each_failing_item_with_evidence_answer_and_what_it_was(tmp_path: Path) -> None:
    """Question, gold span with its place, answer, citations, and the text before; held-out only counted."""
    source = whole_page(tmp_path)
    assert text(LEAVE) in source
    assert "handbook.txt:" in source
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in source
    assert "(abstained)" in source
    assert "1 held-out items went wrong" in source
    for plot in (
        "Correct, by kind of item",
        "Retrieval by k",
        "Risk against coverage",
        "Reliability",
        "Seconds",
    ):
        assert f"<figcaption>{plot}" in source


@given(st.lists(st.tuples(st.text(max_size=20), st.floats(0, 1)), max_size=6), st.text(max_size=20))
def test_charts_are_well_formed(points: list[tuple[str, float]], title: str) -> None:
    """Any label and any figures give XML that parses and numbers that are numbers."""
    title, labels = text(title), [text(label) for label, _ in points]
    shown = [Bar(label, value, value, value, "n 1") for label, (_, value) in zip(labels, points, strict=True)]
    series = [(title, [(value, value) for _, value in points])]
    for chart in (
        bars(title, shown),
        lines(title, series, "x", "y"),
        histogram(title, [v for _, v in points], "s"),
    ):
        assert "nan" not in ElementTree.fromstring(chart).tag
        assert not re.search(r'="(nan|inf|-)"', chart)


def test_cost_is_summed_and_told(tmp_path: Path) -> None:
    """Seconds of each answer, tokens by kind, money where a generator says so; nothing is nothing, not 0."""
    plain = answer(LEAVE)
    paid = dataclasses.replace(
        plain.trace, timings={"a": 1.0, "b": 2.0}, tokens={"in": 5, "out": 2}, cost=0.25
    )
    table: dict[str, Answer | Exception] = {
        "a?": dataclasses.replace(plain, trace=paid),
        "b?": IndexMissing("x"),
    }
    cost = spent(run(question_set(tmp_path, [row("a"), row("b")]), Scripted(table)))
    assert (cost.answers, cost.p50, cost.p95) == (1, 3.0, 3.0)
    assert (cost.tokens, cost.money) == ({"in": 5, "out": 2}, 0.25)
    none = spent(run(question_set(tmp_path, [row("b")]), Scripted(table)))
    assert (none.answers, none.p50, none.tokens, none.money) == (0, None, {}, None)
