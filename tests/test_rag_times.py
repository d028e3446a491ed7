"""What asks for a time of day is answered by one, and a month alone is a date but no year."""

from pathlib import Path

import pytest

from rag import Rag
from rag.periods import Period, period
from rag.times import asks_clock, clock_times, is_of_date
from rag.values import values

TEXT = """# Harbour school

## Courses

The sailing course starts on 5 May 2025 at the north pier.
The sailing course starts at 17:30 and ends before dark.

The rowing course is open to all. Ada Rill repairs the boats in July for 900 euros.
The crane is in repair until 4 July.

The workshop runs from 7:15 to 15:45. It was founded in 1988, and the choir sings in May.
"""


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Rag:
    """A page with days, times and months, asked with the real encoder."""
    docs = tmp_path_factory.mktemp("school")
    (docs / "courses.md").write_text(TEXT, encoding="utf-8")
    return Rag.open(docs, index=Path(tmp_path_factory.mktemp("index")))


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What time does the sailing course start?", "17:30"),
        ("At what time does the sailing course start?", "17:30"),
        ("What time does the workshop run?", "7:15 to 15:45"),
        ("When will Ada Rill repair the boats?", "July"),
    ],
)
def test_a_time_or_a_month_is_the_short_answer(school: Rag, question: str, short: str) -> None:
    """Never the date that stands beside it."""
    answer = school.ask(question)
    assert answer.short_answer is not None and answer.short_answer.text == short
    assert short in answer.sentences[0].text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Delivery in May.", ["May"]),
        ("In July Ada repairs it", ["July"]),
        ("warm between May and September", ["May and September"]),
        ("every October, in late June", ["October", "June"]),
        ("you may go, and they march in step; in may", []),
        ("a letter from May Esk and of April Rill's", []),
        ("June said that August was ill", []),
        ("in March 2025", ["March 2025"]),
    ],
)
def test_a_month_alone_is_a_date_behind_a_word_that_says_so(text: str, found: list[str]) -> None:
    """Where it may be a name or another word it is none."""
    assert [value.text for value in values(text, "date")] == found


def test_a_month_is_all_its_days_in_any_year() -> None:
    """And two of them are all between."""
    assert period("July") == Period("2000-07-01", "2000-07-31", yearly=True)
    assert period("May to September") == Period("2000-05-01", "2000-09-30", yearly=True)


def test_no_month_tells_a_year() -> None:
    """A day does not either, but stands nearer to one."""
    assert not is_of_date("In which year was it built?", "July")
    assert is_of_date("In which year was it built?", "1988") and is_of_date("When was it built?", "July")


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("from 7:15 to 15:45, Monday", ["7:15 to 15:45"]),
        ("at 9 am or at 9.30 p.m.", ["9 am", "9.30 p.m."]),
        ("it closes at noon", ["noon"]),
        ("a ratio of 3:45:10, a score of 2:1 and 12.50 euros", []),
    ],
)
def test_times_of_day_are_found_whole(text: str, times: list[str]) -> None:
    """A range is one; figures with a colon that no clock shows are none."""
    assert [text[start:end] for start, end in clock_times(text)] == times


def test_what_asks_for_a_time_of_day() -> None:
    """Not for a time of the year, nor for the first time."""
    assert asks_clock("What time is the concert?") and asks_clock("At what time do you close?")
    assert not asks_clock("What time of year is best?") and not asks_clock("When was the first time?")
