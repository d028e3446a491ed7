"""What a mail repeats of older ones stands under a heading that says who wrote it, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats import email_text
from index.formats.mail_quotes import headed, pieces
from index.limits import Limits
from index.quoted import QUOTED, is_quoted, quoted_date

MADE = {"an earlier message", "Subject"}
ANN = "On Mon, 5 May 2025, Ann Lee wrote:"


def under(body: str, kind: str = "plain") -> list[tuple[str, str]]:
    """(day of the quotation or "own", text) of each block of a mail's body that is no heading."""
    data = (
        "Subject: Re: Fee\nDate: Thu, 12 Jun 2025 10:00:00 +0000\n"
        f"Content-Type: text/{kind}; charset=utf-8\n\n{body}"
    )
    parsed = email_text.read(data.encode(), Limits())
    found, heading = [], ""
    for block in parsed.blocks[2:]:
        text = parsed.text[block.start : block.end]
        if block.kind == "heading":
            heading = text
        else:
            found.append((quoted_date(heading) if is_quoted(heading) else "own", text))
    return found


@pytest.mark.parametrize(
    "body",
    [
        f"It is 9 now.\n\n{ANN}\n> The fee is 7.\n",
        f"It is 9 now.\n\n{ANN}\n\nThe fee is 7.\n",
        "It is 9 now.\nOn Mon, May 5, 2025 at 9:05 AM Ann Lee <ann.lee.of.the.club@example.org>\nwrote:\n"
        "\n> The fee is 7.\n",
        "It is 9 now.\n\nAm 05.05.2025 um 09:05 schrieb Ann Lee:\n> The fee is 7.\n",
        "It is 9 now.\n\nLe 2025-05-05, Ann Lee a écrit :\n> The fee is 7.\n",
    ],
)
def test_quoted_lines_are_dated_by_the_line_above_them(body: str) -> None:
    """Be they marked or not, and in whatever language the line is."""
    assert under(body) == [("own", "It is 9 now."), ("2025-05-05", "The fee is 7.")]


@pytest.mark.parametrize(
    "opening",
    [
        "-----Original Message-----\nFrom: Ann Lee\nSent: Monday, May 5, 2025 9:05 AM\n",
        "---------- Forwarded message ---\nFrom: Ann <a@x.example>\nDate: Mon, May 5, 2025 at 9:05 AM\n",
        "Begin forwarded message:\n\nFrom: Ann Lee <a@x.example>\nSubject: Fee\nDate: 5 May 2025\n",
        "From: Ann Lee\nSent: 5 May 2025 09:05\n",
    ],
)
def test_an_answered_or_forwarded_message_is_dated_by_its_own_head(opening: str) -> None:
    """All that follows it in the mail is older."""
    assert under(f"It is 9 now.\n\n{opening}To: Bo\n\nThe fee is 7.\n\nBring keys.\n")[-2:] == [
        ("2025-05-05", "The fee is 7."),
        ("2025-05-05", "Bring keys."),
    ]


def test_answers_between_quoted_lines_are_the_mails_own() -> None:
    """And a quotation inside one has its own line."""
    body = (
        f"{ANN}\n> The fee is 7.\n\nNo, 9.\n\n> And the hall?\n"
        ">> On 2 May 2025, Bo wrote:\n>> It is free.\n\nTaken.\n"
    )
    assert under(body) == [
        ("2025-05-05", "The fee is 7."),
        ("own", "No, 9."),
        ("2025-05-05", "And the hall?"),
        ("2025-05-02", "It is free."),
        ("own", "Taken."),
    ]


def test_a_page_in_a_mail_is_read_the_same_way() -> None:
    """HTML has no marks, but the same lines; a heading in what is repeated does not end it."""
    body = f"<p>It is 9 now.</p><div>{ANN}</div><blockquote><h2>Fees</h2><p>The fee is 7.</p></blockquote>"
    assert under(body, "html") == [
        ("own", "It is 9 now."),
        ("2025-05-05", "Fees"),
        ("2025-05-05", "The fee is 7."),
    ]
    body = (
        "<p>It is 9.</p><p><b>From:</b> Ann<br><b>Sent:</b> 5 May 2025<br><b>To:</b> Bo<br>The fee is 7.</p>"
    )
    assert under(body, "html") == [("own", "It is 9."), ("2025-05-05", "To: Bo The fee is 7.")]


def test_marks_without_a_line_above_are_of_an_earlier_message() -> None:
    """Its day is not known; a colon before a list, and a sender in plain prose, open no quotation."""
    assert under("> The fee is 7.\n\nNo.\n") == [("", "The fee is 7."), ("own", "No.")]
    plain = under("Please bring:\n\n- keys\n- 3 lamps\n\nFrom: here it is a mile.\n")
    assert {day for day, _ in plain} == {"own"}


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("On 3 May 2021, Ann wrote:", "2021-05-03"),
        ("On Sat, Sept. 3rd, 2019 at 3:00 PM Ann wrote:", "2019-09-03"),
        ("On Jan 3rd, 2021, Ann wrote:", "2021-01-03"),
        ("Ann, 12.03.2020 08:15:", "2020-03-12"),
        ("On 03/04/2021, Ann wrote:", ""),
        ("On 3 Mayors 2021, Ann wrote:", ""),
    ],
)
def test_the_day_of_a_quotation_is_as_its_heading_has_it(said: str, day: str) -> None:
    """In words, with an ordinal, or in figures that can be read in one way only."""
    assert quoted_date(f"{QUOTED}{said}") == day


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.sampled_from(["A word.", ANN, "From: Ann", "Sent: 5 May 2025", "", "x"])
        ),
        max_size=12,
    )
)
def test_no_word_is_lost_or_made_up(lines: list[tuple[int, str]]) -> None:
    """What was said stands there in order; headings say what the lines said, or that nothing was said."""
    body = "\n".join("> " * depth + text for depth, text in lines)
    found = list(pieces(body, flowed=False))
    told = headed(found, "Subject")
    kept = [piece.text for piece in told if piece.kind != "heading"]
    heads = {piece.text.removeprefix(QUOTED) for piece in told if piece.kind == "heading"}
    assert [p.text for p in found if p.text in ("A word.", "x")] == [t for t in kept if t in ("A word.", "x")]
    words = {word for piece in found for word in piece.text.split()}
    assert words == {word for text in [*kept, *heads - MADE] for word in text.split()}
