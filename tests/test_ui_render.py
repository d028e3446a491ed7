"""Rendering: whatever a text holds, the page shows it and only our own markup is markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from scripted_chat import answer, citations

from rag.records import Answer, Citation, Conflict, ConflictValue, Sentence, ShortAnswer, Support, Trace
from ui.messages import turn_markdown
from ui.render import TITLE_LIMIT, chip, lines, literal, marked, prose, said, visible
from ui.turns import new_turn

KEY = "0123456789abcdef"
OUR_TAG = re.compile(
    r"</?(?:strong|em|code|ul|li|div|br)>|</?span>|"
    r'<div class="rag-(?:foot|side|sides|notice rag-[a-z]+)">|<span class="rag-(?:doubt|busy)">'
)
VERBATIM = Support("supported", "verbatim")
MODEL_MADE = Support("partly", "figure", 0.5, ("<b>12</b>",))
# Pieces that mean something to a Markdown or HTML parser, between any characters at all.
PIECES = st.sampled_from(
    [
        *"< > & \" ' ` ``` ~~~ * ** _ # ## - + 1. 1) | = [ ] ( ) !".split(),
        *"![ ]( ]: :// www. @ \\ &lt; &#60; {{x}} $ $$".split(),
        *"<script> </script> <!-- --> http://a.example a@b.example [9](#cite-x) ![x](http://a.example)".split(),
        *[
            "<img src=x>",
            "<a href=x>",
            "[1]: http://a.example",
            "javascript:x",
            "\n",
            "\n\n",
            "\r\n",
            "\t",
            "    ",
        ],
        *["\u202e", "\u200b", "\u2028", "\U000e0041", "\ud83d", "🍎", "é", "ا"],
    ]
)
HOSTILE = st.lists(st.one_of(PIECES, st.characters(), st.text(max_size=6)), max_size=14).map("".join)


def answer_markdown(given: Answer, key: str) -> str:
    return turn_markdown(new_turn(key, given.question).done(given))


class Page(HTMLParser):
    """What a browser would make of the Markdown."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        self.feed(parser.render(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def squeezed(text: str) -> str:
    return "".join(text.split())


def only_ours(markdown: str) -> None:
    rest = OUR_TAG.sub("", markdown)
    assert "<" not in rest and ">" not in rest
    assert "://" not in rest and "www." not in rest and "@" not in rest
    assert "![" not in rest and "]:" not in rest
    assert re.findall(r"\]\((?!#cite-|#sources-)", rest) == []


@given(HOSTILE)
def test_literal_text_is_shown_and_nothing_else(text: str) -> None:
    """The characters come out as they went in, and no markup with them."""
    out = literal(text)
    only_ours(out)
    page = Page(out)
    assert page.tags <= {"p"} and page.links == []
    assert squeezed(page.text) == squeezed(visible(text))
    only_ours(lines(text))


@given(HOSTILE)
def test_model_prose_makes_no_link_and_no_image(text: str) -> None:
    """Emphasis, code and list marks survive from a model's Markdown; nothing else does."""
    out = prose(text)
    only_ours(out)
    page = Page(out)
    assert page.tags <= {"p", "strong", "em", "code", "br"} and page.links == []


@given(st.lists(HOSTILE, min_size=1, max_size=3), HOSTILE, HOSTILE, st.sampled_from([VERBATIM, MODEL_MADE]))
def test_citations_are_those_of_the_answer(
    texts: list[str], title: str, quote: str, support: Support
) -> None:
    """Every link is one of this answer's citations, whatever the texts, titles and quotes hold."""
    cited = {1: citation(1, title, quote), 2: citation(2, quote, title)}
    sentences = [Sentence(text, (1, 2, 3), support) for text in texts]
    out = said(sentences, cited, KEY, ShortAnswer(texts[0][:2], 0, 0, 2))
    only_ours(re.sub(r'\(#cite-[0-9a-f]{16}-\d "[^"]*"\)', "(#cite-)", out))
    page = Page(out)
    assert set(page.links) <= {f"#cite-{KEY}-1", f"#cite-{KEY}-2"}
    assert page.links.count(f"#cite-{KEY}-1") == len(texts)


