"""Characters that show nothing, or turn what follows around: left out of what is displayed and searched.

The stored text and every quote keep them, so that offsets hold in the file. The page's script has the same
list (`ui/assets/page.js`).
"""

import re
import unicodedata

# A joiner stays after a non-ASCII character (Arabic, Indic, emoji), tags stay where they spell a flag.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
    "|[\ud800-\udfff]|(?<![^\x00-\x7f])[\u200c\u200d]|[\ufe00-\ufe0f](?=[\ufe00-\ufe0f])|[\U000e0100-\U000e01ef]"
    "|(?<![\U0001f3f4\U000e0000-\U000e007f])[\U000e0000-\U000e007f]+"
)
_LINE_ENDS = re.compile("[\t-\r\x85\u2028\u2029]")
# In a search a word is the same with a blank filler or a choice of shape inside it.
_SHAPES = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u3164\ufe00-\ufe0f\uffa0]")
# Letters, accents and digits. Superscripts, fractions and signs such as ™ would change the words beside them.
_LETTERS = re.compile(
    "(?:[^\\W\\d_\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u218b\u2460-\u24ff\u3200-\u33ff]"
    "|[\u0300-\u036f\\d])+"
)


def visible(text: str, instead: str = "") -> str:
    """The text with something else, or nothing, for what cannot be seen; line breaks of all kinds stay."""
    return text if text.isascii() and text.isprintable() else UNSEEN.sub(instead, text)


def escaped(text: str) -> str:
    """The text as one line that shows all of it: escapes for line ends and for what cannot be seen."""
    return _LINE_ENDS.sub(_escape, UNSEEN.sub(_escape, text))


def _escape(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]


def searchable(text: str) -> str:
    """The text as it is indexed and embedded: nothing unseen, letters in their usual form (NFKC)."""
    if text.isascii():
        return text
    text = _SHAPES.sub("", visible(text))
    if unicodedata.is_normalized("NFKC", text):
        return text
    return _LETTERS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
