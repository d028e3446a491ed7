"""E-mail by the standard library: head lines, then the text body, or the HTML body when there is no other.

Attachments are named in the report and never opened; a message that is passed on inside another is read.
"""

import re
from collections.abc import Sequence
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from index.decode import decode
from index.errors import UnreadableSource
from index.formats import plain_text
from index.formats.parsed import Canonical, Parsed
from index.limits import Limits

_SHOWN = ("From", "To", "Cc", "Date")
_MOST_PARTS = 1000
_NAMED = 5
_DEEPEST = 10
_QUOTED = re.compile(r"(?:> ?)+")
_SIGNATURE = "-- "


def read(data: bytes, limits: Limits) -> Parsed:
    """A message file."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    if not isinstance(message, EmailMessage) or not any(
        name in message for name in ("From", "Subject", "Date")
    ):
        raise UnreadableSource("is no e-mail: it has neither sender, subject nor date")
    if sum(1 for _, _ in zip(message.walk(), range(_MOST_PARTS + 1), strict=False)) > _MOST_PARTS:
        raise UnreadableSource(f"has over {_MOST_PARTS} parts")
    out = Canonical(limits)
    unread: list[EmailMessage] = []
    _add_message(message, out, unread)
    metadata = {
        "title": _header(message, "Subject"),
        "date": _day(_header(message, "Date")),
        "author": _header(message, "From"),
    }
    # Pictures hold no text that anyone could read; a logo is not worth a word in the report.
    pictures = [part for part in unread if part.get_content_maintype() == "image"]
    files = [part for part in unread if part not in pictures]
    return out.finish(metadata, _names("pictures", pictures), _names("attachments not read", files))


def _add_message(message: EmailMessage, out: Canonical, unread: list[EmailMessage], depth: int = 0) -> None:
    out.add(_header(message, "Subject"), "heading")
    for name in _SHOWN:
        value = _header(message, name)
        out.add(f"{name}: {value}" if value else "", "item")
    if message.get_content_maintype() == "multipart":
        _add_parts(message, out, unread, depth)
    elif message.get_content_maintype() == "text":
        _add_body(message, out)
    else:
        unread.append(message)


def _add_parts(whole: EmailMessage, out: Canonical, unread: list[EmailMessage], depth: int) -> None:
    """The body, then what else is shown with it: texts between attachments, and messages passed on."""
    body = whole.get_body(("plain", "html"))
    if body is not None:
        _add_body(body, out)
    for part in whole.iter_attachments():
        kind = part.get_content_maintype()
        if part.is_attachment() or part.get_filename() or depth >= _DEEPEST:
            unread.append(part)
        elif part.get_content_type() == "message/rfc822":
            _add_message(part.get_content(), out, unread, depth + 1)
        elif kind == "multipart":
            _add_parts(part, out, unread, depth + 1)
        elif kind == "text":
            _add_body(part, out)
        else:
            unread.append(part)


def _add_body(body: Message, out: Canonical) -> None:
    try:
        content = body.get_content() if isinstance(body, EmailMessage) else ""
    except LookupError:
        # It names a character set that nobody knows.
        content = decode(bytes(body.get_payload(decode=True) or b"")).text
    if body.get_content_type() == "text/html":
        from index.formats.html_pages import add_page

        add_page(content, out)
        return
    content = _unquoted(content, flowed=body.get_param("format") == "flowed")
    for block in plain_text.blocks(content):
        # A greeting or a signature looks like a heading and is none.
        out.add(content[block.start : block.end], "item" if block.kind == "item" else "text")


def _unquoted(content: str, flowed: bool) -> str:
    """A body without its quotation marks: what another wrote is set off by empty lines.

    Args:
        flowed: A line that ends in a space goes on in the next (RFC 3676).
    """
    lines: list[str] = []
    before, open_line = 0, False
    for line in content.splitlines():
        marks = _QUOTED.match(line)
        depth, said = (marks[0].count(">"), line[marks.end() :]) if marks else (0, line)
        if depth != before:
            lines.append("")
        if open_line and depth == before:
            lines[-1] += said
        else:
            lines.append(said)
        open_line = flowed and said.endswith(" ") and said != _SIGNATURE
        before = depth
    return "\n".join(lines)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError):  # the parser of a malformed header gives up in many ways
        return ""


def _day(date: str) -> str:
    try:
        return parsedate_to_datetime(date).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return date


def _names(what: str, parts: Sequence[EmailMessage]) -> str:
    """`what (2): a.pdf, b.doc`; "" for no parts."""
    if not parts:
        return ""
    names = [part.get_filename() or part.get_content_type() for part in parts]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    told = ", ".join(" ".join(name.split())[:80] for name in names[:_NAMED])
    return f"{what} ({len(names)}): {told}{more}"
