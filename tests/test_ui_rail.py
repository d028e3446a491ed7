"""The list of documents beside the chat: told apart, filtered, opened, left out and taken in again."""

from pathlib import Path

import pytest
from browser import Watched, chat_process, watched
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser


def test_a_folder_document_is_only_left_out(tmp_path: Path, browser: Browser) -> None:
    """The page says so, the file stays, and it can be taken in again."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "one.txt").write_text("The first lantern is green.\n", encoding="utf-8")
    (tmp_path / "docs" / "two.txt").write_text("The second lantern is red.\n", encoding="utf-8")
    for year in range(2013, 2025):
        text = f"# Rules\n\nThe rules of {year}.\n"
        (tmp_path / "docs" / f"rules {year}.md").write_text(text, encoding="utf-8")
    command = ["-m", "ui", "chat", "--docs", "docs", "--index", "index", "--no-browser", "--port", "0"]
    with chat_process(command, tmp_path) as url, watched(browser, url) as seen:
        page = seen.page
        expect(page.locator("#rag-doc-lines .rag-line")).to_have_count(14)
        # Twelve documents are called "Rules": their files tell them apart.
        expect(page.locator("#rag-doc-lines .rag-go").nth(2)).to_contain_text("rules 2014.md")
        look_for_what_is_not_there(seen)
        page.locator("#rag-doc-lines .rag-go", has_text="one.txt").click()
        expect(page.locator("#rag-panel .rag-doc")).to_contain_text("first lantern")
        page.get_by_role("button", name="Remove one.txt").click()
        expect(page.get_by_role("dialog")).to_contain_text("The file stays in the documents folder")
        assert seen.audit() == []
        page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
        expect(page.locator("#rag-docs summary")).to_contain_text("1 left out", timeout=60_000)
        expect(page.locator("#rag-panel")).not_to_contain_text("first lantern")
        seen.ask("Which colour is the first lantern?")
        expect(page.locator("#rag-chat .message.bot").last).not_to_contain_text("green")
        page.locator("#rag-docs summary").click()
        page.get_by_role("button", name="Take in one.txt").click()
        expect(page.locator("#rag-doc-lines .rag-line")).to_have_count(14, timeout=60_000)
    assert (tmp_path / "docs" / "one.txt").exists()


def look_for_what_is_not_there(seen: Watched) -> None:
    """A filter without a match, a paste that is cut and a program that does not answer are told."""
    page = seen.page
    page.get_by_placeholder("Filter").fill("zzz")
    expect(page.locator("#rag-doc-lines")).to_have_text("No document has these words in its name.")
    page.get_by_placeholder("Filter").fill("")
    page.locator("#rag-question textarea").evaluate(
        """box => { const data = new DataTransfer();
        data.setData("text", "word ".repeat(2000));
        box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true})) }"""
    )
    expect(page.locator("#rag-toast")).to_contain_text("at most 2000 characters")
    page.route("**/rag/source/*", lambda route: route.abort())
    page.locator("#rag-doc-lines .rag-go", has_text="two.txt").click()
    expect(page.locator("#rag-panel .rag-alert")).to_contain_text("does not answer")
    page.unroute("**/rag/source/*")
    seen.complaints.clear()
