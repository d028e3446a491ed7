"""The three question sets that the project keeps: composition, splits, evidence, and their manifest."""

import io
import json
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path

import keep_sets
import make_corpus
import make_observatory
import pytest
from keep_sets import CORPORA, SETS

from eval.normal import contains, matches
from eval.questions import read_questions
from eval.schema import Question
from index.formats import READERS
from index.limits import Limits
from index.parser_worker import ParserWorker
from index.reading import read_data

MADE = {"ferry": make_corpus.make, "observatory": make_observatory.make}
"""The corpora that were made for their sets, and what writes their binary documents."""
QUOTED = {"single", "table", "numeric", "date", "multi_turn", "typo", "ambiguous", "injection"}
SHARES = {
    "fact": 0.50,
    "figure": 0.10,
    "multi_hop": 0.08,
    "multi_turn": 0.10,
    "off_corpus": 0.075,
    "same_topic": 0.075,
    "conflict": 0.04,
    "typo": 0.03,
}


@pytest.fixture(scope="module")
def sets() -> dict[str, tuple[Question, ...]]:
    return {name: read_questions(SETS / f"{name}.jsonl") for name in CORPORA}


@pytest.fixture(scope="module")
def texts() -> dict[str, dict[str, str]]:
    """Of every document, as the program reads it."""
    return {name: keep_sets.texts(folder) for name, folder in CORPORA.items()}


def part(question: Question) -> str:
    """The row of the composition that an item belongs to."""
    if question.type == "injection":
        return "injection"
    if not question.answerable:
        return str(question.unanswerable_kind)
    if question.history:
        return "multi_turn"
    if question.type in ("single", "table", "list", "yes_no", "ambiguous"):
        return "fact"
    return "figure" if question.type in ("numeric", "date") else question.type


def asked(question: Question) -> str:
    turns = " / ".join(turn.content for turn in question.history)
    return " ".join(f"{turns} / {question.question}".casefold().split())


def passages(questions: tuple[Question, ...]) -> list[set[str]]:
    """Groups joined where their evidence overlaps: what is independent in the strictest sense."""
    joined: list[set[str]] = []
    spans: list[tuple[str, int, int, str]] = [
        (e.doc, e.start, e.end, q.group) for q in questions for e in q.evidence
    ]
    for group in sorted({question.group for question in questions}):
        own = [span for span in spans if span[3] == group]
        near = {b[3] for a in own for b in spans if a[0] == b[0] and a[1] < b[2] and b[1] < a[2]} | {group}
        touched = [other for other in joined if other & near]
        joined = [other for other in joined if not other & near] + [near.union(*touched)]
    return joined


def test_the_sets_are_large_enough(sets: dict[str, tuple[Question, ...]]) -> None:
    """Groups count, not items; even with groups joined that share a sentence there are over 80."""
    assert len(sets["seeds"]) >= 300 and len(sets["ferry"]) >= 120 and len(sets["observatory"]) >= 250
    for questions in sets.values():
        assert len({question.group for question in questions}) >= 130
        assert len(passages(questions)) >= 80


@pytest.mark.parametrize("row", SHARES)
def test_the_seeds_set_is_composed_as_designed(row: str, sets: dict[str, tuple[Question, ...]]) -> None:
    """Shares are of the items without injections. Older false premises raise one of them a little."""
    rows = [part(question) for question in sets["seeds"]]
    share = rows.count(row) / (len(rows) - rows.count("injection"))
    assert SHARES[row] - 0.02 <= share <= SHARES[row] + (0.04 if row == "same_topic" else 0.02)


@pytest.mark.parametrize(("name", "split"), [("ferry", "dev"), ("observatory", "heldout")])
def test_a_made_set_has_every_part(name: str, split: str, sets: dict[str, tuple[Question, ...]]) -> None:
    """One is for development, one held out; figures weigh more, since tables and records are made of them."""
    questions = sets[name]
    rows = [part(question) for question in questions]
    assert {question.split for question in questions} == {split}
    assert all(rows.count(row) / len(rows) >= 0.6 * share for row, share in SHARES.items())
    assert {"table", "list", "yes_no", "ambiguous"} <= {question.type for question in questions}
    expected = {question.conflict.expected for question in questions if question.conflict}
    assert expected == {"report_both", "prefer_newer"}


