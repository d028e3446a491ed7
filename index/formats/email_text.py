"""E-mail by the standard library: head lines, then the text body, or the HTML body when there is no other.

Attachments are named in the report and never opened; a message that is passed on inside another is read.
"""

from collections.abc import Sequence
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from index.decode import decode
from index.errors import UnreadableSource
from index.formats.mail_quotes import Piece, headed, pieces
from index.formats.parsed import Canonical, Parsed
from index.limits import Limits
from index.quoted import QUOTED
from index.records import Block

_SHOWN = ("From", "To", "Cc", "Date")
_MOST_PARTS = 1000
_NAMED = 5
_DEEPEST = 10


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
    subject = _header(message, "Subject")
    if depth:  # what is passed on is older than the mail that does so
        subject = QUOTED + " ".join(filter(None, (_header(message, "Date"), subject)))
    out.add(subject, "heading")
    for name in _SHOWN:
        value = _header(message, name)
        out.add(f"{name}: {value}" if value else "", "item")
    if message.get_content_maintype() == "multipart":
        _add_parts(message, out, unread, subject, depth)
    elif message.get_content_maintype() == "text":
        _add_body(message, out, subject)
    else:
        unread.append(message)


def _add_parts(
    whole: EmailMessage, out: Canonical, unread: list[EmailMessage], subject: str, depth: int
) -> None:
    """The body, then what else is shown with it: texts between attachments, and messages passed on."""
    body = whole.get_body(("plain", "html"))
    if body is not None:
        _add_body(body, out, subject)
    passed_on = False
    for part in whole.iter_attachments():
        kind = part.get_content_maintype()
        if part.is_attachment() or part.get_filename() or depth >= _DEEPEST:
            unread.append(part)
        elif part.get_content_type() == "message/rfc822":
            _add_message(part.get_content(), out, unread, depth + 1)
            passed_on = True
        elif kind == "multipart":
            _add_parts(part, out, unread, subject, depth + 1)
        elif kind == "text":
            out.add(subject if passed_on else "", "heading")
            _add_body(part, out, subject)
        else:
            unread.append(part)


def _add_body(body: Message, out: Canonical, subject: str) -> None:
    try:
        content = body.get_content() if isinstance(body, EmailMessage) else ""
    except LookupError:
        # It names a character set that nobody knows.
        content = decode(bytes(body.get_payload(decode=True) or b"")).text
    if body.get_content_type() == "text/html":
        from index.formats.html_pages import add_page

        page = Canonical(out.limits)
        add_page(content, page)
        shown = page.finish()
        found = [_piece(shown.text[block.start : block.end], block) for block in shown.blocks]
    else:
        found = list(pieces(content, flowed=body.get_param("format") == "flowed"))
    for piece in headed(found, subject):
        out.add(piece.text, piece.kind, reason=piece.reason, verbatim=piece.verbatim)


def _piece(text: str, block: Block) -> Piece:
    return Piece(text, block.kind, reason=block.reason, verbatim="\n" in text or "  " in text)


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
