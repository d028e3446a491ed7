"""A question set as pytest tests, one an item: `pytest -p eval.pytest_plugin --rag-eval my.questions.jsonl`.

A thin wrapper: everything is asked once, by the same run as `rag eval run`. An item fails when it is not
correct or breaks an invariant; one that was not correct in the baseline beside the set is expected to fail,
and a draft is skipped. It is no entry point, so that an installed program changes nobody's test runs.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.gate import breaks_invariant
from eval.gated import find_baseline
from eval.metrics.catalogue import KS
from eval.questions import load_questions
from eval.reports import misses
from eval.runner import ItemResult, run
from index.errors import RagError
from rag import Rag


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("rag", "questions with known answers")
    group.addoption("--rag-eval", metavar="FILE", type=Path, help="a question set: one test an item")
    group.addoption("--rag-docs", metavar="PATH", type=Path, help="its documents folder (default: seeds)")


def pytest_configure(config: pytest.Config) -> None:
    """The set is collected like a test file that was named."""
    path = config.getoption("--rag-eval")
    if path is not None:
        config.args.append(str(path))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "SetFile | None":
    """The set as a file of tests; every other file is left to others."""
    path = parent.config.getoption("--rag-eval")
    if path is None or file_path != path.resolve():
        return None
    return SetFile.from_parent(parent, path=file_path)


class SetFile(pytest.File):
    """A question set that is run while it is collected."""

    def collect(self) -> Iterator["SetItem"]:
        """One test an item."""
        try:
            rag = Rag.open(self.config.getoption("--rag-docs"))
            questions = load_questions(self.path, rag.folder, rag.settings.index_settings.limits)
            result = run(questions, rag, ks=KS)
        except RagError as error:
            raise self.CollectError(str(error)) from error
        wrong = {miss.question.id: f"{miss.what}\nsaid: {miss.answer}" for miss in misses(result)}
        baseline = find_baseline(self.path, rag.settings.generator, None)
        known = (
            {item.id for item in baseline.items if item.values.get("correct") != 1.0} if baseline else set()
        )
        for item in result.items:
            name = item.question.id
            yield SetItem.from_parent(
                self, name=name, result=item, told=wrong.get(name, ""), known=name in known
            )


class SetItem(pytest.Item):
    """One item of a set, already asked."""

    def __init__(self, *, result: ItemResult, told: str, known: bool, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]  # pytest's own arguments, passed through
        self._result = result
        self._told = told
        self._known = known

    def runtest(self) -> None:
        """Pass, or fail with what went wrong."""
        if self._result.question.gate == "info":
            pytest.skip("a draft (gate: info)")
        if self._result.values.get("correct") == 1.0 and not breaks_invariant(self._result):
            return
        if self._known and not breaks_invariant(self._result):
            pytest.xfail(f"not correct in the baseline either: {self._told}")
        pytest.fail(f"{self._result.question.question}\n{self._told}", pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where pytest says the test is."""
        return self.path, None, self.name
