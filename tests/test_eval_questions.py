"""A question set is accepted whole or refused with line numbers and reasons."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS
from eval_cases import CAFE, LEAVE, corpus, gold, off, question_set, row, write
from sample_files import TALLEST, write_samples

from eval.errors import QuestionSetError
from eval.questions import default_set, load_questions, read_questions
from eval.sources import Sources
from index.errors import UsageError
from index.limits import Limits

_WITH_TALLEST = {".pdf", ".docx", ".pptx", ".eml", ".html", ".rst"}


def refused(tmp_path: Path, *rows: dict[str, Any]) -> str:
    with pytest.raises(QuestionSetError) as caught:
        question_set(tmp_path, rows)
    return str(caught.value)


def nugget(pattern: str) -> dict[str, Any]:
    return {"id": "n", "text": "t", "importance": "vital", "any_of": [pattern]}


def test_offsets_count_code_points_after_bom_emoji_and_combining_marks(tmp_path: Path) -> None:
    """Evidence is found behind a BOM, CR LF, a joined emoji and a combining accent."""
    rows = [row("a"), row("b", answers=["8"], evidence=[gold(CAFE)])]
    assert [q.id for q in question_set(tmp_path, rows).questions] == ["a", "b"]


def test_the_committed_set_fits_the_seeds() -> None:
    """The shipped set loads, has 80 groups, and a good third of its items are held out."""
    questions = load_questions(default_set(), SEEDS).questions
    heldout = sum(q.split == "heldout" for q in questions)
    assert len({q.group for q in questions}) >= 80
    assert 0.3 <= heldout / len(questions) <= 0.45
    assert {"off_corpus", "same_topic", "boilerplate", "false_premise"} <= {q.category for q in questions}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"answerable": "yes"}, "answerable: Input should be a valid boolean"),
        ({"schema": 2}, "schema: Input should be 1"),
        ({"type": "riddle"}, "type: Input should be"),
        ({"evidence": []}, "an answerable item needs evidence"),
        ({"answers": []}, "an answerable item needs answers, nuggets or a conflict"),
        ({"answers": ["12 weeks"]}, "no answer is contained in any evidence"),
        ({"answers": ["6 weeks"]}, "no answer is contained in any evidence"),
        ({"answers": ["26 weeks", "the"]}, "nothing is left of 'the'"),
        ({"unanswerable_kind": "same_topic"}, "an answerable item has no unanswerable_kind"),
        ({"type": "unanswerable"}, "cannot have the type unanswerable"),
        ({"type": "conflict"}, "type conflict needs its values"),
        ({"nuggets": [nugget("(?i)(")]}, "not a regular expression"),
        ({"nuggets": [nugget("?!")]}, "nothing is left of it"),
        ({"nuggets": [nugget("a b"), nugget("c d")]}, "nugget ids repeat"),
        ({"evidence": [gold(LEAVE) | {"sha256": "0" * 64}]}, "the file's sha256 is"),
        (
            {"evidence": [gold(LEAVE) | {"sha256": "0" * 64, "start": 0, "end": len(LEAVE)}]},
            f"the quote is at {gold(LEAVE)['start']}-{gold(LEAVE)['end']} now; write these into the line",
        ),
        (
            {"evidence": [gold(LEAVE) | {"sha256": "0" * 64, "quote": LEAVE.replace("26", "27")}]},
            "and the quote is no longer in it",
        ),
        ({"evidence": [gold(LEAVE) | {"start": 12}]}, "is not the quote"),
        ({"evidence": [gold(LEAVE) | {"quote": LEAVE.replace("26", "27")}]}, "is not the quote"),
        ({"evidence": [gold(LEAVE, "absent.txt")]}, "evidence 'absent.txt': cannot be read"),
        ({"evidence": [gold(LEAVE, "../docs/handbook.txt")]}, "leaves the documents folder"),
        ({"evidence": [gold(LEAVE, "/etc/passwd")]}, "leaves the documents folder"),
    ],
)
def test_a_line_is_refused_with_its_number_and_reason(
    tmp_path: Path, fields: dict[str, Any], reason: str
) -> None:
    """Each rule names the line, here the second, and what is wrong with it."""
    message = refused(tmp_path, row("good"), row("bad", **fields))
    assert "line 2: " in message
    assert reason in message
    assert "line 1" not in message


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"evidence": [gold(LEAVE)]}, "an unanswerable item has no evidence"),
        ({"answers": ["26 weeks"]}, "an unanswerable item has no evidence"),
        ({"unanswerable_kind": None}, "needs its unanswerable_kind"),
    ],
)
def test_an_unanswerable_item_has_no_gold(tmp_path: Path, fields: dict[str, Any], reason: str) -> None:
    """Gold on an unanswerable item is a contradiction."""
    assert reason in refused(tmp_path, off("a", **fields))


def test_duplicate_ids_and_groups_across_splits_are_refused(tmp_path: Path) -> None:
    """An id is used once; a group lies in one split."""
    message = refused(tmp_path, row("a"), row("a"), row("b", group="a", split="dev"))
    assert "line 2: duplicate id 'a', first used on line 1" in message
    assert "line 3: group 'a' is in heldout on line 1: split by group" in message


def test_types_whose_answer_is_not_a_quote_are_accepted(tmp_path: Path) -> None:
    """A yes/no answer need not occur in its evidence."""
    assert question_set(tmp_path, [row("a", type="yes_no", answers=["yes"])]).questions


def test_no_json_no_questions_no_file(tmp_path: Path) -> None:
    """What is not JSON Lines is refused as a usage error, with exit code 2."""
    path = tmp_path / "set.jsonl"
    path.write_text("\n{]\n", encoding="utf-8")
    with pytest.raises(QuestionSetError, match="line 2: Invalid JSON"):
        read_questions(path)
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(QuestionSetError, match="there are no questions"):
        read_questions(path)
    with pytest.raises(UsageError, match="cannot be read") as caught:
        read_questions(tmp_path / "absent.jsonl")
    assert caught.value.exit_code == 2


def test_a_line_separator_inside_a_string_is_no_new_line(tmp_path: Path) -> None:
    """U+2028 may stand in a JSON string; line numbers count line feeds only."""
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(row("a", notes="one\u2028two"), ensure_ascii=False) + "\n", encoding="utf-8")
    assert read_questions(path)[0].notes == "one\u2028two"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """A documents folder cannot lend the loader a file outside it."""
    folder = corpus(tmp_path / "docs")
    (folder / "link.txt").symlink_to(corpus(tmp_path / "elsewhere") / "handbook.txt")
    path = write(tmp_path / "set.jsonl", [row("a", evidence=[gold(LEAVE, "link.txt")])])
    with pytest.raises(QuestionSetError, match="leaves the documents folder"):
        load_questions(path, folder)


def test_a_document_is_read_within_the_limits_of_the_index(tmp_path: Path) -> None:
    """What the settings let the index read, its judge reads too, and no more."""
    folder = tmp_path / "docs"
    folder.mkdir()
    entries = [{"tree": "Oak", "height": at} for at in range(40)]
    (folder / "trees.json").write_text(json.dumps(entries), encoding="utf-8")
    with Sources(folder) as sources:
        source = sources.get("trees.json")
    quote = source.text[:9]
    gold_span = {"doc": "trees.json", "sha256": source.sha256, "quote": quote, "start": 0, "end": 9}
    path = write(tmp_path / "set.jsonl", [row("a", evidence=[gold_span], answers=[quote])])
    small = Limits(characters=len(source.text) - 1)
    with pytest.raises(QuestionSetError, match="max_characters"):
        load_questions(path, folder, small)
    assert load_questions(path, folder, Limits(characters=len(source.text) + 1)).limits != Limits()


def test_every_format_is_read_as_the_program_reads_it(tmp_path: Path) -> None:
    """Evidence is checked in text of another encoding and in canonical text, without an index."""
    folder = corpus(tmp_path / "docs")
    write_samples(folder)
    (folder / "latin.txt").write_bytes("Le café ouvre à 8 heures précises.".encode("cp1252"))
    quotes = {path.name: TALLEST for path in folder.glob("sample.*") if path.suffix in _WITH_TALLEST}
    quotes |= {"sample.csv": "tree: Oak; height: 31", "latin.txt": "café ouvre"}
    rows = []
    with Sources(folder) as sources:
        for name, quote in quotes.items():
            source = sources.get(name)
            assert (source.fault, quote in source.text) == ("", True), name
            at = source.text.index(quote)
            evidence = {
                "doc": name,
                "sha256": source.sha256,
                "quote": quote,
                "start": at,
                "end": at + len(quote),
            }
            rows.append(row(name, evidence=[evidence], answers=[quote]))
    assert len(rows) == 8
    assert len(load_questions(write(tmp_path / "set.jsonl", rows), folder).questions) == 8
    rows[0]["evidence"][0]["start"] += 1
    with pytest.raises(QuestionSetError, match=r"line 1: .* is not the quote"):
        load_questions(write(tmp_path / "set.jsonl", rows), folder)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A damaged file and one of no known format are refused with the reason."""
    folder = corpus(tmp_path / "docs")
    for name, reason in (("bad.pdf", "pdf"), ("film.xyz", "no format that the program reads")):
        (folder / name).write_bytes(b"not what it says")
        digest = hashlib.sha256(b"not what it says").hexdigest()
        evidence = {"doc": name, "sha256": digest, "quote": "26 weeks", "start": 0, "end": 8}
        path = write(tmp_path / "set.jsonl", [row("a", evidence=[evidence])])
        with pytest.raises(QuestionSetError, match=f"(?i){reason}"):
            load_questions(path, folder)


def test_a_set_among_the_documents_must_have_a_name_that_is_never_indexed(tmp_path: Path) -> None:
    """Else its answers would be found in it."""
    folder = corpus(tmp_path / "docs")
    with pytest.raises(QuestionSetError, match=r"call it mine\.questions\.jsonl"):
        load_questions(write(folder / "mine.jsonl", [row("a")]), folder)
    (folder / "mine.jsonl").unlink()
    assert load_questions(write(folder / "mine.questions.jsonl", [row("a")]), folder).questions
