"""The chat page. The only file that imports gradio, and it is imported only inside `rag chat`.

Every handler here is a public endpoint whatever gradio calls it, so each checks what it is given;
the conversation is kept by the server and the page only gets it to show.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import gradio as gr
from gradio import processing_utils
from gradio.events import api

from index.errors import RagError
from rag import Rag
from ui.kept import KeptTurns
from ui.sources import Payload, empty_list, source_list, source_view
from ui.turns import HISTORY_TURNS, QUESTION_LIMIT, Chat, Message, begin, reply
from ui.welcome import THEME_BUTTON, brand, welcome

ASSETS = Path(__file__).parent / "assets"
MESSAGE_LIMIT = 20_000
CONCURRENT = 4
_log = logging.getLogger(__name__)
_SANS = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Noto Sans", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Noto Sans Mono", "monospace"]
# chat.js may run after the panel is mounted: then the panel is picked up from here.
_MOUNT = "(window.ragMounts ||= []).push({element, props, watch, server}); window.ragMount?.();"


class Handlers:
    """What the page calls: one object per program, the conversation being each page's own state."""

    def __init__(self, rag: Rag) -> None:
        self._rag = rag
        self._kept = KeptTurns()

    def ask(self, question: str, history: list[Any] | None = None) -> dict[str, Any]:
        """Answer one question; returns the Answer record as JSON."""
        if not isinstance(question, str) or len(question) > QUESTION_LIMIT:
            raise _refusal(f"question: text of at most {QUESTION_LIMIT} characters")
        try:
            return self._rag.ask(question, history=_history(history)).to_dict()
        except RagError as error:
            raise _refusal(str(error)) from None
        except Exception as error:
            # Only its kind: gradio would log the text, which may hold the question or a document's words.
            _log.error("answering failed: %s", type(error).__name__)
            raise _refusal("something went wrong in the program") from None

    def start(self, question: str, chat: Chat) -> tuple[Any, ...]:
        """Show the question at once, and Stop in place of Send."""
        after = begin(question, chat, self._kept)
        if after is chat:
            return gr.skip(), gr.skip(), gr.skip()
        return gr.update(value="", submit_btn=False, stop_btn=True), after, after.messages()

    def stream(self, chat: Chat) -> Iterator[tuple[Any, ...]]:
        """Answer the question that `start` left, as far as there is one."""
        waiting = chat.waiting
        for step in reply(self._rag, chat, self._kept):
            panel = gr.skip() if step.panel is None else step.panel
            chat = step.chat
            yield gr.skip(), chat, chat.messages(), panel
        composer = gr.update(submit_btn=True, stop_btn=False) if waiting else gr.skip()
        yield composer, gr.skip(), gr.skip(), gr.skip()

    def stop(self, chat: Chat) -> None:
        """End the running answer before its next sentence."""
        self._kept.stop(chat.key)

    def clear(self, chat: Chat) -> tuple[Any, ...]:
        """Begin a new conversation."""
        self._kept.stop(chat.key)
        return gr.update(value="", submit_btn=True, stop_btn=False), Chat(), [], empty_list()

    def source(self, ref: Any) -> Payload:
        """The document around one reference."""
        return source_view(self._rag, self._kept, ref)

    def sources(self, key: Any) -> Payload:
        """The sources of an earlier turn."""
        return source_list(self._rag, self._kept, key)


def build_app(rag: Rag) -> gr.Blocks:
    """The chat over one opened index."""
    handlers = Handlers(rag)

    # Functions, because gradio marks what the page may call with an attribute, which methods refuse.
    def get_source(ref: Any) -> Payload:
        return handlers.source(ref)

    def get_list(key: Any) -> Payload:
        return handlers.sources(key)

    app = gr.Blocks(
        analytics_enabled=False,
        title="Ask your documents",
        fill_height=True,
        fill_width=True,
        delete_cache=(3600, 86400),
    )
    with app:
        state = gr.State(Chat())
        with gr.Row(elem_id="rag-top"):
            gr.HTML(brand(rag), elem_id="rag-brand", js_on_load=None)
            fresh = gr.Button("New chat", elem_id="rag-new", size="sm")
            gr.HTML(THEME_BUTTON, elem_id="rag-theme-box", js_on_load=None)
        with gr.Row(elem_id="rag-page"):
            with gr.Column(elem_id="rag-main"):
                chatbot = _chatbot(rag)
                question = _question()
            with gr.Column(elem_id="rag-side"):
                panel = gr.HTML(
                    empty_list(),
                    elem_id="rag-panel",
                    html_template='<div class="rag-root"></div>',
                    js_on_load=_MOUNT,
                    apply_default_css=False,
                    server_functions=[get_source, get_list],
                )
        shown: list[Any] = [question, state, chatbot]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        asked = question.submit(handlers.start, [question, state], shown, queue=False, **quiet)
        asked.then(handlers.stream, [state], [*shown, panel], concurrency_id="rag", **quiet)
        question.stop(handlers.stop, [state], None, queue=False, **quiet)
        fresh.click(handlers.clear, [state], [*shown, panel], queue=False, **quiet)
        api(handlers.ask, api_name="ask", concurrency_id="rag", concurrency_limit=CONCURRENT)
    app.queue(max_size=32, default_concurrency_limit=CONCURRENT)
    return app


def _chatbot(rag: Rag) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="rag-chat",
        label="Conversation",
        show_label=False,
        container=False,
        height=None,
        placeholder=welcome(rag),
        allow_tags=False,
        latex_delimiters=[],
        allow_file_downloads=False,
        buttons=["copy"],
        feedback_options=None,
        layout="panel",
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
    """The look: launch arguments with our one style sheet and one script."""
    style = (ASSETS / "chat.css").read_text(encoding="utf-8")
    script = (ASSETS / "chat.js").read_text(encoding="utf-8")
    theme = gr.themes.Base(font=_SANS, font_mono=_MONO, radius_size="md")
    return {"head": f"<style>{style}</style><script>{script}</script>", "theme": theme}


def refuse_downloads() -> None:
    """Replace gradio's downloaders: a file value that names an address is refused, not fetched."""

    def refuse(url: str, cache_dir: str) -> NoReturn:
        raise _refusal("addresses are not fetched")

    async def refuse_later(url: str, cache_dir: str) -> NoReturn:
        refuse(url, cache_dir)

    processing_utils.async_ssrf_protected_download = refuse_later
    processing_utils.ssrf_protected_download = refuse
    processing_utils.save_url_to_cache = refuse


def _refusal(text: str) -> gr.Error:
    return gr.Error(text, print_exception=False)


def _history(value: list[Any] | None) -> list[Message]:
    turns = [] if value is None else value
    if not isinstance(turns, list) or len(turns) > 2 * HISTORY_TURNS or not all(map(_is_message, turns)):
        raise _refusal(f"history: at most {2 * HISTORY_TURNS} of {{role: user or assistant, content: text}}")
    return [{"role": turn["role"], "content": turn["content"]} for turn in turns]


def _is_message(turn: Any) -> bool:
    if not isinstance(turn, dict) or turn.get("role") not in ("user", "assistant"):
        return False
    content = turn.get("content")
    return isinstance(content, str) and len(content) <= MESSAGE_LIMIT
