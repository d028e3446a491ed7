"""`rag chat`: the chat in the browser, on this machine, or for the users of a user file."""

import ipaddress
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from index.errors import UsageError
from ui.commands.options import Docs, GeneratorName, IndexUrl

Host = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Where to listen; beyond this machine only with --auth.")
]
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
Auth = Annotated[
    Path | None,
    typer.Option("--auth", metavar="FILE", help="A user file: everybody has to sign in.", show_default=False),
]
AddUser = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Ask for a password, write NAME into the user file, and end.",
        show_default=False,
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--name", metavar="HOST", help="A name that others call this machine by; may be given again."
    ),
]


def chat(
    docs: Docs = None,
    index: IndexUrl = None,
    generator: GeneratorName = None,
    host: Host = "127.0.0.1",
    port: Port = None,
    auth: Auth = None,
    add_user: AddUser = None,
    name: Names = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
) -> None:
    """Open a chat over the documents in the browser.

    The index is built on first use. The chat listens on this machine only, unless there are users, and ends
    with Ctrl-C.
    """
    from ui.users import Sessions, read_users
    from ui.users import add_user as write_user

    if add_user is not None:
        if auth is None:
            raise UsageError("--add-user needs the user file: --auth FILE")
        write_user(auth, add_user, typer.prompt("Password", hide_input=True, confirmation_prompt=True))
        typer.echo(f"{add_user} can sign in now.")
        return
    users = read_users(auth) if auth is not None else None
    address = listening(host, with_users=users is not None)
    # Late: the page costs seconds of imports that no other command should pay.
    from rag import Rag
    from ui.serve import Access, free_port, serving, wait_for_end
    from ui.terminal import progress

    chosen = free_port(address, port)
    access = Access(Sessions(users) if users is not None else None, tuple(name or ()))
    with progress() as tick:
        rag = Rag.open(docs, index=index, generator=generator, progress=tick, allow_empty=True)
    with serving(rag, address, chosen, access) as url:
        typer.echo(f"Chat: {url}")
        if not no_browser:
            webbrowser.open(url)
        wait_for_end()


def listening(host: str, *, with_users: bool) -> str:
    """The host as an address; without users it must be this machine only.

    Raises:
        UsageError: It can be reached from elsewhere, or is no address.
    """
    name = host.strip().strip("[]").lower()
    if name == "localhost":
        return "127.0.0.1"
    try:
        address = ipaddress.ip_address(name)
        local = address.is_loopback and "%" not in name
    except ValueError:
        address, local = None, False
    if with_users and address is None:
        raise UsageError(
            f"--host {host!r} is no address; give a number such as 0.0.0.0, and the name as --name"
        )
    if not local and not with_users:
        raise UsageError(
            f"the chat listens on this machine only, not on {host!r}: without users, anyone who could reach "
            "the address could read the documents; name a user file with --auth, or leave --host out"
        )
    return name
