"""Which index a question goes to: open the one there is, build the one that is missing."""

from contextlib import closing
from pathlib import Path

from index import BuildReport, Index, IndexMismatch, IndexMissing, build_index, open_index
from index.encode import Progress
from index.errors import DocumentsMissing, IndexFault, for_folder
from index.store import index_folder
from rag.calibrate import after_build
from rag.settings import RagSettings


def build(
    folder: Path,
    index: str | Path | None,
    settings: RagSettings,
    progress: Progress | None = None,
    allow_empty: bool = False,
) -> BuildReport:
    """Bring an index up to date with its documents, and the threshold for abstaining with the index.

    Args and errors are those of `build_index`.
    """
    own = settings.index_settings
    report = build_index(folder, index, settings=own, progress=progress, allow_empty=allow_empty)
    calibrated(report, settings)
    return report


def calibrated(report: BuildReport, settings: RagSettings) -> None:
    """See to the threshold of an index that was built by other means."""
    with closing(open_index(report.index, settings.index_settings)) as opened:
        after_build(report, opened, settings)


def open_or_build(
    docs: Path | None,
    index: str | None,
    settings: RagSettings,
    progress: Progress | None,
    allow_empty: bool = False,
) -> Index:
    """Open the index of a documents folder, building it first where there is none.

    An index given without a documents folder is opened for the folder it was built from.

    Raises:
        DocumentsMissing: There is no documents folder.
        IndexMismatch: The index was built from another folder.
    """
    own = settings.index_settings
    if docs is None and index is not None:
        try:
            return open_index(index, own)
        except IndexMissing:
            pass
    folder = docs if docs is not None else settings.docs
    if docs is None and not folder.is_dir():
        raise DocumentsMissing("no documents folder; pass --docs PATH (in Python: docs=...)")
    if not folder.is_dir():
        raise DocumentsMissing(
            f"there is no documents folder {folder}; pass the folder that holds your documents"
        )
    where = index_folder(index, folder, own)
    try:
        try:
            opened = open_index(where, own)
        except IndexMissing:
            build(folder, index or where, settings, progress, allow_empty)
            opened = open_index(where, own)
    except IndexFault as error:
        raise for_folder(error, folder, index) from error
    if opened.documents_folder != folder.resolve():
        raise IndexMismatch(
            f"the index in {where} was built from {opened.documents_folder}, not from {folder.resolve()}; "
            "give each documents folder its own --index"
        )
    return opened
