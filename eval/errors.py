"""What can be wrong with a question set or its floors: configuration, exit code 2, never a lack of quality.

UsageError                  index/errors.py
└── EvalSetupError
    ├── QuestionSetError    the question file, or it does not fit the documents
    ├── FloorsError         the floors file
    ├── RepliesError        the kept replies of language models
    └── BaselineError       the baseline or a stored run, or it is of other questions or documents
RagError
├── RunBrokeDown            exit code 3: the index, a model or the disk failed, so nothing was measured
└── BenchError              a measured process failed
"""

from collections.abc import Sequence

from index.errors import RagError, UsageError


class EvalSetupError(UsageError):
    """An evaluation cannot be set up as asked."""


class QuestionSetError(EvalSetupError):
    """The question file is refused; the message gives line numbers and reasons.

    Attributes:
        faults: (line, reason) of each fault, where there are lines.
    """

    def __init__(self, message: str, faults: Sequence[tuple[int, str]] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class FloorsError(EvalSetupError):
    """The floors file is refused."""


class RepliesError(EvalSetupError):
    """The file of kept replies is damaged or cannot be written."""


class BaselineError(EvalSetupError):
    """A baseline or a stored run is missing, unreadable, or not comparable."""


class RunBrokeDown(RagError):
    """A run could not be made, or not to its end."""

    exit_code = 3


class BenchError(RagError):
    """A process that was to be measured ended with an error."""
