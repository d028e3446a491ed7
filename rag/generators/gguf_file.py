"""A GGUF file answered by llama.cpp inside this process, through xllamacpp (extra `gguf`).

llama.cpp brings a web server that cannot be left out. It is given a Unix socket in a folder that only this
user can enter, and a random key, so that nothing listens on a port; we call it directly.
"""

import hashlib
import os
import queue
import secrets
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping
from collections.abc import Generator as Stream
from functools import cached_property
from pathlib import Path
from typing import Any

from index.errors import GeneratorError, SettingsError
from index.extras import require
from rag.generators.base import Prompt
from rag.generators.model import Ended
from rag.settings import AnswerSettings

_MAGIC = b"GGUF"
_SEED = 0
_SILENT = -1
# Other tokenizers need more tokens than ours estimates; instructions and question come on top.
_ROOM = 1.5
_BESIDES = 1024


class GgufChat:
    """A model behind `gguf:PATH`, loaded once."""

    def __init__(self, argument: str, settings: AnswerSettings) -> None:
        """Load the model.

        Raises:
            MissingExtra: xllamacpp is not installed.
            SettingsError: There is no such file, or it is no GGUF file.
            GeneratorError: llama.cpp cannot load it.
        """
        library = require("xllamacpp", "gguf")
        path = Path(argument).expanduser()
        if not argument or not path.is_file():
            raise SettingsError(f"gguf:{argument} is no file; write gguf:PATH with the path of a .gguf file")
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise SettingsError(f"gguf:{argument} is not in the GGUF format")
        self.name = f"gguf:{path.name}"
        self._timeout = settings.timeout
        self._most = settings.max_tokens
        self._path = path
        self._folder = Path(tempfile.mkdtemp(prefix="rag-gguf-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        parameters = library.CommonParams()
        parameters.model.path = str(path)
        parameters.n_ctx = int(settings.evidence_tokens * _ROOM) + settings.max_tokens + _BESIDES
        parameters.n_parallel = 1
        # llama.cpp's threads wait for each other by spinning, so one core is left to this program.
        threads = max(1, (os.cpu_count() or 2) - 1)
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
        parameters.warmup = False
        parameters.verbosity = _SILENT
        parameters.offline = True
        parameters.ui = False
        parameters.endpoint_slots = False
        parameters.hostnames = [str(self._folder / "llama.sock")]  # by its suffix it is taken for a socket
        parameters.api_keys = [secrets.token_hex()]
        try:
            self._server = library.Server(parameters)
        except RuntimeError:
            raise GeneratorError(
                f"llama.cpp cannot load gguf:{argument}; the file may be damaged, of a newer format, or too "
                "large for the memory of this machine"
            ) from None

    @cached_property
    def parameters(self) -> Mapping[str, object]:
        """What decides a reply besides the prompt; the file is read once to the end for it."""
        with self._path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"temperature": 0, "seed": _SEED, "max_tokens": self._most, "sha256": digest}

    def stream(self, prompt: Prompt) -> Stream[str | Ended, None, None]:
        """The reply piece by piece, then what it took."""
        request = {
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "temperature": 0,
            "seed": _SEED,
            "max_tokens": self._most,
            # What is kept from the question before changes the rounding, and so now and then a word.
            "cache_prompt": False,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        finish: str | None = None
        tokens: dict[str, int] = {}
        for chunk in _chunks(self._server.handle_chat_completions, request, self._timeout, self.name):
            if "error" in chunk:
                raise GeneratorError(_advice(self.name, chunk["error"]))
            if usage := chunk.get("usage"):
                tokens = {"input": usage["prompt_tokens"], "output": usage["completion_tokens"]}
            for choice in chunk["choices"][:1]:
                finish = choice["finish_reason"] or finish
                if text := choice["delta"].get("content"):
                    yield text
        if finish is None:
            raise GeneratorError(f"{self.name} broke off in the middle of its answer; ask again")
        yield Ended(tokens, cut=finish == "length")


def _chunks(
    call: Callable[[Any, Callable[[Any], bool]], object], request: Any, timeout: float, name: str
) -> Stream[dict[str, Any], None, None]:
    """What a call reports to its callback, as a stream; the call ends soon after the stream is closed."""
    reports: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    given_up = threading.Event()

    def report(chunk: Any) -> bool:
        reports.put(chunk)
        return given_up.is_set()

    def run() -> None:
        try:
            call(request, report)
        finally:
            reports.put(None)

    threading.Thread(target=run, name="gguf").start()
    try:
        while (chunk := reports.get(timeout=timeout)) is not None:
            yield chunk
    except queue.Empty:
        raise GeneratorError(
            f"{name} said nothing for {timeout:g} s; ask again, or raise answer.timeout"
        ) from None
    finally:
        given_up.set()


def _advice(name: str, error: Any) -> str:
    said = " ".join(str(error.get("message", error)).split()) if isinstance(error, dict) else str(error)
    if "context" in said:
        return f"{name} cannot take that much text; lower answer.evidence_tokens: {said}"
    return f"{name} gave an error: {said}"
