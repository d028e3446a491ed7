"""What a generator yields, as far as it can be used; what cannot is an error that names who gave what.

Generators of other packages may raise anything and yield anything. Our own raise only errors of the tree:
another one is a bug of ours, and not hidden behind a friendly line.
"""

import math
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from index.decode import mended
from index.errors import GeneratorError, RagError
from rag.generators.base import Evidence, Generator, Note, Output, Statement, Usage

_OURS = "rag.generators."
_END = object()
_LONGEST_SHOWN = 160


def outputs_of(generator: Generator, question: str, evidence: Sequence[Evidence]) -> Iterator[Output]:
    """What a generator yields on a question. Closing this closes it.

    Raises:
        GeneratorError: It gave up, broke down or yielded what is no output.
    """
    if type(generator).__module__.startswith(_OURS):
        return generator.generate(question, evidence)
    return _outputs_of_another(generator, question, evidence)


def _outputs_of_another(
    generator: Generator, question: str, evidence: Sequence[Evidence]
) -> Iterator[Output]:
    name = sound(generator, type(generator).__name__).name
    given: Any = None
    with told_plainly(name):
        given = generator.generate(question, evidence)
    if not isinstance(given, Iterable):
        raise _no_output(name, given)
    outputs = iter(given)
    try:
        while True:
            with told_plainly(name):
                output = next(outputs, _END)
            if output is _END:
                return
            yield checked(name, output)
    finally:
        if close := getattr(given, "close", None):
            close()


@contextmanager
def told_plainly(name: str) -> Iterator[None]:
    """Turns what another package raises into a `GeneratorError`."""
    try:
        yield
    except RagError:
        raise
    except (Exception, SystemExit) as error:
        said = " ".join(mended(str(error)).split())
        told = f"{type(error).__name__}: {said}" if said else type(error).__name__
        raise GeneratorError(
            f"the generator {name!r} broke down ({told}); mend the package it comes from, or choose another "
            "generator"
        ) from error


def sound(generator: Any, name: str) -> Generator:
    """The same, if it has what every generator has.

    Raises:
        GeneratorError: It has no name that is text, or does not generate.
    """
    if not (
        isinstance(getattr(generator, "name", None), str) and callable(getattr(generator, "generate", None))
    ):
        raise GeneratorError(
            f"what {name!r} stands for is no generator ({type(generator).__name__}): it has to have a name "
            "and generate(question, evidence); mend the package it comes from"
        )
    made: Generator = generator
    return made


def checked(name: str, output: Any) -> Output:
    """An output whose parts are what they should be; text that nothing encodes is mended.

    Raises:
        GeneratorError: It is no output, or has a part that is not of its type.
    """
    try:
        if isinstance(output, Statement):
            return Statement(mended(output.text), tuple(map(operator.index, output.pointers)))
        if isinstance(output, Note):
            return Note(mended(output.text))
        if isinstance(output, Usage):
            return Usage(_counts(output.tokens), _cost(output.cost))
    except (TypeError, ValueError, AttributeError):
        pass
    raise _no_output(name, output)


def _counts(tokens: Mapping[str, int]) -> dict[str, int]:
    counts = {mended(kind): operator.index(count) for kind, count in tokens.items()}
    if any(count < 0 for count in counts.values()):
        raise ValueError("fewer than no tokens")
    return counts


def _cost(cost: float | None) -> float | None:
    if cost is None:
        return None
    if not math.isfinite(cost) or cost < 0:
        raise ValueError("no cost")
    return float(cost)


def _no_output(name: str, given: object) -> GeneratorError:
    return GeneratorError(
        f"the generator {name!r} gave {_shown(given)}; it has to yield Statement, Usage and "
        "Note of rag.generators, made of text, whole numbers and finite costs: mend the package it comes from"
    )


def _shown(given: object) -> str:
    try:
        shown = " ".join(mended(repr(given)).split())
    except Exception:  # a thing of another package may not even be able to show itself
        return type(given).__name__
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]} …"
