"""What a person does beside asking: keep conversations, rate, search, add and remove documents, sign in."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import PHONE, Watched, chat_process, watched
from conftest import REPO, SEEDS, RunRag
from playwright.sync_api import Browser, Route, expect

from ui.drafts import NAME as DRAFTS
from ui.users import add_user

pytestmark = pytest.mark.browser

KEY = b"The brass key hangs behind the mill door.\n"
LONG = "".join(f"Line {n} of the chronicle tells of year {1000 + n}.\n" for n in range(6000))


@pytest.fixture
def own_chat(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A chat over an empty folder, and the folder."""
    (tmp_path / "docs").mkdir()
    command = ["-m", "ui", "chat", "--docs", "docs", "--index", "index", "--no-browser", "--port", "0"]
    with chat_process(command, tmp_path) as url:
        yield url, tmp_path


def rows(seen: Watched) -> list[str]:
    return seen.page.locator("#rag-doc-lines .rag-go").all_inner_texts()


def confirm(seen: Watched, label: str) -> None:
    seen.page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()


def test_documents_are_added_replaced_and_removed(own_chat: tuple[str, Path], browser: Browser) -> None:
    """From an empty folder to an answer out of a dropped file, and back, without writing the folder."""
    url, folder = own_chat
    with watched(browser, url) as seen:
        page = seen.page
        expect(page.locator(".rag-welcome")).to_contain_text("Add a document to begin")
        expect(page.get_by_role("button", name="Add documents")).to_be_visible()
        seen.shot("desktop-light-no-documents")
        assert seen.audit() == []
        page.get_by_role("button", name="Try the sample documents").click()
        expect(page.locator(".rag-upload.rag-done")).to_have_count(5, timeout=60_000)
        expect(page.locator(".rag-welcome")).to_contain_text("What would you like to know?")
        page.get_by_role("button", name="Clear finished").click()
        seen.ask("Where is the brass key?")
        expect(page.locator(".rag-abstained")).to_be_visible()
        key = {
            "name": "notes.txt",
            "mimeType": "text/plain",
            "buffer": b"The brass key hangs behind the mill door.\n",
        }
        bad = {"name": "tool.exe", "mimeType": "text/plain", "buffer": b"MZ"}
        page.locator("#rag-files").set_input_files([key, bad])
        expect(page.locator(".rag-upload.rag-done")).to_contain_text("Added", timeout=60_000)
        expect(page.locator(".rag-upload.rag-failed")).to_contain_text(".exe is not read")
        seen.shot("desktop-light-added")
        assert seen.audit() == []
        seen.ask("Where does the brass key hang?")
        expect(page.locator("#rag-chat .message.bot").last).to_contain_text("behind the mill door")
        seen.chips().last.click()
        assert seen.mark() == "The brass key hangs behind the mill door."
        drop(seen, "notes.txt", "The brass key lies under the stone now.\n")
        expect(page.locator(".rag-upload.rag-done")).to_contain_text("Replaced", timeout=60_000)
        seen.chips().last.click()
        expect(page.locator("#rag-panel .rag-alert")).to_contain_text("no longer holds these words")
        page.get_by_role("button", name="Open the document as it is now").click()
        expect(page.locator("#rag-panel .rag-doc")).to_contain_text("under the stone now")
        page.reload()
        expect(page.locator("#rag-chat a.rag-stale")).to_have_count(1, timeout=60_000)
        expect(page.locator("#rag-chat .rag-outdated")).to_contain_text("changed or removed since")
        seen.shot("desktop-light-outdated")
        assert seen.audit() == []
        drop(seen, "LONG.md", LONG)
        # Long enough to be met on its way; the sample documents may be encoded between two looks.
        expect(page.locator(".rag-upload .rag-facts", has_text="Encoding").first).to_be_visible(
            timeout=60_000
        )
        seen.shot("desktop-light-encoding")
        expect(page.locator("#rag-doc-lines")).to_contain_text("LONG.md", timeout=60_000)
        page.get_by_role("button", name="Remove uploads/notes.txt").click()
        confirm(seen, "Remove")
        expect(page.locator("#rag-doc-lines")).not_to_contain_text("notes.txt", timeout=60_000)
        seen.chips().last.click()
        expect(page.locator("#rag-panel .rag-stored")).to_have_text(
            "The brass key hangs behind the mill door."
        )
        expect(page.locator("#rag-panel .rag-alert")).to_contain_text("removed or left out")
        expect(page.locator("#rag-panel .rag-original")).to_have_count(0)
        page.get_by_role("button", name="Sources", exact=True).click()
        look_into_a_long_document(seen)
    assert list((folder / "docs").iterdir()) == []


