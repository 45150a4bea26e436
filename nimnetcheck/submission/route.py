"""How the hosts of a submission are trusted and reached: a NIM's anchor, and the forward proxy to the vendor.

The decisions are ours: httpx reads no environment. `auto` takes what the environment says, with NO_PROXY as curl reads
it, and prefixes besides. A NIM is on this side of the proxy: its password goes to it directly, always.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import attrs

from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
EXCEPTIONS = ("no_proxy", "NO_PROXY")
USUAL_PORT = 3128


@attrs.frozen(kw_only=True)
class Anchor:
    """What a host is trusted by: this certificate (SHA-256 of its DER, in hex), these authorities, or the World's."""

    sha256: str = ""
    ca_file: Path | None = None


@attrs.frozen(kw_only=True)
class Proxy:
    """A proxy that opens tunnels (CONNECT), and who may use it; `source` is where it was set."""

    host: str
    port: int
    username: str = attrs.field(default="", repr=False)
    password: str = attrs.field(default="", repr=False)
    source: str = ""
    exceptions: tuple[str, ...] = ()

    def leads_to(self, host: str) -> bool:
        """Whether that host is reached through it."""
        return not any(_excepts(entry, host.lower()) for entry in self.exceptions)


def choose(wanted: str, environment: Mapping[str, str]) -> Proxy | None:
    """The proxy that `auto`, `none` or a URL means; raises InputError."""
    if wanted == "none":
        return None
    if wanted != "auto":
        return _parse(wanted, "--proxy")
    name = next((name for name in VARIABLES if environment.get(name)), "")
    if not name:
        return None
    listed = next((environment[name] for name in EXCEPTIONS if environment.get(name)), "")
    exceptions = tuple(entry.strip().lower() for entry in listed.split(",") if entry.strip())
    return attrs.evolve(_parse(environment[name], name), exceptions=exceptions)


def _parse(text: str, source: str) -> Proxy:
    """A proxy's URL; no message repeats it, since a password may stand in it."""
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname, parts.port or USUAL_PORT
    except ValueError:
        host = None
    if not host:
        raise InputError(
            f"{source}: write http://HOST:PORT, with USER:PASSWORD@ in front of HOST where it asks for them"
        )
    if parts.scheme != "http":
        raise InputError(f"{source}: only a proxy that is spoken to by plain HTTP (http://…) is supported")
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Proxy(host=host, port=port, username=username, password=password, source=source)


def _excepts(entry: str, host: str) -> bool:
    """One entry of NO_PROXY: `*`, a domain with all below it, an address, or a prefix."""
    if entry == "*":
        return True
    bare = entry.strip("[]").lstrip(".")
    try:
        return ip_address(host) in ip_network(bare, strict=False)
    except ValueError:
        return host == bare or host.endswith(f".{bare}")
