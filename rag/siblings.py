"""Refuse a foreign `index`: the four packages have generic names, so another file may stand in the way."""

import importlib.util
import sys
from pathlib import Path


def check_siblings(here: Path, names: tuple[str, ...]) -> None:
    """Make sure that each named package lies beside the folder `here`.

    Raises:
        ImportError: Another module of that name would be imported; says which, and the cure.
    """
    for name in names:
        try:
            spec = importlib.util.find_spec(name)
        except ValueError:  # a module without a spec was put into sys.modules
            spec = getattr(sys.modules.get(name), "__spec__", None)
        file = spec.origin if spec is not None else getattr(sys.modules.get(name), "__file__", None)
        origin = Path(file) if file else None
        if origin is None or origin.resolve().parent != (here.parent / name).resolve():
            raise ImportError(
                f"this program's package '{name}' is hidden by {origin or 'another module of that name'}; "
                f"rename that, or start Python with -P so that the working folder is not searched"
            )
