"""Starting the chat in a process of its own, and driving it with a real browser."""

import json
import os
import selectors
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from conftest import REPO, SHOTS
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect

START_SECONDS = 180
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What axe looks for: WCAG 2.2 to level AA, and good practice.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def chat_process(command: list[str], folder: Path) -> Iterator[str]:
    """Start a chat and give its address; it is ended with the block."""
    path = os.pathsep.join([os.environ["PYTHONPATH"], str(REPO)])
    errors = folder / "chat.stderr"
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-P", *command],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path, "RAG_HOME": str(folder / "rag-home")},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        try:
            yield _address(process, errors)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            assert process.stdout is not None
            process.stdout.close()


def _address(process: "subprocess.Popen[str]", errors: Path) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        end = time.monotonic() + START_SECONDS
        while process.poll() is None and selector.select(max(0, end - time.monotonic())):
            line = process.stdout.readline()
            if line.startswith("Chat: "):
                return line.removeprefix("Chat: ").strip()
    raise AssertionError(f"the chat did not start: {errors.read_text()[-2000:]}")


@dataclass(frozen=True)
class Reply:
    """An HTTP response."""

    status: int
    headers: Mapping[str, str]
    body: str


def http(url: str, data: object = None, **headers: str) -> Reply:
    """GET, or POST of JSON, without any proxy; a refusal is a reply like any other."""
    body = None if data is None else json.dumps(data).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **names})
    try:
        with _DIRECT.open(request, timeout=60) as response:
            return Reply(response.status, response.headers, response.read().decode())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Reply(refusal.code, refusal.headers, refusal.read().decode())


def api_ask(url: str, question: object, history: object = None) -> tuple[str, Any]:
    """The page's own `/ask`: how it ended (`complete` or `error`) and what came back."""
    return api_end(api_begin(url, question, history))


def api_begin(url: str, question: object, history: object = None) -> str:
    """Put a question to `/ask`; returns where its answer will be."""
    begun = http(f"{url}/gradio_api/call/ask", {"data": [question, history]})
    assert begun.status == 200, begun
    return f"{url}/gradio_api/call/ask/{json.loads(begun.body)['event_id']}"


def api_end(address: str) -> tuple[str, Any]:
    """Wait for an answer: how it ended and what came back."""
    lines = http(address).body.splitlines()
    events = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    data = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    return events[-1], data[-1][0] if events[-1] == "complete" else data[-1]


@dataclass
class Watched:
    """A page, with what it must not do: leave this machine, or complain."""

    page: Page
    left: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, question: str, *, wait: bool = True) -> None:
        """Type a question and press Enter; by default wait for the end of the answer."""
        before = self.page.locator("#rag-chat .message.bot").count()
        box = self.page.locator("#rag-question textarea")
        box.fill(question)
        box.press("Enter")
        if wait:
            expect(self.page.locator("#rag-chat .message.bot")).to_have_count(before + 1, timeout=60_000)
            self.answered()

    def answered(self) -> None:
        """Wait for the end of the answer."""
        expect(self.page.locator(".rag-busy")).to_have_count(0, timeout=60_000)
        expect(self.page.locator("#rag-question .submit-button")).to_be_visible(timeout=60_000)

    def chips(self) -> Locator:
        """The citations on the page."""
        return self.page.locator("#rag-chat a[href^='#cite-']")

    def mark(self) -> str:
        """The highlighted text, once it is inside the viewport and not under anything."""
        mark = self.page.locator("#rag-panel mark.rag-cited")
        expect(mark).to_be_in_viewport()
        # A parent that clips would leave it "in view" by its rectangle alone: look at the pixel.
        seen = mark.evaluate(
            """node => { const box = node.getClientRects()[0];
            const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            return at === node }"""
        )
        assert seen
        return mark.text_content() or ""

    def shot(self, name: str) -> None:
        """Keep a picture, where RAG_SHOTS names a folder."""
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(SHOTS) / f"{name}.png")

    def audit(self) -> list[str]:
        """What axe finds wrong with the page as it is: rule and place of each violation."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe_script())
        call = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"
        found = self.page.evaluate(call, AXE_TAGS)["violations"]
        return [
            f"{one['id']}: {node['target']} {node['html'][:200]}" for one in found for node in one["nodes"]
        ]

    def act(self, what: str) -> None:
        """Click an action under the latest answer."""
        self.page.locator(f"#rag-chat a[href^='#do-{what}-']").last.click()

    def inert(self) -> bool:
        """Whether nothing planted has run."""
        return bool(self.page.evaluate("window.PWN === undefined"))


@cache
def axe_script() -> str:
    """The accessibility checker that runs inside the page."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@contextmanager
def watched(browser: Browser, url: str, **options: Any) -> Iterator[Watched]:
    """A new context on the chat; at its end nothing has left the machine and nothing has complained."""
    context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **options})
    page = context.new_page()
    seen = Watched(page)

    def route(request: Route) -> None:
        parts = urlsplit(request.request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(url).netloc:
            seen.left.append(request.request.url)
            request.abort()
        else:
            request.continue_()

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and "Method not implemented." not in message.text:
            seen.complaints.append(message.text)

    context.route("**/*", route)
    page.on("console", console)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (seen.complaints.append("a dialog opened"), dialog.dismiss()))
    try:
        page.goto(url)
        expect(page.locator("#rag-question textarea")).to_be_focused(timeout=60_000)
        page.locator("#rag-panel .rag-hint").first.wait_for(state="attached")
        yield seen
        assert (seen.left, seen.complaints) == ([], [])
    finally:
        context.close()
