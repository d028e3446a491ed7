"""What a document says about itself, under the names the program knows; and Markdown's front matter.

Front matter is read by PyYAML's plainest loader, which makes strings, lists and mappings and nothing else,
so a date stays as it was written. It is metadata or nothing: what is no YAML is left alone.
"""

import re
from collections.abc import Mapping
from typing import Any

from index.dates import normal_date

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_LONGEST = 64_000
_NAMES = {
    "title": "title",
    "date": "date",
    "published": "date",
    "publication_date": "date",
    "publish_date": "date",
    "pubdate": "date",
    "created": "date",
    "author": "author",
    "authors": "author",
    "creator": "author",
    "byline": "author",
    "language": "language",
    "lang": "language",
    "locale": "language",
    "url": "url",
    "link": "url",
    "canonical": "url",
    "canonical_url": "url",
    "permalink": "url",
    "source": "url",
}
_UNKNOWN = {"", "unknown", "none", "null", "~"}


def front_matter(text: str) -> dict[str, str]:
    """The metadata in the front matter of a Markdown text."""
    match = _FRONT_MATTER.match(text[:_LONGEST])
    if match is None:
        return {}
    import yaml

    try:
        # BaseLoader is SafeLoader without even the numbers and dates: all scalars stay strings.
        data = yaml.load(match[1], Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {str(key): value for key, item in data.items() if (value := _scalar(item))}


def named(raw: Mapping[str, str]) -> dict[str, str]:
    """Metadata under the program's own names, the date normalised; other keys stay as they are.

    Where two keys mean the same, the first in the order of the table counts.
    """
    lowered = {key.strip().lower().replace("-", "_").replace(" ", "_"): value for key, value in raw.items()}
    known: dict[str, str] = {}
    for key, name in _NAMES.items():
        value = lowered.get(key, "").strip()
        if value.lower() in _UNKNOWN or name in known or (key == "source" and "://" not in value):
            continue
        known[name] = normal_date(value) if name == "date" else value
    others = {
        key: value.strip()
        for key, value in lowered.items()
        if (key not in _NAMES or (key == "source" and "://" not in value))
        and value.strip().lower() not in _UNKNOWN
    }
    return dict(sorted({**others, **known}.items()))


def _scalar(item: Any) -> str:
    """A string, or a flat list of strings joined; nested data is no metadata of ours."""
    if isinstance(item, str):
        return "" if item.strip().lower() in _UNKNOWN else item
    if isinstance(item, list) and all(isinstance(part, str) for part in item):
        return ", ".join(item)
    return ""
