"""From a folder of documents to a searchable, verifiable index. Knows nothing of questions."""

from index.build import build_index
from index.errors import (
    DocumentsMissing,
    DocumentUnknown,
    IndexCorrupt,
    IndexMismatch,
    IndexMissing,
    ModelMissing,
    RagError,
)
from index.explained import explain
from index.filters import Filters
from index.opened import Index, open_index
from index.records import BuildReport, Chunk, Document
from index.repair import check_index, repair_index
from index.settings import IndexSettings

__all__ = [
    "BuildReport",
    "Chunk",
    "Document",
    "DocumentUnknown",
    "DocumentsMissing",
    "Filters",
    "Index",
    "IndexCorrupt",
    "IndexMismatch",
    "IndexMissing",
    "IndexSettings",
    "ModelMissing",
    "RagError",
    "build_index",
    "check_index",
    "explain",
    "open_index",
    "repair_index",
]
