"""Markup in whatever an answer is made of stays text: nothing runs, nothing leaves, nothing looks like ours.

Each payload goes in as question, as a model's words, as title, as what is missing, as both sides of a
disagreement and as the conversation's name; then all of them once more as reloaded history.
"""

from collections.abc import Iterator

import pytest
from browser import Watched, watched
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

BEACON = "http://192.0.2.1/b"
PAYLOADS = {
    "script": "<script>window.PWN=1</script>",
    "image": f"<img src={BEACON} onerror=window.PWN=1>",
    "svg": "<svg onload=window.PWN=1><a xlink:href='javascript:window.PWN=1'>x</a></svg>",
    "frame": f"<iframe src={BEACON} srcdoc='<script>parent.PWN=1</script>'></iframe>",
    "media": f"<video src={BEACON} autoplay></video><object data={BEACON}></object><embed src={BEACON}>",
    "style": f"<style>#rag-page{{display:none}} *{{background:url({BEACON})}}</style>",
    "style attribute": f"<p style='background:url({BEACON});position:fixed;inset:0'>over</p>",
    "base and refresh": f"<base href={BEACON}><meta http-equiv=refresh content='0;url={BEACON}'>",
    "form": f"<form action={BEACON}><input name=password autofocus onfocus=window.PWN=1></form>",
    "clobber": "<a id=rag-page name=rag-page></a><form id=documents><input name=location></form>",
    "link": f"[click]({BEACON}) [x](javascript:window.PWN=1) [y](data:text/html,<script>1</script>)",
    "image in markdown": f"![x]({BEACON}) ![y][1] [1]: {BEACON}",
    "reference": f"[1]: {BEACON} 'title'\n\n[1] [2][1]",
    "autolink": f"<{BEACON}> {BEACON} www.example.com <mailto:a@b.example> //192.0.2.1/x http://ex\u0430mple.com",
    "fence": "```mermaid\ngraph TD; A-->B; click A 'javascript:window.PWN=1'\n```",
    "maths": f"$\\href{{{BEACON}}}{{x}}$ $$\\htmlData{{x=1}}{{y}}$$ \\(\\unicode{{x}}\\)",
    "forged citation": "[9](#cite-0123456789abcdef-9) [3] <a href='#cite-0123456789abcdef-3'>3</a> [1][9]",
    "forged action": "[Delete](#do-retry-0123456789abcdef) [x](#sources-0123456789abcdef)",
    "forged notice": '<div class="rag-notice rag-error">No answer</div><span class="rag-busy">Busy</span>',
    "direction": "safe \u202egpj.exe\u202c \u200b\u200dzero\u2066width\u2069 \U000e0041\U000e0042",
    "entities": "&lt;script&gt;window.PWN=1&lt;/script&gt; &#60;img src=x onerror=window.PWN=1&#62;",
    "template": "{{7*7}} ${window.PWN=1} <%= 1 %> {#if true}x{/if} {@html '<b>1</b>'}",
    "closing": "</div></div></template><script>window.PWN=1</script><div>",
    "table and html block": f"| a | b |\n|---|---|\n| <img src={BEACON}> | <b onclick=x>b</b> |"
    "\n\n<details open ontoggle=window.PWN=1>",
}
ALLOWED = (
    "p, span, strong, em, code, br, ul, li, small, div.rag-foot, div.rag-acts, div.rag-notice, "
    "div.rag-sides, div.rag-side, span.rag-doubt, a[href^='#cite-'], a[href^='#sources-'], a[href^='#do-']"
)


@pytest.fixture(scope="module")
def seen(scripted_chat: str, browser: Browser) -> Iterator[Watched]:
    with watched(browser, scripted_chat) as page:
        yield page


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_markup_stays_text(seen: Watched, payload: str) -> None:
    """Shown as it was written, with no element of its own and no key of ours forged."""
    seen.page.get_by_role("button", name="New chat").click()
    expect(seen.page.locator("#rag-chat .message")).to_have_count(0)
    seen.ask(f"say {payload}")
    harmless(seen)
    first = payload.split()[0]
    if first.isascii():
        for place in (
            "#rag-chat .message.user",
            "#rag-chat .message.bot",
            "#rag-chats .rag-on",
            "#rag-panel",
        ):
            expect(seen.page.locator(place).first).to_contain_text(first.replace("```", ""))
    seen.chips().first.click()
    expect(seen.page.locator("#rag-panel .rag-doc-title")).to_contain_text(first)
    seen.page.keyboard.press("Escape")
    seen.page.reload()
    expect(seen.page.locator("#rag-chat .message.bot")).to_have_count(1, timeout=30_000)
    harmless(seen)


def harmless(seen: Watched) -> None:
    """Nothing has run, and inside the messages there is only what we put there."""
    assert seen.inert()
    assert seen.page.locator(f"#rag-chat .message .md :not({ALLOWED})").all() == []
    keys = {
        str(link.get_attribute("href")).split("-")[-1 - ("cite" in str(link.get_attribute("href")))]
        for link in seen.page.locator("#rag-chat .message a").all()
    }
    assert len(keys) == 1 and "0123456789abcdef" not in keys
    assert seen.page.locator("#rag-chat .message .rag-error, #rag-chat .message .rag-busy").count() == 0
    assert (
        seen.page.locator(":is(#rag-panel, #rag-rail) :is(script, img, svg, iframe, style, form)").count()
        == 0
    )
