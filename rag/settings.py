"""The one settings tree: defaults < rag.toml in the working folder < RAG_* environment < arguments.

Every value has bounds, an unknown key is an error that names the nearest known one, and the tree is passed
in, never read from a global.
"""

import difflib
import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.errors import SettingsError
from index.settings import IndexSettings, IndexShape

FILE = "rag.toml"
PREFIX = "RAG_"
_BETWEEN = "__"


class RetrievalSettings(BaseModel):
    """How passages are found.

    Attributes:
        k: Passages given to the generator.
        candidates: Length of each list before fusion.
        dense_weight: Weight of the vector list against the word list in the convex fusion.
        per_document: Most passages of one document while others offer any.
        reranker: `cross-encoder:FOLDER`, or "" for none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    k: int = Field(default=8, ge=1, le=100)
    candidates: int = Field(default=100, ge=10, le=1000)
    dense_weight: float = Field(default=0.5, ge=0, le=1)
    per_document: int = Field(default=5, ge=1, le=100)
    reranker: str = ""


class AnswerSettings(BaseModel):
    """How an answer is put together and when there is none.

    Attributes:
        sentences: Most sentences in an extractive answer; a list may have two more, unless it is 1.
        threshold: Probability of being answerable above which the program answers; by default what was
            found for the folder (`rag/calibrate.py`). Whatever it is below 1, a row, a code or an office that
            says just what is asked answers; at 1 nothing does.
        false_answers: Share of questions about absent topics that may be answered, which decides it.
        support: Share of a sentence's weighted words the cited text must hold to be `supported`.
        partly: The same for `partly`.
        reader: Whether the trained reader reads the best passages (`rag/reader`): it marks short answers and
            tells where a fact is missing, at about 15 ms of processor time for each of five passages.
        max_question: Longest question, in characters.
        strict: Whether sentences that no evidence supports are left out, instead of marked.
        timeout: Longest silence of a language model, in seconds.
        max_tokens: Longest answer of a language model.
        evidence_tokens: Most evidence that a language model is shown.
        input_price: Dollars for a million tokens sent to the model; without a price there is no cost.
        output_price: The same for tokens that it writes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sentences: int = Field(default=3, ge=1, le=10)
    threshold: float | None = Field(default=None, ge=0, le=1)
    false_answers: float = Field(default=0.05, ge=0.01, le=0.5)
    support: float = Field(default=0.73, ge=0, le=1)
    partly: float = Field(default=0.5, ge=0, le=1)
    reader: bool = False
    max_question: int = Field(default=2000, ge=10, le=20_000)
    strict: bool = True
    timeout: float = Field(default=120, gt=0, le=3600)
    max_tokens: int = Field(default=700, ge=16, le=100_000)
    evidence_tokens: int = Field(default=3000, ge=100, le=1_000_000)
    input_price: float | None = Field(default=None, ge=0, le=10_000)
    output_price: float | None = Field(default=None, ge=0, le=10_000)


class RagSettings(BaseSettings):
    """All settings.

    Attributes:
        docs: Documents folder when none is given.
        home: Folder that holds indexes.
        models: Folder for exported models; `home/models` when unset.
        generator: Name of the answer generator.
    """

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter=_BETWEEN, toml_file=FILE
    )

    docs: Path = Path("seeds")
    home: Path = Path(".rag")
    models: Path | None = None
    generator: str = "extractive"
    index: IndexShape = IndexShape()
    retrieval: RetrievalSettings = RetrievalSettings()
    answer: AnswerSettings = AnswerSettings()

    @property
    def index_settings(self) -> IndexSettings:
        """The settings of the index room."""
        return IndexSettings(**self.index.model_dump(), home=self.home, models=self.models)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments over the environment over `rag.toml`; no `.env`, no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**arguments: Any) -> RagSettings:
    """The settings in force; arguments that are None count as not given.

    Raises:
        SettingsError: An unknown key, or a value out of bounds, and where it stands.
    """
    _refuse_unknown_environment()
    try:
        return RagSettings(**{key: value for key, value in arguments.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("; ".join(_explain(problem) for problem in error.errors())) from error
    except (ValueError, OSError) as error:  # rag.toml is no TOML, or cannot be read
        raise SettingsError(f"{FILE} cannot be used: {error}") from error


def known_keys() -> list[str]:
    """Every key of the tree as it is written in `rag.toml`, sections with a dot."""
    keys: list[str] = []
    for name, field in RagSettings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            keys.extend(f"{name}.{inner}" for inner in section.model_fields)
        else:
            keys.append(name)
    return keys


def _refuse_unknown_environment() -> None:
    known = {PREFIX + key.replace(".", _BETWEEN).upper() for key in known_keys()}
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise SettingsError(
                f"unknown setting {name} in the environment{_nearest(name.upper(), known, PREFIX)}"
            )


def _explain(problem: Any) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"unknown setting {key!r}{_nearest(key, known_keys())}"
    return f"setting {key!r}: {problem['msg']}, got {problem['input']!r}"


def _nearest(name: str, known: Any, prefix: str = "") -> str:
    """A suggestion; the prefix that all names share must not make them look alike."""
    bare = sorted(key.removeprefix(prefix) for key in known)
    close = difflib.get_close_matches(name.removeprefix(prefix), bare, n=1, cutoff=0.5)
    return f"; did you mean {prefix}{close[0]}?" if close else ""
