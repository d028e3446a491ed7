"""`rag chat`: the chat in the browser, on this machine only."""

import ipaddress
import webbrowser
from typing import Annotated

import typer

from index.errors import UsageError
from ui.commands.options import Docs, GeneratorName, IndexUrl

Host = Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen: this machine only.")]
Port = Annotated[
    int | None,
    typer.Option(
        metavar="PORT",
        min=0,
        max=65535,
        help="The port; 0 takes any free one.",
        show_default="7860, or the next free one",
    ),
]


def chat(
    docs: Docs = None,
    index: IndexUrl = None,
    generator: GeneratorName = None,
    host: Host = "127.0.0.1",
    port: Port = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
) -> None:
    """Open a chat over the documents in the browser.

    The index is built on first use. The chat listens on this machine only and ends with Ctrl-C.
    """
    address = loopback(host)
    # Late: the page costs seconds of imports that no other command should pay.
    from rag import Rag
    from ui.serve import free_port, serving, wait_for_end
    from ui.terminal import progress

    chosen = free_port(address, port)
    with progress() as tick:
        rag = Rag.open(docs, index=index, generator=generator, progress=tick)
    with serving(rag, address, chosen) as url:
        typer.echo(f"Chat: {url}")
        if not no_browser:
            webbrowser.open(url)
        wait_for_end()


def loopback(host: str) -> str:
    """The host as an address, if it is this machine only.

    Raises:
        UsageError: It can be reached from elsewhere.
    """
    name = host.strip().strip("[]").lower()
    if name == "localhost":
        return "127.0.0.1"
    try:
        local = ipaddress.ip_address(name).is_loopback and "%" not in name
    except ValueError:
        local = False
    if not local:
        raise UsageError(
            f"the chat listens on this machine only, not on {host!r}: users do not exist yet, so anyone who "
            "could reach the address could read the documents; leave --host out, or use 127.0.0.1 or ::1"
        )
    return name
