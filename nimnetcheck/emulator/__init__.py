"""The vendor's side, emulated: hosts, certificates, names, and what can go wrong with them."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import contextmanager
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.emulator import connect, nim, others, teem
from nimnetcheck.emulator.authority import Authority
from nimnetcheck.emulator.dispatch import Dispatch
from nimnetcheck.emulator.faults import FAULTS, Faults
from nimnetcheck.emulator.server import listen, serving
from nimnetcheck.model import World

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Iterable, Iterator, Mapping

    from nimnetcheck.emulator.dispatch import Arrival
    from nimnetcheck.emulator.routes import Route
    from nimnetcheck.model import Address

__all__ = ["FAULTS", "HOSTS", "Vendor", "running"]

RANGE = ip_network("159.60.126.0/25")
# Names whose addresses are published have those; the others have addresses that are kept for examples (RFC 5737).
HOSTS: Mapping[str, tuple[str, ...]] = {
    teem.HOST: ("198.51.100.10",),
    others.ENTITLEMENTS: ("198.51.100.11",),
    connect.HOST: ("3.135.72.139", "3.133.232.50", "52.14.85.249", "2600:1f16:19c8:d400::1"),
    nim.HOST: ("192.0.2.10",),
}
VENDOR = frozenset({teem.HOST, others.ENTITLEMENTS, connect.HOST})
HTTPS = 443
YEAR = dt.timedelta(days=365)


@attrs.frozen(kw_only=True)
class Vendor:
    """A running emulation: where it is reached, and what a client needs to be let in."""

    world: World
    nim_url: str
    username: str
    password: str = attrs.field(repr=False)
    licence: str = attrs.field(repr=False)
    ca_pem: bytes = attrs.field(repr=False)
    routes: Mapping[str, tuple[Route, ...]] = attrs.field(repr=False)
    requests: list[Arrival] = attrs.field(repr=False)
    web: tuple[str, int]
    resolver: tuple[str, int]


@contextmanager
def running(
    *,
    faults: Iterable[str] = (),
    nim_version: str = "2.21.0",
    instances: int = 20,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[Vendor]:
    """Serve until the block ends; raises InputError for a fault that does not exist."""
    wrong = Faults(names=frozenset(faults))
    authority = Authority()
    now = dt.datetime.now(dt.timezone.utc)
    licence = authority.licence(now, YEAR)
    platform = nim.Nim(nim_version, wrong, licence, instances)
    routes = {
        teem.HOST: teem.Teem(authority, wrong).routes(),
        others.ENTITLEMENTS: others.entitlements(),
        connect.HOST: connect.Connect(authority, wrong).routes(),
        nim.HOST: platform.routes(),
    }
    dispatch = Dispatch(routes, VENDOR, others.collector(), wrong)
    web = _web(host, port)
    names = _names(host)
    zone = {name: tuple(map(ip_address, addresses)) for name, addresses in HOSTS.items()}
    versions = {ip_address(sock.getsockname()[0]).version for sock in web}
    zone = {name: tuple(a for a in addresses if a.version in versions) for name, addresses in zone.items()}
    with tempfile.TemporaryDirectory(prefix="nimnetcheck-") as folder:
        ca_file = Path(folder) / "ca.pem"
        ca_file.write_bytes(authority.ca_pem)
        world = World(
            name="emulator",
            resolvers=((ip_address(host), names[0].getsockname()[1]),),
            dial=_dial(zone, web),
            ca_file=ca_file,
        )
        with serving(dispatch, _context(authority, wrong, now), web, names, zone):
            yield Vendor(
                world=world,
                nim_url=f"https://{nim.HOST}",
                username=platform.username,
                password=platform.password,
                licence=licence,
                ca_pem=authority.ca_pem,
                routes={**routes, str(RANGE): others.collector()},
                requests=dispatch.arrivals,
                web=web[0].getsockname()[:2],
                resolver=names[0].getsockname()[:2],
            )


def _context(authority: Authority, faults: Faults, now: dt.datetime) -> ssl.SSLContext:
    """Certificates by SNI, so that a fault of the vendor's leaves the NIM's alone."""
    issuer = Authority() if faults.has("untrusted-ca") else authority
    not_after = now - YEAR if faults.has("expired-certificate") else None
    vendor = issuer.context((*sorted(VENDOR), "collector.example"), not_after=not_after)
    own = authority.context((nim.HOST,))

    def choose(connection: ssl.SSLSocket | ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        connection.context = own if name == nim.HOST else vendor

    vendor.sni_callback = choose
    return vendor


def _web(host: str, port: int) -> list[socket.socket]:
    web = [listen(host, port)]
    if host == "127.0.0.1":
        try:
            web.append(listen("::1"))
        except OSError:
            return web  # a host without IPv6: the names then have no IPv6 addresses
    return web


def _names(host: str) -> tuple[socket.socket, socket.socket]:
    """UDP and TCP on the same port, which a second try may have to find."""
    for _ in range(10):
        udp = listen(host, datagrams=True)
        try:
            return udp, listen(host, udp.getsockname()[1])
        except OSError:
            udp.close()
    raise OSError("no port is free on both UDP and TCP")


def _dial(
    zone: Mapping[str, tuple[Address, ...]], web: list[socket.socket]
) -> dict[tuple[Address, int], tuple[Address, int]]:
    ends = {ip_address(name).version: (ip_address(name), port) for name, port in (s.getsockname()[:2] for s in web)}
    addresses = [*RANGE, *(address for known in zone.values() for address in known)]
    return {(address, HTTPS): ends[address.version] for address in addresses if address.version in ends}
