"""A user's own set: candidates, items from quotes and from rejected answers, and the way to a gate."""

import codecs
import json
from pathlib import Path

import pytest
from conftest import RunRag
from eval_cases import CAFE, DOC, GATE, LEAVE, answer, corpus
from hypothesis import given
from hypothesis import strategies as st
from sample_files import TALLEST, write_samples
from typer.testing import CliRunner

from eval.askable import askable, said_before
from eval.candidates import candidates
from eval.drafts import from_answer, item
from eval.errors import QuestionSetError
from eval.expected import Expected
from eval.own_set import append, line_of, next_id
from eval.questions import load_questions
from eval.schema import Question
from index.settings import IndexSettings
from rag import Rag, load_settings
from rag.values import Kind, values
from ui.cli import app
from ui.conversations import Feedback
from ui.drafts import draft_of, save_draft
from ui.turns import new_turn

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


def test_a_quote_may_stand_everywhere(tmp_path: Path) -> None:
    """Every place is evidence then, in every document; the item is one that the loader takes."""
    folder = corpus(tmp_path / "docs")
    (folder / "copy.txt").write_text(f"Once more. {GATE}", encoding="utf-8")
    expected = Expected(answers=("9",), quotes=("gate closes at 9",), everywhere=True)
    found = item("a-001", "When does the gate close?", expected, folder, SETTINGS)
    assert sorted(gold.doc for gold in found.evidence) == ["copy.txt", DOC]
    append(tmp_path / "my.questions.jsonl", [found], folder)


INCOMPLETE: list[tuple[dict[str, object], str]] = [
    ({"answers": ("x",), "quotes": ("nowhere at all",)}, r"does not stand in handbook\.txt"),
    ({"answers": ("x",), "quotes": (GATE,), "document": "hand.txt"}, "no document 'hand.txt'.*handbook.txt"),
    ({"answers": ("26 weeks",)}, "pass --quote"),
    ({"quotes": (LEAVE,)}, "pass --expect"),
    ({}, "pass --expect ANSWER and --quote TEXT, or --unanswerable"),
    ({"document": DOC, "answers": ("26 weeks",)}, "--document says where a quote stands"),
    ({"answers": ("5 days",), "quotes": (LEAVE,)}, "'5 days' does not stand in the quote"),
    ({"answers": ("26 weeks",), "quotes": (LEAVE,), "forbidden": ("26",)}, "forbidden '26' stands in"),
    (
        {"answers": ("26 weeks",), "quotes": (LEAVE,), "forbidden": ("Eligible",)},
        "forbidden 'Eligible' stands",
    ),
    ({"unanswerable": "same_topic", "answers": ("x",)}, "leave out --expect, --quote"),
    ({"answers": ("x",), "quotes": (" ",)}, "the quote is empty"),
    (
        {"answers": ("at",), "quotes": ("at",)},
        r"'at' stands in \d+ places: .*quote more of the one you mean; or pass --everywhere",
    ),
]


@pytest.mark.parametrize(("fields", "reason"), INCOMPLETE)
def test_an_incomplete_item_is_refused(tmp_path: Path, fields: dict[str, object], reason: str) -> None:
    """With what is missing, or what contradicts itself, and what to pass."""
    with pytest.raises(QuestionSetError, match=reason):
        made(tmp_path, **fields)


def test_a_quote_in_two_documents_is_not_guessed(tmp_path: Path) -> None:
    """Both places are named; the document decides."""
    folder = corpus(tmp_path / "docs")
    (folder / "other.txt").write_text(f"A copy. {GATE}", encoding="utf-8")
    known = {"answers": ("9",), "quotes": (GATE,)}
    with pytest.raises(QuestionSetError, match=r"2 places: handbook\.txt:\d+, other\.txt:8; .*--document"):
        made(tmp_path, **known)
    assert made(tmp_path, **known, document="other.txt").evidence[0].start == 8


