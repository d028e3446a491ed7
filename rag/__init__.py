"""From a question to a cited, checked answer."""

from pathlib import Path

from rag.siblings import check_siblings

check_siblings(Path(__file__).parent, ("index",))

from index.errors import QuestionError, RagError, SettingsError  # noqa: E402 - after the sibling check
from rag.pipeline import Rag, ask  # noqa: E402
from rag.records import Answer, Citation, Passage, Sentence  # noqa: E402
from rag.settings import RagSettings, load_settings  # noqa: E402

__all__ = [
    "Answer",
    "Citation",
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
