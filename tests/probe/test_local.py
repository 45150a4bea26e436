"""What this host knows of its way to an address, as `ip` and /proc tell it; here by a stand-in for both."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.probe import local

if TYPE_CHECKING:
    from pathlib import Path

FAR = ip_address("3.135.72.139")
UP = {"ifname": "eth0", "flags": ["BROADCAST", "UP"], "operstate": "UP", "mtu": 1500}


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for /proc, and one in which `ip` prints the file that is named after the object it is asked about."""
    tool = tmp_path / "ip"
    tool.write_text(f'#!/bin/sh\nfor word; do [ ! -f "{tmp_path}/$word" ] || cat "{tmp_path}/$word"; done\n')
    tool.chmod(0o755)
    monkeypatch.setattr(local, "SEARCH", str(tmp_path) + ":/usr/bin:/bin")
    monkeypatch.setattr(local, "PROC", tmp_path / "proc")
    return tmp_path


def tell(host: Path, **tables: object) -> None:
    for name, rows in tables.items():
        (host / name).write_text(rows if isinstance(rows, str) else json.dumps(rows))


def test_the_route_with_the_longest_prefix_is_the_one_in_force(host: Path) -> None:
    default = {"dst": "default", "gateway": "10.0.0.1", "dev": "eth0"}
    tell(host, route=[default, {"type": "blackhole", "dst": "3.0.0.0/8"}, {"dst": "3.135.0.0/16", "dev": "eth0"}])
    assert local.facts(FAR)["route"] == {"to": "3.135.0.0/16", "type": "unicast", "via": None, "device": "eth0"}
    tell(host, route=[default, {"type": "blackhole", "dst": "3.0.0.0/8"}])
    assert local.facts(FAR)["route"] == {"to": "3.0.0.0/8", "type": "blackhole", "via": None, "device": None}


def test_the_next_hop_and_the_interface_are_told_with_their_state(host: Path) -> None:
    tell(
        host,
        route=[{"dst": "default", "gateway": "10.0.0.1", "dev": "eth0"}],
        link=[{**UP, "flags": ["UP", "NO-CARRIER"], "operstate": "DOWN"}],
        neighbour=[{"dst": "10.0.0.1", "state": ["FAILED"]}],
    )
    found = local.facts(FAR)
    assert found["neighbour"] == "FAILED"
    assert found["link"] == {"name": "eth0", "state": "DOWN", "carrier": False, "up": True, "mtu": 1500}


def test_without_a_route_every_interface_is_told_but_loopback(host: Path) -> None:
    tell(host, route=[], link=[UP, {**UP, "ifname": "lo", "flags": ["LOOPBACK", "UP"]}])
    found = local.facts(FAR)
    assert "route" not in found
    assert found["links"] == [{"name": "eth0", "state": "UP", "carrier": True, "up": True, "mtu": 1500}]


@pytest.mark.parametrize(
    ("rows", "router"),
    [
        ([{"dst": "3.135.72.139", "gateway": "10.0.0.1", "dev": "eth0"}], ip_address("10.0.0.1")),
        ([{"dst": "3.135.72.139", "dev": "wg0"}], None),
        ([{"type": "local", "dst": "127.0.0.53", "dev": "lo"}], None),
        ([{"gateway": "x"}], None),
        ("RTNETLINK answers", None),
    ],
    ids=["behind a router", "on a link", "this host's own", "nonsense", "no route"],
)
def test_the_first_router_of_a_way(host: Path, rows: object, router: object) -> None:
    tell(host, route=rows)
    assert local.first_router(FAR) == router


def test_no_router_is_known_without_ip(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "SEARCH", str(host / "nowhere"))
    assert local.first_router(FAR) is None


@pytest.mark.parametrize("rows", ["", "RTNETLINK answers", "[{]", "[[], 3, {}]"])
def test_what_ip_cannot_tell_is_left_out(host: Path, rows: str) -> None:
    tell(host, route=rows)
    assert "route" not in local.facts(FAR)


def test_a_host_without_ip_says_so(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "SEARCH", str(host / "nowhere"))
    assert local.facts(FAR)["without"] == "ip (iproute2) is not installed"


def test_limits_are_read_from_the_kernel(host: Path) -> None:
    for name, text in {
        "sys/net/ipv4/ip_local_port_range": "40000\t40003\n",
        "sys/net/netfilter/nf_conntrack_count": "99\n",
        "sys/net/netfilter/nf_conntrack_max": "100\n",
        "self/net/sockstat": "sockets: used 9\nTCP: inuse 7 orphan 0\n",
    }.items():
        path = host / "proc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = local.facts(FAR)
    assert found["ports"] == {"range": [40000, 40003], "count": 4}
    assert found["conntrack"] == {"count": 99, "max": 100}
    assert found["tcp_sockets"] == 7


def test_limits_that_cannot_be_read_are_left_out(host: Path) -> None:
    assert host.exists()
    assert local.facts(FAR) == {"ports": {"range": [0, 0], "count": 0}, "links": []}
