"""The trained reader at question time: the real network, alone and inside an answer."""

import itertools
import random
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from conftest import REPO
from hypothesis import given
from hypothesis import strategies as st

from index import open_index
from index.errors import ModelError
from rag import Rag, load_settings
from rag.look import look
from rag.reader.consult import read_closely
from rag.reader.reading import DIGEST, HERE, NETWORK, TOKENIZER, Reader, best_span
from rag.retrieve import Scope

PASSAGE = (
    "The ferry Aurora left Bergen at noon on 3 May 1998 with forty cars. Captain Ruth Hansen reported a "
    "broken rudder near Stord. The largest crane of the northern yard lifted the ferry two days later."
)
LENGTHS = st.integers(min_value=1, max_value=45)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@given(LENGTHS, st.randoms(use_true_random=False))
def test_the_best_span_is_the_best_of_all_spans(length: int, chance: random.Random) -> None:
    """It begins before it ends, is at most thirty tokens long, and none of these is better."""
    starts, ends = (np.array([chance.random() for _ in range(length)], dtype=np.float32) for _ in range(2))
    first, last = best_span(starts, ends)
    every = [(a, b) for a, b in itertools.product(range(length), repeat=2) if a <= b < a + 30]
    assert (first, last) in every
    assert starts[first] + ends[last] == max(starts[a] + ends[b] for a, b in every)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who reported a broken rudder?", "Ruth Hansen"),
        ("Where did the ferry leave?", "Bergen"),
        ("What lifted the ferry?", "crane"),
    ],
)
def test_the_answer_is_found_in_the_passage(reader: Reader, question: str, answer: str) -> None:
    """The span is text of the passage that holds the answer and little else."""
    (reading,) = reader.read(question, [PASSAGE])
    span = PASSAGE[reading.span.start : reading.span.end]
    assert answer in span and len(span) < 45


def test_what_is_not_stated_is_less_stated(reader: Reader) -> None:
    """The same passage states who reported, and not what nobody is said to have done."""
    asked, not_asked = (
        reader.read(question, [PASSAGE])[0]
        for question in ("Who reported a broken rudder?", "Who repaired the engine of the Hercules in 1940?")
    )
    assert asked.stated > not_asked.stated


def test_passages_are_read_alone(reader: Reader) -> None:
    """What stands beside a passage changes nothing; an empty one states nothing."""
    question = "Who reported a broken rudder?"
    alone = reader.read(question, [PASSAGE])
    other, among, empty = reader.read(question, ["The yard was closed.", PASSAGE, ""])
    assert (among,) == alone
    assert other.stated < among.stated and empty.stated == -np.inf


def test_an_answer_far_into_a_long_passage_is_found(reader: Reader) -> None:
    """A passage over the network's limit is read in parts; the place is that in the whole."""
    long = "The weather was calm that week, and nothing else happened at the yard. " * 40
    (reading,) = reader.read("Who reported a broken rudder?", [long + PASSAGE + " " + long])
    assert "Hansen" in (long + PASSAGE)[reading.span.start : reading.span.end]


def test_a_foreign_or_missing_network_is_refused(tmp_path: Path) -> None:
    """Weights count only if they are the ones that the figures were measured with."""
    for name in (NETWORK, TOKENIZER):
        shutil.copyfile(HERE / name, tmp_path / name)
    Reader(tmp_path)
    with (tmp_path / NETWORK).open("r+b") as file:
        file.seek(5_000_000)
        file.write(b"\x00\x01\x02")
    with pytest.raises(ModelError, match="damaged or foreign"):
        Reader(tmp_path)
    (tmp_path / NETWORK).unlink()
    with pytest.raises(ModelError, match="missing"):
        Reader(tmp_path)
    assert len(DIGEST) == 64 and (HERE / NETWORK).stat().st_size < 25 * 2**20


def test_an_answer_marks_what_the_reader_found(tmp_path: Path) -> None:
    """A short answer that no rule marks stands word for word in a sentence of the answer."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "ferry.txt").write_text(PASSAGE, encoding="utf-8")
    settings = load_settings(answer={"reader": True})
    answer = Rag.open(docs, index=tmp_path / "index", settings=settings).ask("What lifted the ferry?")
    short = answer.short_answer
    assert short is not None and "crane" in short.text
    assert answer.sentences[short.sentence].text[short.start : short.end] == short.text
    assert "reader" in answer.trace.signals
    without = Rag.open(docs, index=tmp_path / "index").ask("What lifted the ferry?")
    assert without.short_answer is None and "reader" not in without.trace.signals


def test_parts_of_a_question_share_the_passages_that_are_read(tmp_path: Path) -> None:
    """One part reads five, one of two reads two: only sentences of what was read gain relevance."""
    docs = tmp_path / "docs"
    docs.mkdir()
    for name in ("Aurora", "Boreas", "Castor", "Delos", "Europa", "Faunus"):
        text = f"The ferry {name} was lifted by the crane of the yard. Nobody aboard the {name} was hurt."
        (docs / f"{name}.txt").write_text(text, encoding="utf-8")
    settings = load_settings()
    Rag.open(docs, index=tmp_path / "index", settings=settings)
    with closing(open_index(tmp_path / "index", settings.index_settings)) as index:
        scope = Scope(index, settings.retrieval)
        looked = look("What lifted the ferry?", scope, index.document, threshold=0.0)
        assert len(looked.hits) == 6 and looked.verdict.answerable
        for parts, read in ((1, 5), (2, 2)):
            raised = {
                after.passage
                for before, after in zip(looked.evidence, read_closely(looked, parts).evidence, strict=True)
                if after.relevance > before.relevance
            }
            assert raised == set(range(read))


def test_nothing_of_torch_is_loaded_for_it() -> None:
    """A question with the reader needs onnxruntime alone."""
    code = (
        "import sys; from rag.reader.reading import Reader; Reader().read('Who?', ['Anna came.']); "
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
