"""What the chat adds to an answer's own time, in a real browser, and how it bears many clients at once.

Runs `rag chat` in a process of its own and drives it with a browser (the extra `dev` holds the driver). A
wait is from Enter to the first visible word of the answer, less the time that the answer's record states.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import UsageError
from index.extras import require

if TYPE_CHECKING:
    from playwright.sync_api import Page

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PATIENCE = 60
# When the answer's first citation or its end is on the page, from the moment Enter was pressed.
_WATCH = """() => { window.ragBench = new Promise(resolve => {
  const began = performance.now(), seen = document.querySelectorAll('#rag-chat .message.bot').length;
  const look = () => { const all = document.querySelectorAll('#rag-chat .message.bot');
    if (all.length > seen && all[all.length - 1].querySelector("a[href^='#cite-'], .rag-notice, .rag-acts"))
      resolve(performance.now() - began); else requestAnimationFrame(look); };
  look(); }); }"""


@dataclass(frozen=True, slots=True)
class ChatReport:
    """All times in seconds.

    Attributes:
        page_cpu: Processor time of the program from its start to its first page; None where the system
            does not tell.
        page_wall: The same by the clock.
        waits: From Enter to the first visible word, less the answer's own time, for each question.
        median: Of the waits.
        clients: How many asked at once.
        failed: How many of them got no answer.
        slowest: When the last of them had its answer.
    """

    page_cpu: float | None
    page_wall: float
    waits: tuple[float, ...]
    median: float
    clients: int
    failed: int
    slowest: float

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON types."""
        return asdict(self)


def bench_chat(
    questions: Sequence[str], docs: Path | None = None, *, runs: int = 20, clients: int = 20
) -> ChatReport:
    """Start the chat, time the first page, ask `runs` questions in a browser, then many at once.

    Raises:
        MissingExtra: The browser's driver is not installed.
        UsageError: There is no browser, or the chat did not start.
    """
    playwright = require("playwright.sync_api", "dev")
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise UsageError("no browser found; install chromium")
    with _chat(docs) as (url, page_cpu, page_wall):
        with playwright.sync_playwright() as driver:
            found = driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
            page = found.new_page()
            page.goto(url)
            page.locator("#rag-question textarea").wait_for()
            _wait(page, questions[0])  # the first question loads the encoder
            waits = tuple(_wait(page, questions[n % len(questions)]) for n in range(runs))
            found.close()
        began = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            ends = list(pool.map(lambda n: _answered(url, questions[n % len(questions)]), range(clients)))
        slowest = time.perf_counter() - began
    median = statistics.median(waits)
    return ChatReport(page_cpu, page_wall, waits, median, clients, ends.count(False), slowest)


def _wait(page: "Page", question: str) -> float:
    box = page.locator("#rag-question textarea")
    box.fill(question)
    page.evaluate(_WATCH)
    box.press("Enter")
    seconds = float(page.evaluate("window.ragBench")) / 1000
    page.locator("#rag-question .submit-button").wait_for()
    address = "'/rag/chats/' + sessionStorage['rag-chat'] + '/export.json'"
    exported = page.evaluate(f"fetch({address}).then(reply => reply.json())")
    timings = exported["turns"][-1]["answer"]["trace"]["timings"]
    return max(0.0, seconds - float(sum(timings.values())))


def _answered(url: str, question: str) -> bool:
    """Whether the page's own `/ask` gives an answer."""
    call = f"{url}/gradio_api/call/ask"
    body = json.dumps({"data": [question, None]}).encode()
    request = urllib.request.Request(call, body, {"Content-Type": "application/json"})
    try:
        with _open(request) as reply:
            event = json.load(reply)["event_id"]
        with _open(urllib.request.Request(f"{call}/{event}")) as reply:
            return b"event: complete" in reply.read()
    except OSError:
        return False


def _open(request: urllib.request.Request) -> Any:
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=_PATIENCE)


@contextmanager
def _chat(docs: Path | None) -> Iterator[tuple[str, float | None, float]]:
    """A chat in a process of its own: its address, and what its first page cost."""
    command = [sys.executable, "-m", "ui", "chat", "--no-browser", "--port", "0"]
    command += ["--docs", str(docs)] if docs else []
    path = os.pathsep.join(filter(None, [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH")]))
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("Chat: "):
            raise UsageError("the chat did not start; run `rag chat` to see why")
        url = line.removeprefix("Chat: ").strip()
        with _open(urllib.request.Request(url)) as reply:
            reply.read()
        yield url, _cpu(process.pid), time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _cpu(process: int) -> float | None:
    """Processor time of a process and of the children it has waited for; where the system tells it."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
