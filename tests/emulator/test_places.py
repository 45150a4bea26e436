"""Names resolve to their own addresses, or to one and the same, and each leads to a listener."""

from __future__ import annotations

from ipaddress import ip_address

from nimnetcheck.emulator import HOSTS, Where, running
from nimnetcheck.emulator.resolver import Zone, answer


def test_every_name_can_be_given_one_address() -> None:
    here = ip_address("127.0.0.1")
    with running(where=Where(answer=here)) as vendor:
        assert vendor.world.dial[here, 443] == (here, vendor.web[1])


def test_a_port_for_names_is_kept() -> None:
    with running() as first:
        port = first.resolver[1]
    with running(where=Where(names_port=port)) as second:
        assert second.resolver == ("127.0.0.1", port)


def test_the_zone_holds_the_emulated_names_alone() -> None:
    assert answer(b"", Zone(addresses={})) is None
    assert {name for name in HOSTS if name.endswith((".f5.com", ".nginx.com"))} == set(HOSTS) - {"nim.example"}
