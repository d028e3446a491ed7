"""The report in a real browser: it opens without a network, obeys nothing, and shows what it should."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import BROWSER_ARGUMENTS
from playwright.sync_api import Browser, sync_playwright
from test_eval_outputs import whole_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        yield found
        found.close()


def test_the_report_opens_from_the_disk_and_obeys_nothing(tmp_path: Path, browser: Browser) -> None:
    """One request, no message on the console, the style accepted, the plots drawn, items that unfold."""
    path = tmp_path / "report.html"
    path.write_text(whole_page(tmp_path), encoding="utf-8")
    page = browser.new_context(offline=True).new_page()
    requests: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.goto(path.as_uri())
    assert requests == [path.as_uri()]
    assert told == []
    assert page.evaluate("getComputedStyle(document.querySelector('details')).borderRadius") == "6px"
    sizes = [box for svg in page.query_selector_all("svg") if (box := svg.bounding_box())]
    assert len(sizes) == 5
    assert all(box["width"] > 200 and box["height"] > 100 for box in sizes)
    item = page.locator("details", has_text="<script>alert(1)</script>").last
    item.locator("summary").click()
    assert item.locator("blockquote").first.is_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
    page.set_viewport_size({"width": 390, "height": 844})
    narrow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert narrow == 0, "a phone must not scroll sideways"
