"""Plain-text dumps of web pages whose body lines are known, and characters counted right and wrong."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from eval.bench.data import read_lines
from eval.errors import EvalSetupError
from index.page_lines import look

_ENGLISH = 0.2


class Page(BaseModel):
    """A page as lines of text, and for each whether it belongs to the body."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    lines: tuple[str, ...]
    keep: tuple[bool, ...]
    id: str = ""
    url_host: str = ""

    @property
    def body(self) -> bytes:
        """For each character of the joined lines whether it is of the body."""
        return b"\0".join(bytes([keep]) * len(line) for line, keep in zip(self.lines, self.keep, strict=True))

    @property
    def english(self) -> bool:
        """Whether the body has as many function words of English as English has."""
        body = look(" ".join(line for line, keep in zip(self.lines, self.keep, strict=True) if keep))
        return body.function_share >= _ENGLISH


@dataclass(frozen=True, slots=True)
class Counts:
    """Characters: body that was kept, other text that was kept, body that was lost."""

    right: int
    extra: int
    lost: int

    @property
    def precision(self) -> float:
        """Share of the kept text that is body; 0 if nothing was kept."""
        kept = self.right + self.extra
        return self.right / kept if kept else 0.0

    @property
    def recall(self) -> float:
        """Share of the body that was kept; 1 if there is none."""
        body = self.right + self.lost
        return self.right / body if body else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read_pages(folder: Path) -> tuple[Page, ...]:
    """The pages of `dev.jsonl` in a folder.

    Raises:
        EvalSetupError: The file cannot be used.
    """
    path = folder / "dev.jsonl"
    pages = read_lines(path, Page)
    for number, page in enumerate(pages, start=1):
        if len(page.lines) != len(page.keep):
            raise EvalSetupError(f"{path}, page {number}: `lines` and `keep` differ in length")
    return pages
