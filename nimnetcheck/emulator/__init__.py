"""The vendor's side, emulated: hosts, certificates, names, and what can go wrong with them."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.emulator import nim
from nimnetcheck.emulator.faults import FAULTS, Faults
from nimnetcheck.emulator.nim.state import CONNECTED, DISCONNECTED
from nimnetcheck.emulator.parts import Parts
from nimnetcheck.emulator.places import HOSTS, Sockets, Where, end
from nimnetcheck.emulator.resolver import Zone
from nimnetcheck.emulator.server import serving
from nimnetcheck.model import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nimnetcheck.emulator.dispatch import Arrival
    from nimnetcheck.emulator.proxy import Forward
    from nimnetcheck.emulator.routes import Route

__all__ = ["CONNECTED", "DISCONNECTED", "FAULTS", "HOSTS", "Vendor", "Where", "running"]


NEAR_END = dt.timedelta(days=20)  # inside the 30 days in which NGINX Plus asks for a renewed licence


@attrs.frozen(kw_only=True)
class Vendor:
    """A running emulation: where it is reached, what a client needs to be let in, and what has happened in it."""

    world: World
    nim_url: str
    username: str
    password: str = attrs.field(repr=False)
    licence: str = attrs.field(repr=False)
    ending_licence: str = attrs.field(repr=False)
    ca_pem: bytes = attrs.field(repr=False)
    routes: Mapping[str, tuple[Route, ...]] = attrs.field(repr=False)
    requests: list[Arrival] = attrs.field(repr=False)
    points: list[Mapping[str, str]] = attrs.field(repr=False)
    questions: list[str] = attrs.field(repr=False)
    nim_log: list[str] = attrs.field(repr=False)
    proxy: Forward
    guarded_proxy: Forward
    web: tuple[str, int]
    resolver: tuple[str, int]


@contextmanager
def running(  # noqa: PLR0913 (what an emulation can be told, each with a default)
    *,
    faults: Iterable[str] = (),
    nim_version: str = "2.21.0",
    nim_mode: str = DISCONNECTED,
    nim_through_proxy: bool = False,
    instances: int = 20,
    where: Where | None = None,
) -> Iterator[Vendor]:
    """Serve until the block ends; raises InputError for a fault that does not exist."""
    where = where or Where()
    parts = Parts.made(Faults(faults), nim_version, nim_mode, instances)
    sockets = Sockets.bound(where)
    zone = Zone(addresses=sockets.zone(where.answer))
    proxies = parts.forwards(sockets)
    with tempfile.TemporaryDirectory(prefix="nimnetcheck-") as folder:
        world = _world(parts, sockets, zone, Path(folder))
        parts.connect_nim(world, end(sockets.web[0]), proxies[0] if nim_through_proxy else None)
        with serving(parts.listeners(sockets), sockets.names, zone):
            yield _vendor(parts, sockets, world, zone, proxies)


def _world(parts: Parts, sockets: Sockets, zone: Zone, folder: Path) -> World:
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(parts.authority.ca_pem)
    host, port = end(sockets.names[0])
    return World(
        name="emulator",
        resolvers=((ip_address(host), port),),
        dial=sockets.dial(zone.addresses),
        ca_file=ca_file,
    )


def _vendor(parts: Parts, sockets: Sockets, world: World, zone: Zone, proxies: tuple[Forward, Forward]) -> Vendor:
    return Vendor(
        world=world,
        nim_url=f"https://{nim.HOST}",
        username=parts.state.username,
        password=parts.state.password,
        licence=parts.state.subscription,
        ending_licence=parts.authority.licence(parts.now, NEAR_END),
        ca_pem=parts.authority.ca_pem,
        routes=parts.hosts.routes(),
        requests=parts.dispatch.arrivals,
        points=parts.collector.points,
        questions=zone.asked,
        nim_log=parts.state.log,
        proxy=proxies[0],
        guarded_proxy=proxies[1],
        web=end(sockets.web[0]),
        resolver=end(sockets.names[0]),
    )
