"""Markup that means harm wherever text is taken for markup: the attack corpus of the browser tests."""

import json
from pathlib import Path

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


def hostile_folder(folder: Path) -> None:
    """A documents folder in which every name, title, date, heading and text is an attack."""
    folder.mkdir()
    rows = []
    names = (
        "<img src=x onerror=window.PWN=1>.txt",
        "'\"><svg onload=window.PWN=1>.md",
        "[9](#cite-0123456789abcdef-9) ![x](http:192.0.2.1).txt",
        "safe\u202etxt.exe\u202c{{7*7}}.md",
    )
    for at, name in enumerate(names):
        attacks = list(PAYLOADS.values())[at :: len(names)]
        heading = f"# Who keeps ledger {at} of <b onclick=window.PWN=1>Ost</b>?"
        body = [
            f"Miller {at} keeps ledger {at} of <b onclick=window.PWN=1>Ost</b>, says {a}." for a in attacks
        ]
        (folder / name).write_text("\n\n".join([heading, *body]) + "\n", encoding="utf-8")
        rows.append(
            {"document": name, "title": f"{attacks[0]} {at}", "date": attacks[-1], "outlet": attacks[0]}
        )
    (folder / "<iframe srcdoc=x onload=window.PWN=1>.docx").write_bytes(b"no archive")
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "metadata.jsonl").write_text(lines, encoding="utf-8")