@given(HOSTILE, st.sampled_from(["answered", "partial", "abstained"]))
def test_a_whole_answer_holds_only_our_markup(text: str, status: str) -> None:
    """Every field of an answer that a document or a model can fill."""
    hostile = answer(
        text,
        status,
        query=text + "?",
        missing=(text,),
        conflicts=(Conflict(text, text, (ConflictValue(text, 1, text), ConflictValue(text, 9, None))),),
        trace=Trace("x", "0", 1, 1, unknown_words=(text,)),
        sentences=(Sentence(text, (1, 9), MODEL_MADE),) if status != "abstained" else (),
        short_answer=None,
    )
    page = Page(answer_markdown(hostile, KEY))
    assert page.tags <= {"p", "strong", "em", "code", "br", "a", "div", "span", "ul", "li", "small"}
    allowed = {f"#cite-{KEY}-{c.number}" for c in hostile.citations} | {f"#sources-{KEY}"}
    allowed |= {f"#do-{what}-{KEY}" for what in ("copy", "up", "down", "retry", "edit")}
    assert set(page.links) <= allowed


def citation(number: int, title: str, quote: str) -> Citation:
    return Citation(number, "d.txt", "0" * 64, title, 0, 1, quote, 0, 1, None, None, None, 0.5)


def test_a_chip_is_a_link_with_title_and_quote() -> None:
    """The chip names its source, so that a pointer or a screen reader can say it."""
    assert chip(KEY, citation(1, "Title", "Some words")) == f'[1](#cite-{KEY}-1 "Title&#58; Some words")'


def test_a_chip_s_title_is_bounded() -> None:
    """A quote of any length gives a title of at most the limit."""
    page = Page(chip(KEY, citation(1, "T", "word " * 200)))
    assert page.links == [f"#cite-{KEY}-1"]
    shown = re.search(r'"(.*)"', chip(KEY, citation(1, "T", "word " * 200)))
    assert shown is not None and len(shown[1].replace("&#58;", ":")) == TITLE_LIMIT


def test_the_short_answer_is_bold_within_its_sentence() -> None:
    """Offsets into the sentence; where they do not fit the words, nothing is bold."""
    out = said([Sentence("It weighed 47 tons.", (), VERBATIM)], {}, KEY, ShortAnswer("47 tons", 0, 11, 18))
    assert out == "It weighed <strong>47 tons</strong>&#46;"
    assert "<strong>" not in said(
        [Sentence("Other.", (), VERBATIM)], {}, KEY, ShortAnswer("47 tons", 0, 11, 18)
    )


def test_a_verbatim_sentence_is_not_markdown() -> None:
    """Asterisks of the source stay asterisks; those of a model are emphasis."""
    assert Page(said([Sentence("5 *3* 2", (), VERBATIM)], {}, KEY)).text.strip() == "5 *3* 2"
    out = said([Sentence("5 *3* 2", (), Support("supported", "coverage"))], {}, KEY)
    assert Page(out).tags == {"p", "em"} and Page(out).text.strip() == "5 3 2"


def test_rows_and_items_stand_on_lines_of_their_own() -> None:
    """Eight table rows in one paragraph cannot be read; sentences stay together."""
    texts = ["boat: Otter; state: sold", "a) stay with the boat,", "It sank.", "Nobody swam. "]
    out = said([Sentence(text, (), VERBATIM) for text in texts], {}, KEY)
    assert [Page(part).text.strip() for part in out.split("\n\n")] == [*texts[:2], "It sank. Nobody swam."]


def test_code_keeps_its_lines_and_indents() -> None:
    """Code folded into one line is another text."""
    out = said([Sentence("def f(x):\n    return *x*\n", (), VERBATIM)], {}, KEY)
    page = Page(out)
    assert page.tags == {"p", "code", "br"} and out.count("<br>") == 1
    assert page.text.strip() == "def f(x):" + "\xa0" * 4 + "return *x*"