def test_a_refused_item_leaves_the_set_as_it_was(tmp_path: Path) -> None:
    """An id or a question that is taken, a set that is broken or lies among the documents."""
    folder = corpus(tmp_path / "docs")
    path = tmp_path / "my.questions.jsonl"
    good = made(tmp_path, answers=("26 weeks",), quotes=(LEAVE,))
    append(path, [good], folder)
    before = path.read_bytes()
    other = good.model_copy(update={"question": "Since when?"})
    again = good.model_copy(update={"id": "a-002", "question": " how  LONG "})
    for bad, reason in (
        (other, r"does not fit .*my\.questions\.jsonl: duplicate id"),
        (again, "already, as a-001"),
    ):
        with pytest.raises(QuestionSetError, match=reason):
            append(path, [bad], folder)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []
    assert next_id(path) == "my-002"
    with pytest.raises(QuestionSetError, match="lies among the documents"):
        append(folder / "x.jsonl", [good], folder)
    path.write_bytes(before + b"{}\n")
    with pytest.raises(
        QuestionSetError, match=r"my\.questions\.jsonl is refused; correct these lines:\nline 2"
    ):
        append(path, [other], folder)


def test_a_set_that_begins_with_a_byte_order_mark_takes_more_items(tmp_path: Path) -> None:
    """As an editor may have saved it; the mark stays."""
    folder, path = corpus(tmp_path / "docs"), tmp_path / "my.questions.jsonl"
    first = made(tmp_path, answers=("26 weeks",), quotes=(LEAVE,))
    path.write_bytes(codecs.BOM_UTF8 + f"{line_of(first)}\n".encode())
    second = made(tmp_path, answers=("9",), quotes=(GATE,))
    assert append(path, [second.model_copy(update={"id": "a-002", "question": "When?"})], folder) == 2
    assert path.read_bytes().startswith(codecs.BOM_UTF8) and len(load_questions(path, folder).questions) == 2


def test_items_about_one_passage_share_a_group(tmp_path: Path) -> None:
    """A quote that overlaps another joins its group and split; others have their own."""
    path, folder = tmp_path / "my.questions.jsonl", corpus(tmp_path / "docs")
    one = made(tmp_path, answers=("26 weeks",), quotes=(LEAVE,)).model_copy(update={"split": "heldout"})
    two = made(tmp_path, answers=("26 weeks",), quotes=("26 weeks of leave",))
    far = made(tmp_path, answers=("9",), quotes=(GATE,))
    named = [
        item.model_copy(update={"id": f"n{at}", "question": f"{at}?"})
        for at, item in enumerate((one, two, far))
    ]
    for each in named:
        append(path, [each], folder)
    first, second, third = load_questions(path, folder).questions
    assert (second.group, second.split) == (first.group, "heldout")
    assert third.group != first.group


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
    with pytest.raises(QuestionSetError, match="--forbid and --document go with"):
        from_answer("a-005", answer(GATE), folder, SETTINGS, Expected(forbidden=("9",)))


def test_a_click_in_the_chat_ends_in_a_valid_item(tmp_path: Path) -> None:
    """What the real program answered, rejected in a conversation: a set that is valid, of drafts."""
    docs = corpus(tmp_path / "docs")
    rag = Rag.open(
        docs, index=tmp_path / "index", settings=load_settings(docs=docs, index={"encoder": "hash:"})
    )
    for at, question in enumerate(("When does the gate close?", "Which enzyme breaks down lactose?")):
        turn = new_turn(f"{at:016x}", question).done(rag.ask(question))
        assert save_draft(tmp_path, draft_of([], turn, Feedback("down", "wrong", "\u2028"), docs, SETTINGS))
    first, second = load_questions(tmp_path / "drafts.questions.jsonl", docs).questions
    assert (first.gate, first.evidence[0].quote, second.gate) == ("info", GATE, "info")


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
    rag = Rag.open(folder, settings=load_settings(docs=folder, index={"encoder": "hash:"}))
    found = candidates(rag, 30)
    assert found == candidates(rag, 30)
    assert len({one.question for one in found}) == len(found) >= 4
    for one in found:
        text = rag.document(one.document).text
        assert text[one.start : one.end] == one.sentence
        assert one.value in one.sentence and ("…" in one.question or "given as" in one.question)
    assert any(one.sentence == TALLEST and one.value.startswith("31") for one in found)
    path = tmp_path / "my.questions.jsonl"
    items = [item(f"m-{at}", c.question, c.expected, folder, SETTINGS) for at, c in enumerate(found)]
    assert append(path, items, folder) == len(found)
    assert candidates(rag, 30, items) == (), "nothing is offered twice"


