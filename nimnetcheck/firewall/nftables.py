"""nftables: a file for `nft -f`, or a script that hooks the same rules into a chain of the site's.

Portable from nft 0.9.3: no comments on tables, chains or sets, no `destroy`, no empty `elements`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.firewall.header import Guide, head
from nimnetcheck.firewall.policy import NEIGHBOUR_DISCOVERY, NET, Mode
from nimnetcheck.model import Direction

if TYPE_CHECKING:
    from nimnetcheck.firewall.policy import AddressSet, Policy

TABLE = "inet nimnetcheck"
HELPS = {
    Mode.ALLOW: (
        "where no other chain drops. An accept here never overrides a drop in another table, whatever the priorities; "
        "if something drops, use mode insert into that chain. This file is harmless, and counts what it accepts."
    ),
    Mode.LOCKDOWN: (
        "where this host has no egress policy yet and should have this one: loopback, replies, ICMPv6 neighbour "
        "discovery, DNS, NTP and the endpoints leave, nothing else. Try it from a console, not over SSH started "
        "by this host. Other tables still drop what they drop."
    ),
}


def suffix(mode: Mode) -> str:
    """The ending of a file's name."""
    return ".sh" if mode is Mode.INSERT else ".nft"


def render(policy: Policy) -> str:
    """One self-contained file; raises InputError."""
    table = f"add table {TABLE}\n"
    return head(policy, _guide(policy)) + "\n" + table + "".join(f"{line}\n" for line in _own_table(policy))


def _guide(policy: Policy) -> Guide:
    return Guide(
        backend="nftables",
        helps=HELPS[policy.mode],
        usage=(
            ("Load", "nft -f FILE     (again changes nothing; all of it or none of it)"),
            ("Check", "nft -c -f FILE"),
            ("Look", f"nft list table {TABLE}"),
            ("Remove", f"nft delete table {TABLE}"),
        ),
        add_address=f"nft add element {TABLE} nimnetcheck_host4_443 '{{ ADDRESS }}'; a reload keeps it.",
    )


def _own_table(policy: Policy) -> list[str]:
    verdict = "drop" if policy.mode is Mode.LOCKDOWN else "accept"
    lines = [*sets(policy.sets, TABLE), f"add chain {TABLE} egress"]
    lines += [f"add chain {TABLE} output {{ type filter hook output priority 0; policy {verdict}; }}"]
    lines += [f"flush chain {TABLE} egress", f"flush chain {TABLE} output"]
    lines += [f"add rule {TABLE} egress {rule}" for one in policy.sets for rule in rules(one)]
    if policy.mode is Mode.LOCKDOWN:
        lines += [f"add rule {TABLE} output {rule}" for rule in _standing()]
    lines += [f"add rule {TABLE} output jump egress"]
    if policy.mode is Mode.LOCKDOWN:
        lines += [f'add rule {TABLE} output counter comment "dropped by policy"']
    if policy.direction is Direction.BOTH:
        lines += [f"add chain {TABLE} input {{ type filter hook input priority 0; policy accept; }}"]
        lines += [f"flush chain {TABLE} input", f"add rule {TABLE} input {REPLIES}"]
    return lines


REPLIES = "ct state established,related counter accept"


def sets(wanted: tuple[AddressSet, ...], table: str) -> list[str]:
    """Declare the sets, and renew what they hold in the same transaction."""
    lines = []
    for one in wanted:
        kind = "ipv4_addr; flags interval" if one.version == 4 else "ipv6_addr; flags interval"  # noqa: PLR2004 (IP version)
        kind = kind if one.kind == NET else kind.replace("interval", "timeout")
        lines.append(f"add set {table} {one.name} {{ type {kind}; }}")
        if one.networks and one.whole:
            lines.append(f"flush set {table} {one.name}")
        if one.networks:
            lines.append(f"add element {table} {one.name} {{ {', '.join(elements(one))} }}")
    return lines


def elements(one: AddressSet) -> list[str]:
    """Prefixes for an interval set, single addresses for a plain one."""
    if one.kind == NET:
        return [str(network) for network in one.networks]
    return [str(address) for network in one.networks for address in network]


def rules(one: AddressSet) -> list[str]:
    """The rule that accepts and counts what the set holds."""
    family = "ip" if one.version == 4 else "ip6"  # noqa: PLR2004 (IP version)
    return [f"{family} daddr @{one.name} tcp dport {one.port} counter accept"]


def _standing() -> list[str]:
    """What every host needs: itself, replies, neighbours, names, time."""
    types = ", ".join(f"{_ICMPV6[number]}" for number in NEIGHBOUR_DISCOVERY)
    return [
        'oifname "lo" accept',
        "ct state established,related accept",
        f"icmpv6 type {{ {types} }} accept",
        "udp dport { 53, 123 } accept",
        "tcp dport 53 accept",
    ]


_ICMPV6 = {133: "nd-router-solicit", 135: "nd-neighbor-solicit", 136: "nd-neighbor-advert"}
