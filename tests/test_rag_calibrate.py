"""The threshold for abstaining is found on the folder itself, kept with its index, refused when stale."""

import dataclasses
import json
import random
from pathlib import Path

import pytest

from index import open_index
from rag import Rag, RagSettings
from rag.abstain import UNCALIBRATED
from rag.calibrate import FILE, calibrate, load, threshold
from rag.opening import build

TOPICS = ("mill", "harbour", "orchard", "foundry", "library", "barracks")
SETTINGS = RagSettings().model_copy(
    update={"index": RagSettings().index.model_copy(update={"encoder": "hash:256"})}
)


def article(topic: str) -> str:
    """Fifteen sentences in words of the topic's own, and a few that all topics share."""
    draw = random.Random(topic)
    words = [
        "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(3)) for _ in range(40)
    ]
    shared = ["winter", "trader", "brook", "ladder", "seven", "repair"]
    lines = [f"# The {topic}\n"]
    for _ in range(15):
        some = [*draw.sample(words, 9), draw.choice(shared)]
        draw.shuffle(some)
        lines.append(f"{' '.join(some).capitalize()}.\n")
    return "\n".join(lines)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for topic in TOPICS:
        (folder / f"{topic}.md").write_text(article(topic), encoding="utf-8")
    return folder


def test_a_build_leaves_a_threshold(docs: Path, tmp_path: Path) -> None:
    """At most the chosen share of the questions whose topic was passed over lies above it."""
    report = build(docs, tmp_path / "i", SETTINGS)
    index = open_index(tmp_path / "i", SETTINGS.index_settings)
    found = load(index.folder)
    assert found is not None and found.index == index.fingerprint and found.questions >= 50
    assert threshold(index, SETTINGS) == found.threshold != UNCALIBRATED
    assert found == dataclasses.replace(calibrate(index, SETTINGS) or found, cpu_seconds=found.cpu_seconds)
    assert report.generation == 1


def test_fewer_false_answers_need_a_higher_threshold(docs: Path, tmp_path: Path) -> None:
    build(docs, tmp_path / "i", SETTINGS)
    index = open_index(tmp_path / "i", SETTINGS.index_settings)
    values = []
    for share in (0.02, 0.1, 0.3):
        answer = SETTINGS.answer.model_copy(update={"false_answers": share})
        found = calibrate(index, SETTINGS.model_copy(update={"answer": answer}))
        values.append(found.threshold if found else -1)
    assert values == sorted(values, reverse=True) and values[0] > values[-1] >= 0


def test_a_stale_or_damaged_calibration_is_refused(docs: Path, tmp_path: Path) -> None:
    """Of another index, of other settings, or no calibration at all: the default holds."""
    build(docs, tmp_path / "i", SETTINGS)
    index = open_index(tmp_path / "i", SETTINGS.index_settings)
    file = index.folder / FILE
    sound = json.loads(file.read_text("utf-8"))
    other = SETTINGS.model_copy(update={"retrieval": SETTINGS.retrieval.model_copy(update={"k": 3})})
    assert threshold(index, other) == UNCALIBRATED
    for damaged in (
        json.dumps({**sound, "index": "0" * 16, "generation": 7}),
        json.dumps({**sound, "threshold": 7.0}),
        "{",
        "[]",
    ):
        file.write_text(damaged, encoding="utf-8")
        assert threshold(index, SETTINGS) == UNCALIBRATED
    file.unlink()
    assert threshold(index, SETTINGS) == UNCALIBRATED


def test_the_setting_decides_where_there_is_one(docs: Path, tmp_path: Path) -> None:
    build(docs, tmp_path / "i", SETTINGS)
    index = open_index(tmp_path / "i", SETTINGS.index_settings)
    answer = SETTINGS.answer.model_copy(update={"threshold": 0.0})
    assert threshold(index, SETTINGS.model_copy(update={"answer": answer})) == 0.0


def test_a_small_change_keeps_the_threshold_and_a_large_one_fits_it_again(docs: Path, tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(update={"home": tmp_path})
    rag = Rag.open(docs, index=tmp_path / "i", settings=settings)
    first = load(tmp_path / "i")
    assert first is not None
    file = docs / "mill.md"
    file.write_text(
        file.read_text("utf-8") + "\n# Since then\n\nThe miller sold the brook.\n", encoding="utf-8"
    )
    rag.refresh()
    second = load(tmp_path / "i")
    assert second is not None and second.index != first.index and 0 < second.drift <= 0.1
    assert (second.threshold, second.questions) == (first.threshold, first.questions)
    (docs / "harbour.md").unlink()
    rag.refresh()
    third = load(tmp_path / "i")
    assert third is not None and third.drift == 0 and third.index == rag.fingerprint


def test_one_topic_cannot_be_calibrated(tmp_path: Path) -> None:
    """Where everything is near everything there is nothing to pass over: the default holds."""
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(4):
        (docs / f"{number}.md").write_text(
            article("mill").replace("brook", f"brook {number}"), encoding="utf-8"
        )
    build(docs, tmp_path / "i", SETTINGS)
    assert load(tmp_path / "i") is None
    assert threshold(open_index(tmp_path / "i", SETTINGS.index_settings), SETTINGS) == UNCALIBRATED


@pytest.mark.parametrize(
    "wrong",
    [{"generation": "1"}, {"drift": None}, {"model": 7}, {"threshold": "0.3"}, {"most": 2},
     {"questions": 0.5}, {"false_answers": float("nan")}]
)  # fmt: skip
def test_a_damaged_calibration_is_told_and_made_anew(
    docs: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, wrong: dict[str, object]
) -> None:
    """One wrong field is enough; the next build that looks at it fits the threshold again."""
    build(docs, tmp_path / "i", SETTINGS)
    file = tmp_path / "i" / FILE
    sound = load(tmp_path / "i")
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **wrong}), encoding="utf-8")
    assert load(tmp_path / "i") is None and "is passed over" in caplog.text
    build(docs, tmp_path / "i", SETTINGS)
    again = load(tmp_path / "i")
    assert sound and again and again.threshold == sound.threshold
