"""The chat page. The only file that imports gradio, and it is imported only inside `rag chat`.

Every handler is a public endpoint whatever gradio calls it; what each is given is checked in `ui/page.py`.
"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import gradio as gr
from gradio import processing_utils, routes
from gradio.events import api

from index.errors import RagError
from ui.desk import Desk
from ui.page import Open, Pages, Shown
from ui.places import AT_ONCE, IN_LINE
from ui.turns import HISTORY_TURNS, QUESTION_LIMIT, Message
from ui.welcome import ROOT, TITLE, WELCOME

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = ("page.js", "sources.js", "peek.js", "follow.js", "rail.js", "documents.js", "answers.js")
MESSAGE_LIMIT = 20_000
# Answers wait in our own line, which can say how long it is and that it is full; gradio's has to be longer,
# with a thread for each that waits and some for everything else.
STREAMS = AT_ONCE + IN_LINE + 12
QUEUED = 2 * STREAMS
THREADS = STREAMS + 16
_log = logging.getLogger(__name__)
_SANS = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Noto Sans", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Noto Sans Mono", "monospace"]
_OUTSIDE = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>')


class Handlers:
    """What the page calls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pages = Pages(desk)

    def ask(self, question: str, history: list[Any] | None = None) -> dict[str, Any]:
        """Answer one question; returns the Answer record as JSON."""
        if not isinstance(question, str) or len(question) > QUESTION_LIMIT:
            raise _refusal(f"question: text of at most {QUESTION_LIMIT} characters")
        turns = _history(history)
        try:
            with self._desk.answering.places.ticket() as ticket:
                while ticket.ahead(1):
                    pass
                return self._desk.rag.ask(question, history=turns).to_dict()
        except RagError as error:
            raise _refusal(str(error)) from None
        except Exception as error:
            # Only its kind: gradio would log the text, which may hold the question or a document's words.
            _log.error("answering failed: %s", type(error).__name__)
            raise _refusal("something went wrong in the program") from None

    def start(self, question: str, now: Open, request: gr.Request) -> tuple[Any, ...]:
        """Show the question at once."""
        return _outputs(self._pages.ask(*_who(request), now, question))

    def act(self, now: Open, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Do what a click asks for."""
        return _outputs(self._pages.act(*_who(request), now, event._data))

    def stream(self, now: Open, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Answer the question that is pending, as far as there is one."""
        steps = self._pages.stream(*_who(request), now)
        try:
            # Gradio empties the outputs of a stream that ends without having begun.
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            for shown in steps:
                yield _outputs(shown)
        finally:
            steps.close()  # type: ignore[attr-defined]  # a generator, typed as the iterator it is used as

    def stop(self, now: Open, request: gr.Request) -> None:
        """End the running answer before its next sentence."""
        self._pages.stop(_who(request)[0], now)


def build_app(desk: Desk) -> gr.Blocks:
    """The chat over one desk."""
    handlers = Handlers(desk)
    app = gr.Blocks(
        analytics_enabled=False,
        title=TITLE,
        fill_height=True,
        fill_width=True,
        delete_cache=(3600, 86400),
    )
    with app:
        state = gr.State(Open())
        # The conversation comes first for the keyboard; the style sheet puts the rail to its left.
        with gr.Row(elem_id="rag-page"):
            with gr.Column(elem_id="rag-main"):
                _place("rag-top")
                chatbot = _chatbot()
                question = _question()
            with gr.Column(elem_id="rag-side"):
                panel = _place("rag-panel")
            with gr.Column(elem_id="rag-left"):
                rail = _place("rag-rail")
        shown: list[Any] = [question, state, chatbot, panel]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        line: dict[str, Any] = {"concurrency_id": "rag", "concurrency_limit": STREAMS}
        asked = question.submit(handlers.start, [question, state], shown, queue=False, **quiet)
        asked.then(handlers.stream, [state], shown, **line, **quiet)
        # Two events, because a stream that has nothing to say can swallow what the next one says: the
        # page's connection for the one is still open on the server while it opens that for the other.
        rail.select(handlers.act, [state], shown, queue=False, **quiet)
        again = rail.submit(handlers.act, [state], shown, queue=False, **quiet)
        again.then(handlers.stream, [state], shown, **line, **quiet)
        question.stop(handlers.stop, [state], None, queue=False, **quiet)
        api(handlers.ask, api_name="ask", **line)
    app.queue(max_size=QUEUED, default_concurrency_limit=STREAMS)
    return app


def _place(name: str) -> gr.HTML:
    """An empty place that the page's script fills; it may run before or after the place is mounted."""
    return gr.HTML(
        {"phase": "empty", "cited": [], "others": []},
        elem_id=name,
        html_template=ROOT,
        js_on_load=f"(window.ragMounts ||= []).push({{name: '{name}', element, props, watch, trigger}}); "
        "window.ragMount?.();",
        apply_default_css=False,
    )


def _chatbot() -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="rag-chat",
        label="Conversation",
        show_label=False,
        container=False,
        height=None,
        placeholder=WELCOME,
        allow_tags=False,
        latex_delimiters=[],
        allow_file_downloads=False,
        buttons=[],
        feedback_options=None,
        layout="panel",
        autoscroll=False,
        group_consecutive_messages=False,
    )


