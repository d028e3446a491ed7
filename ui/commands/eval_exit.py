"""Exit codes of `rag eval`: 1 is kept for answers that got worse; whatever else fails is told as 2 or 3."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def exit_codes() -> Iterator[None]:
    """Around a command: what cannot be set up is 2, what broke down on the way 3.

    Raises:
        UsageError: The set, the documents or an argument do not fit.
        RunBrokeDown: The index, a model or the disk failed.
    """
    from eval.errors import EvalSetupError, RunBrokeDown
    from index.errors import DocumentsError, MissingExtra, RagError, UsageError

    try:
        yield
    except UsageError:
        raise
    except (DocumentsError, MissingExtra) as error:
        raise EvalSetupError(str(error)) from error
    except (RagError, OSError) as error:
        raise RunBrokeDown(str(error)) from error
