"""Names to addresses for the writers of rules: both versions, pins, and names that lead nowhere."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from nimnetcheck import probe
from nimnetcheck.model import World
from nimnetcheck.probe import Options

if TYPE_CHECKING:
    from tests.probe.conftest import Bench, Zone

V4, V6 = ip_address("192.0.2.1"), ip_address("2001:db8::1")


def test_names_resolve_to_all_their_addresses(bench: Bench, zone: Zone) -> None:
    server = bench.name_server(zone({("a.example", "A"): (str(V4),), ("a.example", "AAAA"): (str(V6),)}))
    world = World(
        resolvers=((ip_address("127.0.0.1"), server.port),), pins={("pinned.example", 8443): (ip_address("192.0.2.7"),)}
    )
    found = probe.resolve(["a.example", "missing.example", "pinned.example", "a.example"], world)
    assert dict(found) == {
        "a.example": (V4, V6),
        "missing.example": (),
        "pinned.example": (ip_address("192.0.2.7"),),
    }
    assert dict(probe.resolve(["a.example"], world, Options(versions=(6,)))) == {"a.example": (V6,)}
