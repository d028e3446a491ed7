"""The parent's side of the parser process: one for a whole build, started with the first foreign file.

A file that kills the parser, or takes too long, is unreadable; the next one gets a fresh process. What
comes back is checked like any input, since a hostile file may have taken the process over.
"""

import json
import os
import selectors
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO

from index.errors import UnreadableSource
from index.formats.parsed import Parsed, from_plain
from index.limits import Limits
from index.parser_child import REPLY, REQUEST

# A stand-in for the package `index`: its own door would load numpy and pydantic, which takes longer than
# most files and reserves address space that the limit counts.
_START = """
import sys, types
package = types.ModuleType("index")
package.__path__ = [sys.argv[1]]
sys.modules["index"] = package
from index.parser_child import main
main()
"""
_STEP = 1 << 16
_SECRETS = ("KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIAL")
_LARGEST_BLOCK = 200
_SIGXCPU = 24


class ParserWorker:
    """Parses foreign files; use it in a `with` statement.

    Attributes:
        starts: How many processes were started so far.
        peak_mb: Most memory that a reply reported, resident.
    """

    def __init__(self, limits: Limits) -> None:
        """Nothing is started yet."""
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self.peak_mb = 0.0

    def __enter__(self) -> "ParserWorker":
        """The worker itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.close()

    def parse(self, suffix: str, data: bytes) -> Parsed:
        """One file as canonical text.

        Args:
            suffix: Of a foreign format in `READERS`.

        Raises:
            UnreadableSource: It is damaged, over a limit, or brought the parser down.
        """
        process = self._running()
        head = json.dumps({"suffix": suffix, "limits": asdict(self._limits)}).encode("ascii")
        deadline = time.monotonic() + self._limits.wall_seconds
        try:
            for part in (REQUEST.pack(len(head), len(data)), head, data):
                _write(process, part, deadline)
            reply = json.loads(self._reply(process, deadline))
            if not isinstance(reply, dict):
                raise ValueError("a reply that is no object")
            self.peak_mb = max(self.peak_mb, float(reply.get("peak_mb", 0)))
            if reply.get("last"):
                self.close()
            if "refused" in reply:
                raise UnreadableSource(_printable(str(reply["refused"])))
            return from_plain(reply["parsed"])
        except TimeoutError:
            self.close()
            raise UnreadableSource(
                f"took longer than {self._limits.wall_seconds} s to read (parser_wall_seconds)"
            ) from None
        except (OSError, EOFError):
            raise UnreadableSource(self._died()) from None
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            self.close()
            raise UnreadableSource(f"brought its parser to send nonsense: {error}") from error

    def close(self) -> None:
        """End the process; the next file starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # it still held a request that nobody reads any more
                    continue

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-B", "-c", _START, str(Path(__file__).parent)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                bufsize=0,
            )
            self.starts += 1
        return self._process

    def _reply(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        size = REPLY.unpack(self._read(process, REPLY.size, deadline))[0]
        # A character takes at most twelve bytes of JSON, and a block some two hundred.
        if size > (12 + _LARGEST_BLOCK) * self._limits.characters + _STEP:
            raise ValueError(f"a reply of {size} bytes")
        return self._read(process, size, deadline)

    def _read(self, process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        """Exactly `size` bytes of the reply.

        Raises:
            TimeoutError: They do not come in time.
            EOFError: The process has ended.
        """
        pipe = _pipe(process.stdout)
        parts = bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(pipe, selectors.EVENT_READ)
            while len(parts) < size:
                if not ready.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                part = os.read(pipe.fileno(), min(_STEP * 16, size - len(parts)))
                if not part:
                    raise EOFError
                parts += part
        return bytes(parts)

    def _died(self) -> str:
        process = self._process
        code = process.wait() if process is not None else 0
        self.close()
        if code == -_SIGXCPU:
            return f"took more than {self._limits.cpu_seconds} s of processor time (parser_cpu_seconds)"
        return (
            f"brought its parser down (exit {code}); it is damaged, hostile, or needs more than "
            f"{self._limits.memory_mb} MB (parser_memory_mb)"
        )


def _write(process: subprocess.Popen[bytes], data: bytes, deadline: float) -> None:
    """Hand over a part of a request.

    Raises:
        TimeoutError: It is not taken in time.
    """
    number = _pipe(process.stdin).fileno()
    os.set_blocking(number, False)
    left = memoryview(data)
    with selectors.DefaultSelector() as ready:
        ready.register(number, selectors.EVENT_WRITE)
        while left:
            if not ready.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            left = left[os.write(number, left) :]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise EOFError
    return pipe


def _environment() -> dict[str, str]:
    """Ours without what looks like a secret: the parser has no use for it."""
    return {
        name: value
        for name, value in os.environ.items()
        if not any(word in name.upper() for word in _SECRETS)
    }


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())[:500]
