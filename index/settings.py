"""What shapes an index. Closed and bounded: an unknown key or a value out of range is an error."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from index.limits import Limits

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
        max_characters: Longest text of one foreign file (all formats but plain text and Markdown).
        max_pages: Most pages or slides.
        max_archive_mb: Most that a zip-based format may unpack to.
        max_archive_entries: Most parts in it.
        max_archive_ratio: Most that it may unpack to, over its size.
        parser_memory_mb: Address space of the process that parses foreign files.
        parser_cpu_seconds: Processor time for one of them.
        parser_wall_seconds: Time by the clock for one of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoder: str = BUNDLED
    allow_download: bool = False
    clean: bool = True
    chunk_tokens: int = Field(default=128, ge=32, le=512)
    max_file_mb: float = Field(default=20.0, gt=0, le=500)
    max_characters: int = Field(default=20_000_000, ge=1000, le=500_000_000)
    max_pages: int = Field(default=5000, ge=1, le=100_000)
    max_archive_mb: int = Field(default=100, ge=1, le=2000)
    max_archive_entries: int = Field(default=1000, ge=10, le=100_000)
    max_archive_ratio: int = Field(default=100, ge=2, le=1000)
    parser_memory_mb: int = Field(default=1536, ge=256, le=65_536)
    parser_cpu_seconds: int = Field(default=30, ge=1, le=3600)
    parser_wall_seconds: int = Field(default=60, ge=1, le=3600)

    @property
    def limits(self) -> Limits:
        """The bounds for one foreign file."""
        return Limits(
            memory_mb=self.parser_memory_mb,
            cpu_seconds=self.parser_cpu_seconds,
            wall_seconds=self.parser_wall_seconds,
            characters=self.max_characters,
            pages=self.max_pages,
            archive_mb=self.max_archive_mb,
            archive_entries=self.max_archive_entries,
            archive_ratio=self.max_archive_ratio,
        )


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
