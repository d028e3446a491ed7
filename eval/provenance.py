"""What a run was made of: set, documents, index, settings, versions, commit. No time: runs must be equal."""

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from eval.questions import QuestionSet
from eval.stats import SEED
from index.load import list_folder
from index.settings import IndexSettings
from rag import Rag

SCHEMA = 1

_PACKAGES = ("cited-rag", "faiss-cpu", "numpy", "nupunkt", "onnxruntime", "tantivy", "tiktoken", "tokenizers")
_OF_THE_MACHINE = ("docs", "home", "models")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures of a run come from.

    Attributes:
        name: The set's file name.
        set_sha256: Of the set's bytes.
        corpus_sha256: Of the paths and hashes of all documents in the folder.
        index: Fingerprint of the index that was asked.
        config: Name of the configuration: what words the answers.
        commit: Of the program, with a `+` where files were changed since; "" outside a checkout.
        seed: Of the bootstrap.
        part: The type of question that the run was limited to, or "".
        replicates: How often everything was asked.
        judge: The address of the model that judged the answers and its instructions' hash, or "".
    """

    name: str
    set_sha256: str
    corpus_sha256: str
    index: str
    config: str
    commit: str = ""
    seed: int = SEED
    part: str = ""
    replicates: int = 1
    judge: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    schema: int = SCHEMA


def provenance(
    questions: QuestionSet, rag: Rag, part: str = "", replicates: int = 1, judge: str = ""
) -> Provenance:
    """What a run of a set by `rag` is made of."""
    settings = rag.settings.model_dump(mode="json")
    return Provenance(
        name=questions.name,
        set_sha256=questions.sha256,
        corpus_sha256=corpus_sha256(questions.folder, rag.settings.index_settings),
        index=rag.fingerprint,
        config=rag.settings.generator,
        commit=_commit(),
        part=part,
        replicates=replicates,
        judge=judge,
        settings={key: value for key, value in settings.items() if key not in _OF_THE_MACHINE},
        versions={"python": platform.python_version(), **_versions()},
    )


def corpus_sha256(folder: Path, settings: IndexSettings) -> str:
    """One hash of every document of a folder, by path, content and given metadata, as the files are now."""
    digest = hashlib.sha256()
    listing = list_folder(folder, settings)
    for source in listing.sources:
        digest.update(f"{source.path}\0{source.sha256}\n".encode("utf-8", "surrogateescape"))
    given = {name: dict(row) for name, row in listing.metadata.items()}
    digest.update(json.dumps(given, sort_keys=True).encode())
    return digest.hexdigest()


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _commit() -> str:
    at = Path(__file__).resolve().parent
    try:
        head = _git(at, "rev-parse", "--short=12", "HEAD")
        return (
            f"{head}+"
            if _git(at, "status", "--porcelain", "--untracked-files=no", ".", "../rag", "../index")
            else head
        )
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(at: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=at, capture_output=True, text=True, check=True)
    return done.stdout.strip()
