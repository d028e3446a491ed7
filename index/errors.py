"""Every error a user can act on, in one tree; each message says what to do next.

    RagError                     exit code 1: something else went wrong
    ├── UsageError               2: an argument is wrong (also typer's own code)
    │   ├── SettingsError           rag.toml, RAG_* or an argument out of bounds
    │   └── QuestionError           the question is empty or too long
    ├── DocumentsError           3: the documents
    │   ├── DocumentsMissing        no such folder, or nothing readable in it
    │   ├── DocumentUnknown         a document or span that the index does not hold
    │   └── UnreadableSource        one file; a row in the report, never the end of a build
    ├── IndexFault               4: the index on disk
    │   ├── IndexMissing            nothing has been built there
    │   ├── IndexMismatch           built by other settings, another model or another folder
    │   ├── IndexCorrupt            a file is damaged
    │   └── IndexBusy               another process is building it
    └── ModelError               5: a model or an optional part is missing or does not answer
        ├── ModelMissing
        ├── MissingExtra
        └── GeneratorError          a language model: no key, no server, no answer

The name `IndexError` is Python's own and stays so.
"""

import shlex
from pathlib import Path


class RagError(Exception):
    """Root of all errors this program raises on purpose."""

    exit_code = 1


class UsageError(RagError):
    """An argument that cannot be used."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting is unknown or out of its bounds."""


class QuestionError(UsageError):
    """The question is empty or longer than the limit."""


class DocumentsError(RagError):
    """Something is wrong with the documents folder."""

    exit_code = 3


class DocumentsMissing(DocumentsError):
    """The folder does not exist, is not a folder, or holds nothing that can be read."""


class DocumentUnknown(DocumentsError):
    """The index holds no such document, or the document has no such span."""


class UnreadableSource(DocumentsError):
    """One file cannot be read as text; the build reports it and goes on."""


class IndexFault(RagError):
    """Something is wrong with the index on disk."""

    exit_code = 4


def for_folder(error: IndexFault, documents: str | Path, index: str | Path | None = None) -> IndexFault:
    """The same error with the command of its cure made out for a documents folder, ready to be copied."""
    where = f" --index {shlex.quote(str(index))}" if index is not None else ""
    made_out = f"rag index {shlex.quote(str(documents))}{where}"
    return type(error)(str(error).replace("rag index DOCS", made_out))


class IndexMissing(IndexFault):
    """There is no index at this address."""


class IndexMismatch(IndexFault):
    """The index was built by other settings, another model, or from another folder."""


class IndexCorrupt(IndexFault):
    """A file of the index is damaged or missing."""


class IndexBusy(IndexFault):
    """Another process is building this index."""


class ModelError(RagError):
    """A model or optional part is missing or does not answer."""

    exit_code = 5


class ModelMissing(ModelError):
    """The encoder's files are not installed, or are not the ones expected."""


class MissingExtra(ModelError):
    """An optional dependency is not installed."""


class GeneratorError(ModelError):
    """A language model gave no answer, or broke off in the middle of one."""
