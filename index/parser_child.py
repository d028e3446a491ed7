"""The parser process: reads one file after the other from a pipe, under limits it sets on itself.

Covered: address space, processor time, open files, no writing of files, no core dump, and no network or
new process from Python code. Not covered: what native code does by system calls of its own.
A request is two lengths, a JSON head and the file's bytes; a reply is a length and JSON. No pickle.
"""

import json
import os
import struct
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from index.errors import RagError
from index.formats import READERS
from index.formats.parsed import Parsed, to_plain
from index.limits import Limits

REQUEST = struct.Struct(">IQ")
REPLY = struct.Struct(">Q")
_OPEN_FILES = 64
_MEGABYTE = 1 << 20
_REFUSED = frozenset(
    """socket.connect socket.bind socket.getaddrinfo socket.sendto socket.sendmsg subprocess.Popen
    os.system os.exec os.posix_spawn os.fork urllib.Request""".split()
)


class _NotHere(PermissionError):
    """A parser tried to reach out."""


def main() -> None:
    """Serve requests until the pipe closes."""
    source = sys.stdin.buffer
    # What a library prints must not get between the replies.
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _ignore_interrupts()
    sys.addaudithook(_refuse)
    while head := source.read(REQUEST.size):
        described, size = REQUEST.unpack(head)
        request = json.loads(source.read(described))
        reply = _answer(request["suffix"], source.read(size), Limits(**request["limits"]))
        _send(target, reply)
        if reply.get("last"):
            return


def _answer(suffix: str, data: bytes, limits: Limits) -> dict[str, Any]:
    _limit(limits)
    reader = READERS[suffix]
    try:
        read = getattr(import_module(f"index.formats.{reader.module}"), reader.function)
        parsed: Parsed = read(data, limits)
        reply: dict[str, Any] = {"parsed": to_plain(parsed)}
    except RagError as error:
        reply = {"refused": str(error)}
    except MemoryError:
        # What is left of the memory is in pieces: end, and let the next file have a fresh process.
        reply = {
            "refused": f"needs more than {limits.memory_mb} MB to be read (parser_memory_mb)",
            "last": True,
        }
    except RecursionError:
        reply = {"refused": "is nested too deeply"}
    except Exception as error:  # hostile input makes libraries raise anything at all
        told = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        reply = {"refused": f"cannot be read as {reader.name}: {told}"}
    reply["peak_mb"] = _peak_mb()
    reply["last"] = reply.get("last", False) or reply["peak_mb"] > limits.memory_mb / 2
    return reply


def _send(target: BinaryIO, reply: dict[str, Any]) -> None:
    data = json.dumps(reply).encode("ascii")
    target.write(REPLY.pack(len(data)))
    target.write(data)
    target.flush()


def _limit(limits: Limits) -> None:
    """Bounds for the next file; the processor time counts from now."""
    try:
        import resource
    except ImportError:  # not a POSIX system: the parent's clock is all there is
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_seconds
    for kind, bound in (
        (resource.RLIMIT_AS, limits.memory_mb * _MEGABYTE),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        try:
            resource.setrlimit(kind, (bound if hard < 0 else min(bound, hard), hard))
        except (ValueError, OSError):  # a system that does not know this bound
            continue


def _peak_mb() -> float:
    """Most memory this process held so far, resident; 0 where the system does not tell."""
    try:
        # Not getrusage: on Linux its peak goes over from the process that started this one.
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(line.split()[1]) / 1e3


def _ignore_interrupts() -> None:
    import signal

    # Ctrl-C reaches the whole group; the parent decides, and closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event in _REFUSED:
        raise _NotHere(f"a parser may not do this: {event}")
