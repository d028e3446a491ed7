"""A process under measurement, which says on its lines how far it is."""

import json
import subprocess
import threading
import time
from typing import Any

from eval.bench.start import child_environment
from eval.errors import BenchError


class Child:
    """A process whose lines are noted with the time at which they came."""

    def __init__(self, words: list[str]) -> None:
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=child_environment(),
        )
        self._steps: dict[str, float] = {}
        self._last: dict[str, Any] = {}
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def expect(self, step: str) -> float:
        """Wait for a step, and say when it came."""
        with self._news:
            self._news.wait_for(lambda: step in self._steps or self._process.poll() is not None, timeout=120)
        if step not in self._steps:
            self._process.kill()
            said = self._process.stderr.read()[-500:] if self._process.stderr else ""
            raise BenchError(f"a process of the bench ended before it was {step}: {said}")
        return self._steps[step]

    def when(self, step: str) -> float | None:
        """When a step came; None if it did not."""
        return self._steps.get(step)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self._process.kill()
        self._gone()

    def end(self) -> dict[str, Any]:
        """Close its input, wait, and return the last thing it said."""
        if self._process.stdin:
            self._process.stdin.close()
        self._gone()
        return self._last

    def _gone(self) -> None:
        self._process.wait(timeout=120)
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            with self._news:
                self._last = json.loads(line)
                self._steps.setdefault(str(self._last.get("step", "")), time.monotonic())
                self._news.notify_all()
        with self._news:
            self._news.notify_all()