def test_the_observatory_set_has_conflicts_and_near_misses(sets: dict[str, tuple[Question, ...]]) -> None:
    """Enough groups of each to be read as a figure, and lower-case wordings as people type them."""
    questions = sets["observatory"]
    assert len({question.group for question in questions if question.conflict}) >= 10
    kinds = {
        kind: {q.group for q in questions if q.category == kind} for kind in ("same_topic", "off_corpus")
    }
    assert all(len(groups) >= 12 for groups in kinds.values())
    assert sum(question.question == question.question.lower() for question in questions) >= 25


def test_there_are_twenty_injections_in_each_set_for_development(
    sets: dict[str, tuple[Question, ...]],
) -> None:
    """Some carry a question that has an answer, some only the order; what a misled answer says is listed."""
    for questions in (sets["seeds"], sets["ferry"]):
        injections = [question for question in questions if question.type == "injection"]
        assert len(injections) >= 20
        assert {question.answerable for question in injections} == {True, False}
        assert all(question.forbidden for question in injections if question.answerable)


def test_a_third_of_the_seed_groups_is_held_out(sets: dict[str, tuple[Question, ...]]) -> None:
    """By group, and no sentence is gold on both sides of the split."""
    splits: dict[str, set[str]] = defaultdict(set)
    for question in sets["seeds"]:
        splits[question.group].add(question.split)
    assert all(len(found) == 1 for found in splits.values())
    assert 0.30 <= sum(found == {"heldout"} for found in splits.values()) / len(splits) <= 0.37
    side = {question.group: question.split for question in sets["seeds"]}
    assert all(len({side[group] for group in joined}) == 1 for joined in passages(sets["seeds"]))


def test_no_question_is_asked_twice(sets: dict[str, tuple[Question, ...]]) -> None:
    """With its history, each is asked once in all; ids are unique too."""
    every = [question for questions in sets.values() for question in questions]
    assert len({asked(question) for question in every}) == len(every)
    assert len({question.id for question in every}) == len(every)


@pytest.mark.parametrize("name", CORPORA)
def test_evidence_is_exact(
    name: str, sets: dict[str, tuple[Question, ...]], texts: dict[str, dict[str, str]]
) -> None:
    """Each quote stands at its offsets in the text that the program makes of the file with that hash."""
    hashes = {path.name: keep_sets.sha256(path) for path in keep_sets.documents(CORPORA[name])}
    for question in sets[name]:
        for gold in question.evidence:
            assert gold.sha256 == hashes[gold.doc], question.id
            assert texts[name][gold.doc][gold.start : gold.end] == gold.quote, question.id


@pytest.mark.parametrize("name", CORPORA)
def test_gold_is_borne_out_by_its_evidence(name: str, sets: dict[str, tuple[Question, ...]]) -> None:
    """Answers, nuggets and both sides of a conflict occur in the quotes; forbidden values do not."""
    for question in sets[name]:
        quotes = [gold.quote for gold in question.evidence]
        if question.answerable and question.type in QUOTED:
            assert any(contains(quote, answer) for quote in quotes for answer in question.answers), (
                question.id
            )
        for nugget in question.nuggets:
            assert any(matches(quote, way) for quote in quotes for way in nugget.any_of), question.id
        sides = question.conflict.values if question.conflict else ()
        for told in (one for side in sides for one in side.told):
            own = [gold.quote for gold in question.evidence if gold.doc == told.doc]
            assert any(contains(quote, told.value) for quote in own), question.id
        assert not any(contains(quote, value) for quote in quotes for value in question.forbidden), (
            question.id
        )


@pytest.mark.parametrize("name", CORPORA)
def test_items_are_our_own(name: str, sets: dict[str, tuple[Question, ...]]) -> None:
    """Nothing of a public benchmark: all are written for these documents, under our licence, and say so."""
    for question in sets[name]:
        assert (question.source, question.license) == ("synthetic", "CC0-1.0")
        assert re.fullmatch(rf"{name}-\d{{3}}", question.id)
        assert {gold.doc for gold in question.evidence} <= {
            p.name for p in keep_sets.documents(CORPORA[name])
        }


