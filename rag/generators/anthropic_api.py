"""Anthropic's messages, through the official SDK (extra `anthropic`)."""

from collections.abc import Generator as Stream

from index.extras import require
from rag.generators.base import Prompt
from rag.generators.model import Ended
from rag.generators.remote import broke_off, client, counted, endpoint, told_plainly
from rag.settings import AnswerSettings

_URL = "https://api.anthropic.com"
_STOPPED = {
    "refusal": "declined to answer",
    "model_context_window_exceeded": "ran out of room for its answer; lower answer.evidence_tokens",
    "tool_use": "asked for a tool instead of answering",
    "pause_turn": "paused in the middle of its answer",
}
_INPUT = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


class AnthropicChat:
    """A model behind `anthropic:MODEL[@URL]`. This API takes neither a seed nor a temperature any more."""

    def __init__(self, argument: str, settings: AnswerSettings) -> None:
        """Prepare requests; none is made yet.

        Raises:
            MissingExtra: The SDK is not installed.
            SettingsError: The address is none.
            GeneratorError: A key is needed and there is none.
        """
        self._sdk = require("anthropic", "anthropic")
        self._at = endpoint("anthropic", argument, _URL, "ANTHROPIC_API_KEY")
        self.name = self._at.name
        self._timeout = settings.timeout
        self._most = settings.max_tokens
        self.parameters = {"max_tokens": settings.max_tokens}
        self._client = client(self._sdk, "Anthropic", self._at, settings.timeout, open_telemetry=False)

    def stream(self, prompt: Prompt) -> Stream[str | Ended, None, None]:
        """The reply piece by piece, then what it took."""
        reason: str | None = None
        tokens: dict[str, int] = {}
        with (
            told_plainly(self._sdk, self._at, self._timeout),
            self._client.messages.create(
                model=self._at.model,
                max_tokens=self._most,
                system=prompt.system,
                messages=[{"role": "user", "content": prompt.user}],
                stream=True,
            ) as events,
        ):
            for event in events:
                if event.type == "message_start":
                    usage = event.message.usage
                    tokens["input"] = sum(counted(getattr(usage, name, None)) or 0 for name in _INPUT)
                elif event.type == "content_block_delta" and event.delta.type == "text_delta":
                    yield str(event.delta.text)
                elif event.type == "message_delta":
                    reason = event.delta.stop_reason or reason
                    tokens["output"] = counted(event.usage.output_tokens) or 0
        if reason is None:
            raise broke_off(self._at)
        yield Ended(tokens, cut=reason == "max_tokens", stopped=_STOPPED.get(reason, ""))
