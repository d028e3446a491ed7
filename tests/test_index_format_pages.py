"""Pages built like those of many kinds of sites: the body is kept whole, and what stands around it is not."""

import pytest

from index.formats import html_pages
from index.limits import Limits

SAID = [
    "The council met on Tuesday in the old hall and spoke for three hours about the bridge.",
    "The engineers said that the pillars are sound but the deck must be replaced.",
    "People who live on the far side will get a bus every ten minutes.",
    "The work is to begin in March and to end before the first snow.",
]
PROSE = "".join(f"<p>{one} {other}</p>" for one, other in zip(SAID, reversed(SAID), strict=True))
NAV = "<nav><ul><li><a href=/>Front page</a><li><a href=/s>Sport</a><li><a href=/w>Weather</a></ul></nav>"
COOKIES = "<div id=cookie-banner><p>We use cookies to give you the best of all pages.</p></div>"
RELATED = (
    "<section class=related><h3>More</h3><ul><li><a href=/1>Ferry firm adds three boats</a></ul></section>"
)
COMMENTS = "<div id=comments><div class=comment><p>I think this is a waste of money.</p></div></div>"
FOOT = "<footer><p>Copyright 2024 Example News Ltd. All rights reserved.</p></footer>"
AROUND = ["Sport", "We use cookies", "Ferry firm", "waste of money", "All rights reserved"]
POSTS = [
    "My radiator is cold at the top and I do not know how to bleed it. Which key do I need?",
    "Use a square key of five millimetres and turn it slowly to the left until you hear a hiss.",
    "Put a cloth under it first, because the water that comes out is black.",
    "When water comes, close it again. Then check the pressure, which should be near 1.5 bar.",
]
FAQ = [
    ("How do I return a parcel?", "Print the label and bring the parcel to any post office in a month."),
    ("When do I get my money?", "Five days after the parcel has reached us."),
    ("Can I change the size?", "Yes, write the new size on the slip."),
]
PAGES = {
    "news": (f"{NAV}{COOKIES}<main><h1>Bridge</h1>{PROSE}</main>{RELATED}{COMMENTS}", SAID),
    "captions": (
        f"{NAV}<main><h1>Bridge</h1>{PROSE}<figure><img src=a><figcaption>The deck seen from the bank"
        f"</figcaption></figure>{PROSE.replace('The', 'Once the')}</main>",
        [*SAID, "The deck seen from the bank"],
    ),
    "documentation": (
        f"<div class=sidebar><a href=/a>Sport</a></div><div><h1>Keys</h1>{PROSE}<h2>Example</h2>"
        "<div class=code><pre>port = 9000\nhome = here</pre></div><p>A key that is unknown is an error.</p>"
        f"<div class=note><p>Never share the file of keys.</p></div>{PROSE.replace('The', 'Then the')}</div>",
        [*SAID, "port = 9000\nhome = here", "unknown is an error", "Never share the file of keys."],
    ),
    "forum": (
        NAV
        + "<div id=content><h1>Radiator</h1>"
        + "".join(f"<div class=post><div><a href=u>bo</a></div><div><p>{p}</p></div></div>" for p in POSTS)
        + "</div>",
        POSTS,
    ),
    "comments that are the body": (
        f"{NAV}<main><h1>Ask: a cold radiator</h1><ul class=comment-list>"
        + "".join(f"<li class=comment><div class=comment-text><p>{post}</p></div></li>" for post in POSTS)
        + "</ul></main>",
        POSTS,
    ),
    "questions on buttons": (
        f"{NAV}<main><h1>Help</h1>"
        + "".join(f"<div><button>{q}</button><div class=a><p>{a}</p></div></div>" for q, a in FAQ)
        + "</main>",
        [text for pair in FAQ for text in pair],
    ),
    "an infobox": (
        f"{NAV}<main><h1>Old Bridge</h1><table class=infobox><tr><th colspan=2>Old Bridge</tr>"
        f"<tr><th>Length<td>120 m</tr><tr><th>Opened<td>1901</tr></table>{PROSE}</main>",
        [*SAID, "Length: 120 m", "Opened: 1901"],
    ),
    "a recipe": (
        f"{NAV}<main><h1>Rye bread</h1>{PROSE}<div class=recipe-card><h2>Ingredients</h2><ul>"
        "<li>500 g rye flour<li>1 tsp salt</ul><h2>Method</h2><ol><li>Mix it all.<li>Bake it.</ol></div>"
        f"{PROSE.replace('The', 'So the')}</main>",
        [*SAID, "Ingredients", "500 g rye flour", "1 tsp salt", "Mix it all.", "Bake it."],
    ),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_keeps_its_body(kind: str) -> None:
    """All that its author wrote is indexed; menus, banners, related stories and footers are marked."""
    page, body = PAGES[kind]
    html = f"<!doctype html><html><head><title>{kind}</title></head><body>{page}{FOOT}</body></html>"
    parsed = html_pages.read(html.encode(), Limits())
    kept = "\n".join(parsed.text[b.start : b.end] for b in parsed.blocks if b.verdict == "body")
    assert [text for text in body if text not in kept] == []
    assert [text for text in AROUND if text in kept] == []


def test_names_of_character_sets_mean_what_browsers_take_them_for() -> None:
    """Pages said to be Latin-1 hold the quotation marks and the euro of the Windows set."""
    page = "<html><head><meta charset=iso-8859-1></head><body><p>He said “done” for 5 €.</p></body></html>"
    parsed = html_pages.read(page.encode("cp1252"), Limits())
    assert parsed.text == "He said “done” for 5 €."
    assert parsed.note.startswith("read as cp1252, as it declares iso-8859-1")