@pytest.mark.parametrize("name", MADE)
def test_a_made_corpus_has_every_format_and_gold_in_each(
    name: str, sets: dict[str, tuple[Question, ...]]
) -> None:
    """One suffix of each reader at least, and every document is asked about."""
    found = keep_sets.documents(CORPORA[name])
    assert {READERS[path.suffix].name for path in found} == {reader.name for reader in READERS.values()}
    assert {gold.doc for question in sets[name] for gold in question.evidence} == {p.name for p in found}
    assert sum(path.stat().st_size for path in CORPORA[name].iterdir()) < 200_000


def file_text(path: Path) -> str:
    """What a file says, taken out without the program's readers."""
    data = path.read_bytes()
    if path.suffix == ".pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(data) as pdf:
            return " ".join(page.get_textpage().get_text_range() for page in pdf)
    if path.suffix in (".docx", ".pptx"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [package.read(n).decode() for n in package.namelist() if n.endswith(".xml")]
        xml = re.sub(r"</[aw]:p>", " ", " ".join(parts))
        return unescape(re.sub(r"<[^>]*>", "", xml))
    if path.suffix == ".eml":
        message = message_from_bytes(data, policy=policy.default)
        return f"{message.items()} {message.get_content()}"
    text = data.decode("utf-8")
    return unescape(re.sub(r"<[^>]*>", " ", text)) if path.suffix == ".html" else text


def words(text: str) -> Iterator[str]:
    return iter(re.findall(r"\w+", unicodedata.normalize("NFC", text)))


@pytest.mark.parametrize("name", MADE)
def test_quotes_are_really_in_the_files(name: str, sets: dict[str, tuple[Question, ...]]) -> None:
    """Every word of a quote is found in its file, read another way."""
    known = {path.name: set(words(file_text(path))) for path in keep_sets.documents(CORPORA[name])}
    for question in sets[name]:
        for gold in question.evidence:
            assert set(words(gold.quote)) <= known[gold.doc], question.id


@pytest.mark.parametrize("name", MADE)
def test_the_made_documents_are_those_that_the_maker_writes(name: str, tmp_path: Path) -> None:
    """Twice the same bytes; the committed files may come from other releases of the libraries."""
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        MADE[name](folder)
    made = sorted(path.name for path in first.iterdir())
    assert sorted(path.rpartition(".")[2] for path in made) == ["docx", "eml", "eml", "pdf", "pptx"]
    assert all((first / path).read_bytes() == (second / path).read_bytes() for path in made)
    with ParserWorker(Limits()) as worker:
        for path in made:
            text = read_data(path, (first / path).read_bytes(), worker).text
            assert text == read_data(path, (CORPORA[name] / path).read_bytes(), worker).text, path


def test_the_manifest_tells_the_truth() -> None:
    """Versions, counts and hashes of `dataset.yaml` are those of the files."""
    import yaml

    told = yaml.safe_load((SETS / "dataset.yaml").read_text(encoding="utf-8"))
    assert told == keep_sets.manifest(), "run: python tests/keep_sets.py"


def test_keeping_follows_a_moved_quote_and_stops_at_a_lost_one(tmp_path: Path) -> None:
    """The tool corrects offsets and hash, and does not guess."""
    (tmp_path / "a.txt").write_text("🛷 New line.\nThe lake froze.", encoding="utf-8")
    row = {
        "id": "x",
        "evidence": [{"doc": "a.txt", "sha256": "", "quote": "The lake froze.", "start": 0, "end": 15}],
    }
    (gold,) = keep_sets.anchored(row, keep_sets.texts(tmp_path), tmp_path)["evidence"]
    assert (gold["start"], gold["end"], gold["sha256"]) == (12, 27, keep_sets.sha256(tmp_path / "a.txt"))
    (tmp_path / "a.txt").write_text("It thawed.", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"x: a\.txt no longer holds"):
        keep_sets.anchored(json.loads(json.dumps(row)), keep_sets.texts(tmp_path), tmp_path)