def drop(seen: Watched, name: str, text: str) -> None:
    """Drop a file onto the page."""
    seen.page.evaluate(
        """([name, text]) => { const data = new DataTransfer();
        data.items.add(new File([text], name, {type: "text/plain"}));
        for (const kind of ["dragenter", "dragover", "drop"])
          document.body.dispatchEvent(
            new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true})) }""",
        [name, text],
    )


def look_into_a_long_document(seen: Watched) -> None:
    """Only a part is loaded; the rest comes on demand, and the search finds what is not loaded."""
    page = seen.page
    page.locator("#rag-doc-lines .rag-go", has_text="LONG.md").click()
    document = page.locator("#rag-panel .rag-doc-page")
    expect(document).to_contain_text("Line 0 of")
    expect(document).not_to_contain_text("Line 5999 of")
    page.get_by_role("button", name="Show more below").click()
    expect(document).to_contain_text("Line 600 of")
    page.get_by_role("searchbox", name="Search in this document").fill("year 6995")
    expect(page.locator("#rag-panel mark.rag-here")).to_be_in_viewport()
    expect(page.locator("#rag-panel .rag-find .rag-count")).to_have_text("1 of 1")
    assert seen.audit() == []
    seen.shot("desktop-light-find")


def test_conversations_are_kept(tmp_path: Path, browser: Browser) -> None:
    """Across a reload and a restart of the program; with another name; until they are deleted."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "one.txt").write_text("The first lantern is green.\n", encoding="utf-8")
    command = ["-m", "ui", "chat", "--docs", "docs", "--index", "index", "--no-browser", "--port", "0"]
    with chat_process(command, tmp_path) as url, watched(browser, url) as seen:
        seen.ask("Which colour is the first lantern?")
        seen.page.reload()
        expect(seen.page.locator("#rag-chat .message.bot")).to_contain_text("green", timeout=30_000)
        seen.page.get_by_role("button", name="Rename Which colour").click()
        seen.page.get_by_role("dialog").get_by_label("Name").fill("Lanterns <b>")
        confirm(seen, "Save")
        expect(seen.page.locator(".rag-now")).to_have_text("Lanterns <b>")
    with chat_process(command, tmp_path) as url, watched(browser, url) as seen:
        page = seen.page
        page.get_by_role("button", name="Lanterns <b>", exact=True).click()
        expect(page.locator("#rag-chat .message.bot")).to_contain_text("green")
        seen.chips().first.click()
        assert seen.mark() == "The first lantern is green."
        page.get_by_role("button", name="Delete Lanterns").click()
        confirm(seen, "Delete")
        expect(page.locator("#rag-chats")).to_contain_text("Your conversations are kept here.")
        expect(page.locator("#rag-chat .message")).to_have_count(0)


def test_answers_are_rated_retried_edited_and_saved(scripted_chat: str, browser: Browser) -> None:
    """Thumbs with a reason, a draft of a test question, another try, another question, three files."""
    with watched(browser, scripted_chat) as seen:
        page, chat = seen.page, seen.page.locator("#rag-chat")
        seen.ask("harvest")
        seen.act("up")
        expect(chat.get_by_role("button", name="Good answer", pressed=True)).to_be_visible()
        seen.act("down")
        page.get_by_label("It is wrong").check()
        page.get_by_role("dialog").get_by_label("In your words").fill("it was 48")
        confirm(seen, "Save as test question")
        expect(page.locator("#rag-toast")).to_contain_text("draft of a test question")
        expect(chat.get_by_role("button", name="Bad answer", pressed=True)).to_be_visible()
        seen.act("retry")
        seen.answered()
        expect(chat.locator(".message.bot")).to_have_count(1)
        seen.act("edit")
        box = page.locator("#rag-question textarea")
        expect(box).to_have_value("harvest")
        box.fill("mill")
        box.press("Enter")
        expect(chat.locator(".message.user")).to_have_text(["mill"])
        seen.answered()
        for kind, start in (("Markdown", "# "), ("Web page", "<!doctype html>"), ("JSON", "{")):
            page.locator(".rag-share summary").click()
            with page.expect_download() as download:
                page.get_by_role("link", name=kind).click()
            assert download.value.suggested_filename.startswith("harvest.")
            text = download.value.path().read_text(encoding="utf-8")
            assert text.startswith(start) and "The harvest weighed 47 tons." in text
        assert seen.audit() == []


def test_the_rail_is_a_drawer_on_a_phone(scripted_chat: str, browser: Browser) -> None:
    """It opens from the button, takes the focus, and closes by Esc, which gives the focus back."""
    with watched(browser, scripted_chat, viewport=PHONE, has_touch=True, is_mobile=True) as seen:
        left, menu = (
            seen.page.locator("#rag-left"),
            seen.page.get_by_role("button", name="Chats and documents"),
        )
        expect(left).not_to_be_visible()
        menu.tap()
        expect(left).to_be_visible()
        seen.page.keyboard.press("Escape")
        expect(left).not_to_be_visible()
        expect(menu).to_be_focused()


def test_a_draft_reaches_the_disk(tmp_path: Path, browser: Browser) -> None:
    """One click after the thumb; the line names the question and never gates."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "one.txt").write_text("The first lantern is green.\n", encoding="utf-8")
    add_user(tmp_path / "users", "ann", "correct horse")
    command = ["-m", "ui", "chat", "--docs", "docs", "--index", "index", "--no-browser", "--port", "0",
               "--auth", "users"]  # fmt: skip
    with chat_process(command, tmp_path) as url:
        context = browser.new_context()
        page = context.new_page()
        page.goto(url)
        sign_in = Watched(page)
        assert sign_in.audit() == []
        sign_in.shot("desktop-light-sign-in")
        page.get_by_label("Name").fill("ann")
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#rag-question textarea")).to_be_visible(timeout=60_000)
        state = context.storage_state()
        context.close()
        with watched(browser, url, storage_state=state) as seen:
            seen.ask("Which colour is the first lantern?")
            seen.act("down")
            confirm(seen, "Save as test question")
            expect(seen.page.locator("#rag-toast")).to_contain_text("draft")
            expect(seen.page.locator(".rag-user")).to_contain_text("ann")
            seen.page.get_by_role("button", name="Sign out").click()
            expect(seen.page.get_by_role("button", name="Sign in")).to_be_visible()
    item = json.loads((tmp_path / "index" / DRAFTS).read_text(encoding="utf-8"))
    assert (item["question"], item["gate"]) == ("Which colour is the first lantern?", "info")


