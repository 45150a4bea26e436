"""One question to the kernel: a protocol, an address and a port."""

from __future__ import annotations

import re
from ipaddress import ip_address

import attrs

from nimnetcheck.errors import InputError
from nimnetcheck.model import Address, Text

_FLOW = re.compile(r"(tcp|udp):(?:\[([^\[\]]+)\]|([^:\[\]]+)):(\d{1,5})")
_MAX_PORT = 65535


class Protocol(Text):
    """What is sent: a TCP connection with a byte each way, a datagram and its answer, or what a router says of one.

    An ICMP error is about a connection, whose segment it calls too big; nobody names one, the twin asks by itself.
    """

    TCP = "tcp"
    UDP = "udp"
    ICMP_ERROR = "icmp-error"


@attrs.frozen(kw_only=True)
class Flow:
    """A connection that this host begins."""

    protocol: Protocol = Protocol.TCP
    address: Address
    port: int = 443

    @property
    def is_error(self) -> bool:
        """Whether it is what a router says of a connection."""
        return self.protocol is Protocol.ICMP_ERROR

    @property
    def connection(self) -> Flow:
        """What an error is about; any other flow itself."""
        return attrs.evolve(self, protocol=Protocol.TCP) if self.is_error else self

    def __str__(self) -> str:
        literal = f"[{self.address}]" if self.address.version == 6 else str(self.address)  # noqa: PLR2004 (IP version)
        return f"{self.protocol}:{literal}:{self.port}"


def parse(text: str) -> Flow:
    """Read `tcp:203.0.113.9:8443` or `udp:[2001:db8::1]:53`; raises InputError."""
    match = _FLOW.fullmatch(text)
    if not match or not 0 < int(match[4]) <= _MAX_PORT:
        raise InputError(f"flow {text!r}: write tcp:203.0.113.9:443, udp:192.0.2.53:53 or tcp:[2001:db8::1]:443")
    try:
        address = ip_address(match[2] or match[3])
    except ValueError as error:
        raise InputError(f"flow {text!r}: {error}") from error
    if getattr(address, "scope_id", None):
        raise InputError(f"flow {text!r}: an address of one link only")
    if (address.version == 6) is not bool(match[2]):  # noqa: PLR2004 (IP version)
        raise InputError(f"flow {text!r}: an IPv6 address stands in brackets, an IPv4 address does not")
    if address.is_unspecified or address.is_multicast:
        raise InputError(f"flow {text!r}: nothing connects to {address}")
    return Flow(protocol=Protocol(match[1]), address=address, port=int(match[4]))
