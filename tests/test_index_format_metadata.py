"""Metadata: where it comes from, what wins, and dates that are only normalised when they must mean it."""

import importlib
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from conftest import REPO
from hypothesis import given
from hypothesis import strategies as st
from sample_files import html_sample

from index import IndexSettings, build_index, open_index
from index.dates import first_day, last_day, normal_date
from index.front_matter import front_matter, named

SETTINGS = IndexSettings(encoder="hash:")


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2021-03-04", "2021-03-04"),
        ("2021-3-4", "2021-03-04"),
        ("2021-03", "2021-03"),
        ("2021", "2021"),
        ("2021-03-04T10:00:00+01:00", "2021-03-04"),
        ("2021-03-04 10:00:00 UTC", "2021-03-04"),
        ("20210304", "2021-03-04"),
        ("2021/03/04", "2021-03-04"),
        ("D:20210304101500+01'00'", "2021-03-04"),
        ("4 March 2021", "2021-03-04"),
        ("4th of March, 2021", "2021-03-04"),
        ("March 4, 2021", "2021-03-04"),
        ("Mar. 4th 2021", "2021-03-04"),
        ("Thu, 04 Mar 2021 10:00:00 +0100", "2021-03-04"),
        ("March 2021", "2021-03"),
        ("04.03.2021", "2021-03-04"),
        ("25/03/2021", "2021-03-25"),
        ("03/25/2021", "2021-03-25"),
        ("03/03/2021", "2021-03-03"),
        ("03/04/2021", "03/04/2021"),
        ("2021-02-30", "2021-02-30"),
        ("31 February 2021", "31 February 2021"),
        ("last week", "last week"),
        ("", ""),
    ],
)
def test_a_date_is_read_where_it_is_plain(written: str, stored: str) -> None:
    """One reading: ISO; two readings, or none: as it was."""
    assert normal_date(written) == stored


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_stays(text: str) -> None:
    """Nothing is lost, and what counts as a normal date has a first and a last day."""
    stored = normal_date(text)
    assert stored == " ".join(text.split()) or first_day(stored) <= last_day(stored) != ""


def test_days_of_a_month_and_a_year() -> None:
    """A date of lower precision is all its days; anything else is none."""
    assert (first_day("2020-02"), last_day("2020-02")) == ("2020-02-01", "2020-02-29")
    assert (first_day("2021"), last_day("2021")) == ("2021-01-01", "2021-12-31")
    assert (first_day("2021-02-30"), last_day("some day")) == ("", "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("---\ntitle: Oaks\ndate: 2021-03-04\n---\nBody", {"title": "Oaks", "date": "2021-03-04"}),
        ("\ufeff---\r\ntags: [a, b]\r\n---\r\nBody", {"tags": "a, b"}),
        ("---\nauthor:\n  - Ann\n  - Bo\nnested:\n  x: 1\n---\n", {"author": "Ann, Bo"}),
        ("---\n- a list\n---\n", {}),
        ("---\ntitle: [unclosed\n---\n", {}),
        ("---\nno end", {}),
        ("Body\n---\ntitle: x\n---\n", {}),
        ("---\na: !!python/object/apply:os.system [x]\n---\n", {"a": "x"}),
    ],
)
def test_front_matter_is_strings_or_nothing(text: str, found: dict[str, str]) -> None:
    """Scalars and flat lists; no tag makes an object, and what is no YAML is no error."""
    assert front_matter(text) == found


def test_laughing_front_matter_is_cheap() -> None:
    """Aliases of aliases are not multiplied out."""
    lines = "\n".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]" for n in range(1, 10))
    assert "x9" not in front_matter(f"---\nx0: &x0 lol\n{lines}\n---\n")


def test_names_are_those_of_the_program() -> None:
    """The usual names are known, the date is normalised, other keys stay."""
    raw = {"Byline": "Ann", "pubdate": "March 4, 2021", "Canonical-URL": "https://x.example", "outlet": "N"}
    assert named(raw) == {"author": "Ann", "date": "2021-03-04", "outlet": "N", "url": "https://x.example"}


def test_metadata_jsonl_wins(tmp_path: Path) -> None:
    """Given metadata goes over the file's own, key by key; a title of neither kind is the heading."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.html").write_text(html_sample(), encoding="utf-8")
    front = "---\ntitle: Own\nlang: de\ndate: 4 March 2021\n---\n# Head\n\nWords of the body.\n"
    (docs / "b.md").write_text(front, encoding="utf-8")
    (docs / "c.md").write_text("# Only a heading\n\nWords of another body.\n", encoding="utf-8")
    rows = [
        {"document": "a.html", "title": "Given", "shelf": "7"},
        {"document": "b.md", "date": "May 1, 2022"},
    ]
    (docs / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    build_index(docs, tmp_path / "index", settings=SETTINGS)
    index = open_index(tmp_path / "index", SETTINGS)
    a, b, c = (index.document(name) for name in ("a.html", "b.md", "c.md"))
    assert (a.title, a.date, a.metadata["author"], a.metadata["shelf"]) == (
        "Given",
        "2021-03-04",
        "Ann Lee",
        "7",
    )
    assert (b.title, b.date, b.metadata) == ("Own", "2022-05-01", {"language": "de"})
    assert not b.canonical and b.text == front
    assert c.title == "Only a heading"


def test_months_are_english_whatever_the_system_speaks() -> None:
    """`calendar` gives its names in the language of the system; documents keep theirs."""
    code = (
        "import calendar\n"
        "calendar.month_name = calendar.month_abbr = ['', *(f'mois{at}' for at in range(1, 13))]\n"
        "from index.dates import normal_date\n"
        "print(normal_date('3 May 2021'), normal_date('Oct 2021'), normal_date('3 December 2021'))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2021-05-03", "2021-10", "2021-12-03"]


@pytest.mark.parametrize("changed", ["", "2025-03-04"])
@pytest.mark.parametrize("kind", ["docx", "pptx"])
def test_the_date_and_author_of_a_template_are_no_facts_of_the_document(
    kind: str, changed: str, tmp_path: Path
) -> None:
    """A library writes them into every file; a day on which the file was changed is one."""
    written = importlib.import_module(kind)
    file = written.Document() if kind == "docx" else written.Presentation()
    if kind == "docx":
        file.add_paragraph("The quay is closed on Sundays.")
    else:
        file.slides.add_slide(file.slide_layouts[1]).shapes.title.text = "The quay is closed"
    if changed:
        file.core_properties.modified = datetime.fromisoformat(changed)
    (tmp_path / "docs").mkdir()
    file.save(tmp_path / "docs" / f"quay.{kind}")
    build_index(tmp_path / "docs", tmp_path / "index", settings=SETTINGS)
    document = open_index(tmp_path / "index", SETTINGS).document(f"quay.{kind}")
    assert (document.date, document.metadata.get("author", "")) == (changed, "")
