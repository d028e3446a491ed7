"""The reranker seam, with a real cross-encoder of random weights from disk."""

import warnings
from pathlib import Path
from typing import Any

import pytest
from tiny_models import make_model

from index import ModelMissing
from rag import Rag, RagSettings, SettingsError
from rag.rerank import open_reranker

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

    place = tmp_path_factory.mktemp("cross")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        inner = make_model(place / "made").parent / "inner"
    config = AutoConfig.from_pretrained(inner, num_labels=1)
    model: Any = AutoModelForSequenceClassification.from_config(config)
    model.save_pretrained(place / "model")
    AutoTokenizer.from_pretrained(inner).save_pretrained(place / "model")
    return place / "model"


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    for name in ("bridge", "valve", "gauge", "river"):
        (folder / f"{name}.txt").write_text(
            f"The contract of the {name} was by the water.\n", encoding="utf-8"
        )
    return folder


def settings(home: Path, reranker: str) -> RagSettings:
    plain = RagSettings(home=home)
    return plain.model_copy(update={"retrieval": plain.retrieval.model_copy(update={"reranker": reranker})})


def test_passages_come_in_the_rerankers_order(cross_encoder: Path, docs: Path, tmp_path: Path) -> None:
    """Every passage has its score, which is the cross-encoder's own, and ranks by it."""
    name = f"cross-encoder:{cross_encoder}"
    rag = Rag.open(docs, settings=settings(tmp_path, name))
    question = "Which contract was by the river?"
    found = rag.search(question)
    reranker = open_reranker(name)
    assert reranker is not None
    expected = reranker.scores(question, [passage.text for passage in found])
    assert [passage.scores.rerank for passage in found] == pytest.approx(expected)
    assert [passage.score for passage in found] == sorted(expected, reverse=True)
    assert all(passage.scores.fused is not None for passage in found) and len(found) == 4
    assert rag.ask(question).status in ("answered", "abstained")


def test_without_one_nothing_is_reranked(docs: Path, tmp_path: Path) -> None:
    rag = Rag.open(docs, settings=settings(tmp_path, ""))
    assert all(passage.scores.rerank is None for passage in rag.search("Which contract?"))


def test_a_reranker_that_is_not_there(docs: Path, tmp_path: Path) -> None:
    """The error says what is missing and what to do."""
    with pytest.raises(ModelMissing, match=r"no cross-encoder in .*nowhere.*save_pretrained"):
        Rag.open(docs, settings=settings(tmp_path, "cross-encoder:nowhere")).search("Which contract?")
    with pytest.raises(SettingsError, match="no reranker 'best'; there is: cross-encoder:FOLDER"):
        open_reranker("best")


@pytest.mark.parametrize(
    "config", ["{}", "not json", '{"model_type": "bert"}', '{"model_type": "none such"}']
)
def test_a_reranker_that_cannot_be_loaded(config: str, docs: Path, tmp_path: Path) -> None:
    """A folder with a configuration and no model behind it is named, with what to do, and no traceback."""
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "config.json").write_text(config, encoding="utf-8")
    rag = Rag.open(docs, settings=settings(tmp_path, f"cross-encoder:{broken}"))
    with pytest.raises(ModelMissing, match=r"broken holds no cross-encoder that can be .*save_pretrained"):
        rag.search("Which contract?")
