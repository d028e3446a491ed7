"""One question through the whole room, on the seeds: events, citations, history, threads, determinism."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import REPO, SEEDS

from index.errors import UsageError
from rag import Answer, QuestionError, Rag, ask, load_settings
from rag.records import Done, Found, Said, Searching

TROOPS = "How many additional troops did NATO deploy?"
QUESTIONS = (
    TROOPS,
    "Who is the Secretary General of NATO?",
    "Why was the Chinese embassy in Belgrade bombed?",
    "When does President Xi plan to visit Serbia?",
    "Which enzyme unwinds the double helix?",
)


def timeless(answer: Answer) -> dict[str, Any]:
    data = answer.to_dict()
    data["trace"].pop("timings")
    return data


def check_citations(answer: Answer, folder: Path = SEEDS) -> None:
    """Every quote is in the file on disk, every marker in the text, every passage where it says."""
    for at, cited in enumerate(answer.citations, 1):
        content = (folder / cited.document).read_bytes()
        assert hashlib.sha256(content).hexdigest() == cited.sha256
        assert content.decode("utf-8")[cited.start : cited.end] == cited.quote
        assert cited.number == at and f"[{at}]" in answer.text
        spoken = answer.text[cited.answer_start : cited.answer_end]
        assert spoken == next(s.text for s in answer.sentences if at in s.citations)
        assert any(
            p.cited and p.document == cited.document and p.start <= cited.start < p.end
            for p in answer.passages
        )
    for passage in answer.passages:
        text = (folder / passage.document).read_bytes().decode("utf-8")
        assert text[passage.start : passage.end] == passage.text


def test_the_question_of_the_readme(seeds_rag: Rag) -> None:
    """The documented example is answered with the right figure, cited to the file on disk."""
    answer = seeds_rag.ask(TROOPS)
    assert answer.status == "answered" and "700 additional troops" in answer.text
    assert "700 additional troops" in answer.citations[0].quote
    assert {s.support.reason for s in answer.sentences} == {"verbatim"}
    check_citations(answer)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_citation_holds(seeds_rag: Rag, question: str) -> None:
    """Whatever is answered, citations and passages are exact."""
    check_citations(seeds_rag.ask(question))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_stream_ends_with_the_answer(seeds_rag: Rag, question: str) -> None:
    """Searching, Found, Said for each sentence, Done: in this order, and together they are the answer."""
    events = list(seeds_rag.stream(question))
    kinds = [type(event) for event in events]
    said = [event for event in events if isinstance(event, Said)]
    assert kinds == [Searching, Found, *[Said] * len(said), Done]
    assert isinstance(events[-1], Done)
    answer = events[-1].answer
    assert timeless(answer) == timeless(seeds_rag.ask(question))
    assert tuple(event.sentence for event in said) == answer.sentences
    assert tuple(c for event in said for c in event.citations) == answer.citations
    assert isinstance(events[1], Found)
    assert [(p.document, p.start) for p in events[1].passages] == [
        (p.document, p.start) for p in answer.passages
    ]


def test_search_shows_every_score(seeds_rag: Rag) -> None:
    """Passages come best first by the fused score, with the parts it is made of."""
    found = seeds_rag.search(TROOPS, k=10)
    assert "700 additional troops" in found[0].text
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    for passage in found:
        assert passage.score == passage.scores.fused and 0 <= passage.score <= 1
        assert passage.scores.dense is not None and -1 <= passage.scores.dense <= 1.0001
        assert passage.scores.rerank is None
    assert found[0].scores.words is not None and found[0].scores.words > 0


@pytest.mark.parametrize("k", [1, 3, 10, 10**12])
def test_k_passages(seeds_rag: Rag, k: int) -> None:
    """`k` passages come, or all there are, however large `k`; more of them never changes the first."""
    found = seeds_rag.search(TROOPS, k=k)
    assert len(found) == min(k, len(seeds_rag.search(TROOPS, k=500)))
    assert found[0] == seeds_rag.search(TROOPS, k=1)[0]


@pytest.mark.parametrize("k", [0, -1])
def test_no_passages_wanted(seeds_rag: Rag, k: int) -> None:
    """Asking for no passage or fewer is a mistake that is named."""
    with pytest.raises(UsageError, match="1 or more"):
        seeds_rag.search(TROOPS, k=k)


def test_the_first_follow_up(seeds_rag: Rag) -> None:
    """A follow-up is answered from its topic, shows the query it became, and is still cited exactly."""
    history = [{"role": "user", "content": TROOPS}, {"role": "assistant", "content": "700."}]
    answer = seeds_rag.ask("Why were they sent?", history=history)
    assert answer.question == "Why were they sent?"
    assert answer.query != answer.question and "NATO" in answer.query
    assert answer.citations[0].document == seeds_rag.ask(TROOPS).citations[0].document
    check_citations(answer)
    assert seeds_rag.ask("Why were they sent?").query == "Why were they sent?"
    assert seeds_rag.search("Why were they sent?", 3, history) != seeds_rag.search("Why were they sent?", 3)


def test_one_part_answered_one_missing(seeds_rag: Rag) -> None:
    """Of two questions in one, the part that is in the documents is answered, the other is named."""
    answer = seeds_rag.ask(f"{TROOPS} Which enzyme unwinds the double helix during replication?")
    assert answer.status == "partial" and "700" in answer.text
    assert len(answer.missing) == 1 and "enzyme" in answer.missing[0]
    check_citations(answer)


@pytest.mark.parametrize("question", ["", " ", "\n\t ", "\u2003"])
def test_an_empty_question(seeds_rag: Rag, question: str) -> None:
    """Nothing asked is an error that says so."""
    for call in (seeds_rag.ask, seeds_rag.search):
        with pytest.raises(QuestionError, match="empty"):
            call(question)


def test_a_question_without_end(seeds_rag: Rag) -> None:
    """A question over the limit is refused with both numbers, at the limit it is answered."""
    with pytest.raises(QuestionError, match=r"100000 characters; at most 2000"):
        seeds_rag.ask("a" * 100_000)
    assert seeds_rag.ask((TROOPS + " troops " * 500)[:2000]).passages


@pytest.mark.parametrize(
    "question", ["???", "the of and?", "\x00", "🎉🎉", "(((", "…", "What is it?", "-", "\udcff"]
)
def test_a_question_without_content(seeds_rag: Rag, question: str) -> None:
    """Punctuation, stop words or a lone control character get a plain abstention."""
    answer = seeds_rag.ask(question)
    assert (answer.status, answer.citations) == ("abstained", ())


@pytest.mark.parametrize(
    "dirt", ["\x00", "\ud800", "\udcff\udcfe", "\u202e", '" OR +text:* AND (', "\\", "\ufeff"]
)
def test_dirt_in_a_question(seeds_rag: Rag, dirt: str) -> None:
    """Control characters, lone surrogates and query operators neither break a question nor steer it."""
    answer = seeds_rag.ask(f"How many additional troops {dirt} did NATO deploy?")
    assert "700 additional troops" in answer.text
    json.dumps(answer.to_dict(), ensure_ascii=False).encode("utf-8")


def test_many_threads(seeds_rag: Rag) -> None:
    """Eight threads that ask at once get what one gets that asks in turn."""
    expected = [timeless(seeds_rag.ask(question)) for question in QUESTIONS]
    fresh = Rag.open(SEEDS, index=seeds_rag._current.index.folder)
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(fresh.ask, question) for _ in range(8) for question in QUESTIONS]
        found = [timeless(future.result()) for future in futures]
    assert found == expected * 8


def test_refresh_while_asking(tmp_path: Path) -> None:
    """While the index is renewed again and again, every answer is one of the two states, cited exactly."""
    docs = tmp_path / "docs"
    shutil.copytree(SEEDS, docs)
    texts = [f"The Quillmere lighthouse was painted by {n} volunteers in one morning.\n" for n in (17, 23)]
    note = docs / "note.txt"
    note.write_text(texts[0], encoding="utf-8")
    rag = Rag.open(docs, settings=load_settings(index={"encoder": "hash:"}, home=tmp_path / "home"))
    question = "How many volunteers painted the Quillmere lighthouse?"
    with ThreadPoolExecutor(3) as pool:
        futures = []
        for step in range(8):
            futures += [pool.submit(rag.ask, question) for _ in range(6)]
            note.write_text(texts[(step + 1) % 2], encoding="utf-8")
            assert rag.refresh().changed == ("note.txt",)
        answers = [future.result() for future in futures]
    assert {answer.citations[0].quote for answer in answers} <= {text.strip() for text in texts}
    for answer in answers:
        content = answer.citations[0].quote + "\n"
        assert hashlib.sha256(content.encode()).hexdigest() == answer.citations[0].sha256
    assert rag.ask(question).citations[0].quote == texts[0].strip()


def test_refresh_forgets_what_was_deleted(tmp_path: Path) -> None:
    """A deleted document is no longer found, an added one is, without opening anything again."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("The Quillmere kiln burns oak.\n", encoding="utf-8")
    rag = Rag.open(docs, settings=load_settings(index={"encoder": "hash:"}, home=tmp_path / "home"))
    (docs / "a.txt").unlink()
    (docs / "b.txt").write_text("The Ashford mill grinds barley.\n", encoding="utf-8")
    report = rag.refresh()
    assert (report.added, report.removed) == (("b.txt",), ("a.txt",))
    assert rag.documents == ("b.txt",)
    assert all(p.document == "b.txt" for p in rag.search("What does the Quillmere kiln burn?"))
    assert rag.refresh().nothing_changed