REJECTED = [
    ("date", "The harbour office was closed again without a word for the whole of last week."),
    ("number", "Of all the pictures that were sent in to the jury only one showed a heron."),
    ("person", "The lease of the café was taken over by the Friends of the Lake Steamers Society."),
    ("date", "This was decided by the board of the company in the winter of 1931."),
    ("number", "3. If the company cancels a crossing, passengers get their fare back."),
    ("date", "Quay 1, Altwerder · Fares and times are subject to change · Printed in 2024."),
]
KEPT = [
    ("date", "The harbour office in Kamenik was closed for the whole winter of 1931."),
    ("number", "The gangway is drawn in seven minutes before the departure of each ship."),
    ("person", "The song at the start of every season was written by Nino Perić in Breza."),
]


@pytest.mark.parametrize(("kind", "sentence"), [*REJECTED, *KEPT])
def test_a_candidate_says_something_by_itself(kind: Kind, sentence: str) -> None:
    """No vague value, no body for a person, no sentence that leans back, no list mark, no footer."""
    stated = values(sentence, kind)
    kept = len(stated) == 1 and askable(sentence, kind, stated[0])
    assert kept is ((kind, sentence) in KEPT)


def test_a_fact_is_offered_once() -> None:
    """The same value in mostly the same words, as copies of a report have it."""
    one = "The embassy was bombed by mistake in 1999 during the war."
    assert said_before("In 1999 the embassy was bombed during the war.", "1999", [(one, "1999")])
    assert not said_before("The mill burned down in 1999.", "1999", [(one, "1999")])


@pytest.mark.slow
def test_a_folder_of_all_formats_goes_from_nothing_to_a_gate(rag_here: RunRag, tmp_path: Path) -> None:
    """new, add, validate, run, accept, run, compare and gate, as the README tells it."""
    docs = tmp_path / "my-documents"
    docs.mkdir()
    write_samples(docs)
    mine, at = tmp_path / "my.questions.jsonl", ("--docs", docs)

    def rag(*arguments: object, code: int = 0) -> str:
        done = rag_here(*arguments)
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done.stdout

    assert "5 added" in rag("eval", "new", mine, *at, "--count", "6")
    asked = ("--question", "How tall is the tallest oak in the wood?", "--expect", "31 metres")
    asked += ("--quote", TALLEST, "--document", "sample.pdf")
    assert "added my-006" in rag("eval", "add", mine, *at, *asked)
    saved = tmp_path / "answer.json"
    saved.write_text(rag("ask", "Who feeds the owls?", *at, "--json"), encoding="utf-8")
    rag("eval", "add", mine, *at, "--answer", saved, "--unanswerable", "same_topic")
    assert "7 questions" in rag("eval", "validate", mine, *at)
    lines = [json.loads(line) for line in mine.read_text(encoding="utf-8").splitlines()]
    for line in lines[:5]:
        line["gate"] = "normal"
    mine.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    rag("eval", "run", mine, *at, "--out", tmp_path / "one")
    assert "baseline of 7 items" in rag(
        "eval", "accept", mine, "--run", tmp_path / "one", "--reason", "first"
    )
    assert (tmp_path / "my.questions.extractive.baseline.jsonl").exists()
    assert "against the baseline" in rag("eval", "run", mine, *at, "--out", tmp_path / "two")
    assert "0 answers differ" in rag("eval", "compare", tmp_path / "one", tmp_path / "two")
    rag("eval", "gate", tmp_path / "two", mine)
    refused = rag_here("eval", "compare", tmp_path / "one", "no-such-run")
    assert refused.returncode == 2
    (docs / "sample.json").write_text('[{"tree": "Ash", "height": 9}]', encoding="utf-8")
    assert rag_here("eval", "run", mine, *at).returncode == 2, "the documents are others now"


def test_a_run_measures_the_folder_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that came after the index was built is found, without a build in between."""
    monkeypatch.setenv("RAG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RAG_INDEX__ENCODER", "hash:")
    folder, path = corpus(tmp_path / "docs"), tmp_path / "my.questions.jsonl"
    assert CliRunner().invoke(app, ["index", str(folder)]).exit_code == 0
    (folder / "ferry.txt").write_text("The ferry leaves the north pier at noon.", encoding="utf-8")
    expected = Expected(answers=("noon",), quotes=("leaves the north pier at noon",))
    append(path, [item("a", "When does the ferry leave the north pier?", expected, folder, SETTINGS)], folder)
    done = CliRunner().invoke(app, ["eval", "run", str(path), "--docs", str(folder), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["items"][0]["values"]["evidence_recall@10"] == 1.0
