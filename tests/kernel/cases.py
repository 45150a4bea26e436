"""Every backend in every mode, with the site around it, as text for the real tools; and what must leave."""

from __future__ import annotations

import json
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any

import attrs

from nimnetcheck.catalogue import load
from nimnetcheck.firewall import BACKENDS, Mode, build
from nimnetcheck.model import Direction

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.model import Address, Endpoint

PINS: dict[str, tuple[Address, ...]] = {
    "product.apis.f5.com": (ip_address("198.51.100.10"), ip_address("2001:db8:51::10")),
    "product-s.apis.f5.com": (ip_address("198.51.100.11"),),
}
# Without comment lines (dates), counters and ipset's hash seed.
SAVES = """
for tool in {tool} ip6{six}; do $tool-save | sed '/^#/d; s/\\[[0-9:]*\\]//'; done
ipset save -sorted | sed 's/ initval [^ ]*//'
"""
LOADER = (
    "import sys; from firewall import config; config.set_system_config_paths(sys.argv[1]);"
    " from firewall.core.fw import Firewall; Firewall().start()"
)


@attrs.frozen(kw_only=True)
class Case:
    """A backend in one of its variants: how a file is loaded, listed and removed, and the site's own rules.

    `site` drops by default; `bare` drops nothing.
    """

    name: str
    backend: str
    load: str
    remove: str
    listing: str
    site: str
    bare: str = ""

    def commands(self, path: Path) -> dict[str, str]:
        """The commands with the file's path filled in."""
        words = {"file": path, "dir": path.parent / "firewalld"}
        parts = {
            "load": self.load,
            "remove": self.remove,
            "listing": self.listing,
            "site": self.site,
            "bare": self.bare,
        }
        return {key: _fill(text, words) for key, text in parts.items()}


def _fill(text: str, words: dict[str, Path]) -> str:
    for key, value in words.items():
        text = text.replace("{" + key + "}", str(value))
    return text


NFT_SITE = """
nft 'add table inet filter'
nft 'add chain inet filter output { type filter hook output priority 0; policy drop; }'
nft 'add chain inet filter input { type filter hook input priority 0; policy accept; }'
"""


def _iptables(variant: str) -> Case:
    tool, six = f"iptables-{variant}", f"tables-{variant}"
    return Case(
        name=tool,
        backend="iptables",
        load=f"IPTABLES={tool} sh {{file}} load",
        remove=f"IPTABLES={tool} sh {{file}} remove",
        listing=SAVES.replace("{tool}", tool).replace("{six}", six),
        site=f"{tool} -P OUTPUT DROP\nip6{six} -P OUTPUT DROP\n",
        bare=f"{tool} -P OUTPUT ACCEPT\nip6{six} -P OUTPUT ACCEPT\n",  # else iptables-nft's empty chains are new
    )


def _nftables(name: str, load_command: str, remove: str) -> Case:
    return Case(
        name=name, backend="nftables", load=load_command, remove=remove, listing="nft -s list ruleset", site=NFT_SITE
    )


def case(backend: str, mode: Mode) -> Case:
    """The case of that name; nftables is a file in two modes and a script in the third."""
    if backend == "nftables":
        if mode is Mode.INSERT:
            return _nftables(backend, "sh {file} load", "sh {file} remove")
        return _nftables(backend, "nft -f {file}", "nft delete table inet nimnetcheck")
    if backend == "firewalld":
        return FIREWALLD
    return _iptables(backend.partition("-")[2])


FIREWALLD = Case(
    name="firewalld",
    backend="firewalld",
    load="FIREWALLD_DIR={dir} sh {file} load",
    remove="FIREWALLD_DIR={dir} sh {file} remove",
    listing="cd {dir} && find . -type f | sort | xargs -r grep -H ''",
    site="""
cat > {dir}/policies/site.xml <<'END'
<?xml version="1.0" encoding="utf-8"?>
<policy target="DROP" priority="10"><ingress-zone name="HOST"/><egress-zone name="ANY"/></policy>
END
""",
)
FIREWALLD_SKELETON = "mkdir -p {dir}/policies {dir}/zones {dir}/ipsets {dir}/services {dir}/icmptypes {dir}/helpers\n"
# The daemon's own start, without daemon or bus, on a /run of its own: what is left of it is the kernel's rules.
FIREWALLD_START = f"""
mount -t tmpfs tmpfs /run
mkdir -p /run/firewalld
/usr/bin/python3 -c {json.dumps(LOADER)} {{dir}}
"""
NAMES = ("nftables", "iptables-nft", "iptables-legacy", "firewalld")


def text(backend: str, mode: Mode, profile: str, direction: Direction = Direction.OUT) -> str:
    """The emitted file."""
    endpoints = load().endpoints_for([profile])
    policy = build(
        endpoints, mode=mode, direction=direction, profiles=(profile,), addresses=PINS, made_at="2026-01-01T00:00:00Z"
    )
    return BACKENDS[backend].render(policy)


def within(endpoints: tuple[Endpoint, ...], address: str, port: int) -> bool:
    """Whether one packet is meant to leave, decided on the catalogue alone."""
    there = ip_address(address)
    for endpoint in endpoints:
        if endpoint.port != port or endpoint.is_pattern:
            continue
        if any(there in network for network in endpoint.networks) or there in PINS.get(endpoint.host or "", ()):
            return True
    return False


V6 = ip_network("2600:1f16:19c8:d400::/62")
PUBLISHED = ("3.135.72.139", "3.133.232.50", "52.14.85.249", "159.60.126.0", "159.60.126.127")
CORNERS = [
    *((int(V6[0]), 6), (int(V6[0]) + (1 << 64), 6), (int(V6[-1]), 6)),
    *((int(address), address.version) for known in PINS.values() for address in known),
    *((int(ip_address(text)), 4) for text in PUBLISHED),
]
MAKE = {4: IPv4Address, 6: IPv6Address}
# Each address at which the policy begins or ends, and its two neighbours.
EDGES = sorted({str(MAKE[version](number + offset)) for number, version in CORNERS for offset in (-1, 0, 1)})
PORTS = (1, 53, 80, 123, 442, 443, 444, 8443, 65535)


def sweeps(address: str) -> list[dict[str, Any]]:
    """All that is asked of a kernel: the /16 around the range, every port of one address, and every edge."""
    edges = [[edge, port] for edge in EDGES for port in PORTS]
    return [
        {"protocol": "tcp", "network": "159.60.0.0/16", "port": 443},
        {"protocol": "tcp", "address": address},
        {"protocol": "udp", "address": address},
        {"protocol": "udp", "network": "159.60.126.0/24", "port": 443},
        {"protocol": "tcp", "address": str(V6[7])},
        {"protocol": "udp", "address": str(V6[7])},
        {"protocol": "tcp", "packets": edges},
        {"protocol": "udp", "packets": edges},
    ]


def destinations(sweep: dict[str, Any]) -> set[tuple[str, int]]:
    """The packets of a sweep, for working out what must leave."""
    if "network" in sweep:
        return {(str(address), sweep["port"]) for address in ip_network(sweep["network"])}
    if "address" in sweep:
        return {(sweep["address"], port) for port in range(1, 65536)}
    return {(address, port) for address, port in sweep["packets"]}
