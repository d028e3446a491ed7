"""What a mail repeats of an older one stands under a heading that begins alike, and has a date of its own."""

import re

from index.dates import MONTH, first_day, normal_date

# Opens the heading that the reader of mail puts above repeated text; then follows who wrote it, and when.
QUOTED = "Quoted: "
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d|\b{_DAY} {MONTH},? \d{{4}}|\b{MONTH} {_DAY},? \d{{4}}"
    r"|\b\d{1,2}[./]\d{1,2}[./]\d{4}"
)


def is_quoted(heading: str) -> bool:
    """Whether what stands under a heading repeats an older message."""
    return heading.startswith(QUOTED)


def quoted_date(heading: str) -> str:
    """The day the repeated message was written, as its heading has it; "" where it has none to be sure of."""
    days = (normal_date(match.group()) for match in _DATE.finditer(heading))
    return next((day for day in days if first_day(day)), "")
