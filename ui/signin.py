"""The sign-in page, and the gate: without a session nothing else is served. Plain HTML, no script."""

from html import escape
from urllib.parse import parse_qs

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.users import SESSION_SECONDS, Sessions

PATH, LEAVE = "/rag/sign-in", "/rag/sign-out"
COOKIE = "rag-session"
USER = "rag.user"
# Gradio calls it once, itself, to see that it serves; it tells nothing.
STARTING = "/gradio_api/startup-events"
_FORM_LIMIT = 4_000
_AT_ONCE = 2
_STYLE = """
:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;
font:16px/1.5 system-ui,sans-serif;background:#f6f5f1;color:#1d2226}
form{box-sizing:border-box;width:min(24rem,calc(100vw - 32px));
padding:32px;border-radius:18px;background:#fff;border:1px solid #dedbd2}
h1{margin:0 0 20px;font-size:20px}label{display:block;margin:0 0 14px;font-size:14px}
input{box-sizing:border-box;width:100%;margin-top:4px;padding:10px 12px;font:inherit;border:1px solid #8a8f94;
border-radius:10px;background:transparent;color:inherit}
button{width:100%;padding:11px;border:0;border-radius:12px;background:#1f5f5b;color:#fff;font:inherit;font-weight:600;
cursor:pointer}
:focus-visible{outline:2px solid #1f5f5b;outline-offset:2px}
p{margin:0 0 14px;padding:10px 12px;border-left:4px solid #b3261e;background:#fdecea;color:#1d2226}
@media(prefers-color-scheme:dark){body{background:#14181a;color:#e9e7e1}form{background:#1c2225;border-color:#323a3f}
button{background:#7fcfc4;color:#0d2422}:focus-visible{outline-color:#7fcfc4}}
"""


class SignIn:
    """Let signed-in users through, with their name in the scope; show everyone else the sign-in page."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions
        # Each takes 32 MiB and a core; other requests must not wait behind them.
        self._hashing = anyio.CapacityLimiter(_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        token = request.cookies.get(COOKIE, "")
        path = scope["path"].rstrip("/")
        if path == PATH and scope["method"] == "POST":
            await (await self._sign_in(request))(scope, receive, send)
        elif path == LEAVE and scope["method"] == "POST":
            self._sessions.sign_out(token)
            gone = RedirectResponse(PATH, 303)
            gone.delete_cookie(COOKIE)
            await gone(scope, receive, send)
        elif path == STARTING:
            await self._app(scope, receive, send)
        elif user := self._sessions.user(token):
            scope[USER] = user
            await self._app(scope, receive, send)
        else:
            await self._refusal(path, scope["method"])(scope, receive, send)

    def _refusal(self, path: str, method: str) -> Response:
        if path == PATH:
            return _page()
        if path == "" and method == "GET":
            return RedirectResponse(PATH, 303)
        return JSONResponse({"error": "sign in first"}, 401)

    async def _sign_in(self, request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > _FORM_LIMIT:
                return _page("That was too long.", 413)
        fields = parse_qs(body.decode("utf-8", "replace"))
        name, password = (fields.get(key, [""])[0] for key in ("name", "password"))
        token = await anyio.to_thread.run_sync(self._sessions.sign_in, name, password, limiter=self._hashing)
        if token is None:
            return _page("This name and password do not match. After five wrong tries, wait a minute.", 401)
        entered = RedirectResponse("/", 303)
        entered.set_cookie(
            COOKIE,
            token,
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return entered


def _page(complaint: str = "", status: int = 200) -> HTMLResponse:
    alert = f'<p role="alert">{escape(complaint)}</p>' if complaint else ""
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><form method='post' action='{PATH}'>"
        f"<h1>Ask your documents</h1>{alert}"
        '<label>Name<input name="name" autocomplete="username" autocapitalize="none" required autofocus>'
        "</label>"
        '<label>Password<input name="password" type="password" autocomplete="current-password" required>'
        "</label>"
        '<button type="submit">Sign in</button></form></main></body></html>'
    )
    # Without a referrer at all a browser would not say where the form comes from either.
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    return HTMLResponse(body, status, headers=headers)