PROGRAM = """
import json, sys
from rag import ask
for question in json.loads(sys.argv[2]):
    data = ask(question, sys.argv[1], index=sys.argv[3]).to_dict()
    data["trace"].pop("timings")
    print(json.dumps(data))
"""


def test_two_hash_seeds_agree(seeds_index: str) -> None:
    """Two processes with different hash seeds print the same bytes."""
    outputs = []
    for seed in ("1", "2"):
        env = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": f"{os.environ['PYTHONPATH']}{os.pathsep}{REPO}",
        }
        command = [sys.executable, "-P", "-c", PROGRAM, str(SEEDS), json.dumps(QUESTIONS), seeds_index]
        outputs.append(subprocess.run(command, env=env, capture_output=True, check=True).stdout)
    assert outputs[0] == outputs[1]
    assert len(outputs[0].splitlines()) == len(QUESTIONS) and b"700 additional" in outputs[0]


def test_ask_is_rag_ask(seeds_rag: Rag, seeds_index: str) -> None:
    """The function and the object give one answer; an equal answer has an equal id."""
    answer = ask(TROOPS, SEEDS, index=seeds_index)
    assert timeless(answer) == timeless(seeds_rag.ask(TROOPS))
    assert answer.id != seeds_rag.ask(QUESTIONS[1]).id


@pytest.mark.parametrize("question", [5, None, b"Who?", ["Who?"]])
def test_what_is_no_text_is_no_question(seeds_rag: Rag, question: Any) -> None:
    """Asked, streamed or searched, it is refused in words."""
    for way in (seeds_rag.ask, seeds_rag.search, lambda asked: list(seeds_rag.stream(asked))):
        with pytest.raises(QuestionError, match="no text; ask with a string"):
            way(question)
