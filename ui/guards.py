"""The ASGI guards in front of the chat: response headers, and refusal of other sites' requests."""

import re

from starlette.datastructures import Headers as RequestHeaders
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# 'unsafe-eval' cannot be dropped: gradio's page then never renders. So the policy stops what leaves
# the page, and escaping (ui/render.py) stops what runs in it.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "worker-src 'self' blob:",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BODY_LIMIT = 1_000_000
# Where files are added (ui/routes.py): the only route that takes more.
UPLOAD = "/rag/documents/add/"
CLOSED = re.compile(
    r"(?:/gradio_api)?/+(?:upload|file[=/]|proxy=|stream/|custom_component/|process_recording|deep_link|dev/|login|token|"
    r"run-history|runs|monitoring|profiling|vibe|undo-vibe)",
    re.IGNORECASE,
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Headers:
    """Put the security headers on every response, refusals included; one set on purpose stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class SameOrigin:
    """Answer 403 to a changing request that says it comes from another origin.

    A request without `Origin` passes: programs send none, and a browser always does.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            headers = RequestHeaders(scope=scope)
            origin = headers.get("origin")
            if origin is not None and origin != f"{scope['scheme']}://{headers.get('host')}":
                refusal = PlainTextResponse("Request from another origin refused", status_code=403)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


class ClosedRoutes:
    """Answer 403 to gradio's routes that this page does not use.

    Files are added over a route of our own and none is served; the file and proxy routes would look up,
    and redirect to, any address that is put into their path.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and CLOSED.match(scope["path"]):
            await PlainTextResponse("Not part of this chat", status_code=403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuse request bodies that are larger than the page ever sends, or of unknown length."""

    def __init__(self, app: ASGIApp, largest_file: int = 0) -> None:
        self._app = app
        self._largest_file = largest_file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = RequestHeaders(scope=scope)
        if "transfer-encoding" in headers:
            return PlainTextResponse("A body needs its length", status_code=411)
        length = headers.get("content-length", "0")
        limit = self._largest_file if scope["path"].startswith(UPLOAD) else BODY_LIMIT
        if not (length.isascii() and length.isdigit() and len(length) < 16) or int(length) > limit:
            return PlainTextResponse("Request too large", status_code=413)
        return None
