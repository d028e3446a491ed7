"""Any server that speaks OpenAI's chat completions, through the official SDK (extra `openai`)."""

import re
from collections.abc import Generator as Stream
from typing import Any

from index.extras import require
from rag.generators.base import Prompt
from rag.generators.model import Ended
from rag.generators.remote import broke_off, client, counted, endpoint, priced, told_plainly, too_long
from rag.settings import AnswerSettings

_URL = "https://api.openai.com/v1"
_SEED = 0
_LIMITS = ("max_tokens", "max_completion_tokens")
_STOPPED = {
    "content_filter": "was stopped by a content filter",
    "tool_calls": "asked for a tool instead of answering",
    "function_call": "asked for a tool instead of answering",
    "abort": "was stopped by its server",
    "error": "was stopped by an error of its server",
}
_NAMED = re.compile("|".join(("temperature", "seed", "stream_options", *_LIMITS)))


class OpenAIChat:
    """A model behind `openai:MODEL[@URL]`."""

    def __init__(self, argument: str, settings: AnswerSettings) -> None:
        """Prepare requests; none is made yet.

        Raises:
            MissingExtra: The SDK is not installed.
            SettingsError: The address is none.
            GeneratorError: A key is needed and there is none.
        """
        self._sdk = require("openai", "openai")
        self._at = endpoint("openai", argument, _URL, "OPENAI_API_KEY")
        self.name = self._at.name
        self._timeout = settings.timeout
        self._client = client(self._sdk, "OpenAI", self._at, settings.timeout)
        limit = _LIMITS[self._at.official]
        self._options: dict[str, Any] = {
            "temperature": 0,
            "seed": _SEED,
            "stream_options": {"include_usage": True},
            limit: settings.max_tokens,
        }
        # As asked for, also where this server turns out to refuse one of them.
        self.parameters = {name: self._options[name] for name in ("temperature", "seed", limit)}

    def stream(self, prompt: Prompt) -> Stream[str | Ended, None, None]:
        """The reply piece by piece, then what it took."""
        finish: str | None = None
        declined = False
        tokens: dict[str, int] = {}
        cost: float | None = None
        with told_plainly(self._sdk, self._at, self._timeout), self._opened(prompt) as chunks:
            for chunk in chunks:
                if chunk.usage is not None:
                    counts = {"input": chunk.usage.prompt_tokens, "output": chunk.usage.completion_tokens}
                    tokens = {kind: n for kind, told in counts.items() if (n := counted(told)) is not None}
                    cost = priced(getattr(chunk.usage, "cost", None))
                for choice in (chunk.choices or ())[:1]:
                    finish = choice.finish_reason or finish
                    if choice.delta is not None:
                        declined = declined or bool(getattr(choice.delta, "refusal", None))
                        if text := _text(choice.delta.content):
                            yield text
        if finish is None:
            raise broke_off(self._at)
        stopped = "declined to answer" if declined else _STOPPED.get(finish, "")
        yield Ended(tokens, cut=finish == "length", cost=cost, stopped=stopped)

    def _opened(self, prompt: Prompt) -> Any:
        """The stream of chunks. An option that this server refuses is left out, from then on."""
        messages = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]
        while True:
            options = dict(self._options)
            try:
                return self._client.chat.completions.create(
                    model=self._at.model, messages=messages, stream=True, **options
                )
            except self._sdk.BadRequestError as error:
                named = _NAMED.search(f"{error.param or ''} {error.message}")
                refused = named.group() if named else ""
                if refused not in options or too_long(error):
                    raise
                value = options.pop(refused)
                if refused == _LIMITS[0]:  # newer models know the limit by its newer name
                    options[_LIMITS[1]] = value
                self._options = options


def _text(content: Any) -> str:
    """The text of a piece, which some servers send in parts; thoughts and pictures among them are none.

    Raises:
        TypeError: It is neither.
    """
    if content is None or isinstance(content, str):
        return content or ""
    if not isinstance(content, list):
        raise TypeError(f"content is {type(content).__name__}")
    return "".join(map(_part, content))


def _part(part: Any) -> str:
    if isinstance(part, str):
        return part
    kind, text = part.get("type"), part.get("text")
    if kind in (None, "text", "output_text") and isinstance(text, str):
        return text
    if kind in (None, "text", "output_text"):
        raise TypeError("a part of text without text")
    return ""
