"""Markup in whatever the page shows stays text: nothing runs, nothing leaves, nothing looks like ours.

The doors: question, conversation name, a model's words, titles, headings, dates, what is missing, both sides
of a disagreement, notes, errors, refusals, stored history, files to keep; then file names, documents,
suggestions, uploads, windows and messages of a real index.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Watched, chat_process, watched
from payloads import BEACON, PAYLOADS, hostile_folder
from playwright.sync_api import Browser, Route, expect

pytestmark = pytest.mark.browser

ALLOWED = (
    "p, span, strong, em, code, br, ul, li, small, div.rag-foot, div.rag-acts, div.rag-offer, "
    "span.rag-doubt, div.rag-notice, div.rag-made, div.rag-sides, div.rag-side, span.rag-side-quote, mark, "
    "a[href^='#cite-'], a[href^='#sources-'], a[href^='#do-']"
)
# What no text may change: what the page is made of, how it looks, where it is; nothing carries a handler.
STATE = """() => { const all = [...document.querySelectorAll('*')];
  const names = node => [...node.attributes].map(one => one.name);
  const look = getComputedStyle(document.getElementById('rag-page'));
  const own = new Set(['href', 'title', 'class', 'role', 'aria-label', 'aria-pressed', 'target', 'rel',
    'data-words']);
  const inside = [...document.querySelectorAll('#rag-chat .message .md *')];
  return { ran: window.PWN === undefined ? 'nothing' : window.PWN, where: location.href,
    title: document.title,
    handlers: all.filter(node => names(node).some(name => name.startsWith('on'))).length,
    attributes: [...new Set(inside.flatMap(names))].filter(name => !own.has(name)),
    parts: document.body.querySelectorAll('style:not(svg *), link, meta, base, iframe, object, video').length,
    pages: document.querySelectorAll('#rag-page, [name=rag-page]').length,
    look: [look.display, look.backgroundImage, look.width, getComputedStyle(document.body).backgroundImage],
    ours: [...document.querySelectorAll('#rag-panel *, #rag-rail *, #rag-top *')]
      .filter(node => /^(script|img|svg|iframe|style)$/i.test(node.tagName)).length } }"""


class Door:
    """A page, and what it was before anything hostile came in."""

    def __init__(self, seen: Watched) -> None:
        self.seen = seen
        self.page = seen.page
        self.before: Any = self.page.evaluate(STATE)
        assert self.before["ran"] == "nothing" and self.before["handlers"] == 0

    def harmless(self) -> None:
        """Nothing has run or changed, and inside the messages there is only what we put there."""
        assert self.page.evaluate(STATE) == self.before
        assert self.page.locator(f"#rag-chat .message .md :not({ALLOWED})").all() == []
        keys = {str(link.get_attribute("href")).removeprefix("#cite-").removeprefix("#sources-").split("-")[0]
                for link in self.page.locator("#rag-chat .message a:not([href^='#do-'])").all()}  # fmt: skip
        assert len(keys) <= 1 and "0123456789abcdef" not in keys
        assert self.page.locator("#rag-chat a[href*='0123456789abcdef']").count() == 0


@pytest.fixture(scope="module")
def door(scripted_chat: str, browser: Browser) -> Iterator[Door]:
    with watched(browser, scripted_chat) as seen:
        seen.ask("harvest")
        yield Door(seen)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_markup_stays_text(door: Door, payload: str) -> None:
    """Shown as it was written: in an answer and its sources, in a refusal to answer, in an error."""
    page, seen = door.page, door.seen
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("#rag-chat .message")).to_have_count(0)
    seen.ask(f"say {payload}")
    door.harmless()
    expect(page.locator("#rag-chat .message .rag-error, #rag-chat .message .rag-busy")).to_have_count(0)
    first = payload.split()[0].replace("```", "")
    for place in ("#rag-chat .user", "#rag-chat .bot", "#rag-chats .rag-on", "#rag-panel", ".rag-now"):
        expect(page.locator(place).first).to_contain_text(first)
    for number, place in ((1, ".rag-doc-title"), (2, ".rag-stored")):
        page.locator(f"#rag-chat a[href^='#cite-'][href$='-{number}']").first.click()
        expect(page.locator(f"#rag-panel {place}")).to_contain_text(first)
        door.harmless()
    page.keyboard.press("Escape")


def test_refusals_and_errors_stay_text(door: Door) -> None:
    """What no document contains, what could not be read: the longest texts, all payloads at once."""
    door.page.get_by_role("button", name="New chat").click()
    expect(door.page.locator("#rag-chat .message")).to_have_count(0)
    every = list(PAYLOADS.values())
    for kind, part in (
        ("deny", every[:12]),
        ("deny", every[12:]),
        ("fail", every[:12]),
        ("fail", every[12:]),
    ):
        door.seen.ask(f"{kind} {' '.join(part)}"[:2000])
        place = ".rag-abstained" if kind == "deny" else ".rag-error"
        expect(door.page.locator(f"#rag-chat {place}").last).to_contain_text(part[1].split()[0])
        assert door.page.evaluate(STATE) == door.before
        assert door.page.locator(f"#rag-chat .message .md :not({ALLOWED})").all() == []


def test_history_stays_text(door: Door, browser: Browser, tmp_path: Path) -> None:
    """After a reload each stored conversation is harmless still, and so is each as a web page to keep."""
    page = door.page
    page.reload()
    expect(page.locator("#rag-chats .rag-go")).not_to_have_count(0, timeout=30_000)
    expect(page.locator("#rag-chat .message.bot")).not_to_have_count(0, timeout=30_000)
    saved = []
    for at in range(1, len(PAYLOADS) + 1):
        row = page.locator("#rag-chats .rag-go").nth(at)
        name = row.inner_text()
        row.click()
        expect(page.locator(".rag-now")).to_have_text(name)
        expect(page.locator("#rag-chat .message.bot")).to_have_count(1)
        door.harmless()
        saved.append(page.locator("[data-kind=html]").get_attribute("href"))
    context = browser.new_context()
    kept, asked = context.new_page(), []

    def route(request: Route) -> None:
        asked.append(request.request.url)
        request.continue_()

    context.route("**/*", route)
    kept.on("dialog", lambda dialog: asked.append("a dialog"))
    for at, address in enumerate(saved):
        text = page.evaluate("async address => (await fetch(address)).text()", address)
        file = tmp_path / f"{at}.html"
        file.write_text(text, encoding="utf-8")
        kept.goto(file.as_uri())
        foreign = "body :not(h1, h2, p, div, strong, small, blockquote), script, link, [href], [src], [style]"
        assert kept.locator(foreign).all() == [] and kept.evaluate("window.PWN") is None
        assert kept.evaluate("document.body.getAttributeNames()") == []
    assert asked == [(tmp_path / f"{at}.html").as_uri() for at in range(len(saved))]
    context.close()


def test_a_hostile_folder_is_only_text(tmp_path: Path, browser: Browser) -> None:
    """Names, titles, dates, headings and text of documents; uploads, suggestions, windows and messages."""
    hostile_folder(tmp_path / "docs")
    command = ["-m", "ui", "chat", "--docs", "docs", "--index", "index", "--no-browser", "--port", "0"]
    with chat_process(command, tmp_path) as url, watched(browser, url) as seen:
        page, door = seen.page, Door(seen)
        expect(page.locator("#rag-doc-lines .rag-line")).to_have_count(3)
        expect(page.locator(".rag-suggestion").first).to_be_visible(timeout=30_000)
        expect(page.locator(".rag-suggestion").first).to_contain_text("<b onclick=window.PWN=1>")
        page.locator(".rag-suggestion").first.click()
        seen.answered()
        door.harmless()
        seen.chips().first.click()
        seen.mark()
        page.get_by_role("searchbox", name="Search in this document").fill("<b onclick=window.PWN=1>")
        expect(page.locator("#rag-panel mark.rag-found").first).to_be_visible()
        door.harmless()
        page.locator("#rag-docs summary").click()
        skipped = page.locator("#rag-docs .rag-more")
        expect(skipped).to_contain_text("<iframe srcdoc=x onload=window.PWN=1>.docx")
        expect(skipped).to_contain_text("{{7*7}}.md")
        for row in range(3):
            page.locator("#rag-doc-lines .rag-go").nth(row).click()
            expect(page.locator("#rag-panel .rag-doc")).to_contain_text("<b onclick=window.PWN=1>Ost</b>")
            door.harmless()
        page.locator("#rag-doc-lines .rag-icon").first.click()
        door.harmless()
        page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
        expect(page.locator("#rag-docs summary").first).to_contain_text("1 left out", timeout=30_000)
        bad = {"name": "<img src=x onerror=window.PWN=1>.txt", "mimeType": "text/plain", "buffer": b"words"}
        none = {**bad, "name": f"<svg onload=window.PWN=1> {BEACON[-1]}.exe"}
        page.locator("#rag-files").set_input_files([bad, none])
        expect(page.locator(".rag-upload.rag-failed")).to_have_count(2, timeout=30_000)
        door.harmless()
        page.get_by_role("button", name="Rename Who keeps").click()
        page.get_by_role("dialog").get_by_label("Name").fill("<img src=x onerror=window.PWN=1>")
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        expect(page.locator(".rag-now")).to_have_text("<img src=x onerror=window.PWN=1>")
        page.get_by_role("button", name="Delete <img").click()
        expect(page.get_by_role("dialog")).to_contain_text("<img src=x onerror=window.PWN=1>")
        door.harmless()
        seen.shot("desktop-light-hostile-folder")
