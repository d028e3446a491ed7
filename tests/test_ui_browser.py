"""The chat as a person meets it: the real program in a real browser."""

import pytest
from browser import PHONE, api_ask, watched
from chats import HARVEST, HOSTILE
from conftest import SEEDS
from playwright.sync_api import Browser, expect

from rag.marks import unmarked

pytestmark = pytest.mark.browser

QUESTION = "How many additional troops were deployed?"
OFF_TOPIC = "Which enzyme breaks down lactose in milk?"


def test_the_page_opens_on_the_question(chat: str, browser: Browser) -> None:
    """The empty chat says what it knows and waits for a question."""
    with watched(browser, chat) as seen:
        expect(seen.page.locator("#rag-chat")).to_contain_text("5 documents in seeds")
        question = seen.page.locator(".rag-suggestion").first
        expect(question).to_be_visible(timeout=30_000)
        seen.shot("desktop-light-empty")
        question.click()
        expect(seen.page.locator("#rag-chat .message.bot")).to_have_count(1)
        seen.answered()
        assert seen.chips().count() >= 1


def test_every_citation_opens_its_exact_words(chat: str, browser: Browser) -> None:
    """A click on a citation shows the source with the words of the API's quote highlighted in view."""
    ended, answer = api_ask(chat, QUESTION)
    assert ended == "complete" and answer["status"] == "answered" and answer["citations"]
    with watched(browser, chat) as seen:
        seen.ask(QUESTION)
        seen.shot("desktop-light-answered")
        expect(seen.chips().first).to_be_visible()
        for citation in answer["citations"]:
            seen.page.locator(f"#rag-chat a[href$='-{citation['number']}'][href^='#cite-']").first.click()
            expect(seen.page.locator("#rag-panel mark")).to_have_text(citation["quote"], use_inner_text=False)
            text = (SEEDS / citation["document"]).read_bytes().decode()
            assert seen.mark() == citation["quote"] == text[citation["start"] : citation["end"]]
        seen.shot("desktop-light-source")


def test_the_sources_are_listed_and_open_too(chat: str, browser: Browser) -> None:
    """Each number of the answer is a card beside it and shows its words; the card opens the document."""
    with watched(browser, chat) as seen:
        seen.ask(QUESTION)
        numbers = {chip.text_content() for chip in seen.chips().all()}
        cards = seen.page.locator("#rag-panel .rag-card:has(.rag-number)")
        assert {card.locator(".rag-number").text_content() for card in cards.all()} == numbers
        peek = seen.page.locator("#rag-peek")
        seen.chips().first.hover()
        expect(peek).to_contain_text(cards.first.locator(".rag-quote").inner_text())
        assert seen.audit() == []
        seen.shot("desktop-light-peek")
        seen.page.keyboard.press("Escape")
        expect(peek).to_have_count(0)
        cards.first.click()
        assert seen.mark()


def test_the_document_closes_and_focus_returns(chat: str, browser: Browser) -> None:
    """Esc closes the document and puts the focus back on the citation that opened it."""
    with watched(browser, chat) as seen:
        seen.ask(QUESTION)
        chip = seen.chips().first
        chip.focus()
        seen.page.keyboard.press("Enter")
        seen.page.locator("#rag-panel mark").wait_for()
        seen.page.keyboard.press("Escape")
        expect(seen.page.locator("#rag-panel mark")).to_have_count(0)
        expect(chip).to_be_focused()
        if seen.chips().count() > 1:
            seen.page.keyboard.press("ArrowRight")
            expect(seen.chips().nth(1)).to_be_focused()
        seen.page.keyboard.press("]")
        seen.page.locator("#rag-panel mark").wait_for()
        seen.page.keyboard.press("/")
        expect(seen.page.locator("#rag-question textarea")).to_be_focused()


def test_an_off_topic_question_is_not_answered(chat: str, browser: Browser) -> None:
    """Where the documents hold nothing, the page says so, without a single citation."""
    with watched(browser, chat) as seen:
        seen.ask(OFF_TOPIC)
        expect(seen.page.locator(".rag-abstained")).to_contain_text("The documents do not say.")
        expect(seen.chips()).to_have_count(0)
        if seen.page.locator("#rag-panel .rag-card").count():
            expect(seen.page.locator("#rag-panel .rag-hint")).to_contain_text("do not answer the question")
        seen.shot("desktop-light-abstained")


