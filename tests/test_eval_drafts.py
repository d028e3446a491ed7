"""A user's own set: candidates, items from quotes and from rejected answers, and the way to a gate."""

import json
from pathlib import Path

import pytest
from conftest import RunRag
from eval_cases import CAFE, DOC, GATE, LEAVE, answer, corpus
from hypothesis import given
from hypothesis import strategies as st
from sample_files import TALLEST, write_samples

from eval.candidates import candidates
from eval.drafts import Expected, append, from_answer, item, line_of, next_id
from eval.errors import QuestionSetError
from eval.schema import Question
from index.settings import IndexSettings
from rag import Rag

SETTINGS = IndexSettings()


def made(tmp_path: Path, **fields: object) -> Question:
    folder = corpus(tmp_path / "docs")
    return item("a-001", "How long?", Expected(**fields), folder, SETTINGS)  # type: ignore[arg-type]  # a table


def test_a_quote_is_found_with_its_offsets(tmp_path: Path) -> None:
    """Behind a BOM and an emoji, over a line end that was typed as a space; the file's own text is kept."""
    wanted = f"{LEAVE} {CAFE}"
    found = made(tmp_path, answers=("26 weeks",), quotes=(wanted,)).evidence[0]
    assert found.doc == DOC
    assert found.quote == f"{LEAVE}\r\n{CAFE}"
    path = tmp_path / "my.questions.jsonl"
    assert append(path, [made(tmp_path, answers=("26 weeks",), quotes=(wanted,))], tmp_path / "docs") == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"answers": ("x",), "quotes": ("nowhere at all",)}, "does not stand in any document"),
        ({"answers": ("x",), "quotes": (LEAVE,), "document": "absent.txt"}, "does not stand in absent.txt"),
        ({"answers": ("26 weeks",)}, "needs evidence"),
        ({"quotes": (LEAVE,)}, "needs answers"),
    ],
)
def test_an_incomplete_item_is_refused(tmp_path: Path, fields: dict[str, object], reason: str) -> None:
    """With what is missing."""
    with pytest.raises(QuestionSetError, match=reason):
        made(tmp_path, **fields)


def test_a_refused_item_leaves_the_set_as_it_was(tmp_path: Path) -> None:
    """An answer that its evidence lacks, or an id that is taken: nothing is written."""
    folder = corpus(tmp_path / "docs")
    path = tmp_path / "my.questions.jsonl"
    good = made(tmp_path, answers=("26 weeks",), quotes=(LEAVE,))
    append(path, [good], folder)
    before = path.read_bytes()
    other = made(tmp_path, answers=("5 days",), quotes=(LEAVE,)).model_copy(update={"id": "a-002"})
    for bad, reason in ((good, "duplicate id"), (other, "no answer is contained")):
        with pytest.raises(QuestionSetError, match=reason):
            append(path, [bad], folder)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []
    assert next_id(path) == "my-002"


def test_a_rejected_answer_becomes_a_draft_that_does_not_count(tmp_path: Path) -> None:
    """What it cited, or the best passage of a refusal, with `gate: info` and what to do."""
    folder = corpus(tmp_path / "docs")
    for rejected, quotes in ((answer(GATE, CAFE), (GATE, CAFE)), (answer(passages=[LEAVE]), (LEAVE,))):
        draft = from_answer("a-001", rejected, folder, SETTINGS)
        assert draft.gate == "info"
        assert "correct answers" in draft.notes
        assert tuple(gold.quote for gold in draft.evidence) == quotes
        assert append(tmp_path / f"{quotes[0][:3]}.jsonl", [draft], folder) == 1
    whole = from_answer("a-002", answer(GATE), folder, SETTINGS, Expected(("26 weeks",), (LEAVE,)))
    assert (whole.gate, whole.question) == ("normal", "q?")
    none = from_answer("a-003", answer(GATE), folder, SETTINGS, Expected(unanswerable="same_topic"))
    assert none.category == "same_topic"
    with pytest.raises(QuestionSetError, match="neither citations nor passages"):
        from_answer("a-004", answer(), folder, SETTINGS)


@given(st.text(min_size=1, max_size=60))
def test_a_line_reads_back_as_its_item(question: str) -> None:
    """Whatever the question says; a lone surrogate aside, which no file can hold."""
    row = {"id": "a", "schema": 1, "split": "dev", "question": question, "type": "unanswerable"}
    made = Question.model_validate(
        {**row, "answerable": False, "group": "a", "unanswerable_kind": "off_corpus"}
    )
    assert Question.model_validate_json(line_of(made)) == made


def test_candidates_are_sentences_with_their_one_value(tmp_path: Path) -> None:
    """From every format, no sentence twice, the same on each call; all become items."""
    folder = tmp_path / "docs"
    folder.mkdir()
    write_samples(folder)
    rag = Rag.open(folder)
    found = candidates(rag, 30)
    assert found == candidates(rag, 30)
    assert len({one.question for one in found}) == len(found) >= 4
    for one in found:
        text = rag.document(one.document).text
        assert text[one.start : one.end] == one.sentence
        assert one.value in one.sentence and "…" in one.question
    assert any(one.sentence == TALLEST and one.value.startswith("31") for one in found)
    path = tmp_path / "my.questions.jsonl"
    items = [item(f"m-{at}", c.question, c.expected, folder, SETTINGS) for at, c in enumerate(found)]
    assert append(path, items, folder) == len(found)


@pytest.mark.slow
def test_a_folder_of_all_formats_goes_from_nothing_to_a_gate(run_rag: RunRag, tmp_path: Path) -> None:
    """new, add, validate, run, accept, run, compare and gate, as the README tells it."""
    docs = tmp_path / "my-documents"
    docs.mkdir()
    write_samples(docs)
    mine, at = tmp_path / "my.questions.jsonl", ("--docs", docs)

    def rag(*arguments: object, code: int = 0) -> str:
        done = run_rag(*arguments)
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done.stdout

    assert "4 added" in rag("eval", "new", mine, *at, "--count", "6")
    asked = (
        "--question",
        "How tall is the tallest oak in the wood?",
        "--expect",
        "31 metres",
        "--quote",
        TALLEST,
    )
    assert "added my-005" in rag("eval", "add", mine, *at, *asked)
    saved = tmp_path / "answer.json"
    saved.write_text(rag("ask", "Who feeds the owls?", *at, "--json"), encoding="utf-8")
    rag("eval", "add", mine, *at, "--answer", saved, "--unanswerable", "same_topic")
    assert "6 questions" in rag("eval", "validate", mine, *at)
    lines = [json.loads(line) for line in mine.read_text(encoding="utf-8").splitlines()]
    for line in lines[:4]:
        line["gate"] = "normal"
    mine.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    rag("eval", "run", mine, *at, "--out", tmp_path / "one")
    assert "baseline of 6 items" in rag(
        "eval", "accept", mine, "--run", tmp_path / "one", "--reason", "first"
    )
    assert (tmp_path / "my.questions.extractive.baseline.jsonl").exists()
    assert "against the baseline" in rag("eval", "run", mine, *at, "--out", tmp_path / "two")
    assert "0 answers differ" in rag("eval", "compare", tmp_path / "one", tmp_path / "two")
    rag("eval", "gate", tmp_path / "two", mine)
    refused = run_rag("eval", "compare", tmp_path / "one", "no-such-run")
    assert refused.returncode == 2
    (docs / "sample.json").write_text('[{"tree": "Ash", "height": 9}]', encoding="utf-8")
    assert run_rag("eval", "run", mine, *at).returncode == 2, "the documents are others now"
