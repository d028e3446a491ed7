"""What the page asks for besides answers: conversations, sources, documents, feedback. JSON in and out.

Every request is checked here as if it came from anyone; whose it is, the sign-in gate has put into the scope.
What belongs to somebody else is not found.
"""

from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import RagError
from ui.conversations import LISTED, Feedback
from ui.desk import Desk
from ui.documents import UploadRefused
from ui.export import KINDS, exported, file_name, is_kind
from ui.guards import UPLOAD
from ui.handlers import attached, error, get, id_of, known, number, path_in, post, told
from ui.signin import USER
from ui.sources import outdated, source_list
from ui.turns import Turn
from ui.viewer import find_words, key_of, path_of, source_view, text_part

PREFIX = "/rag/"


class OwnRoutes:
    """Serve our own routes; everything else goes on to gradio."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._own = Starlette(routes=_routes(desk), exception_handlers={HTTPException: told, RagError: told})

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
        owner, most = user_of(request.scope), number(request, "most", LISTED)
        found = self.desk.conversations.listed(owner, most + 1)
        listed = [{"id": c.id, "title": c.title, "changed": c.changed} for c in found[:most]]
        return {"chats": listed, "older": len(found) > most, "user": owner}

    def rename_chat(self, request: Request, body: dict[str, Any]) -> Any:
        """Give a conversation another name."""
        title = body.get("title")
        if not isinstance(title, str) or not self.desk.conversations.rename(
            user_of(request.scope), id_of(request), title
        ):
            raise HTTPException(404, "no such conversation, or no name for it")
        return {}

    def delete_chat(self, request: Request) -> Any:
        """Delete a conversation."""
        if not self.desk.conversations.delete(user_of(request.scope), id_of(request)):
            raise HTTPException(404, "no such conversation")
        return {}

    def outdated(self, request: Request) -> Any:
        """The citations of a conversation whose document is another one by now."""
        found = self.desk.conversations.read(user_of(request.scope), id_of(request))
        if found is None:
            raise HTTPException(404, "no such conversation")
        return {"refs": outdated(self.desk.rag, found[1])}

    def export_chat(self, request: Request) -> Response:
        """A conversation as a file."""
        kind = request.path_params["kind"]
        found = self.desk.conversations.read(user_of(request.scope), id_of(request))
        if not is_kind(kind) or found is None:
            raise HTTPException(404, "no such conversation")
        title = found[0].title
        text = exported(title, found[1], kind)
        return Response(text, media_type=KINDS[kind], headers=attached(f"{file_name(title)}.{kind}"))

    def rate(self, request: Request, body: dict[str, Any]) -> Any:
        """Keep what the user thinks of an answer."""
        feedback = None
        if body.get("verdict"):
            feedback = Feedback.checked(body["verdict"], body.get("reason", ""), body.get("text", ""))
            if feedback is None:
                raise HTTPException(422, "no such verdict or reason")
        if not self.desk.conversations.rate(user_of(request.scope), id_of(request), feedback):
            raise HTTPException(404, "no such answer")
        return {}

    def draft(self, request: Request, body: dict[str, Any]) -> Any:
        """Keep a rejected answer as a draft of an eval question."""
        feedback = Feedback.checked("down", body.get("reason", ""), body.get("text", ""))
        saved = self.desk.save_draft(user_of(request.scope), id_of(request), feedback)
        if saved is None:
            raise HTTPException(404, "no such answer")
        return {"saved": saved}

    def list_sources(self, request: Request) -> Any:
        """The sources of a turn."""
        return source_list(self.desk.rag, self.desk.answering.turn(user_of(request.scope), id_of(request)))

    def view(self, request: Request) -> Any:
        """The document around a source."""
        try:
            turn, ref = self.turn_of(request)
        except HTTPException:
            return {"state": "gone"}
        return source_view(self.desk.rag, turn, ref)

    def more_text(self, request: Request) -> Any:
        """Another window of a large document."""
        start = number(request, "from", 0)
        return known(text_part(self.desk.rag, *self.turn_of(request), start))

    def find(self, request: Request) -> Any:
        """Where the document holds some words."""
        found = find_words(self.desk.rag, *self.turn_of(request), request.query_params.get("q", ""))
        return {"found": known(found)}

    def original(self, request: Request) -> Response:
        """The file itself, to be saved."""
        path = path_of(self.desk.rag, *self.turn_of(request))
        file = self.desk.shelf.file(path) if path else None
        if file is None:
            raise HTTPException(404, "the file is gone")
        return FileResponse(file, media_type="application/octet-stream", headers=attached(file.name))

    def remove(self, request: Request, body: dict[str, Any]) -> Any:
        """Take a document out."""
        outcome = self.desk.shelf.remove(path_in(body))
        self.desk.indexing.start()
        return {"outcome": outcome}

    def restore(self, request: Request, body: dict[str, Any]) -> Any:
        """Take a document in again that was left out."""
        self.desk.shelf.restore(path_in(body))
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
            return error(str(refusal), 422)
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
        Route("/rag/chats", get(on.list_chats)),
        Route("/rag/chats/{id}", post(on.rename_chat), methods=["POST"]),
        Route("/rag/chats/{id}", get(on.delete_chat), methods=["DELETE"]),
        Route("/rag/chats/{id}/export.{kind}", get(on.export_chat)),
        Route("/rag/chats/{id}/outdated", get(on.outdated)),
        Route("/rag/turns/{id}/feedback", post(on.rate), methods=["POST"]),
        Route("/rag/turns/{id}/draft", post(on.draft), methods=["POST"]),
        Route("/rag/sources/{id}", get(on.list_sources)),
        Route(ref, get(on.view)),
        Route(f"{ref}/text", get(on.more_text)),
        Route(f"{ref}/find", get(on.find)),
        Route(f"{ref}/original", get(on.original)),
        Route("/rag/documents", get(lambda request: desk.documents())),
        Route("/rag/documents/remove", post(on.remove), methods=["POST"]),
        Route("/rag/documents/restore", post(on.restore), methods=["POST"]),
        Route("/rag/documents/samples", post(on.add_samples), methods=["POST"]),
        Route(UPLOAD + "{name}", on.add, methods=["PUT"]),
        Route("/rag/index", get(lambda request: desk.indexing.progress.to_dict())),
        Route("/rag/index", post(on.start_indexing), methods=["POST"]),
        Route("/rag/suggestions", get(lambda request: {"questions": list(desk.suggestions())})),
        Route("/rag/generators", get(on.generators)),
    ]
