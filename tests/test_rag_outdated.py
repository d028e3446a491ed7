"""Files that changed since they were indexed: the answer says so, beside the citation it concerns."""

from pathlib import Path

from rag import Rag

TEXT = "The Arbor Bridge was opened in 1931 by the mayor of Harl.\n"
QUESTION = "When was the Arbor Bridge opened?"


def test_a_changed_or_deleted_source_is_told(tmp_path: Path) -> None:
    """The answer stays that of the index; the note names document and citation, and ends with a build."""
    docs = tmp_path / "docs"
    docs.mkdir()
    file = docs / "bridge.txt"
    file.write_text(TEXT, encoding="utf-8")
    rag = Rag.open(docs, index=tmp_path / "index")
    first = rag.ask(QUESTION)
    assert first.trace.notes == ()
    file.write_text(TEXT.replace("1931", "1934"), encoding="utf-8")
    changed = rag.ask(QUESTION)
    assert changed.text == first.text
    (note,) = changed.trace.notes
    assert note.startswith("[1] bridge.txt has changed since it was indexed") and "rag index" in note
    rag.refresh()
    assert rag.ask(QUESTION).trace.notes == ()
    file.unlink()
    (note,) = rag.ask(QUESTION).trace.notes
    assert note.startswith("[1] bridge.txt has been deleted")
