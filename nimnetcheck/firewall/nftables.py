"""nftables: a file for `nft -f`, or a script that hooks the same rules into a chain of the site's.

Portable from nft 0.9.3: no comments on tables, chains or sets, no `destroy`, no empty `elements`.
"""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from nimnetcheck.errors import InputError
from nimnetcheck.firewall.header import Guide, head
from nimnetcheck.firewall.nftables_script import FIND, LOAD, REMOVE, SETTINGS
from nimnetcheck.firewall.nftables_script import TABLE as SITE
from nimnetcheck.firewall.policy import NET, Mode
from nimnetcheck.model import Direction
from nimnetcheck.shell import names, printing, script

if TYPE_CHECKING:
    from nimnetcheck.firewall.policy import AddressSet, Policy

TABLE = "inet nimnetcheck"
FORM = "FAMILY TABLE CHAIN, like inet filter output"
REPLIES = "ct state established,related counter accept"
# What every host needs: itself, replies, neighbours, names, time.
STANDING_RULES = (
    'oifname "lo" accept',
    "ct state established,related accept",
    "icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept",
    "udp dport { 53, 123 } accept",
    "tcp dport 53 accept",
)
USAGE = (
    ("Load", "nft -f FILE     (again changes nothing; all of it or none of it)"),
    ("Check", "nft -c -f FILE"),
    ("Look", f"nft list table {TABLE}"),
    ("Remove", f"nft delete table {TABLE}"),
)
HELPS = {
    Mode.ALLOW: (
        "where no other chain drops. An accept here never overrides a drop in another table, whatever the priorities; "
        "if something drops, use mode insert into that chain. This file is harmless, and counts what it accepts."
    ),
    Mode.INSERT: (
        "where an nftables chain of the site's drops: our rules are hooked at the head of that very chain, named by "
        "INTO. One that drops in another table, in iptables-legacy or in firewalld still does. Whatever writes that "
        "table anew (a reload of nftables.service) takes our rules with it: load this again after it."
    ),
    Mode.LOCKDOWN: (
        "where this host has no egress policy yet and should have this one: loopback, replies, ICMPv6 neighbour "
        "discovery, DNS, NTP and the endpoints leave, nothing else (a DHCP renewal neither). Other tables still drop "
        "what they drop."
    ),
}


def suffix(mode: Mode) -> str:
    """The ending of a file's name."""
    return ".sh" if mode is Mode.INSERT else ".nft"


def render(policy: Policy) -> str:
    """One self-contained file; raises InputError."""
    into = names("--into", policy.into, counts=(3,), form=FORM)
    into_input = names("--into-input", policy.into_input, counts=(3,), form=FORM)
    if policy.mode is Mode.INSERT:
        return _script(policy, into or "inet filter output", into_input or "inet filter input")
    if into + into_input:
        raise InputError(f"--into has a meaning in mode insert only, not in {policy.mode}")
    text = head(policy, _guide(policy, TABLE, USAGE))
    return f"{text}\n" + "".join(f"{line}\n" for line in _own_table(policy))


def _guide(policy: Policy, table: str, usage: tuple[tuple[str, str], ...]) -> Guide:
    return Guide(
        backend="nftables",
        helps=HELPS[policy.mode],
        usage=usage,
        add_address=f"nft add element {table} {{set}} '{{{{ ADDRESS }}}}'; a reload keeps it.",
    )


def _own_table(policy: Policy) -> list[str]:
    lockdown = policy.mode is Mode.LOCKDOWN
    lines = [f"add table {TABLE}", *_sets(policy.sets, TABLE), f"add chain {TABLE} egress"]
    verdict = "drop" if lockdown else "accept"
    lines += [f"add chain {TABLE} output {{ type filter hook output priority 0; policy {verdict}; }}"]
    lines += [f"flush chain {TABLE} egress", f"flush chain {TABLE} output"]
    lines += [f"add rule {TABLE} egress {_rule(one)}" for one in policy.sets]
    lines += [f"add rule {TABLE} output {rule}" for rule in STANDING_RULES] if lockdown else []
    lines += [f"add rule {TABLE} output jump egress"]
    lines += [f'add rule {TABLE} output counter comment "dropped by policy"'] if lockdown else []
    if policy.direction is Direction.BOTH:
        lines += [f"add chain {TABLE} input {{ type filter hook input priority 0; policy accept; }}"]
        lines += [f"flush chain {TABLE} input", f"add rule {TABLE} input {REPLIES}"]
    return lines


def _script(policy: Policy, into: str, into_input: str) -> str:
    replies = "yes" if policy.direction is Direction.BOTH else "no"
    parts = [
        SETTINGS.format(into=quote(into), into_input=quote(into_input), replies=replies),
        *(part for version in (4, 6) for part in _inserted(policy, version)),
        printing("replies", [f"add rule {SITE} nimnetcheck_ingress {REPLIES}"]),
    ]
    usage = (
        ("Load", f"INTO='{into}' sh FILE load     (again changes nothing; all of it or none of it)"),
        ("Where", "INTO and INTO_INPUT are FAMILY TABLE CHAIN; see them all: nft list chains"),
        ("Check", "sh FILE check"),
        ("Remove", "sh FILE remove    (with the same INTO)"),
    )
    text = head(policy, _guide(policy, " ".join(into.split()[:2]), usage))
    return script(text, [*parts, FIND, LOAD, REMOVE])


def _inserted(policy: Policy, version: int) -> tuple[str, str]:
    held = tuple(one for one in policy.sets if one.version == version)
    added = [f"add rule {SITE} nimnetcheck_egress {_rule(one)}" for one in held]
    return printing(f"sets{version}", _sets(held, SITE)), printing(f"rules{version}", added)


def _sets(wanted: tuple[AddressSet, ...], table: str) -> list[str]:
    """Declare the sets, and renew what they hold in the same transaction: a set is never made anew."""
    lines = []
    for one in wanted:
        flags = "interval" if one.kind == NET else "timeout"
        lines.append(f"add set {table} {one.name} {{ type ipv{one.version}_addr; flags {flags}; }}")
        if one.networks and one.whole:
            lines.append(f"flush set {table} {one.name}")
        if one.networks:
            entries = (str(network if one.kind == NET else network.network_address) for network in one.networks)
            lines.append(f"add element {table} {one.name} {{ {', '.join(entries)} }}")
    return lines


def _rule(one: AddressSet) -> str:
    family = "ip" if one.version == 4 else "ip6"  # noqa: PLR2004 (IP version)
    return f"{family} daddr @{one.name} tcp dport {one.port} counter accept"
