"""The answer record: one shape, both ways, and nothing let in that is not of it."""

import copy
import json
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Answer, Rag
from rag.records import (
    Citation,
    Conflict,
    ConflictValue,
    Passage,
    Scores,
    Sentence,
    ShortAnswer,
    Support,
    Trace,
)

# The interface as it was fixed: "a" is a value, "a: {...}" an object, "a: [...]" a list of objects.
SHAPE: dict[str, Any] = {
    "schema": None,
    "id": None,
    "question": None,
    "query": None,
    "text": None,
    "status": None,
    "confidence": None,
    "short_answer": "text sentence start end",
    "missing": None,
    "sentences": "text citations support",
    "citations": "number document sha256 title start end quote answer_start answer_end"
    " page heading date score",
    "passages": "document start end text score scores cited",
    "conflicts": "kind entity values",
    "trace": None,
}

text = st.text(st.characters(codec="utf-8"), max_size=20)
number = st.floats(allow_nan=False, allow_infinity=False)
count = st.integers(0, 10**6)
maybe = st.none()


def tuples(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=3).map(tuple)


numbers = st.dictionaries(text, number, max_size=3)
scores = st.builds(Scores, *[maybe | number] * 4)
passages = st.builds(Passage, text, count, count, text, number, scores, st.booleans())
labels = st.sampled_from(["supported", "partly", "not", "not_applicable"])
supports = st.builds(Support, labels, st.just("coverage"), maybe | number, tuples(text))
sentences = st.builds(Sentence, text, tuples(count), supports)
citations = st.builds(
    Citation,
    count,
    text,
    text,
    text,
    count,
    count,
    text,
    count,
    count,
    maybe | count,
    *[maybe | text] * 2,
    number,
)
conflicts = st.builds(Conflict, text, text, tuples(st.builds(ConflictValue, text, count, maybe | text)))
traces = st.builds(
    Trace, text, text, count, count, tuples(count), tuples(text), tuples(text), numbers, numbers,
    st.dictionaries(text, count, max_size=2), maybe | number,
)  # fmt: skip
answers = st.builds(
    Answer, text, text, text, text, st.sampled_from(["answered", "partial", "abstained"]), maybe | number,
    maybe | st.builds(ShortAnswer, text, count, count, count), tuples(text), tuples(sentences),
    tuples(citations), tuples(passages), tuples(conflicts), traces,
)  # fmt: skip


@pytest.fixture(scope="module")
def answer(seeds_rag: Rag) -> Answer:
    found = seeds_rag.ask("How many additional troops did NATO deploy?")
    assert found.citations and found.passages
    return found


def test_the_keys_and_their_order(seeds_rag: Rag, answer: Answer) -> None:
    """`to_dict` has the documented keys in the documented order, in every part."""
    short = next(a for a in map(seeds_rag.ask, ["Who is the NATO Secretary General?"]) if a.short_answer)
    data = answer.to_dict() | {"short_answer": short.to_dict()["short_answer"]}
    conflict = Conflict("number", "troops", (ConflictValue("700", 1, None),))
    data["conflicts"] = [{**Answer.to_dict(with_conflict(answer, conflict))["conflicts"][0]}]
    assert list(data) == list(SHAPE)
    for key, inner in SHAPE.items():
        if inner is not None:
            rows = data[key] if isinstance(data[key], list) else [data[key]]
            assert rows and all(list(row) == inner.split() for row in rows), key
    assert list(data["passages"][0]["scores"]) == ["dense", "words", "fused", "rerank"]
    assert list(data["sentences"][0]["support"]) == ["label", "reason", "score", "missing"]
    assert list(data["conflicts"][0]["values"][0]) == ["value", "citation", "date"]
    assert data["schema"] == 1 and "timings" in data["trace"]


def with_conflict(answer: Answer, conflict: Conflict) -> Answer:
    return Answer.from_dict({**answer.to_dict(), "conflicts": [plain(conflict)]})


def plain(conflict: Conflict) -> dict[str, Any]:
    values = [{"value": v.value, "citation": v.citation, "date": v.date} for v in conflict.values]
    return {"kind": conflict.kind, "entity": conflict.entity, "values": values}


def test_a_real_answer_survives_json(answer: Answer) -> None:
    """A real answer comes back from JSON equal, and its dictionary is made of JSON types alone."""
    data = answer.to_dict()
    assert json.loads(json.dumps(data)) == data
    assert Answer.from_dict(json.loads(json.dumps(data))) == answer


@given(answers)
def test_any_answer_survives_json(answer: Answer) -> None:
    """Every answer that can be built comes back from JSON equal."""
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict(), allow_nan=False))) == answer


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every object in an answer, `trace`'s open tables left out."""
    found: list[tuple[Any, ...]] = []
    if isinstance(data, dict):
        if path[-1:] not in [("signals",), ("timings",), ("tokens",)]:
            found.append(path)
        for key, value in data.items():
            found += places(value, (*path, key))
    elif isinstance(data, list):
        for at, value in enumerate(data[:1]):
            found += places(value, (*path, at))
    return found


def test_every_field_is_required_and_known(answer: Answer) -> None:
    """At every depth a missing field and an unknown one are refused by name."""
    found = places(answer.to_dict())
    assert len(found) >= 6
    for path in found:
        for change in ("drop", "add"):
            data = copy.deepcopy(answer.to_dict())
            target: Any = data
            for step in path:
                target = target[step]
            name = "extra" if change == "add" else list(target)[-1]
            if change == "add":
                target[name] = 1
            else:
                del target[name]
            with pytest.raises(ValueError, match=name):
                Answer.from_dict(data)


@pytest.mark.parametrize("schema", [0, 2, "1", None])
def test_another_schema_is_refused(answer: Answer, schema: Any) -> None:
    """An answer of another version is refused rather than guessed at."""
    with pytest.raises(ValueError, match=f"schema {schema!r} is not 1"):
        Answer.from_dict({**answer.to_dict(), "schema": schema})


@pytest.mark.parametrize(
    ("key", "value"), [("trace", None), ("trace", "x"), ("citations", [3]), ("sentences", ["x"])]
)
def test_a_part_of_another_type_is_refused(answer: Answer, key: str, value: Any) -> None:
    """Where an object belongs, anything else is a ValueError, not an accident further in."""
    with pytest.raises(ValueError, match="instead of an object"):
        Answer.from_dict({**answer.to_dict(), key: value})


def test_str_is_the_text_and_its_sources(answer: Answer) -> None:
    """Printing an answer shows the text, then each citation with its place and quote."""
    first, *rest = str(answer).splitlines()
    assert first == answer.text
    assert rest == [f"[{c.number}] {c.document}:{c.start}-{c.end} “{c.quote}”" for c in answer.citations]


def test_records_do_not_change(answer: Answer) -> None:
    """An answer is frozen: what was checked is what is shown."""
    with pytest.raises(AttributeError):
        answer.text = "other"  # type: ignore[misc]  # the very thing that must fail
    assert set(get_type_hints(Answer)) == set(answer.to_dict())