def test_nothing_is_made_by_another_machine(scripted_chat: str) -> None:
    """The page's own files name no other machine."""
    for file in (REPO / "ui" / "assets").iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, file


def test_older_conversations_are_shown_when_asked_for(scripted_chat: str, browser: Browser) -> None:
    """A button below the list, for as long as there are more."""

    def listed(route: Route) -> None:
        most = int(route.request.url.partition("most=")[2])
        chats = [{"id": f"{n:016x}", "title": f"chat {n}", "changed": 0} for n in range(min(most, 300))]
        route.fulfill(json={"chats": chats, "older": most < 300, "user": ""})

    with watched(browser, scripted_chat) as seen:
        seen.page.route("**/rag/chats?most=*", listed)
        seen.ask("harvest")
        lines = seen.page.locator("#rag-chats .rag-go")
        expect(lines).to_have_count(200)
        seen.page.get_by_role("button", name="Show older").click()
        expect(lines).to_have_count(300)
        expect(seen.page.get_by_role("button", name="Show older")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 640, 901])
def test_no_width_scrolls_sideways(scripted_chat: str, browser: Browser, width: int) -> None:
    """A small phone, a desktop at 200 %, and the narrowest desktop; every control can be reached."""
    with watched(browser, scripted_chat, viewport={"width": width, "height": 600}) as seen:
        seen.ask("conflict")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.audit() == []
        seen.shot(f"width-{width}")


def test_the_bench_measures_a_real_chat(run_rag: RunRag) -> None:
    """A first page with its processor time, nobody failing among twenty, a wait that is a wait."""
    done = run_rag("bench", "chat", "--docs", SEEDS, "--runs", 3, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["failed"] == 0 and report["clients"] == 20 and len(report["waits"]) == 3
    assert 0 < report["median"] < 5
    assert report["page_cpu"] is None or report["page_cpu"] > 0.5
