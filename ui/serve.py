"""Starting the chat: a quiet environment, one place for the launch settings, and the guards.

Nothing leaves the machine: the variables below are set before gradio is imported, inherited GRADIO_*
variables (which could share the page or widen what it serves) are dropped, and its downloaders raise.
"""

import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from index.errors import UsageError
from ui.desk import Desk
from ui.guards import BodyLimit, ClosedRoutes, Headers, SameOrigin
from ui.routes import OwnRoutes, user_of
from ui.signin import SignIn
from ui.users import Sessions

if TYPE_CHECKING:
    from rag import Rag

DEFAULT_PORT = 7860
PORTS_TRIED = 100
LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]", "::1"]


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in, and under which names the machine may be addressed beside its own."""

    sessions: Sessions | None = None
    names: tuple[str, ...] = ()


def quiet_environment(temporary: str) -> None:
    """Set the process up so that gradio calls nobody; must run before gradio is imported."""
    for name in [name for name in os.environ if name.startswith("GRADIO_")]:
        del os.environ[name]
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["GRADIO_TEMP_DIR"] = temporary
    # gradio calls its own address once while starting; that call must not go to a configured proxy.
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), "127.0.0.1,localhost,::1"]))


def free_port(host: str, port: int | None) -> int:
    """The port to listen on: the one asked for, or the first free one from the default on.

    Raises:
        UsageError: The port asked for is taken, or none is free.
    """
    if port is not None:
        found = _bindable(host, port)
        if found is None:
            raise UsageError(f"port {port} on {host} is taken; choose another with --port, or leave it out")
        return found
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED):
        if _bindable(host, candidate) is not None:
            return candidate
    raise UsageError(f"no free port from {DEFAULT_PORT} to {DEFAULT_PORT + PORTS_TRIED - 1}; pass --port 0")


def launch_settings(desk: "Desk", host: str, port: int, access: Access | None = None) -> dict[str, Any]:
    """Every setting the chat is launched with. Tests read this."""
    access = access or Access()
    names = [*LOOPBACK_NAMES, host, *access.names]
    gate = [Middleware(SignIn, sessions=access.sessions)] if access.sessions else []
    return {
        "server_name": f"[{host}]" if ":" in host else host,
        "server_port": port,
        "share": False,
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "strict_cors": True,
        "max_file_size": "1mb",
        "allowed_paths": [],
        "blocked_paths": [str(desk.rag.folder), str(desk.rag.index_folder)],
        "auth_dependency": _user,
        "state_session_capacity": 200,
        "show_error": False,
        "quiet": True,
        "inbrowser": False,
        "prevent_thread_lock": True,
        "app_kwargs": {
            "middleware": [
                Middleware(Headers),
                Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False),
                Middleware(SameOrigin),
                *gate,
                Middleware(ClosedRoutes),
                Middleware(BodyLimit, largest_file=desk.shelf.largest),
                Middleware(OwnRoutes, desk=desk),
            ],
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
        },
    }


@contextmanager
def serving(rag: "Rag", host: str, port: int, access: Access | None = None) -> Iterator[str]:
    """Serve the chat in the background and give its address; it ends with the block."""
    temporary = tempfile.mkdtemp(prefix="rag-chat-")  # mode 0700
    quiet_environment(temporary)
    from ui.app import build_app, drop_outside_links, page_settings, refuse_downloads

    desk = Desk(rag)
    try:
        refuse_downloads()
        drop_outside_links()
        app = build_app(desk)
        try:
            app.launch(**launch_settings(desk, host, port, access), **page_settings())
            yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
        finally:
            app.close(verbose=False)
    finally:
        desk.indexing.end()
        desk.conversations.close()
        shutil.rmtree(temporary, ignore_errors=True)


def _user(request: Any) -> str:
    """Tells gradio who asks: the sign-in gate has let only users through."""
    return user_of(request.scope)


def wait_for_end() -> None:
    """Return when the program is asked to end: Ctrl-C or SIGTERM."""
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    ended.wait()


def _bindable(host: str, port: int) -> int | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As uvicorn binds: a port that is only lingering from an earlier run counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return None
        return int(probe.getsockname()[1])
