"""How the chat is launched: its settings, its environment, and where it may listen."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import REPO
from scripted_chat import ScriptedRag

from index.errors import UsageError
from ui.commands.chat_cmd import listening
from ui.desk import Desk
from ui.serve import DEFAULT_PORT, Access, free_port, launch_settings, quiet_environment
from ui.users import Sessions


def test_launch_settings(tmp_path: Path) -> None:
    """Nothing shared, recorded, monitored or served that is not the page."""
    rag: Any = ScriptedRag(tmp_path)  # Any, because a stand-in is not a `Rag`
    desk = Desk(rag)
    settings = launch_settings(desk, "127.0.0.1", 7860)
    expected = {
        "server_name": "127.0.0.1",
        "share": False,
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "strict_cors": True,
        "allowed_paths": [],
        "blocked_paths": [str(ScriptedRag.folder), str(tmp_path)],
        "show_error": False,
    }
    assert {name: settings[name] for name in expected} == expected
    names = [layer.cls.__name__ for layer in settings["app_kwargs"]["middleware"]]
    guards = ["Headers", "TrustedHostMiddleware", "SameOrigin", "ClosedRoutes", "BodyLimit", "OwnRoutes"]
    assert names == guards
    assert launch_settings(desk, "::1", 1)["server_name"] == "[::1]"
    access = Access(Sessions({}), ("chat.example",))
    layers = launch_settings(desk, "0.0.0.0", 1, access)["app_kwargs"]["middleware"]
    assert [layer.cls.__name__ for layer in layers][3] == "SignIn"
    assert "chat.example" in layers[1].kwargs["allowed_hosts"]
    desk.conversations.close()


def test_the_environment_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Telemetry is off, and a variable that would share the page or widen it is gone."""
    monkeypatch.setattr(os, "environ", {"GRADIO_SHARE": "True", "GRADIO_ALLOWED_PATHS": "/", "NO_PROXY": "x"})
    quiet_environment("folder")
    assert os.environ == {
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_OFFLINE": "1",
        "GRADIO_TEMP_DIR": "folder",
        "NO_PROXY": "x,127.0.0.1,localhost,::1",
        "no_proxy": "127.0.0.1,localhost,::1",
    }


def test_the_downloaders_raise() -> None:
    """Gradio's own downloaders are replaced, under each of their names."""
    code = """if True:
        import asyncio
        from ui.serve import quiet_environment
        quiet_environment(".")
        from ui.app import refuse_downloads
        refuse_downloads()
        from gradio import processing_utils as gradio
        def refused(call):
            try:
                call()
            except Exception as error:
                return "not fetched" in str(error)
        address = "http://192.0.2.1/x"
        assert refused(lambda: gradio.save_url_to_cache(address, "."))
        assert refused(lambda: gradio.ssrf_protected_download(address, "."))
        assert refused(lambda: asyncio.run(gradio.async_ssrf_protected_download(address, ".")))
    """
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.8.9.1", "127.8.9.1"),
        ("::1", "::1"),
        ("[::1]", "::1"),
        ("localhost", "127.0.0.1"),
    ],
)
def test_this_machine_may_listen(host: str, address: str) -> None:
    """Loopback however it is written."""
    assert listening(host, with_users=False) == address


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.example", "", "localhost.example"]
)
def test_any_other_address_is_refused(host: str) -> None:
    """Off loopback there have to be users."""
    with pytest.raises(UsageError, match="--auth"):
        listening(host, with_users=False)


def test_with_users_any_address_may_listen() -> None:
    """An address, that is: a name goes into --name."""
    assert listening("0.0.0.0", with_users=True) == "0.0.0.0"
    with pytest.raises(UsageError, match="--name"):
        listening("example.com", with_users=True)


def test_a_taken_port() -> None:
    """A port that was asked for and is taken is an error that says so; the default one moves on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} .* is taken"):
            free_port("127.0.0.1", port)
    assert free_port("127.0.0.1", 0) > 0
    assert DEFAULT_PORT <= free_port("127.0.0.1", None) < DEFAULT_PORT + 100


def test_the_default_port_moves_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two chats at once: the second takes the next free port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setattr("ui.serve.DEFAULT_PORT", port)
        assert free_port("127.0.0.1", None) > port
