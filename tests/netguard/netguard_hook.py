"""Refuse every network address that is not this machine, and write the attempt down.

An audit hook cannot be removed and sees every Python socket, whatever library opened it, including
attempts that the library swallows; hence the log, which the test session reads at its end.
Covered: connect, connect_ex, sendto, sendmsg, and name look-ups, in this process and in every Python
process that inherits PYTHONPATH. Not covered: sockets that native code opens without Python (a
browser, curl, a Rust client), and processes started with `-I`, `-E` or `-S`.
"""

import ipaddress
import os
import socket
import sys
from typing import Any

LOG_VARIABLE = "NETGUARD_LOG"
_BY_ADDRESS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_BY_NAME = {
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
}
_ANY = {"", "localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"}
_installed: list[bool] = []


class NetworkRefused(PermissionError):
    """Something tried to leave this machine while the guard was on."""


def install() -> None:
    """Turn the guard on for the rest of this process; a second call does nothing."""
    if not _installed:
        _installed.append(True)
        sys.addaudithook(_hook)


def is_local(host: object) -> bool:
    """Whether `host` names this machine."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if host is None:
        return True
    if not isinstance(host, str):
        return False
    if host.lower().rstrip(".") in _ANY:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if event in _BY_ADDRESS:
        sock, address = args[0], args[1]
        inet = sock.family in (socket.AF_INET, socket.AF_INET6)
        if inet and isinstance(address, tuple) and not is_local(address[0]):
            _refuse(event, address[0])
    elif event in _BY_NAME and not is_local(args[0]):
        _refuse(event, args[0])


def _refuse(event: str, host: object) -> None:
    log = os.environ.get(LOG_VARIABLE)
    if log:
        with open(log, "a", encoding="utf-8") as file:
            file.write(f"{event} {host} pid {os.getpid()} {' '.join(sys.argv[:4])!r}\n")
    raise NetworkRefused(f"no network in tests: {event} to {host}")
