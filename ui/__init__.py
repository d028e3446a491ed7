"""The faces of the program: the command line and the chat."""

from pathlib import Path as _Path

from rag.siblings import check_siblings as _check_siblings

_check_siblings(_Path(__file__).parent, ("index", "rag", "eval"))

__all__: list[str] = []
