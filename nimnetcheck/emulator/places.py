"""Where the emulated names lead: their addresses, and the listeners behind those."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.emulator import connect, entitlements, nim, teem
from nimnetcheck.emulator.dispatch import RANGE
from nimnetcheck.emulator.server import listen

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from nimnetcheck.model import Address

HTTPS = 443
# Names whose addresses are published have those; the others have addresses that are kept for examples (RFC 5737).
HOSTS: Mapping[str, tuple[str, ...]] = {
    teem.HOST: ("198.51.100.10",),
    entitlements.HOST: ("198.51.100.11",),
    connect.HOST: ("3.135.72.139", "3.133.232.50", "52.14.85.249", "2600:1f16:19c8:d400::1"),
    nim.HOST: ("192.0.2.10",),
}
VENDOR = (teem.HOST, entitlements.HOST, connect.HOST)


@attrs.frozen(kw_only=True)
class Where:
    """Where to listen: one address, a port for the web and one for names (0: any), and what every name resolves to."""

    host: str = "127.0.0.1"
    port: int = 0
    names_port: int = 0
    answer: Address | None = None


@attrs.frozen(kw_only=True)
class Sockets:
    """Everything that is listened on."""

    web: tuple[socket.socket, ...]
    names: tuple[socket.socket, socket.socket]
    proxy: socket.socket
    guarded_proxy: socket.socket
    interception: socket.socket
    behind: socket.socket

    @classmethod
    def bound(cls, where: Where) -> Sockets:
        """Bind them all; raises OSError."""
        return cls(
            web=_web(where),
            names=_names(where),
            proxy=listen(where.host),
            guarded_proxy=listen(where.host),
            interception=listen(where.host),
            behind=listen(where.host),
        )

    def zone(self, answer: Address | None) -> dict[str, tuple[Address, ...]]:
        """The addresses of each name: its own, or one and the same for all; of an IP version that is listened on."""
        if answer is not None:
            return dict.fromkeys(HOSTS, (answer,))
        versions = {ip_address(end(sock)[0]).version for sock in self.web}
        known = {name: tuple(map(ip_address, addresses)) for name, addresses in HOSTS.items()}
        return {name: tuple(one for one in found if one.version in versions) for name, found in known.items()}

    def dial(self, zone: Mapping[str, tuple[Address, ...]]) -> dict[tuple[Address, int], tuple[Address, int]]:
        """Which listener stands behind each address."""
        ends = {ip_address(name).version: (ip_address(name), port) for name, port in map(end, self.web)}
        addresses = [*RANGE, *(address for known in zone.values() for address in known)]
        return {(address, HTTPS): ends[address.version] for address in addresses if address.version in ends}

    def tunnels(self, *, intercepted: bool) -> dict[str, tuple[str, int]]:
        """Where a proxy's tunnels lead, by authority; an intercepted one ends before the vendor's listener."""
        web, inspected = end(self.web[0]), end(self.interception)
        return {f"{name}:{HTTPS}": inspected if intercepted and name in VENDOR else web for name in HOSTS}


def end(sock: socket.socket) -> tuple[str, int]:
    """The address and port of a socket."""
    host, port = sock.getsockname()[:2]
    return str(host), int(port)


def _web(where: Where) -> tuple[socket.socket, ...]:
    """On IPv6 too, where loopback has it."""
    first = listen(where.host, where.port)
    if where.host != "127.0.0.1":
        return (first,)
    try:
        return (first, listen("::1"))
    except OSError:
        return (first,)  # a host without IPv6: the names then have no IPv6 addresses


def _names(where: Where) -> tuple[socket.socket, socket.socket]:
    """UDP and TCP on the same port, which a second try may have to find."""
    for _ in range(10):
        udp = listen(where.host, where.names_port, datagrams=True)
        try:
            return udp, listen(where.host, end(udp)[1])
        except OSError:
            udp.close()
    raise OSError("no port is free on both UDP and TCP")
