"""A forward proxy that stands for the endpoints."""

from __future__ import annotations

import re

import attrs

from nimnetcheck.addresses import MAX_PORT, parse_address
from nimnetcheck.catalogue import is_host_name
from nimnetcheck.errors import InputError


@attrs.frozen(kw_only=True)
class Proxy:
    """A forward proxy, by address or by name."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_proxy(text: str) -> Proxy:
    """`HOST:PORT`, an IPv6 address in brackets; raises InputError."""
    host, colon, port = text.rpartition(":")
    if not colon or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) <= MAX_PORT:
        raise InputError(f"proxy {text!r}: write HOST:PORT, like 192.0.2.8:3128")
    if host.startswith("[") and host.endswith("]"):
        return Proxy(host=str(parse_address(host[1:-1])), port=int(port))
    if not is_host_name(host) or host.startswith("*."):
        host = str(parse_address(host))
        if ":" in host:
            raise InputError(f"proxy {text!r}: put the IPv6 address in brackets")
    return Proxy(host=host.lower(), port=int(port))
