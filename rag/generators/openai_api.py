"""Any server that speaks OpenAI's chat completions, through the official SDK (extra `openai`)."""

import re
from collections.abc import Generator as Stream
from typing import Any

from index.extras import require
from rag.generators.base import Prompt
from rag.generators.model import Ended
from rag.generators.remote import broke_off, client, endpoint, told_plainly, too_long
from rag.settings import AnswerSettings

_URL = "https://api.openai.com/v1"
_SEED = 0
_LIMITS = ("max_tokens", "max_completion_tokens")
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
        tokens: dict[str, int] = {}
        cost: float | None = None
        with told_plainly(self._sdk, self._at, self._timeout), self._opened(prompt) as chunks:
            for chunk in chunks:
                if chunk.usage is not None:
                    counts = {"input": chunk.usage.prompt_tokens, "output": chunk.usage.completion_tokens}
                    tokens = {kind: int(count) for kind, count in counts.items() if count is not None}
                    stated = getattr(chunk.usage, "cost", None)
                    cost = float(stated) if isinstance(stated, int | float) else None
                for choice in (chunk.choices or ())[:1]:
                    finish = choice.finish_reason or finish
                    if choice.delta is not None and choice.delta.content:
                        yield str(choice.delta.content)
        if finish is None:
            raise broke_off(self._at)
        yield Ended(tokens, cut=finish == "length", cost=cost)

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
