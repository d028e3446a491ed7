"""Ten faults planted into the real program: each fails the gate on the measure that is named here beforehand.

Both sets, each against a baseline of the sound program. Of a large set every fourth group of answerable items
is asked, which is enough to see most faults, and every second for the subtle ones; `make test-all` asks all.
"""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import planted
import pytest
from conftest import REPO, SEEDS

from eval.gate import GateReport, decide
from eval.metrics.catalogue import KS
from eval.provenance import provenance
from eval.questions import QuestionSet, default_set, load_questions
from eval.recorded import Recorded, recorded
from eval.regression import compare
from eval.runner import run
from index import build_index, open_index
from rag import Rag, load_settings

pytestmark = pytest.mark.slow

VALIDITY = "citation validity"
# Fault: the decision that must fail, on each set.
NAMED: dict[planted.Plant, str | dict[str, str]] = {
    planted.one_passage: "evidence_recall@10",
    planted.all_dense: "mrr@10",
    planted.no_cleaning: {"seeds": "abstention", "ferry": "correct"},
    planted.no_abstention: "abstention",
    planted.wrong_model: "containment",
    planted.off_by_one: VALIDITY,
    planted.shuffled_citations: "citation_recall",
    planted.dropped_sentence: "containment",
    planted.stale_index: VALIDITY,
    planted.lying_generator: "containment",
}
SUBTLE = {planted.all_dense, planted.no_cleaning, planted.lying_generator}
SETS = {
    "seeds": (SEEDS, default_set()),
    "ferry": (REPO / "eval/corpora/ferry", REPO / "eval/sets/ferry.jsonl"),
}
MANY = 300
KNOWN = [name for name, (_, path) in SETS.items() if path.exists()]


@dataclasses.dataclass(frozen=True)
class Sound:
    """A set, its documents, and what the sound program does with them."""

    name: str
    ground: planted.Ground
    path: Path
    part: Callable[[QuestionSet, int], QuestionSet]
    baseline: Recorded

    def gated(self, rag: Rag, every: int = 2) -> GateReport:
        """The gate on a run of the same items, or of some of them, by another program."""
        result, record = measured(self.part(load_questions(self.path, rag.folder), every), rag)
        return decide(result, comparison=compare(record, self.baseline, KS))


def measured(questions: QuestionSet, rag: Rag):  # type: ignore[no-untyped-def]  # a pair for the two users above
    result = run(questions, rag, ks=KS)
    return result, recorded(result, provenance(questions, rag))


@pytest.fixture(scope="session", params=KNOWN)
def sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, long_form: bool) -> Sound:
    docs, path = SETS[request.param]

    def part(questions: QuestionSet, every: int) -> QuestionSet:
        whole = questions.questions
        groups = list(dict.fromkeys(question.group for question in whole if question.answerable))
        kept = set(groups if long_form or len(whole) < MANY else groups[::every])
        some = tuple(one for one in whole if not one.answerable or one.group in kept)
        return dataclasses.replace(questions, questions=some)

    scratch = tmp_path_factory.mktemp("planted")
    settings = load_settings(docs=docs).index_settings
    build_index(docs, str(scratch / "index"), settings=settings)
    ground = planted.Ground(docs, open_index(str(scratch / "index"), settings), scratch)
    rag = ground.rag()
    return Sound(
        request.param, ground, path, part, measured(part(load_questions(path, rag.folder), 2), rag)[1]
    )


def test_the_sound_program_passes(sound: Sound) -> None:
    """No fault, no failure: nothing in tier 2, and not one answer differs."""
    report = sound.gated(sound.ground.rag())
    assert report.comparison
    assert report.comparison.changes == ()
    assert [decision.rule for decision in report.failed if decision.tier == 2] == []


@pytest.mark.parametrize("plant", NAMED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_fails_on_the_measure_named(
    sound: Sound, plant: planted.Plant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit code 1, and the decision named is among those that failed."""
    ground = dataclasses.replace(sound.ground, scratch=tmp_path)
    report = sound.gated(plant(ground, monkeypatch), 2 if plant in SUBTLE else 4)
    assert report.exit_code == 1
    named = NAMED[plant]
    expected = named if isinstance(named, str) else named[sound.name]
    assert expected in {decision.rule.removesuffix(" against the baseline") for decision in report.failed}
