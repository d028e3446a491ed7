"""What an Office file says of itself: title, author, language and date.

Libraries that write such files begin with a template of their own. Its date and its author are no facts of
the document, though they stand in it.
"""

from typing import Any

# When the templates of python-docx and python-pptx were made.
_TEMPLATES = frozenset({"2013-12-23T23:15:00", "2013-01-27T09:14:16"})
_LIBRARIES = frozenset({"python-docx", "python-pptx", "openpyxl", "docx", "un-named", "apache poi"})
_NO_TITLES = frozenset({"PowerPoint Presentation", "Word Document"})


def office_properties(properties: Any) -> dict[str, str]:
    """The core properties of a package, as python-docx and python-pptx give them, without the template's."""
    title, author = properties.title or "", properties.author or ""
    return {
        "title": "" if title in _NO_TITLES else title,
        "author": "" if author.lower() in _LIBRARIES else author,
        "language": properties.language or "",
        "date": _date(properties.created, properties.modified),
    }


def _date(created: Any, modified: Any) -> str:
    """The day a file was made, or last changed where it was made from a template that kept its own."""
    if created and created.replace(tzinfo=None).isoformat() in _TEMPLATES:
        created = modified if modified and modified.date() != created.date() else None
    return created.date().isoformat() if created else ""
