"""The arithmetic below the metrics: normal forms, containment, coverage and intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.spans import covered
from eval.normal import contains, matches, norm
from eval.stats import Interval, mean, wilson


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The  “U.S.-led” Force, 42!", "us led force 42"),
        ("½ and 2½, 10² km", "0.5 and 2.5 10 km"),
        ("−5, 3,800 and 2017–2019.", "-5 3,800 and 2017-2019"),
        ("Ａ　full-width ﬁ", "full width fi"),
        ("", ""),
    ],
)
def test_normal_form(text: str, plain: str) -> None:
    """NFKC, lower case, no punctuation but inside numbers, no articles."""
    assert norm(text) == plain


@given(st.text(max_size=40))
def test_normal_form_is_stable(text: str) -> None:
    """Normalising twice changes nothing."""
    assert norm(norm(text)) == norm(text)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_text_contains_its_own_words(before: str, after: str) -> None:
    """What stands between spaces is found there, whatever is around it."""
    assert contains(f"{before} | zebra crossing | {after}", "Zebra-crossing")


@pytest.mark.parametrize(
    ("text", "expected", "found"),
    [
        ("about 26 weeks of leave", "twenty-six weeks", True),
        ("a 26-week leave", "26 weeks", True),
        ("25 people", "5", False),
        ("-5 degrees", "5", False),
        ("−5 degrees", "-5", True),
        ("3.8 thousand troops", "3,800", True),
        ("3800 troops", "3,800 troops", True),
        ("700 troops", "troops", True),
        ("5 million", "5", False),
        ("a million", "1,000,000", True),
        ("one of them", "1", False),
        ("€50 a month", "50 euros", True),
        ("50 dollars a month", "€50", False),
        ("In 2021 €40 was paid", "€40", True),
        ("10 | €5 | €7", "€7", True),
        ("10 | 50 € | 7", "50 euros", True),
        ("half: ½", "0.5", True),
        ("50 per cent", "50%", True),
        ("from 2017-2019", "2017", False),
        ("scored (3)-5", "5", True),
        ("COVID-19 ward", "19", True),
        ("from 2017–2019", "2017-2019", True),
        ("the 7th of May", "7", False),
        ("Serbia’s claim", "Serbia", True),
        ("the U.S. said", "US", True),
        ("category", "cat", False),
        ("中国支持塞尔维亚", "支持", True),
        ("anything", "the", False),
        ("", "x", False),
        ("12345678901234567890123456789012345", "12345678901234567890123456789012346", False),
    ],
)
def test_containment_of_one_text(text: str, expected: str, found: bool) -> None:
    """Words match on token boundaries, numbers by value."""
    assert contains(text, expected) is found


def test_patterns_are_literal_unless_marked_and_bounded_in_time() -> None:
    """`(?` marks an expression; one that explodes is stopped."""
    assert matches("Twenty-Six weeks", "(?i)twenty.six")
    assert not matches("26 weeks", "2. weeks")
    with pytest.raises(TimeoutError):
        matches("a" * 5000 + "!", r"(?:(a|aa)+)+$", timeout=0.05)


def test_wilson_against_published_intervals() -> None:
    """Newcombe (1998), Two-sided confidence intervals for the single proportion, table I."""
    for hits, n, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (1, 29, 0.0061, 0.1718)]:
        interval = wilson(hits / n, n)
        assert interval
        assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)
    assert wilson(0.0, 20) == Interval(0.0, pytest.approx(0.1611, abs=5e-5))
    assert wilson(0.5, 0) is None
    assert mean([]) is None


@given(st.integers(1, 500), st.data())
def test_wilson_holds_the_share_and_stays_in_bounds(n: int, data: st.DataObject) -> None:
    """0 <= low <= share <= high <= 1."""
    share = data.draw(st.integers(0, n)) / n
    interval = wilson(share, n)
    assert interval
    assert 0.0 <= interval.low <= share <= interval.high <= 1.0


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6), st.integers(0, 20))
def test_coverage_is_the_share_of_characters_in_the_union(spans: list[tuple[int, int]], start: int) -> None:
    """Equal to counting characters one by one."""
    target = (start, start + 10)
    inside = {at for a, b in spans for at in range(a, b)} & set(range(*target))
    assert covered(target, spans) == len(inside) / 10
