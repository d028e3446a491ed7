"""JSON and JSON Lines: each record one block, `key: value; …`; long texts inside are blocks too.

A list of records inside an object stands under its path, such as `orders.open`, and counts its own records,
so that a citation leads to the place in the file.
"""

import json
from collections.abc import Iterator
from typing import Any

from index.decode import decode
from index.errors import UnreadableSource
from index.formats.parsed import Canonical, Parsed
from index.limits import Limits

_LONG = 300
_DEEPEST = 50
_NAMED = 5


def read(data: bytes, limits: Limits) -> Parsed:
    """One JSON value: a list is a list of records; an object is a record, and may hold lists of them."""
    decoded = decode(data)
    try:
        value = json.loads(decoded.text.removeprefix("\ufeff"), parse_int=str, parse_float=str)
    except RecursionError as error:
        raise UnreadableSource("is nested too deeply") from error
    except ValueError as error:
        raise UnreadableSource(f"is no JSON: {error}") from error
    out = Canonical(limits)
    metadata: dict[str, str] = {}
    lists: dict[str, list[Any]] = {"": value} if isinstance(value, list) else {}
    if not isinstance(value, list | dict):
        _record(value, None, out)
    elif isinstance(value, dict):
        _record(_without_lists(value, "", lists), None, out)
        metadata = {
            key: value[key]
            for key in ("title", "date", "author", "language", "url")
            if isinstance(value.get(key), str)
        }
    for path, records in lists.items():
        out.add(path, "heading")
        for number, record in enumerate(records, start=1):
            _record(record, number, out)
    return out.finish(metadata, decoded.note)


def read_lines(data: bytes, limits: Limits) -> Parsed:
    """JSON Lines: the number of a record is that of its line; one that is no JSON is left out and told.

    Raises:
        UnreadableSource: No line is JSON.
    """
    decoded = decode(data)
    out = Canonical(limits)
    bad: list[str] = []
    count = lost = 0
    for number, line in enumerate(decoded.text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        count += 1
        why = _add_line(line, number, out)
        lost += bool(why)
        if why and len(bad) < _NAMED:
            bad.append(f"line {number} {why}")
    more = f"; and {lost - _NAMED} more" if lost > _NAMED else ""
    if lost and lost == count:
        raise UnreadableSource(f"{bad[0]}; so is every other line" if count > 1 else bad[0])
    flaws = f"{lost} of {count} lines left out: {'; '.join(bad)}{more}" if lost else ""
    return out.finish(note=decoded.note, flaws=flaws)


def _add_line(line: str, number: int, out: Canonical) -> str:
    """Append the record of a line; why it was left out, "" if it was not."""
    try:
        record = json.loads(line, parse_int=str, parse_float=str)
    except RecursionError:
        return "is nested too deeply"
    except json.JSONDecodeError as error:
        return f"is no JSON: {error.msg} (column {error.colno})"
    _record(record, number, out)
    return ""


def _is_records(item: Any) -> bool:
    return isinstance(item, list) and bool(item) and all(isinstance(record, dict) for record in item)


def _without_lists(value: dict[str, Any], path: str, lists: dict[str, list[Any]]) -> dict[str, Any]:
    """An object without the lists of records in it, which are put under their dotted paths."""
    if path.count(".") > _DEEPEST:
        raise UnreadableSource(f"is nested over {_DEEPEST} deep")
    rest = {}
    for key, item in value.items():
        place = f"{path}.{key}" if path else key
        if _is_records(item):
            # A key may hold a dot, and so give the path of another.
            lists.setdefault(place, []).extend(item)
        else:
            rest[key] = _without_lists(item, place, lists) if isinstance(item, dict) else item
    return rest


def _record(record: Any, number: int | None, out: Canonical) -> None:
    short: list[str] = []
    long: list[str] = []
    for key, value in _leaves(record):
        if len(value) > _LONG or "\n" in value.strip():
            long.append(value)
        elif value.strip():
            short.append(f"{key}: {value}" if key else value)
    out.add("; ".join(" ".join(part.split()) for part in short), "row", page=number)
    for value in long:
        for paragraph in value.splitlines():
            out.add(paragraph, page=number)


def _leaves(record: Any) -> Iterator[tuple[str, str]]:
    """(dotted key, text) of every scalar, in order; the scalars of a list share one key."""
    stack: list[tuple[str, Any, int]] = [("", record, 0)]
    while stack:
        key, value, depth = stack.pop()
        if depth > _DEEPEST:
            raise UnreadableSource(f"is nested over {_DEEPEST} deep")
        if isinstance(value, dict):
            inner = [(f"{key}.{name}" if key else str(name), item, depth + 1) for name, item in value.items()]
            stack.extend(reversed(inner))
        elif isinstance(value, list):
            if all(not isinstance(item, dict | list) for item in value):
                yield key, ", ".join(_text(item) for item in value if item is not None)
            else:
                stack.extend((key, item, depth + 1) for item in reversed(value))
        elif value is not None:
            yield key, _text(value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
