"""Every state of the chat, on a desktop and a phone, light and dark: what it says; axe finds nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from browser import DESKTOP, PHONE, Watched, api_begin, api_end, http, watched
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

SCREENS: dict[str, dict[str, Any]] = {
    "desktop-light": {"viewport": DESKTOP},
    "desktop-dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone-light": {"viewport": PHONE, "has_touch": True, "is_mobile": True},
    "phone-dark": {"viewport": PHONE, "has_touch": True, "is_mobile": True, "color_scheme": "dark"},
}


@pytest.fixture(params=SCREENS)
def screen(
    request: pytest.FixtureRequest, scripted_chat: str, browser: Browser
) -> Iterator[tuple[str, Watched]]:
    with watched(browser, scripted_chat, **SCREENS[request.param]) as seen:
        yield request.param, seen


def look(screen: tuple[str, Watched], state: str) -> None:
    """Keep a picture of a state, nothing wrong with it and nothing wider than the screen."""
    name, seen = screen
    seen.shot(f"{name}-{state}")
    assert seen.audit() == [], state
    width = seen.page.viewport_size
    assert width and seen.page.evaluate("document.documentElement.scrollWidth") <= width["width"], state


def test_states_of_an_answer(screen: tuple[str, Watched]) -> None:
    """Empty, answered, a source, its list, weak support, partly answered, in disagreement, not answered."""
    seen = screen[1]
    page, chat, side = seen.page, seen.page.locator("#rag-chat"), seen.page.locator("#rag-panel")
    expect(chat).to_contain_text("1 document in orchard")
    look(screen, "empty")
    seen.ask("doubt about a follow up")
    expect(chat).to_contain_text("Partly supported; the source does not give this figure: 47")
    expect(chat).to_contain_text("understood as")
    look(screen, "doubt")
    seen.chips().first.click()
    assert seen.mark() == "The harvest weighed 47 tons."
    look(screen, "source")
    page.keyboard.press("Escape")
    seen.ask("partial conflict")
    expect(chat.locator(".rag-missing")).to_contain_text("the price of a ton")
    expect(chat.locator(".rag-conflict a[href^='#cite-']")).to_have_count(2)
    expect(chat.locator("strong", has_text="47 tons").first).to_be_visible()
    look(screen, "partial-conflict")
    chat.get_by_role("button", name="3 sources").last.click()
    expect(side.locator(".rag-says")).to_have_count(2)
    look(screen, "sources-disagree")
    page.keyboard.press("Escape")
    seen.ask("abstain")
    expect(chat.locator(".rag-abstained").last).to_contain_text("Searched 1 document")
    look(screen, "abstained")


def test_states_of_the_page(screen: tuple[str, Watched]) -> None:
    """Streaming, stopped, failed, the windows, the rail."""
    name, seen = screen
    page, chat = seen.page, seen.page.locator("#rag-chat")
    seen.ask("slow question", wait=False)
    expect(seen.chips()).to_have_count(1)
    look(screen, "streaming")
    page.get_by_role("button", name="Stop").click()
    expect(chat.locator(".rag-stopped")).to_contain_text("not complete")
    assert 1 <= seen.chips().count() < 3
    seen.answered()
    seen.ask("broken")
    expect(chat.locator(".rag-error").last).to_contain_text("rag index --repair")
    look(screen, "stopped-and-error")
    seen.ask("crash")
    expect(chat.locator(".rag-error").last).to_contain_text("something went wrong")
    expect(chat).not_to_contain_text("secret")
    seen.ask("next question")
    seen.act("down")
    expect(page.get_by_role("dialog")).to_be_visible()
    look(screen, "feedback")
    page.get_by_role("button", name="Cancel").click()
    if "phone" in name:
        page.get_by_role("button", name="Chats and documents").click()
    expect(page.locator("#rag-chats .rag-on")).to_be_visible()
    look(screen, "rail")


def test_a_new_question_stands_in_view(scripted_chat: str, browser: Browser) -> None:
    """Wherever the reader has scrolled to; but an answer that comes takes nobody away from what they read."""
    with watched(browser, scripted_chat, **SCREENS["phone-light"]) as seen:
        log = seen.page.locator("#rag-chat [role=log]")
        for question in ("partial conflict", "conflict again"):
            seen.ask(question)
        seen.page.mouse.move(200, 300)
        seen.page.mouse.wheel(0, -2000)
        expect(seen.page.locator("#rag-chat .message.user").first).to_be_in_viewport()
        seen.ask("partial conflict, slow", wait=False)
        expect(seen.chips()).to_have_count(5 + 5 + 1)
        expect(seen.page.locator("#rag-chat .message.user").last).to_be_in_viewport()
        seen.page.mouse.wheel(0, -2000)
        expect(seen.page.locator("#rag-chat .message.user").first).to_be_in_viewport()
        seen.answered()
        assert log.evaluate("node => node.scrollTop") == 0
        seen.chips().first.click()
        assert seen.mark()
        seen.page.go_back()
        expect(seen.page.locator("#rag-side")).not_to_be_visible()
        expect(seen.page.locator("#rag-chat .message.user")).to_have_count(3)


def test_a_busy_chat_says_how_many_are_ahead(scripted_chat: str, browser: Browser) -> None:
    """Behind twenty clients the place in line is told; a full line is an error that says so."""
    with watched(browser, scripted_chat) as seen, ThreadPoolExecutor(40) as pool:
        chat = seen.page.locator("#rag-chat")
        waiting = [api_begin(scripted_chat, "hold") for _ in range(20)]
        seen.ask("harvest", wait=False)
        expect(chat.locator(".rag-busy")).to_have_text("Busy: 17 ahead of you…", timeout=10_000)
        seen.shot("desktop-light-busy")
        waiting += [api_begin(scripted_chat, "hold") for _ in range(20)]
        with watched(browser, scripted_chat) as late:
            late.ask("too late")
            expect(late.page.locator("#rag-chat .rag-error")).to_contain_text("the chat is busy")
            expect(late.page.get_by_role("button", name="Try again")).to_be_visible()
            late.shot("desktop-light-full")
            assert late.audit() == []
            assert http(f"{scripted_chat}/rag/index", {}).status == 200
            ended = list(pool.map(api_end, waiting))
            assert [how for how, _ in ended] == ["complete"] * 35 + ["error"] * 5
            assert all("32 questions are waiting" in str(told) for _, told in ended[35:])
            seen.answered()
            assert seen.chips().count() == 3
            late.page.get_by_role("button", name="Try again").click()
            expect(late.chips()).to_have_count(3)


def test_a_source_that_has_changed_since_is_not_highlighted(scripted_chat: str, browser: Browser) -> None:
    """The stored words are shown as such, and the card says so too."""
    with watched(browser, scripted_chat) as seen:
        seen.ask("change the document")
        expect(seen.page.locator("#rag-panel .rag-changed").first).to_contain_text("Changed or removed")
        seen.chips().first.click()
        expect(seen.page.locator("#rag-panel .rag-alert")).to_contain_text(
            "was changed since the answer. It still holds these words"
        )
        expect(seen.page.locator("#rag-panel .rag-stored")).to_have_text("The harvest weighed 47 tons.")
        assert seen.page.locator("#rag-panel mark").count() == 0
        expect(seen.page.locator("#rag-chat a.rag-stale")).to_have_count(3)
        expect(seen.page.locator("#rag-chat .rag-outdated")).to_contain_text("changed or removed since")
        assert seen.audit() == []
        seen.shot("desktop-light-stale")
