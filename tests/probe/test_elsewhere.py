"""Whom failures are compared with, as `--control` says it."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from nimnetcheck.cli.network import ROOT_SERVER
from nimnetcheck.errors import InputError
from nimnetcheck.probe import elsewhere


def test_the_default_is_a_server_of_the_root() -> None:
    assert elsewhere.parse(ROOT_SERVER) is elsewhere.ROOT_SERVER
    assert [str(elsewhere.ROOT_SERVER.address(version)) for version in (4, 6)] == ["198.41.0.4", "2001:503:ba3e::2:30"]


def test_none_is_nobody() -> None:
    nobody = elsewhere.parse("none")
    assert (nobody.address(4), nobody.address(6), nobody.tunnel) == (None, None, "")


@pytest.mark.parametrize(
    ("text", "address", "port", "tunnel"),
    [
        ("192.0.2.7", "192.0.2.7", 53, "192.0.2.7:443"),
        ("192.0.2.7:22", "192.0.2.7", 22, "192.0.2.7:443"),
        ("2001:db8::7", "2001:db8::7", 53, "[2001:db8::7]:443"),
        ("[2001:db8::7]:22", "2001:db8::7", 22, "[2001:db8::7]:443"),
    ],
)
def test_an_address_stands_for_its_own_ip_version(text: str, address: str, port: int, tunnel: str) -> None:
    found = elsewhere.parse(text)
    assert (found.address(ip_address(address).version), found.port, found.tunnel) == (ip_address(address), port, tunnel)
    assert found.address(10 - ip_address(address).version) is None


@pytest.mark.parametrize(
    "text", ["", "nobody", "www.example.com", "127.1", "192.0.2.7:0", "192.0.2.7:x", "192.0.2.0/24"]
)
def test_anything_else_is_refused_and_says_what_to_write(text: str) -> None:
    with pytest.raises(InputError, match=r"--control .*write ADDRESS\[:PORT\], like .* or none"):
        elsewhere.parse(text)
