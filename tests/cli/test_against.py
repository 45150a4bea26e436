"""`--against` decides which world is probed, and what the report must say about it."""

from __future__ import annotations

from ipaddress import ip_address

from nimnetcheck.cli import against
from nimnetcheck.cli.network import NetworkOptions


def options(where: str) -> NetworkOptions:
    pins = ("product.apis.f5.com:443:192.0.2.7",)
    return NetworkOptions(timeout_s=5.0, deadline_s=30.0, against=where, resolve=pins, versions=(4, 6))


def test_live_is_the_network_with_the_users_pins() -> None:
    with against.world(options("live")) as world:
        assert world.pins == {("product.apis.f5.com", 443): (ip_address("192.0.2.7"),)}
        assert world.dial == {}
    assert against.notes(options("live")) == ()


def test_the_emulator_leads_every_address_to_loopback_while_it_runs() -> None:
    with against.world(options("emulator")) as world:
        assert {address.is_loopback for address, _ in world.dial.values()} == {True}
        assert world.ca_file is not None
        assert world.ca_file.exists()
    assert not world.ca_file.exists()
    assert against.notes(options("emulator")) == (against.EMULATED,)
