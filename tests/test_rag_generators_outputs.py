"""What a generator of another package raises or yields: an error that names it, never a traceback."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from generator_room import QUESTION, Saying, check_kept, small_rag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import GeneratorError
from rag import Answer, Rag
from rag.generators import Note, Statement, Usage
from rag.records import Said

TRUE = Statement("The Quillmere lighthouse was painted by 17 volunteers in one morning.", (1,))
Any_: Any = None


class Failing(Saying):
    """Says one thing, then raises."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(TRUE)
        self.error = error

    def generate(self, question: str, evidence: Any) -> Iterator[Any]:
        yield from super().generate(question, evidence)
        raise self.error


class Giving(Saying):
    """Hands over something else than an iterator."""

    def __init__(self, given: Any) -> None:
        super().__init__()
        self.given = given

    def generate(self, question: str, evidence: Any) -> Any:
        return self.given


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RuntimeError("kaboom\nsecond line"), r"RuntimeError: kaboom second line"),
        (KeyError("x"), r"KeyError: 'x'"),
        (SystemExit(3), r"SystemExit: 3"),
        (ZeroDivisionError(), r"ZeroDivisionError"),
    ],
)
def test_whatever_it_raises(tmp_path: Path, error: BaseException, told: str) -> None:
    """The generator and what it raised are named in one line; what was said before has been said."""
    events = []
    with pytest.raises(
        GeneratorError, match=rf"^the generator 'saying' broke down \({told}\); mend"
    ) as caught:
        for event in small_rag(tmp_path, Failing(error)).stream(QUESTION):
            events.append(event)
    assert caught.value.__cause__ is error and "\n" not in str(caught.value)
    assert [event.sentence.text for event in events if isinstance(event, Said)] == [TRUE.text]


def test_an_error_of_ours_stays_as_it_is(tmp_path: Path) -> None:
    """What already says what to do is not wrapped."""
    with pytest.raises(GeneratorError, match=r"^boo; do this$"):
        small_rag(tmp_path, Failing(GeneratorError("boo; do this"))).ask(QUESTION)


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("hello", "'hello'"),
        (None, "None"),
        (Statement(Any_, (1,)), r"Statement\(text=None, pointers=\(1,\)\)"),
        (Statement("x", Any_), r"Statement\(text='x', pointers=None\)"),
        (Statement("x", ([1],)), r"pointers=\(\[1\],\)"),  # type: ignore[arg-type]  # as a plug-in may
        (Statement("x", ("1",)), r"pointers=\('1',\)"),  # type: ignore[arg-type]  # as a plug-in may
        (Statement("x", (1.5,)), r"pointers=\(1.5,\)"),  # type: ignore[arg-type]  # as a plug-in may
        (Note(Any_), r"Note\(text=None\)"),
        (Usage(Any_), r"Usage\(tokens=None, cost=None\)"),
        (Usage({"input": "x"}), "'input': 'x'"),  # type: ignore[dict-item]  # as a plug-in may
        (Usage({"input": -1}), "'input': -1"),
        (Usage({}, float("nan")), "cost=nan"),
        (Usage({}, Any_ or "1"), "cost='1'"),  # type: ignore[arg-type]  # as a plug-in may
    ],
)
def test_what_is_no_output(tmp_path: Path, output: Any, told: str) -> None:
    """The generator and what it gave are named, and what it has to give."""
    rag = small_rag(tmp_path, Saying(TRUE, output))
    with pytest.raises(
        GeneratorError, match=rf"^the generator 'saying' gave .*{told}.* Statement, Usage and Note"
    ):
        rag.ask(QUESTION)


@pytest.mark.parametrize("given", [None, 5])
def test_what_is_no_iterable(tmp_path: Path, given: Any) -> None:
    """A generator that returns nothing to go through says so."""
    with pytest.raises(GeneratorError, match=rf"^the generator 'saying' gave {given};"):
        small_rag(tmp_path, Giving(given)).ask(QUESTION)


def test_a_list_will_do(tmp_path: Path) -> None:
    """Any iterable is gone through."""
    answer = check_kept(list(small_rag(tmp_path, Giving([TRUE])).stream(QUESTION)))
    assert [sentence.text for sentence in answer.sentences] == [TRUE.text]


def test_a_generator_without_a_name(tmp_path: Path) -> None:
    """What has no name cannot be named in the answer."""

    class Nameless:
        def generate(self, question: str, evidence: Any) -> Iterator[Statement]:
            yield TRUE

    with pytest.raises(GeneratorError, match=r"is no generator \(Nameless\): it has to have a name"):
        small_rag(tmp_path, Nameless()).ask(QUESTION)  # type: ignore[arg-type]  # the very thing that must fail


def test_text_that_nothing_encodes(tmp_path: Path) -> None:
    """A lone surrogate becomes U+FFFD, so that the answer can be written anywhere."""
    outputs = (Statement(f"{TRUE.text} \ud800", (1,)), Note("odd \udfff"), Usage({"in\ud800": 1}))
    answer = small_rag(tmp_path, Saying(*outputs)).ask(QUESTION)
    json.dumps(answer.to_dict(), ensure_ascii=False).encode()
    assert answer.text.endswith("morning. \ufffd [1]") and answer.trace.notes == ("odd \ufffd",)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 5) | st.floats() | st.text(st.characters(), max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.tuples(inner) | st.dictionaries(st.text(max_size=2), inner)
    ),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rag, Saying]:
    saying = Saying()
    return small_rag(tmp_path_factory.mktemp("docs"), saying), saying


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(output=st.builds(Statement, ODD, ODD) | st.builds(Usage, ODD, ODD) | st.builds(Note, ODD) | ODD)
def test_any_thing_at_all(room: tuple[Rag, Saying], output: Any) -> None:
    """Anything yielded is an answer that JSON holds, or an error of ours."""
    rag, saying = room
    saying.outputs = (TRUE, output)
    try:
        answer = rag.ask(QUESTION)
    except GeneratorError as error:
        assert "'saying'" in str(error)
        return
    written: Mapping[str, Any] = json.loads(json.dumps(answer.to_dict(), allow_nan=False))
    assert Answer.from_dict(written) == answer
