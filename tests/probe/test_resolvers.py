"""What this host is configured to ask, and what it knows by itself."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from nimnetcheck.probe.resolvers import configured, overrides

if TYPE_CHECKING:
    from pathlib import Path


def test_the_first_three_resolvers_in_their_order(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text(
        "# nameserver 192.0.2.9\n; nameserver 192.0.2.8\nsearch example\nnameserver 192.0.2.1\nnameserver\n"
        "nameserver nonsense\n nameserver 2001:db8::1\nnameserver fe80::1%lo\nnameserver 192.0.2.4\n",
        encoding="utf-8",
    )
    assert configured(file) == (
        (ip_address("192.0.2.1"), 53),
        (ip_address("2001:db8::1"), 53),
        (ip_address("fe80::1%lo"), 53),
    )


def test_no_file_no_resolver(tmp_path: Path) -> None:
    assert configured(tmp_path / "missing") == ()


def test_overrides_are_found_by_any_of_their_names(tmp_path: Path) -> None:
    file = tmp_path / "hosts"
    file.write_text(
        "127.0.0.1 localhost\n192.0.2.1 other usage.EXAMPLE # usage\n# 192.0.2.2 usage.example\nbroken usage.example\n"
        "2001:db8::1 usage.example\n",
        encoding="utf-8",
    )
    assert overrides("Usage.example", file) == (ip_address("192.0.2.1"), ip_address("2001:db8::1"))
    assert overrides("usage", file) == ()
    assert overrides("usage.example", tmp_path / "missing") == ()
