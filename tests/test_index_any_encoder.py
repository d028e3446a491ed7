"""Any sentence-transformers folder: exported where that is faithful, else in torch, never untrusted."""

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tiny_models import edit_json, make_model

from index import IndexMismatch, IndexSettings, ModelMissing, build_index, open_index
from index.encode import Encoder, open_encoder
from index.encoders.model_files import locate

pytestmark = pytest.mark.slow
Make = Callable[..., Path]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Makes a tiny model, each time in a folder of its own."""

    def made(**wishes: object) -> Path:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return make_model(tmp_path_factory.mktemp("model"), **wishes)  # type: ignore[arg-type]  # wishes vary

    return made


def opened(model: Path, models: Path) -> Encoder:
    """The encoder of a model folder."""
    return open_encoder(IndexSettings(encoder=str(model), models=models))


@pytest.mark.parametrize(
    "wishes",
    [{}, {"pooling": "cls", "normalise": False}, {"kind": "distilbert"}, {"kind": "mpnet"}],
    ids=["mean", "cls", "distilbert", "mpnet"],
)
def test_common_architectures_are_exported(make: Make, tmp_path: Path, wishes: dict[str, object]) -> None:
    """Transformer with mean or cls pooling runs in onnxruntime and gives the torch model's vectors."""
    from index.encoders.torch_model import load_reference

    model = make(**wishes)
    encoder = opened(model, tmp_path)
    texts = ["the river by the bridge", "water " * 200]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference = load_reference(model).encode(texts, normalize_embeddings=True, show_progress_bar=False)
    assert encoder.fingerprint.split("-")[1] == "int8"
    assert np.min(np.sum(encoder.encode(texts) * reference, axis=1)) >= 0.98


def test_other_architectures_run_in_torch_with_one_warning(make: Make, tmp_path: Path) -> None:
    """What cannot be exported is said once and remembered, and questions run in torch as well."""
    model = make(dense=True)
    for _ in range(2):
        with pytest.warns(UserWarning, match="runs in torch") as told:
            encoder = opened(model, tmp_path)
        assert len([w for w in told if "runs in torch" in str(w.message)]) == 1
    assert encoder.fingerprint.endswith("torch-fp32")
    assert encoder.encode(["the bridge"], query=True).shape == (1, 32)


def test_prefixes_tell_questions_from_passages(make: Make, tmp_path: Path) -> None:
    """A model's own prompts are put before questions and passages."""
    model = make(prompts={"query": "the river ", "passage": "of water "})
    encoder = opened(model, tmp_path / "models")
    plain = opened(make(), tmp_path / "models")
    same = plain.encode(["the river a gauge", "of water a gauge"])
    assert np.array_equal(encoder.encode(["a gauge"], query=True)[0], same[0])
    assert np.array_equal(encoder.encode(["a gauge"])[0], same[1])


def test_a_changed_pooling_is_another_model(make: Make) -> None:
    """The digest covers every file that shapes the vectors, not the weights alone."""
    model = make()
    before = locate(str(model)).digest
    edit_json(model / "1_Pooling" / "config.json", pooling_mode="cls")
    locate.__globals__["_sha256"].cache_clear()
    assert locate(str(model)).digest != before


def test_pickled_weights_and_own_code_are_refused(make: Make) -> None:
    """A model that could run code is refused by name."""
    pickled = make(dense=True)
    dense = pickled / "2_Dense"
    (dense / "model.safetensors").rename(dense / "pytorch_model.bin")
    with pytest.raises(ModelMissing, match="pickled weights"):
        locate(str(pickled))
    own_code = make()
    edit_json(own_code / "config.json", auto_map={"AutoModel": "own.Model"})
    with pytest.raises(ModelMissing, match="code of its own"):
        locate(str(own_code))


def test_a_name_that_is_not_on_disk_is_not_fetched() -> None:
    """Without allow_download a missing model is an error that names the choices, and nothing is fetched."""
    with pytest.raises(ModelMissing, match="allow_download"):
        locate("nobody/such-a-model")


def test_another_encoder_is_noticed_and_rebuilt(make: Make, tmp_path: Path) -> None:
    """An index asked with another encoder is refused with the cure; building again re-encodes all."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("The bridge over the river was closed. The valve is in the water.", "utf-8")
    one = IndexSettings(encoder=str(make()), home=tmp_path / "home", models=tmp_path / "models")
    two = one.model_copy(update={"encoder": str(make(pooling="cls"))})
    report = build_index(docs, settings=one)
    with pytest.raises(IndexMismatch, match="rag index"):
        open_index(report.index, two).vectors_of(["the bridge"])
    again = build_index(docs, settings=two)
    assert again.encoded == again.chunks == report.chunks
    assert open_index(again.index, two).vectors_of(["the bridge"])[0].shape == (64,)


@pytest.mark.parametrize(
    "part", ["config.json", "1_Pooling/config.json", "tokenizer.json", "model.safetensors", "modules.json"]
)
@pytest.mark.parametrize("content", [None, "[1]"], ids=["gone", "nonsense"])
def test_an_incomplete_model_folder_is_named(
    make: Make, tmp_path: Path, part: str, content: str | None
) -> None:
    """Whichever part is missing or damaged: an error of this program that names the folder."""
    model = tmp_path / "incomplete"
    shutil.copytree(make(), model)
    (model / part).unlink() if content is None else (model / part).write_text(content)
    with pytest.raises(ModelMissing, match="incomplete"):
        opened(model, tmp_path / "exports")
    assert not any((tmp_path / "exports").glob("*/export.json"))
