"""Optional packages: one that is missing is named with the extra that brings it.

Only a package that is not installed counts as missing; an installed one that fails to import is a broken
installation, and its own error is left as it is.
"""

import importlib
import importlib.util
from types import ModuleType

from index.errors import MissingExtra


def require(module: str, extra: str) -> ModuleType:
    """Import an optional module.

    Raises:
        MissingExtra: It is not installed; says how to get it.
    """
    if not installed(module):
        raise MissingExtra(missing(module.partition(".")[0], extra))
    return importlib.import_module(module)


def installed(module: str) -> bool:
    """Whether the package of a module can be found, without importing it."""
    return importlib.util.find_spec(module.partition(".")[0]) is not None


def missing(module: str, extra: str) -> str:
    """What to do about a missing package."""
    return f"needs the package {module}, which is not installed: pip install 'cited-rag[{extra}]'"
