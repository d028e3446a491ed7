"""What the page asks for besides answers: conversations, sources, documents, feedback. JSON in and out.

Every request is checked here as if it came from anyone; whose it is, the sign-in gate has put into the scope.
What belongs to somebody else is not found.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import RagError
from ui.conversations import LISTED, Feedback
from ui.desk import Desk
from ui.documents import UploadRefused
from ui.export import KINDS, exported, is_kind
from ui.guards import UPLOAD
from ui.signin import USER
from ui.sources import source_list
from ui.turns import Turn
from ui.viewer import find_words, key_of, path_of, source_view, text_part

PREFIX = "/rag/"
_BODY_LIMIT = 20_000

Handler = Callable[[Request], Awaitable[Response]]


class OwnRoutes:
    """Serve our own routes; everything else goes on to gradio."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._own = Starlette(
            routes=_routes(desk), exception_handlers={HTTPException: _told, RagError: _told}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        own = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        await (self._own if own else self._app)(scope, receive, send)


def user_of(scope: Any) -> str:
    """Who asks; "" where there are no users."""
    return str(scope.get(USER, ""))


class _Requests:
    """The answers to the page's requests."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def turn_of(self, request: Request) -> tuple[Turn | None, str]:
        """The turn of the reference in the path; None for a document of the list."""
        ref = request.path_params["ref"]
        key = key_of(ref)
        if key is None:
            raise HTTPException(404, "no such source")
        turn = self.desk.answering.turn(user_of(request.scope), key) if key else None
        if key and turn is None:
            raise HTTPException(404, "these sources are no longer kept")
        return turn, ref

    def list_chats(self, request: Request) -> Any:
        """The user's latest conversations, and whether there are older ones."""
        owner, most = user_of(request.scope), _number(request, "most", LISTED)
        found = self.desk.conversations.listed(owner, most + 1)
        listed = [{"id": c.id, "title": c.title, "changed": c.changed} for c in found[:most]]
        return {"chats": listed, "older": len(found) > most, "user": owner}

    def rename_chat(self, request: Request, body: dict[str, Any]) -> Any:
        """Give a conversation another name."""
        title = body.get("title")
        if not isinstance(title, str) or not self.desk.conversations.rename(
            user_of(request.scope), _id(request), title
        ):
            raise HTTPException(404, "no such conversation, or no name for it")
        return {}

    def delete_chat(self, request: Request) -> Any:
        """Delete a conversation."""
        if not self.desk.conversations.delete(user_of(request.scope), _id(request)):
            raise HTTPException(404, "no such conversation")
        return {}

    def export_chat(self, request: Request) -> Response:
        """A conversation as a file."""
        kind = request.path_params["kind"]
        found = self.desk.conversations.read(user_of(request.scope), _id(request))
        if not is_kind(kind) or found is None:
            raise HTTPException(404, "no such conversation")
        text = exported(found[0].title, found[1], kind)
        return Response(text, media_type=KINDS[kind], headers=_attached(f"conversation.{kind}"))

    def rate(self, request: Request, body: dict[str, Any]) -> Any:
        """Keep what the user thinks of an answer."""
        feedback = None
        if body.get("verdict"):
            feedback = Feedback.checked(body["verdict"], body.get("reason", ""), body.get("text", ""))
            if feedback is None:
                raise HTTPException(422, "no such verdict or reason")
        if not self.desk.conversations.rate(user_of(request.scope), _id(request), feedback):
            raise HTTPException(404, "no such answer")
        return {}

    def draft(self, request: Request, body: dict[str, Any]) -> Any:
        """Keep a rejected answer as a draft of an eval question."""
        feedback = Feedback.checked("down", body.get("reason", ""), body.get("text", ""))
        saved = self.desk.save_draft(user_of(request.scope), _id(request), feedback)
        if saved is None:
            raise HTTPException(404, "no such answer")
        return {"saved": saved}

    def list_sources(self, request: Request) -> Any:
        """The sources of a turn."""
        return source_list(self.desk.rag, self.desk.answering.turn(user_of(request.scope), _id(request)))

    def view(self, request: Request) -> Any:
        """The document around a source."""
        try:
            turn, ref = self.turn_of(request)
        except HTTPException:
            return {"state": "gone"}
        return source_view(self.desk.rag, turn, ref)

    def more_text(self, request: Request) -> Any:
        """Another window of a large document."""
        start = _number(request, "from", 0)
        return _known(text_part(self.desk.rag, *self.turn_of(request), start))

    def find(self, request: Request) -> Any:
        """Where the document holds some words."""
        found = find_words(self.desk.rag, *self.turn_of(request), request.query_params.get("q", ""))
        return {"found": _known(found)}

    def original(self, request: Request) -> Response:
        """The file itself, to be saved."""
        path = path_of(self.desk.rag, *self.turn_of(request))
        file = self.desk.shelf.file(path) if path else None
        if file is None:
            raise HTTPException(404, "the file is gone")
        return FileResponse(file, media_type="application/octet-stream", headers=_attached(file.name))

    def remove(self, request: Request, body: dict[str, Any]) -> Any:
        """Take a document out."""
        outcome = self.desk.shelf.remove(_path(body))
        self.desk.indexing.start()
        return {"outcome": outcome}

    def restore(self, request: Request, body: dict[str, Any]) -> Any:
        """Take a document in again that was left out."""
        self.desk.shelf.restore(_path(body))
        self.desk.indexing.start()
        return {}

    async def add(self, request: Request) -> Response:
        """Add a file."""
        try:
            length = int(request.headers.get("content-length", "0"))
            if length > self.desk.shelf.largest:
                raise UploadRefused(f"the file is larger than {self.desk.shelf.largest / 1e6:g} MB")
            outcome = await self.desk.shelf.receive(request.path_params["name"], request.stream())
        except UploadRefused as refusal:
            return _error(str(refusal), 422)
        return JSONResponse({"outcome": outcome})

    def add_samples(self, request: Request, body: dict[str, Any]) -> Any:
        """Add the sample documents, and bring the index up to date."""
        names = self.desk.shelf.add_samples()
        self.desk.indexing.start()
        return {"names": names}

    def start_indexing(self, request: Request, body: dict[str, Any]) -> Any:
        """Bring the index up to date."""
        self.desk.indexing.start()
        return self.desk.indexing.progress.to_dict()

    def generators(self, request: Request) -> Any:
        """The generators on offer."""
        return {
            "generators": [{"name": c.name, "label": c.label, "state": c.state} for c in self.desk.choices()],
            "chosen": self.desk.rag.settings.generator,
        }


