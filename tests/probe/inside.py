"""Run by test_namespace.py in a throw-away network namespace: build a network, probe it, print what was seen as JSON.

The client's namespace is this process's own; a second one, behind a veth pair, is the router and the far side.
"""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING

import trustme

from nimnetcheck import probe
from nimnetcheck.catalogue import load
from nimnetcheck.model import Connector, Endpoint, Rung, World
from nimnetcheck.probe.range import Cell, draw, map_range, prefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLIENT = """
ip link set lo up
ip link add near type veth peer name far netns {far}
ip address add 192.0.2.2/24 dev near
ip address add 2001:db8::2/64 dev near nodad
ip link set near up
ip route add 203.0.113.0/24 via 192.0.2.1
ip -6 route add 2001:db8:1::/64 via 2001:db8::1
ip route add unreachable 198.51.100.8/32
ip route add blackhole 198.51.100.9/32
nft add table inet own
nft add chain inet own out '{{ type filter hook output priority 0; }}'
nft add rule inet own out ip daddr 203.0.113.7 reject with icmp type admin-prohibited
nft add rule inet own out ip daddr 203.0.113.8 drop
"""
ROUTER = """
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
ip link set lo up
ip address add 192.0.2.1/24 dev far
ip address add 2001:db8::1/64 dev far nodad
ip link set far up
ip route add 203.0.113.0/24 via 192.0.2.254
ip -6 route add 2001:db8:1::/64 via 2001:db8::fe
nft add table inet path
nft add chain inet path on '{ type filter hook forward priority 0; }'
nft add rule inet path on ip daddr 203.0.113.1 drop
nft add rule inet path on ip daddr 203.0.113.2 reject
nft add rule inet path on ip daddr 203.0.113.3 meta l4proto tcp reject with tcp reset
nft add rule inet path on ip daddr 203.0.113.4 reject with icmp type admin-prohibited
nft add rule inet path on ip daddr 203.0.113.5 reject with icmp type host-unreachable
nft add rule inet path on ip daddr 203.0.113.6 reject with icmp type net-unreachable
nft add rule inet path on ip6 daddr 2001:db8:1::1 reject with icmpv6 type admin-prohibited
nft add rule inet path on ip6 daddr 2001:db8:1::2 reject with icmpv6 type no-route
nft add rule inet path on ip6 daddr 2001:db8:1::3 drop
"""
TARGETS = (
    *(f"203.0.113.{n}" for n in range(1, 9)),
    "198.51.100.1",
    "198.51.100.8",
    "198.51.100.9",
    "192.0.2.77",
    "2001:db8:1::1",
    "2001:db8:1::2",
    "2001:db8:1::3",
    "2001:db8:2::1",
)
SWEEP = """
ip link set lo up
ip route add local 159.60.126.0/25 dev lo
nft add table inet half
nft add chain inet half in '{ type filter hook input priority 0; }'
nft add rule inet half in ip daddr 159.60.126.64/26 tcp dport 443 drop
"""


def shell(script: str, *prefix: str) -> None:
    subprocess.run([*prefix, "sh", "-eu", "-c", script], check=True)


@contextmanager
def router() -> Iterator[int]:
    """A second namespace, held by a process that only waits; its pid."""
    with subprocess.Popen(
        ["unshare", "-n", "sh", "-c", "echo; cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdin
        holder.stdout.readline()
        yield holder.pid
        holder.stdin.close()


def endpoint(text: str) -> Endpoint:
    network = ip_network(text)
    return Endpoint(
        id=text, networks=(network,), connects=(Connector.NIM,), versions="any", purpose="test", source="test"
    )


def paths() -> object:
    """How each target fails: by address, the failure and who sent the ICMP message."""
    with router() as far:
        shell(CLIENT.format(far=far))
        shell(ROUTER, "nsenter", "-t", str(far), "-n")
        seen = probe.run([endpoint(text) for text in TARGETS], World())
    return {
        one.subject: {
            "failure": one.failure,
            "icmp": one.evidence.get("icmp"),
            "retransmits": one.evidence.get("retransmits"),
        }
        for one in seen
        if one.rung is Rung.TCP
    }


def names() -> object:
    """How resolvers behind rules fail: by the resolver's address, the failure."""
    asked = Endpoint(
        id="name", host="usage.example", connects=(Connector.NIM,), versions="any", purpose="test", source="test"
    )
    found = {}
    with router() as far:
        shell(CLIENT.format(far=far))
        shell(ROUTER, "nsenter", "-t", str(far), "-n")
        for text in ("203.0.113.1", "203.0.113.4", "203.0.113.8", "198.51.100.1"):
            world = World(resolvers=((ip_address(text), 53),))
            first, *_ = probe.run([asked], world, probe.Options(timeout_s=1.0, versions=(4,)))
            found[text] = {"failure": first.failure, "detail": first.detail}
    return found


def sweep() -> object:
    """Half of the telemetry range drops: the map, drawn."""
    shell(SWEEP)
    authority = trustme.CA()
    telemetry = load().endpoint("telemetry-range")
    assert telemetry
    with tempfile.TemporaryDirectory() as folder, collector(authority):
        ca_file = Path(folder, "ca.pem")
        authority.cert_pem.write_to_path(str(ca_file))
        seen = probe.run([telemetry], World(ca_file=ca_file), probe.Options(timeout_s=2.0))
    cells = map_range(seen)
    counts = {str(cell): list(cells.values()).count(cell) for cell in Cell}
    return {"counts": counts, "silent": [str(one) for one in prefixes(cells, Cell.SILENT)], "drawing": draw(seen)}


@contextmanager
def collector(authority: trustme.CA) -> Iterator[None]:
    """A TLS listener on every address; it shakes hands and closes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("collector.example").configure_cert(context)

    def greet(connection: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=greet, args=(server.accept()[0],)).start()

    with socket.create_server(("0.0.0.0", 443), backlog=256) as server:  # noqa: S104 (a namespace of its own)
        threading.Thread(target=accept).start()
        yield
        server.shutdown(socket.SHUT_RDWR)


SCENARIOS: dict[str, Callable[[], object]] = {"paths": paths, "names": names, "sweep": sweep}

if __name__ == "__main__":
    json.dump(SCENARIOS[sys.argv[1]](), sys.stdout)
