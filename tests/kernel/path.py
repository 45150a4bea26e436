"""A path of three namespaces (host, router, far end) and what is carried over it, from inside the host."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.kernel.far import PORT
from tests.kernel.shell import shell

if TYPE_CHECKING:
    from collections.abc import Iterator

FAR_4, FAR_6 = "159.60.126.77", "2600:1f16:19c8:d400::1"
NARROW = 1280  # bytes: the least that IPv6 allows
CHUNK = b"x" * 65536
LARGE = 16  # chunks; far more than the first window, so that segments of the old size meet the narrow link
PATIENCE_S = 4.0  # for an upload that hangs; one that does not takes milliseconds
# Addresses of the far end are on its `lo`; only the host's own firewall is under test, so the others have none.
NETWORK = f"""
mount -t tmpfs tmpfs /run
ip link set lo up
ip netns add router
ip netns add far
# Duplicate address detection would keep IPv6 waiting for a second.
sysctl -qw net.ipv6.conf.default.accept_dad=0
ip netns exec router sysctl -qw net.ipv6.conf.default.accept_dad=0
ip netns exec far sysctl -qw net.ipv6.conf.default.accept_dad=0
ip link add eth0 type veth peer name r0 netns router
ip -n router link add r1 type veth peer name f0 netns far
for router in "r0 198.18.0.1/24 2001:db8:18::1/64" "r1 198.18.1.1/24 2001:db8:19::1/64"; do
    set -- $router
    ip -n router addr add $2 dev $1
    ip -n router addr add $3 dev $1 nodad
    ip -n router link set $1 up
done
ip netns exec router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip -n far addr add 198.18.1.2/24 dev f0
ip -n far addr add 2001:db8:19::2/64 dev f0 nodad
ip -n far link set lo up
ip -n far link set f0 up
ip -n far addr add {FAR_4}/32 dev lo
ip -n far addr add {FAR_6}/128 dev lo nodad
ip -n far route add default via 198.18.1.1
ip -n far -6 route add default via 2001:db8:19::1
ip -n router route add {FAR_4}/32 via 198.18.1.2
ip -n router -6 route add {FAR_6}/128 via 2001:db8:19::2
ip addr add 198.18.0.2/24 dev eth0
ip addr add 2001:db8:18::2/64 dev eth0 nodad
ip link set eth0 up
ip route add default via 198.18.0.1
ip -6 route add default via 2001:db8:18::1
"""
# What comes to each hook before any other rule, and what is left of it behind them all.
WATCH = """
nft -f - <<'END'
table inet watch {
    counter output_before { }
    counter output_after { }
    counter input_before { }
    counter input_after { }
    chain out1 { type filter hook output priority -500; tcp dport 443 counter name output_before; }
    chain out2 { type filter hook output priority 500; tcp dport 443 counter name output_after; }
    chain in1 { type filter hook input priority -500; tcp sport 443 counter name input_before; }
    chain in2 { type filter hook input priority 500; tcp sport 443 counter name input_after; }
}
END
"""


@contextmanager
def network() -> Iterator[None]:
    """The three namespaces, with the far end serving."""
    shell(NETWORK)
    command = ["ip", "netns", "exec", "far", sys.executable, "-m", "tests.kernel.far", FAR_4, FAR_6]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as far:
        assert far.stdout is not None
        assert far.stdout.readline() == "ready\n"
        yield
        assert far.stdin is not None
        far.stdin.close()


def upload(setup: str) -> dict[str, str]:
    """Upload over a path that narrows on the way, on IPv4 and IPv6; what became of each."""
    with network():
        shell(setup)
        return {address: _upload(address) for address in (FAR_4, FAR_6)}


def reload(setup: str, load: str, times: int) -> dict[str, Any]:
    """Connect again and again while the rules are loaded again and again; how many connections, and what was lost.

    TCP sends a dropped packet again and hides the loss, so what the hooks swallow is counted beside what was lost.
    """
    with network():
        shell(setup + WATCH)
        done = threading.Event()
        lost: list[str] = []
        counts: list[int] = []
        threads = [
            threading.Thread(target=_connect_until, args=(done, address, counts, lost)) for address in (FAR_4, FAR_6)
        ]
        for thread in threads:
            thread.start()
        for _ in range(times):
            shell(load)
        done.set()
        for thread in threads:
            thread.join()
        return {"connections": counts, "lost": lost, "dropped": _dropped()}


def _upload(address: str) -> str:
    shell("ip -n router link set r1 mtu 1500")
    try:
        with socket.create_connection((address, PORT), timeout=PATIENCE_S) as connection:
            connection.sendall(CHUNK)
            shell(f"ip -n router link set r1 mtu {NARROW}")
            for _ in range(LARGE - 1):
                connection.sendall(CHUNK)
            connection.shutdown(socket.SHUT_WR)
            return _whole(connection)
    except OSError as error:
        return type(error).__name__


def _whole(connection: socket.socket) -> str:
    told = connection.recv(64)
    return "whole" if told == b"%d" % (LARGE * len(CHUNK)) else f"only {told!r}"


def _dropped() -> int:
    """Packets that came to a hook and did not leave it."""
    listed = json.loads(shell("nft -j list counters table inet watch"))["nftables"]
    seen = {one["counter"]["name"]: one["counter"]["packets"] for one in listed if "counter" in one}
    return int(seen["output_before"] - seen["output_after"] + seen["input_before"] - seen["input_after"])


def _connect_until(done: threading.Event, address: str, counts: list[int], lost: list[str]) -> None:
    count = 0
    while not done.is_set():
        try:
            with socket.create_connection((address, PORT), timeout=PATIENCE_S) as connection:
                connection.sendall(b"x")
                connection.shutdown(socket.SHUT_WR)
                if connection.recv(64) != b"1":
                    lost.append(f"{address}: no answer")
        except OSError as error:
            lost.append(f"{address}: {type(error).__name__}")
        count += 1
    counts.append(count)
