"""firewalld: a script that writes ipsets and policies HOST to ANY as XML, and has firewalld's own loader check them.

Portable from firewalld 0.9 (policies) on: a policy's name has at most 17 characters, and no direct rules.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from nimnetcheck.errors import InputError
from nimnetcheck.firewall.firewalld_script import CHECK, LOAD, REMOVE, SETTINGS, STAGE
from nimnetcheck.firewall.header import Guide, head
from nimnetcheck.firewall.policy import NET, STANDING, Mode
from nimnetcheck.shell import printing, script

if TYPE_CHECKING:
    from nimnetcheck.firewall.policy import AddressSet, Policy

PRIORITY = {Mode.ALLOW: 100, Mode.INSERT: -100, Mode.LOCKDOWN: -100}
DROP_PRIORITY = -99
NEIGHBOURS = ("router-solicitation", "neighbour-solicitation", "neighbour-advertisement")
HELPS = {
    Mode.ALLOW: (
        "where nothing drops, which is firewalld's own state: it restricts output only where a policy HOST to ANY says "
        f"so. This one has priority {PRIORITY[Mode.ALLOW]}; a policy before it that drops wins. It is harmless."
    ),
    Mode.INSERT: (
        "where a firewalld policy from HOST drops or rejects: this one has priority "
        f"{PRIORITY[Mode.INSERT]} and so goes before those with a higher number. A chain outside firewalld "
        "(nftables, iptables) that drops still does, and a rule there cannot open what firewalld drops."
    ),
    Mode.LOCKDOWN: (
        "where this host has no egress policy yet and should have this one: the endpoints, DNS, NTP and ICMPv6 "
        "neighbour discovery leave, loopback and replies as firewalld always lets them, and a second policy "
        f"(nimnetcheck_drop, priority {DROP_PRIORITY}) drops the rest (a DHCP renewal too)."
    ),
}


def suffix(mode: Mode) -> str:  # noqa: ARG001 (every backend is asked the same)
    """The ending of a file's name."""
    return ".sh"


def render(policy: Policy) -> str:
    """One self-contained script; raises InputError."""
    if policy.into + policy.into_input:
        raise InputError("--into has no meaning for firewalld: the priority of a policy says what it goes before")
    lockdown = policy.mode is Mode.LOCKDOWN
    replaced = [one.name for one in policy.sets if one.networks and one.whole]
    kept = [one.name for one in policy.sets if not (one.networks and one.whole)]
    parts = [
        SETTINGS.format(replaced=" ".join(replaced), kept=" ".join(kept), lockdown="yes" if lockdown else "no"),
        *(printing(f"xml_{one.name}", _set(one)) for one in policy.sets),
        printing("xml_policy", _policy("CONTINUE", PRIORITY[policy.mode], _rules(policy))),
        printing("xml_drop", _policy("DROP", DROP_PRIORITY, []) if lockdown else []),
    ]
    return script(head(policy, _guide(policy)), [*parts, STAGE, LOAD, CHECK, REMOVE])


def _guide(policy: Policy) -> Guide:
    return Guide(
        backend="firewalld",
        helps=HELPS[policy.mode],
        usage=(
            ("Load", "sh FILE load     (again changes nothing; reloads firewalld, so runtime-only changes are lost)"),
            ("Check", "sh FILE check    (firewalld's own loader reads it beside your configuration)"),
            ("Remove", "sh FILE remove"),
            ("Where", "/etc/firewalld; with FIREWALLD_DIR=DIR the files are written there and no daemon is told"),
        ),
        add_address=(
            "firewall-cmd --permanent --ipset={set} --add-entry=ADDRESS, then firewall-cmd --reload; "
            "another load of this file keeps it."
        ),
        replies="firewalld lets established and related packets in by itself; no listening port is opened.",
    )


def _set(one: AddressSet) -> list[str]:
    family = "inet" if one.version == 4 else "inet6"  # noqa: PLR2004 (IP version)
    entries = [str(network) if one.kind == NET else str(network.network_address) for network in one.networks]
    return [
        DECLARATION,
        f'<ipset type="{"hash:net" if one.kind == NET else "hash:ip"}">',
        f'  <option name="family" value="{family}"/>',
        *(f"  <entry>{escape(entry, quote=False)}</entry>" for entry in entries),
        "</ipset>",
    ]


DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def _policy(target: str, priority: int, rules: list[str]) -> list[str]:
    return [
        DECLARATION,
        f'<policy target="{target}" priority="{priority}">',
        '  <ingress-zone name="HOST"/>',
        '  <egress-zone name="ANY"/>',
        *(f"  {rule}" for rule in rules),
        "</policy>",
    ]


def _rules(policy: Policy) -> list[str]:
    rules = []
    if policy.mode is Mode.LOCKDOWN:
        rules += [f'<rule family="ipv6"><icmp-type name="{name}"/><accept/></rule>' for name in NEIGHBOURS]
        rules += [f"<rule>{_port(protocol, port)}<accept/></rule>" for protocol, port in STANDING]
    for one in policy.sets:
        where = f'<destination ipset="{escape(one.name)}"/>' + _port("tcp", one.port)
        rules.append(f'<rule family="ipv{one.version}">{where}<accept/></rule>')
    return rules


def _port(protocol: str, port: int) -> str:
    return f'<port port="{port}" protocol="{protocol}"/>'
