"""What the two official SDKs have in common: addresses, keys, quiet clients, and errors that say what to do.

A key comes from the environment and goes nowhere but into the request. Proxies, `.netrc` and redirects are
not followed, so a request reaches the configured address or none; nothing about this machine is sent.
"""

import importlib
import ipaddress
import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from index.errors import GeneratorError, SettingsError

RETRIES = 2
_LONGEST_DETAIL = 200
_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|size|window)|exceed_context|too long|too large", re.IGNORECASE
)
_NEAR = tuple(
    map(
        ipaddress.ip_network,
        "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 100.64.0.0/10 fc00::/7 fe80::/10".split(),
    )
)
# Names that no public name server answers for.
_NEAR_NAMES = (".localhost", ".local", ".lan", ".internal", ".home.arpa")
_ABOUT_US = ("Lang", "Package-Version", "OS", "Arch", "Runtime", "Runtime-Version", "Async")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is served. The key never shows.

    Attributes:
        variable: The environment variable that holds the key.
        official: Whether no URL was given, so that the maker of the SDK is asked.
    """

    name: str
    model: str
    url: str
    variable: str
    official: bool
    key: str = field(repr=False, default="")


def endpoint(scheme: str, argument: str, url: str, variable: str) -> Endpoint:
    """The endpoint of `MODEL` or `MODEL@URL`.

    Args:
        url: Where to go when the address names no URL.
        variable: The environment variable that holds the key.

    Raises:
        SettingsError: The address is none, or the key would go out in clear.
        GeneratorError: There is no key, and the server is not on this machine.
    """
    model, mark, given = argument.rpartition("@") if "@" in argument else (argument, "", url)
    if not model.strip():
        raise SettingsError(
            f"a generator {scheme} needs a model: {scheme}:MODEL or {scheme}:MODEL@http://HOST/v1"
        )
    parts = urlsplit(given)
    if "://" in model or parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"the address of {scheme} is not MODEL@http://HOST/… or MODEL@https://HOST/…")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SettingsError(
            f"the address of {scheme} must hold no key and no query; put the key into {variable}"
        )
    key = os.environ.get(variable, "").strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise GeneratorError(f"what {variable} holds is no key: it has characters that no key has")
    if not key and not _is_loopback(parts.hostname):
        raise GeneratorError(f"{scheme}:{argument} needs a key: set {variable} in the environment")
    if key and parts.scheme == "http" and not _is_near(parts.hostname):
        raise SettingsError(
            f"{scheme}:{argument} would send the key of {variable} and your documents in clear beyond your "
            "own network; use an https:// address, or reach the server through a tunnel on localhost"
        )
    return Endpoint(f"{scheme}:{argument}", model, given, variable, not mark, key)


def client(sdk: ModuleType, kind: str, at: Endpoint, timeout: float, **options: Any) -> Any:
    """The SDK's client `kind`, bound to one address."""
    headers = {f"X-Stainless-{name}": sdk.Omit() for name in _ABOUT_US}
    # Questions are minutes apart: a kept connection would be a stale one, and one that nobody closes.
    headers["Connection"] = "close"
    return getattr(sdk, kind)(
        # An SDK without any key refuses to start; a server that asks for none ignores this one.
        api_key=at.key or "none",
        base_url=at.url,
        timeout=timeout,
        max_retries=RETRIES,
        default_headers=headers,
        # Not the SDK's own: one of them takes proxies from the environment whatever it is told.
        http_client=_transport().Client(trust_env=False, follow_redirects=False, timeout=timeout),
        **options,
    )


@contextmanager
def told_plainly(sdk: ModuleType, at: Endpoint, timeout: float) -> Iterator[None]:
    """Turns what an SDK raises into a `GeneratorError` that says what to do."""
    try:
        yield
    except sdk.APIError as error:
        raise GeneratorError(_advice(sdk, error, at, timeout)) from None
    except _transport().HTTPError:  # one of the SDKs lets these through in mid-answer
        raise GeneratorError(_unreachable(at)) from None
    except (ValueError, TypeError, AttributeError) as error:
        # A reply that is no JSON, or JSON of another shape.
        raise GeneratorError(
            f"{at.name} sent what is not part of its protocol ({type(error).__name__}); "
            "check that the address is that of a compatible API, often ending in /v1"
        ) from None


def broke_off(at: Endpoint) -> GeneratorError:
    """The error for a reply whose end never came."""
    return GeneratorError(
        f"{at.name} broke off in the middle of its answer; ask again, or look at the server's log"
    )


def counted(tokens: Any) -> int | None:
    """A number of tokens as a server tells it; None where it is none."""
    told = isinstance(tokens, int | float) and not isinstance(tokens, bool)
    return int(tokens) if told and math.isfinite(tokens) and tokens >= 0 else None


def priced(cost: Any) -> float | None:
    """A cost as a server tells it; None where it is none."""
    told = isinstance(cost, int | float) and not isinstance(cost, bool)
    return float(cost) if told and math.isfinite(cost) and cost >= 0 else None


def too_long(error: Any) -> bool:
    """Whether a refusal is about the length of the text."""
    return _TOO_LONG.search(str(error)) is not None


def _advice(sdk: ModuleType, error: Any, at: Endpoint, timeout: float) -> str:
    status = getattr(error, "status_code", None)
    if isinstance(error, sdk.APITimeoutError):
        return f"{at.name} said nothing for {timeout:g} s; ask again, or raise answer.timeout"
    if isinstance(error, sdk.APIConnectionError):
        return _unreachable(at)
    if status == 401 or status == 403:  # what the server says about a key may quote it
        return f"{at.name} refused the key; check {at.variable} in the environment and what it is allowed"
    detail = _detail(error, at)
    if status == 413 or too_long(error):
        return f"{at.name} cannot take that much text; lower answer.evidence_tokens{detail}"
    if status == 404:
        return f"{at.name} does not know this model or path; check both{detail}"
    if status == 429:
        return f"{at.name} is over its rate limit or quota; wait, or look at your account{detail}"
    if status is not None and status >= 500:
        return f"{at.name} failed with {status}; ask again later, or look at the server's log{detail}"
    return f"{at.name} gave an error{f' {status}' if status else ''}; see what it says{detail}"


def _unreachable(at: Endpoint) -> str:
    return f"{at.name} cannot be reached, or the connection broke; check that the server runs at {at.url}"


def _transport() -> ModuleType:
    """The HTTP library that both SDKs stand on, and bring along."""
    return importlib.import_module("httpx2")


def _detail(error: Any, at: Endpoint) -> str:
    """What the server says, in one short line and without the key."""
    said = " ".join(str(getattr(error, "message", error)).split())
    if at.key:
        said = said.replace(at.key, "(key)")
    return f": {said[:_LONGEST_DETAIL]}" if said else ""


def _is_loopback(host: str) -> bool:
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_near(host: str) -> bool:
    """Whether a host is this machine or on its own network, as far as its name tells."""
    name = host.lower().rstrip(".")
    try:
        address = ipaddress.ip_address(name)
        # Not `is_private`: to Python that holds for addresses of documentation, too.
        return address.is_loopback or any(address in network for network in _NEAR)
    except ValueError:
        return "." not in name or name.endswith(_NEAR_NAMES)
