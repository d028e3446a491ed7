"""From a question to a cited, checked answer."""

from pathlib import Path as _Path

from rag.siblings import check_siblings as _check_siblings

_check_siblings(_Path(__file__).parent, ("index",))

# Only now: with a foreign `index` in the way these would fail with a riddle.
from index.errors import QuestionError, RagError, SettingsError  # noqa: E402 - after the sibling check
from index.filters import Filters  # noqa: E402 - after the sibling check
from rag.at_once import ask  # noqa: E402 - after the sibling check
from rag.pipeline import Rag  # noqa: E402 - after the sibling check
from rag.records import Answer, Citation, Passage, Sentence  # noqa: E402 - after the sibling check
from rag.settings import RagSettings, load_settings  # noqa: E402 - after the sibling check

__all__ = [
    "Answer",
    "Citation",
    "Filters",
    "Passage",
    "QuestionError",
    "Rag",
    "RagError",
    "RagSettings",
    "Sentence",
    "SettingsError",
    "ask",
    "load_settings",
]