def _question() -> gr.Textbox:
    return gr.Textbox(
        elem_id="rag-question",
        label="Question",
        show_label=False,
        container=False,
        placeholder="Ask your documents a question",
        lines=1,
        max_lines=6,
        max_length=QUESTION_LIMIT,
        autofocus=True,
        submit_btn=True,
        stop_btn=False,
        html_attributes=gr.InputHTMLAttributes(enterkeyhint="send", autocomplete="off"),
    )


def page_settings() -> dict[str, Any]:
    """Launch arguments of the page: its look, with our one style sheet and one script, and its threads."""
    style = (ASSETS / "chat.css").read_text(encoding="utf-8")
    parts = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    script = f'(() => {{\n"use strict";\n{parts}\n}})();'
    theme = gr.themes.Base(font=_SANS, font_mono=_MONO, radius_size="md")
    head = f"<style>{style}</style><script>{script}</script>"
    return {"head": head, "theme": theme, "max_threads": THREADS}


def refuse_downloads() -> None:
    """Replace gradio's downloaders: a file value that names an address is refused, not fetched."""

    def refuse(url: str, cache_dir: str) -> NoReturn:
        raise _refusal("addresses are not fetched")

    async def refuse_later(url: str, cache_dir: str) -> NoReturn:
        refuse(url, cache_dir)

    processing_utils.async_ssrf_protected_download = refuse_later
    processing_utils.ssrf_protected_download = refuse
    processing_utils.save_url_to_cache = refuse


def drop_outside_links() -> None:
    """Take gradio's advertisement of itself out of the page: its cards name other machines."""
    loader = routes.templates.env.loader
    if loader is None or getattr(loader, "plain", False):
        return
    load = loader.get_source

    def get_source(environment: Any, template: str) -> tuple[str, str | None, Any]:
        source, name, fresh = load(environment, template)
        return _OUTSIDE.sub("", source), name, fresh

    loader.get_source = get_source  # type: ignore[method-assign]  # one template of a library's
    loader.plain = True  # type: ignore[attr-defined]  # so that it is done once
    routes.templates.env.cache = None


def _who(request: gr.Request) -> tuple[str, str]:
    """The user and the page."""
    return request.username or "", request.session_hash or ""


def _outputs(shown: Shown) -> tuple[Any, ...]:
    box: dict[str, Any] = {}
    if shown.question is not None:
        box["value"] = shown.question
    if shown.sending is not None:
        box |= {"submit_btn": shown.sending, "stop_btn": not shown.sending}
    return (
        gr.update(**box) if box else gr.skip(),
        shown.open,
        gr.skip() if shown.messages is None else shown.messages,
        gr.skip() if shown.panel is None else shown.panel,
    )


def _refusal(text: str) -> gr.Error:
    return gr.Error(text, print_exception=False)


def _history(value: list[Any] | None) -> list[Message]:
    turns = [] if value is None else value
    if not isinstance(turns, list) or len(turns) > 2 * HISTORY_TURNS or not all(map(_is_message, turns)):
        raise _refusal(f"history: at most {2 * HISTORY_TURNS} of {{role: user or assistant, content: text}}")
    return [{key: turn[key] for key in ("role", "content", "titles") if key in turn} for turn in turns]


def _is_message(turn: Any) -> bool:
    if not isinstance(turn, dict) or turn.get("role") not in ("user", "assistant"):
        return False
    texts = [turn.get("content"), *titles] if isinstance(titles := turn.get("titles", []), list) else [None]
    return all(isinstance(text, str) and len(text) <= MESSAGE_LIMIT for text in texts) and len(texts) <= 1000
