"""Python imports this at start-up when its folder is on PYTHONPATH: the guard for child processes."""

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

import netguard_hook

netguard_hook.install()

# A machine may have its own sitecustomize, which this file hides; it still gets its turn.
_here = Path(__file__).resolve().parent
_others = [entry for entry in sys.path if Path(entry or ".").resolve() != _here]
_spec = PathFinder.find_spec("sitecustomize", _others)
if _spec is not None and _spec.loader is not None:
    _spec.loader.exec_module(module_from_spec(_spec))
