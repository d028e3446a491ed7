"""HTML: our own walk gives the whole text with its blocks; trafilatura says which of them are the article.

Nothing of the visible text is dropped: what trafilatura leaves out is marked, with a reason read from the
elements around it. Hidden text is marked `hidden`; scripts, styles, comments and alternative texts are no
text. No address in a page is ever opened.
"""

import re
from typing import Any

from index.decode import decode
from index.errors import UnreadableSource
from index.formats.html_article import Piece, article_of, verdicts
from index.formats.html_walk import pieces
from index.formats.parsed import Canonical, Parsed
from index.limits import Limits

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_\-:.]{2,40})""", re.IGNORECASE)
_DECLARED_WITHIN = 4096
# What browsers read a declared name as, and so what pages under that name hold.
_READ_AS = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}


def read(data: bytes, limits: Limits) -> Parsed:
    """A saved web page."""
    text, note = _decoded(data)
    out = Canonical(limits)
    metadata, told = add_page(text, out)
    return out.finish(metadata, "; ".join(filter(None, (note, told))))


def add_page(text: str, out: Canonical) -> tuple[dict[str, str], str]:
    """Append the blocks of a page to a text; its metadata, and what is to be noted.

    Raises:
        UnreadableSource: It holds no element, or is nested too deeply.
    """
    root = _tree(text)
    found: list[Piece] = list(pieces(root))
    article = article_of(text)
    for piece, reason in zip(found, verdicts(found, article), strict=True):
        out.add(piece.text, piece.kind, reason=reason, verbatim=piece.verbatim)
    metadata = {**article.metadata, "title": _title(root, article.metadata.get("title", ""))}
    if language := (root.get("lang") or "").strip():
        metadata["language"] = language
    hidden = sum(1 for piece in found if piece.hidden)
    notes = [f"hidden blocks: {hidden}" if hidden else "", "" if article.lines else "no article recognised"]
    return metadata, "; ".join(filter(None, notes))


def _title(root: Any, found: str) -> str:
    """What the page calls itself; trafilatura's find where the page's own title holds it."""
    shared = root.xpath('string(//meta[@property="og:title"]/@content)').strip()
    own = " ".join(root.xpath("string(//head/title)").split())
    return shared or (found if not own or found.casefold() in own.casefold() else "") or own


def _tree(text: str) -> Any:
    from lxml import etree, html

    # 2048 levels in place of 256; below that lxml drops the rest without an error, so look at its log.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableSource(f"holds no HTML: {error}") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise UnreadableSource("is nested over 2048 elements deep")
    return root


def _decoded(data: bytes) -> tuple[str, str]:
    """By its BOM, as UTF-8, by the character set it declares, or by a guess."""
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff") and (match := _CHARSET.search(data[:_DECLARED_WITHIN])):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            declared = match[1].decode("ascii").lower()
            for name in dict.fromkeys((_READ_AS.get(declared, declared), declared)):
                try:
                    return data.decode(name), f"read as {name}, as it declares {declared}"
                except (LookupError, UnicodeDecodeError):
                    continue  # it declares what it is not, which is common: guess
    decoded = decode(data)
    return decoded.text.removeprefix("\ufeff"), decoded.note
