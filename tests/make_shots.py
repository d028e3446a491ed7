"""Makes the README's pictures anew: `python tests/make_shots.py` from the checkout's root.

They show the sample documents in a real browser, at a fixed size. The tests keep a picture of every other
state where RAG_SHOTS names a folder.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent))

from browser import BROWSER_ARGUMENTS, DESKTOP, PHONE, Watched, chat_process, watched
from checks import find_browser
from conftest import REPO, SEEDS

SHOTS = REPO / "ui" / "shots"
ASKED = "What reason did the United States give for bombing China's embassy in Belgrade?"
UNKNOWN = "How much did the new embassy building cost?"
COLOURS = 192


def keep(seen: Watched, name: str) -> None:
    """Keep a picture, with as few colours as show no difference."""
    seen.page.mouse.move(0, 0)
    seen.page.wait_for_timeout(700)  # for what fades
    file = SHOTS / f"{name}.png"
    seen.page.screenshot(path=file)
    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(file, optimize=True)


def open_source(seen: Watched) -> None:
    """Open the first source that disagrees with another."""
    seen.page.locator("#rag-chat .rag-conflict a[href^='#cite-']").first.click()
    expect(seen.page.locator("#rag-panel mark.rag-cited")).to_be_in_viewport()


def make(browser: Browser, url: str) -> None:
    """All six pictures."""
    with watched(browser, url, viewport=DESKTOP) as seen:
        expect(seen.page.locator(".rag-suggestion").first).to_be_visible(timeout=60_000)
        keep(seen, "welcome")
        seen.ask(ASKED)
        keep(seen, "answer")
        open_source(seen)
        keep(seen, "source")
        seen.page.keyboard.press("Escape")
        seen.ask(UNKNOWN)
        keep(seen, "not-in-the-documents")
    with watched(browser, url, viewport=DESKTOP, color_scheme="dark") as seen:
        seen.ask(ASKED)
        keep(seen, "dark")
    with watched(browser, url, viewport=PHONE, has_touch=True, is_mobile=True) as seen:
        seen.ask(ASKED)
        open_source(seen)
        keep(seen, "phone")


def main() -> None:
    """Start the chat over the sample documents, and take the pictures."""
    command = ["-m", "ui", "chat", "--docs", str(SEEDS), "--no-browser", "--port", "0"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGUMENTS)
        with chat_process(command, Path(folder)) as url:
            make(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