def test_an_abstention_has_no_citation() -> None:
    """It says so plainly, names the unknown words, and points to the closest passages."""
    out = answer_markdown(answer("q", "abstained", missing=("abstain", "the price")), KEY)
    assert "Not stated: the price." in out
    assert "The documents do not say." in out
    assert "No document contains: abstain." in out
    assert "#cite-" not in out and f"[3 closest passages](#sources-{KEY})" in out


def test_a_partial_answer_names_what_is_missing() -> None:
    """The supported part, then what the documents do not hold."""
    out = answer_markdown(answer("q", "partial"), KEY)
    assert out.index("#cite-") < out.index("Not stated in the documents:") < out.index("the price of a ton")


def test_a_disagreement_shows_both_sides() -> None:
    """Each value with its own citation and its date where known."""
    page = Page(answer_markdown(answer("conflict"), KEY))
    assert "One document itself gives different values (harvest)" in page.text
    assert "47 tons" in page.text and "1988" in page.text
    assert page.links.count(f"#cite-{KEY}-1") == 2


def test_sides_of_one_title_are_told_apart_by_their_files() -> None:
    """Two editions of a document often share their title."""
    kinds = {"q": ("a.txt", "b.txt"), "other": ("a.txt", "a.txt")}
    for (first, second), named in zip(kinds.values(), (True, False), strict=True):
        cited = tuple(
            replace(citation(number, "Safety rules", "Two."), document=document)
            for number, document in ((1, first), (2, second))
        )
        values = (ConflictValue("2", 1, None), ConflictValue("3", 2, None))
        page = Page(
            answer_markdown(
                answer("conflict", citations=cited, conflicts=(Conflict("number", "x", values),)), KEY
            )
        )
        assert ("Safety rules · b.txt" in page.text) is named


def test_weak_support_is_said_in_words() -> None:
    """A sentence that its source carries only in part says so, and what is missing."""
    out = said([Sentence("x", (1,), MODEL_MADE)], {1: citations()[0]}, KEY)
    assert "Partly supported; the source does not give this figure: &#60;b&#62;12&#60;&#47;b&#62;" in out


def test_confidence_is_shown_only_where_calibrated() -> None:
    """No figure without a calibration."""
    assert "confidence" not in answer_markdown(answer("q"), KEY)
    assert "confidence 83 %" in answer_markdown(answer("q", confidence=0.83), KEY)


def test_the_query_is_shown_where_it_differs() -> None:
    """A completed follow-up is shown as it was understood."""
    assert "understood as" not in answer_markdown(answer("q"), KEY)
    assert "understood as “the whole q”" in answer_markdown(answer("q", query="the whole q"), KEY)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb\u200bc\u00ad", "abc"),
        ("x\U000e0041\U000e0042y", "xy"),
        ("👩‍🌾 🏴\U000e0067\U000e0062\U000e007f", "👩‍🌾 🏴\U000e0067\U000e0062\U000e007f"),
        ("می‌خواهم", "می‌خواهم"),
        ("a\u200db", "ab"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("bell\x07", "bell"),
    ],
)
def test_invisible_characters_are_not_displayed(text: str, shown: str) -> None:
    """Controls, tags and zero-width characters go; joiners that scripts and emoji need stay."""
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "value", "told"),
    [
        ("It weighed 47  Tons, all told.", "47 tons", ["47  Tons"]),
        ("Closed on 3 May 1987.", "1987-05-03 May", ["May"]),
        ("It weighed 470 tons.", "47", []),
        ("No word of it.", "", []),
    ],
)
def test_the_value_is_marked_in_its_quote(text: str, value: str, told: list[str]) -> None:
    """As it is written; else its single words; never a part of another word."""
    assert [piece for piece, on in marked(text, value) if on] == told


@given(st.text(), st.text())
def test_marking_leaves_the_words_alone(text: str, value: str) -> None:
    """The pieces are the text, whatever is looked for."""
    assert "".join(piece for piece, _ in marked(text, value)) == text
