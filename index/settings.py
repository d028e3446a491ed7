"""What shapes an index. Closed and bounded: an unknown key or a value out of range is an error."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

BUNDLED = "bundled"


class IndexShape(BaseModel):
    """The settings that decide what an index holds.

    Attributes:
        encoder: `bundled` (all-MiniLM-L6-v2), the path of a sentence-transformers folder, a hub name of
            one that is on disk, or `hash:` (a word-hashing encoder without a model, meant for tests).
        allow_download: Fetch a named encoder that is not on disk; the only use of the network there is.
        clean: Mark boilerplate, so that adverts and menus are not indexed.
        chunk_tokens: Longest chunk, in cl100k tokens.
        max_file_mb: Larger files are reported as skipped.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoder: str = BUNDLED
    allow_download: bool = False
    clean: bool = True
    chunk_tokens: int = Field(default=128, ge=32, le=512)
    max_file_mb: float = Field(default=20.0, gt=0, le=500)


class IndexSettings(IndexShape):
    """All settings of the index room: its shape, and where things lie.

    Attributes:
        home: Folder that holds indexes.
        models: Folder for exported models; `home/models` when unset.
    """

    home: Path = Path(".rag")
    models: Path | None = None

    @property
    def models_folder(self) -> Path:
        """Where exported models are kept."""
        return self.models if self.models is not None else self.home / "models"
