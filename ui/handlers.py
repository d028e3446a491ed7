"""How a request of the page is taken apart, served off the event loop and answered."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ui.documents import UploadRefused

_BODY_LIMIT = 20_000

Handler = Callable[[Request], Awaitable[Response]]


def get(handle: Callable[[Request], Any]) -> Handler:
    """A route without a body; the work is done off the event loop."""

    async def serve(request: Request) -> Response:
        return _response(await run_in_threadpool(handle, request))

    return serve


def post(handle: Callable[[Request, dict[str, Any]], Any]) -> Handler:
    """A route with a JSON object as its body."""

    async def serve(request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > _BODY_LIMIT:
                return error("the request is too large", 413)
        try:
            data = json.loads(body or b"{}")
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            return error("a JSON object is needed", 422)
        try:
            return _response(await run_in_threadpool(handle, request, data))
        except UploadRefused as refusal:
            return error(str(refusal), 404)

    return serve


def _response(value: Any) -> Response:
    if isinstance(value, Response):
        return value
    return JSONResponse(value, headers={"Cache-Control": "no-store"})


def error(text: str, status: int) -> JSONResponse:
    """A failure in words."""
    return JSONResponse({"error": text}, status)


def told(request: Request, fault: Exception) -> Response:
    """The response to what a handler raised."""
    known = fault if isinstance(fault, HTTPException) else HTTPException(503, str(fault))
    return error(known.detail, known.status_code)


def attached(name: str) -> dict[str, str]:
    """Headers of a file to be saved under a name."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def known(value: Any) -> Any:
    """What was looked up; 404 where there is no such source."""
    if value is None:
        raise HTTPException(404, "no such source")
    return value


def id_of(request: Request) -> str:
    """The `id` of the path."""
    return str(request.path_params["id"])


def number(request: Request, name: str, otherwise: int) -> int:
    """A number of the query; 422 where it is none."""
    told = request.query_params.get(name, str(otherwise))
    if not (told.isascii() and told.isdigit() and len(told) < 12):
        raise HTTPException(422, f"{name}: a number")
    return int(told)


def path_in(body: dict[str, Any]) -> str:
    """The document a body names; 422 where it names none."""
    path = body.get("path")
    if not isinstance(path, str):
        raise HTTPException(422, "path: the name of a document")
    return path