def _routes(desk: Desk) -> list[Route]:
    on = _Requests(desk)
    ref = "/rag/source/{ref}"
    return [
        Route("/rag/chats", _get(on.list_chats)),
        Route("/rag/chats/{id}", _post(on.rename_chat), methods=["POST"]),
        Route("/rag/chats/{id}", _get(on.delete_chat), methods=["DELETE"]),
        Route("/rag/chats/{id}/export.{kind}", _get(on.export_chat)),
        Route("/rag/turns/{id}/feedback", _post(on.rate), methods=["POST"]),
        Route("/rag/turns/{id}/draft", _post(on.draft), methods=["POST"]),
        Route("/rag/sources/{id}", _get(on.list_sources)),
        Route(ref, _get(on.view)),
        Route(f"{ref}/text", _get(on.more_text)),
        Route(f"{ref}/find", _get(on.find)),
        Route(f"{ref}/original", _get(on.original)),
        Route("/rag/documents", _get(lambda request: desk.documents())),
        Route("/rag/documents/remove", _post(on.remove), methods=["POST"]),
        Route("/rag/documents/restore", _post(on.restore), methods=["POST"]),
        Route("/rag/documents/samples", _post(on.add_samples), methods=["POST"]),
        Route(UPLOAD + "{name}", on.add, methods=["PUT"]),
        Route("/rag/index", _get(lambda request: desk.indexing.progress.to_dict())),
        Route("/rag/index", _post(on.start_indexing), methods=["POST"]),
        Route("/rag/suggestions", _get(lambda request: {"questions": list(desk.suggestions())})),
        Route("/rag/generators", _get(on.generators)),
    ]


def _get(handle: Callable[[Request], Any]) -> Handler:
    """A route without a body; the work is done off the event loop."""

    async def serve(request: Request) -> Response:
        return _response(await run_in_threadpool(handle, request))

    return serve


def _post(handle: Callable[[Request, dict[str, Any]], Any]) -> Handler:
    """A route with a JSON object as its body."""

    async def serve(request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > _BODY_LIMIT:
                return _error("the request is too large", 413)
        try:
            data = json.loads(body or b"{}")
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            return _error("a JSON object is needed", 422)
        try:
            return _response(await run_in_threadpool(handle, request, data))
        except UploadRefused as refusal:
            return _error(str(refusal), 404)

    return serve


def _response(value: Any) -> Response:
    if isinstance(value, Response):
        return value
    return JSONResponse(value, headers={"Cache-Control": "no-store"})


def _error(text: str, status: int) -> JSONResponse:
    return JSONResponse({"error": text}, status)


def _told(request: Request, error: Exception) -> Response:
    told = error if isinstance(error, HTTPException) else HTTPException(503, str(error))
    return _error(told.detail, told.status_code)


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def _known(value: Any) -> Any:
    if value is None:
        raise HTTPException(404, "no such source")
    return value


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _number(request: Request, name: str, otherwise: int) -> int:
    told = request.query_params.get(name, str(otherwise))
    if not (told.isascii() and told.isdigit() and len(told) < 12):
        raise HTTPException(422, f"{name}: a number")
    return int(told)


def _path(body: dict[str, Any]) -> str:
    path = body.get("path")
    if not isinstance(path, str):
        raise HTTPException(422, "path: the name of a document")
    return path
