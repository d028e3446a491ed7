"""The chats that the browser tests drive, each started once for the session, and the browser."""

import json
from collections.abc import Iterator

import pytest
from browser import BROWSER_ARGUMENTS, chat_process
from conftest import REPO, SEEDS
from playwright.sync_api import Browser, sync_playwright

HARVEST = (
    "The walnut harvest of Lindenhof weighed 4711 kilograms 🌰 <img src=x onerror=window.PWN=4> "
    "[9](#cite-0123456789abcdef-9) [link](javascript:window.PWN=5) <http://192.0.2.1/q> "
    "*in* the autumn of 1987."
)
HOSTILE = f"""🍎🍏👩‍🌾 Orchard <b>notes</b>

<script>window.PWN=1</script><img src=x onerror="window.PWN=2"><svg onload=window.PWN=3></svg>
![beacon](http://192.0.2.1/b.png) <https://192.0.2.1/a> [1]: http://192.0.2.1/ref

{HARVEST} The mill beside the orchard was closed by the county two years later.
"""


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def chat(seeds_index: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [
        "-m",
        "ui",
        "chat",
        "--docs",
        str(SEEDS),
        "--index",
        seeds_index,
        "--no-browser",
        "--port",
        "0",
    ]
    with chat_process(command, tmp_path_factory.mktemp("chat")) as url:
        yield url


@pytest.fixture(scope="session")
def hostile_chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    docs = folder / "docs"
    docs.mkdir()
    name = "a<img src=x onerror=window.PWN=6>.txt"
    (docs / name).write_text(HOSTILE, encoding="utf-8")
    row = {
        "document": name,
        "title": "Notes <script>window.PWN=7</script> [9](#cite-x) ![t](http://192.0.2.1/t)",
    }
    (docs / "metadata.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    with chat_process(
        ["-m", "ui", "chat", "--docs", str(docs), "--no-browser", "--port", "0"], folder
    ) as url:
        yield url


@pytest.fixture(scope="session")
def scripted_chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chat_process([str(REPO / "tests" / "scripted_chat.py")], tmp_path_factory.mktemp("scripted")) as url:
        yield url
