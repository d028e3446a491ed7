"""What the page says before the first question: its name, its documents, and what to expect of it."""

from typing import TYPE_CHECKING

from ui.render import literal

if TYPE_CHECKING:
    from rag import Rag

THEME_BUTTON = '<button type="button" id="rag-theme">Theme</button>'


def brand(rag: "Rag") -> str:
    """The head of the page, as HTML."""
    return f'<h1 class="rag-name">Ask your documents</h1><div class="rag-corpus">{_corpus(rag)}</div>'


def welcome(rag: "Rag") -> str:
    """The empty conversation, as Markdown."""
    if not rag.documents:
        return "## No documents yet\n\nThe folder holds nothing that can be read; there is nothing to search."
    return (
        f"## What would you like to know?\n\n{_corpus(rag)}. Every sentence of an answer points to the exact "
        "words it rests on; when the documents do not say, so does the answer."
    )


def _corpus(rag: "Rag") -> str:
    count = len(rag.documents)
    return f"{count} document{'' if count == 1 else 's'} in {literal(rag.folder.name or str(rag.folder))}"