def test_a_phone_shows_sources_in_a_sheet(chat: str, browser: Browser) -> None:
    """At 390 pixels nothing scrolls sideways; a citation raises the sheet and Esc lowers it."""
    with watched(browser, chat, viewport=PHONE, has_touch=True, is_mobile=True) as seen:
        side = seen.page.locator("#rag-side")
        expect(side).not_to_be_visible()
        seen.ask(QUESTION)
        seen.shot("phone-light-answered")
        seen.chips().first.tap()
        assert seen.mark()
        expect(side).to_be_visible()
        assert seen.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        seen.shot("phone-light-source")
        seen.page.keyboard.press("Escape")
        expect(side).not_to_be_visible()


def test_the_theme_is_the_system_s_until_chosen(chat: str, browser: Browser) -> None:
    """A dark system gives a dark page; the button changes it and the choice outlives a reload."""
    with watched(browser, chat, color_scheme="dark") as seen:
        page = seen.page
        background = "getComputedStyle(document.body).backgroundColor"
        dark = page.evaluate(background)
        seen.ask(QUESTION)
        seen.chips().first.click()
        assert seen.mark()
        seen.shot("desktop-dark-source")
        page.get_by_role("button", name="Light theme").click()
        assert page.evaluate(background) != dark
        page.reload()
        expect(page.get_by_role("button", name="Dark theme")).to_be_visible()
        assert page.evaluate(background) != dark


def test_a_hostile_document_is_only_text(hostile_chat: str, browser: Browser) -> None:
    """Markup in text, title and file name is shown as written, runs nothing and fetches nothing."""
    ended, answer = api_ask(hostile_chat, "How much did the walnut harvest of Lindenhof weigh?")
    assert ended == "complete" and answer["status"] == "answered", answer
    citation = answer["citations"][0]
    with watched(browser, hostile_chat) as seen:
        seen.ask("How much did the walnut harvest of Lindenhof weigh?")
        seen.shot("desktop-light-hostile")
        message = seen.page.locator("#rag-chat .message.bot").last
        for literal in unmarked(HARVEST).split(" "):  # only our own markers stand in square brackets
            expect(message).to_contain_text(literal)
        allowed = "p, span, strong, em, code, br, a[href^='#cite-'], a[href^='#sources-'], div.rag-foot"
        allowed += ", div.rag-acts, a[href^='#do-']"
        assert message.locator(f".md :not({allowed})").count() == 0
        hrefs = {chip.get_attribute("href") for chip in seen.chips().all()}
        assert all(not str(href).startswith("#cite-0123456789abcdef") for href in hrefs)
        seen.chips().first.click()
        assert seen.mark() == citation["quote"] == HOSTILE[citation["start"] : citation["end"]]
        expect(seen.page.locator("#rag-panel")).to_contain_text("<script>window.PWN=1</script>")
        assert seen.page.locator("#rag-panel :is(script, img, svg, a:not(.rag-original))").count() == 0
        seen.shot("desktop-light-hostile-source")
        assert seen.inert()


def test_a_hostile_question_is_only_text(chat: str, browser: Browser) -> None:
    """The user's own turn is shown literally as well."""
    hostile = "<img src=x onerror=window.PWN=1> ![a](http://192.0.2.1/x.png) [c](#cite-x) **troops**?"
    with watched(browser, chat) as seen:
        seen.ask(hostile)
        expect(seen.page.locator("#rag-chat .message.user")).to_contain_text(hostile)
        assert seen.page.locator("#rag-chat .message.user :is(img, strong, a)").count() == 0
        assert seen.inert()


def test_a_follow_up_keeps_the_conversation(chat: str, browser: Browser) -> None:
    """A second question leaves the first answer in place, with citations that still open."""
    with watched(browser, chat) as seen:
        seen.ask(QUESTION)
        first = seen.chips().first.get_attribute("href")
        seen.ask("Who sent them?")
        expect(seen.page.locator("#rag-chat .message.user")).to_have_count(2)
        expect(seen.page.locator("#rag-chat .message.bot")).to_have_count(2)
        seen.page.locator(f"a[href='{first}']").first.click()
        assert seen.mark()
        seen.shot("desktop-light-follow-up")
        seen.page.get_by_role("button", name="New chat").click()
        expect(seen.page.locator("#rag-chat .message")).to_have_count(0)


def test_a_copied_answer_is_text_with_its_sources(scripted_chat: str, browser: Browser) -> None:
    """What lands in the clipboard is what a reader sees, numbers and sources included, and no markup."""
    with watched(browser, scripted_chat, permissions=["clipboard-read", "clipboard-write"]) as seen:
        seen.ask("harvest")
        seen.act("copy")
        expect(seen.page.locator("#rag-toast")).to_contain_text("copied")
        copied = seen.page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("The harvest weighed 47 tons.[1] The mill closed in 1987.[2]")
        assert "\n[3] Orchard notes: Nobody kept the key." in copied and "#cite" not in copied
