"""The laboratory's network: a client and everything between it and the vendor, as namespaces with their own addresses.

    client -- gateway -- provider -- cloud
                 |-- resolver   (the company's own)
                 |-- proxy      (likewise)

The client is the namespace that this process is in; the others are made here. Each has an nftables table `lab` with
empty chains `in`, `on` and `out`, so that a scenario adds one rule in one line.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable

CLIENT, RESOLVER, PROXY, GATEWAY = "10.20.0.10", "10.20.53.53", "10.20.31.31", "10.20.0.1"
CLIENT6, RESOLVER6, PROXY6, GATEWAY6 = "fd00:20::10", "fd00:2053::53", "fd00:2031::31", "fd00:20::1"
PROVIDER, PROVIDER6 = "198.18.0.1", "2001:db8:18::1"
CLOUD, CLOUD6 = "198.18.1.2", "2001:db8:19::2"
RANGE = "159.60.126.0/25"
HOSTS = {
    "product.apis.f5.com": ("198.51.100.10",),
    "product-s.apis.f5.com": ("198.51.100.11",),
    "product.connect.nginx.com": ("3.135.72.139", "3.133.232.50", "52.14.85.249", "2600:1f16:19c8:d400::1"),
    "www.example.com": ("203.0.113.80", "2001:db8:113::80"),  # somebody else on the internet
}
ELSEWHERE = ("198.41.0.4", "2001:503:ba3e::2:30", "192.0.2.53", "2001:db8:53::53")  # a root server; a public resolver
FAR = (RANGE, *ELSEWHERE, *(address for addresses in HOSTS.values() for address in addresses))


@attrs.frozen
class Link:
    """Two namespaces, the name of each end's interface, and the addresses of both."""

    near: str
    near_device: str
    near_addresses: tuple[str, str]
    far: str
    far_device: str
    far_addresses: tuple[str, str]


LINKS = (
    Link("client", "eth0", (f"{CLIENT}/24", f"{CLIENT6}/64"), "gateway", "lan", (f"{GATEWAY}/24", f"{GATEWAY6}/64")),
    Link(
        "resolver",
        "eth0",
        (f"{RESOLVER}/24", f"{RESOLVER6}/64"),
        "gateway",
        "dns",
        ("10.20.53.1/24", "fd00:2053::1/64"),
    ),
    Link("proxy", "eth0", (f"{PROXY}/24", f"{PROXY6}/64"), "gateway", "dmz", ("10.20.31.1/24", "fd00:2031::1/64")),
    Link(
        "gateway",
        "wan",
        ("198.18.0.2/24", "2001:db8:18::2/64"),
        "provider",
        "customer",
        (f"{PROVIDER}/24", f"{PROVIDER6}/64"),
    ),
    Link(
        "provider", "uplink", ("198.18.1.1/24", "2001:db8:19::1/64"), "cloud", "eth0", (f"{CLOUD}/24", f"{CLOUD6}/64")
    ),
)
NAMESPACES = ("client", "gateway", "provider", "cloud", "resolver", "proxy")
DEFAULT_ROUTES = {
    "client": (GATEWAY, GATEWAY6),
    "resolver": ("10.20.53.1", "fd00:2053::1"),
    "proxy": ("10.20.31.1", "fd00:2031::1"),
    "gateway": (PROVIDER, PROVIDER6),
    "cloud": ("198.18.1.1", "2001:db8:19::1"),
}
# ICMP errors are rationed by default, and a scenario makes many at once; anybody may serve on any port, so that no
# server needs root.
SYSCTLS = """
net.ipv4.ip_forward=1
net.ipv6.conf.all.forwarding=1
net.ipv6.conf.default.accept_dad=0
net.ipv4.icmp_ratelimit=0
net.ipv6.icmp.ratelimit=0
net.ipv4.icmp_msgs_per_sec=100000
net.ipv4.ip_unprivileged_port_start=0
"""
CHAINS = """
table inet lab {
    chain in { type filter hook input priority 0; }
    chain on { type filter hook forward priority 0; }
    chain out { type filter hook output priority 0; }
}
"""


def build() -> None:
    """Make the namespaces, and everything in them that is the same in every scenario."""
    run(["mount", "-t", "tmpfs", "tmpfs", "/run"])
    run(["ip", "-batch", "-"], "\n".join(f"netns add {name}" for name in NAMESPACES if name != "client"))
    for name in NAMESPACES:
        inside(name, ["sysctl", "-q", "--ignore", "-p", "-"], SYSCTLS)
        inside(name, ["nft", "-f", "-"], CHAINS)
    for link in LINKS:
        peer = f"peer name {link.far_device} netns {link.far}"
        run([*_ip(link.near), "link", "add", link.near_device, "type", "veth", *peer.split()])
    for name in NAMESPACES:
        run([*_ip(name), "-batch", "-"], "\n".join(_devices(name)))
        for family in ("-4", "-6"):
            routes = "\n".join(f"route add {route}" for route in _routes(name) if (":" in route) == (family == "-6"))
            run([*_ip(name), family, "-batch", "-"], routes)


def run(command: Iterable[str], given: str = "") -> str:
    """Run a command and return what it printed; its failure ends this process."""
    command = list(command)
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"lab: {' '.join(command)}\n{given}\nexit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def inside(name: str, command: Iterable[str], given: str = "") -> str:
    """Run a command in a namespace."""
    return run([*entering(name), *command], given)


def entering(name: str) -> list[str]:
    """What stands before a command to run it in a namespace."""
    return [] if name == "client" else ["ip", "netns", "exec", name]


def _ip(name: str) -> list[str]:
    return ["ip"] if name == "client" else ["ip", "-n", name]


def _devices(name: str) -> Iterable[str]:
    """The lines of `ip -batch` that bring the interfaces of a namespace up."""
    yield "link set lo up"
    for link in LINKS:
        for end, device, addresses in (
            (link.near, link.near_device, link.near_addresses),
            (link.far, link.far_device, link.far_addresses),
        ):
            if end == name:
                yield f"addr add {addresses[0]} dev {device}"
                yield f"addr add {addresses[1]} dev {device} nodad"
                yield f"link set {device} up"


def _routes(name: str) -> Iterable[str]:
    """What stands behind `ip route add` in a namespace, for both families."""
    for via in DEFAULT_ROUTES.get(name, ()):
        yield f"default via {via}"
    if name == "provider":
        yield "10.20.0.0/16 via 198.18.0.2"
        yield "fd00::/8 via 2001:db8:18::2"
    for address in FAR:
        if name == "provider":
            yield f"{address} via {CLOUD6 if ':' in address else CLOUD}"
        if name == "cloud":
            yield f"local {address} dev lo"
