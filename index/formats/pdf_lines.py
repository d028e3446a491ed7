"""The lines of a PDF page with their place and look, and the paragraphs they make."""

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.formats.plain_text import ITEM, opens_item
from index.records import BlockKind

_INVISIBLE = 3
_SMALLEST = 1.0
_WHITE = 250
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_HYPHENS = "\x02\ufffe\xad"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DIGITS = re.compile(r"\d+")
_HEADING_WORDS = 20
_BOLD = 600
_RAGGED = 0.3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; the origin is at the bottom left.

    Attributes:
        invisible: Drawn in the mode that shows nothing, as under a scanned page.
        hidden: Not to be seen by a reader of the page.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool
    invisible: bool = False
    hidden: bool = False

    def shown(self) -> "Line":
        """The same line as text to be read."""
        return replace(self, hidden=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together."""

    text: str
    kind: BlockKind
    hidden: bool
    edge: bool


def lines_of(page: Any) -> Iterator[Line]:
    """The lines of a page in PDFium's order."""
    textpage = page.get_textpage()
    frame, painted = page.get_cropbox(), None
    text = textpage.get_text_range(errors="replace")
    at = 0
    for part in re.split(r"(\r\n|\r|\n)", text):
        start, at = at, at + len(part)
        if not part.strip():
            continue
        first = _character(textpage, start + len(part) - len(part.lstrip()))
        last = _character(textpage, start + len(part.rstrip()) - 1)
        line = _line(textpage, part.strip(), first, last)
        white = not line.hidden and _is_white(textpage, first)
        if white and painted is None:
            painted = _painted(page)
        off = line.right < frame[0] or line.left > frame[2] or line.top < frame[1] or line.bottom > frame[3]
        covered = any(_inside(line, box) for box in painted or ())
        yield replace(line, hidden=line.hidden or off or (white and not covered))
    textpage.close()


def _character(textpage: Any, at: int) -> int:
    """PDFium's own index of a character of its text; the two differ where it left one out."""
    import pypdfium2.raw as pdfium

    found = int(pdfium.FPDFText_GetCharIndexFromTextIndex(textpage, at))
    return found if found >= 0 else min(at, textpage.count_chars() - 1)


def _line(textpage: Any, text: str, first: int, last: int) -> Line:
    import pypdfium2.raw as pdfium

    box, end = textpage.get_charbox(first), textpage.get_charbox(last)
    # A bullet or a bold word may begin a line; three places tell how it is set.
    looks = (first, (first + last) // 2, last)
    size = sorted(pdfium.FPDFText_GetFontSize(textpage, at) for at in looks)[1]
    drawn = pdfium.FPDFText_GetTextObject(textpage, first)
    invisible = bool(drawn) and pdfium.FPDFTextObj_GetTextRenderMode(drawn) == _INVISIBLE
    # The size of the font times the scale of the matrix is unknown here; the height of a box is what shows.
    height = max(box[3], end[3]) - min(box[1], end[1])
    return Line(
        text=text,
        left=min(box[0], end[0]),
        bottom=min(box[1], end[1]),
        right=max(box[2], end[2]),
        top=max(box[3], end[3]),
        size=round(size * 2) / 2,
        bold=all(pdfium.FPDFText_GetFontWeight(textpage, at) >= _BOLD for at in looks),
        invisible=invisible,
        hidden=invisible or (size < _SMALLEST and height < _SMALLEST),
    )


def _is_white(textpage: Any, at: int) -> bool:
    import pypdfium2.raw as pdfium

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFText_GetFillColor(textpage, at, red, green, blue, alpha)
    return bool(known) and (min(red.value, green.value, blue.value) >= _WHITE or alpha.value == 0)


def _painted(page: Any) -> list[tuple[float, float, float, float]]:
    """Where pictures and shapes lie; white text on one of them can be read."""
    import pypdfium2.raw as pdfium

    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
    return [item.get_bounds() for item in page.get_objects(filter=kinds, max_depth=3)]


def has_pictures(page: Any) -> bool:
    """Whether a page holds an image, such as a scan."""
    import pypdfium2.raw as pdfium

    return next(iter(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=3)), None) is not None


def _inside(line: Line, box: tuple[float, float, float, float]) -> bool:
    x, y = (line.left + line.right) / 2, (line.bottom + line.top) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def paragraphs(lines: Sequence[Line], body: float) -> Iterator[Paragraph]:
    """Lines joined where the second goes on with the first.

    Args:
        body: The size most of the document is set in.
    """
    at, edges = 0, _edges(lines)
    while at < len(lines):
        last = at
        while last + 1 < len(lines) and _goes_on(lines, at, last):
            last += 1
        run = lines[at : last + 1]
        text = _joined(run)
        if text:
            edge = any(number in edges for number in range(at, last + 1))
            yield Paragraph(text, _kind(text, run[0], body), all(line.hidden for line in run), edge)
        at = last + 1


def _goes_on(lines: Sequence[Line], first: int, at: int) -> bool:
    line, following = lines[at], lines[at + 1]
    if (
        line.hidden != following.hidden
        or abs(line.size - following.size) > 0.6
        or line.bold != following.bold
    ):
        return False
    if opens_item(following.text, line.text, lines[first].text):
        return False
    drop = line.bottom - following.bottom
    height = max(line.top - line.bottom, 1.0)
    if drop < -height or drop > 2.2 * max(height, line.size * 0.7):
        return False  # another column, or a gap that parts paragraphs
    if _SENTENCE_END.search(line.text) and following.left > lines[first].left + line.size:
        return False  # an indent opens a paragraph
    # A line that stops well before the right edge of the lines around it ends its paragraph.
    edge = max(other.right for other in lines[max(0, at - 6) : at + 7] if abs(other.left - line.left) < 40)
    room = edge - line.right
    word = following.text.split(maxsplit=1)[0] if following.text else ""
    needed = (len(word) + 1) * max(1.0, (following.right - following.left) / max(1, len(following.text)))
    if following.text[:1].islower() and not _SENTENCE_END.search(line.text):
        return room < max(needed + line.size, _RAGGED * (edge - lines[first].left))
    return room < needed + line.size


def _joined(run: Sequence[Line]) -> str:
    """The text of a run; a word that was parted for want of room is made whole."""
    text = ""
    for line in run:
        part = line.text
        if text.endswith(tuple(_HYPHENS)):
            text = text.rstrip(_HYPHENS)
        elif text.endswith("-") and text[-2:-1].isalpha():
            pass  # a real hyphen at the end of a line: nothing between, and it stays
        elif text:
            text += " "
        text += part
    return _CONTROLS.sub("", text.rstrip(_HYPHENS))


def _kind(text: str, line: Line, body: float) -> BlockKind:
    larger = line.size >= body + 1.4 or (line.bold and line.size >= body)
    short = len(text.split()) <= _HEADING_WORDS and not text.endswith((".", ",", ";"))
    # A number may open a heading, a bullet may not.
    if larger and short and any(c.isalpha() for c in text) and text[0].isalnum():
        return "heading"
    return "item" if ITEM.match(text) else "text"


def is_furniture(pages: Sequence[Sequence[Line]]) -> Callable[[Paragraph], bool]:
    """Tells running heads and page numbers: lines at the edges of pages that recur, figures aside."""
    counts: dict[str, int] = {}
    for lines in pages:
        for form in {_form(lines[at].text) for at in _edges(lines)}:
            counts[form] = counts.get(form, 0) + 1
    enough = max(3, len(pages) // 3)
    repeated = {form for form, count in counts.items() if count >= enough}
    return lambda paragraph: paragraph.edge and _form(paragraph.text) in repeated


def _edges(lines: Sequence[Line]) -> set[int]:
    """The first and last lines of a page, in its own order and by where they stand."""
    seen = [at for at, line in enumerate(lines) if not line.hidden]
    if not seen:
        return set()
    top, bottom = max(lines[at].top for at in seen), min(lines[at].bottom for at in seen)
    level = {
        at
        for at in seen
        if lines[at].top > top - lines[at].size or lines[at].bottom < bottom + lines[at].size
    }
    return {0, len(lines) - 1} | level


def _form(text: str) -> str:
    return _DIGITS.sub("0", " ".join(text.split()))
