"""iptables: a script of ipsets and our own chains, loaded by `iptables-restore --noflush` in either variant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.errors import InputError
from nimnetcheck.firewall.header import Guide, head
from nimnetcheck.firewall.iptables_script import CHECK, LOAD, REMOVE, SETTINGS
from nimnetcheck.firewall.policy import NEIGHBOUR_DISCOVERY, NET, Mode
from nimnetcheck.model import Direction
from nimnetcheck.shell import names, printing, script

if TYPE_CHECKING:
    from nimnetcheck.firewall.policy import AddressSet, Policy

CHAIN = "NIMNETCHECK"
MAX_CHAIN = 28
FORM = "CHAIN, or CHAIN4 CHAIN6 where IPv6 has another, like ufw-before-output ufw6-before-output"
HELPS = {
    Mode.ALLOW: (
        "where nothing drops. Our chain hangs at the end of OUTPUT, so a drop before it wins, and one in another "
        "variant (iptables-nft, iptables-legacy), in nftables or in firewalld wins always. This file is harmless, "
        "and counts what it accepts."
    ),
    Mode.INSERT: (
        "where a chain of this variant of iptables drops, OUTPUT by its policy or another: our chain is put at the "
        "head of INTO (default OUTPUT). Another variant, nftables or firewalld that drops still does."
    ),
    Mode.LOCKDOWN: (
        "where this host has no egress policy yet and should have this one: loopback, replies, ICMPv6 neighbour "
        "discovery, DNS, NTP and the endpoints leave, nothing else (a DHCP renewal neither). Our chain stands first "
        "in OUTPUT and ends in DROP. What drops elsewhere still does."
    ),
}


def suffix(mode: Mode) -> str:  # noqa: ARG001 (every backend is asked the same)
    """The ending of a file's name."""
    return ".sh"


def render(policy: Policy) -> str:
    """One self-contained script; raises InputError."""
    into, into_input = (
        _chains(what, given) for what, given in (("--into", policy.into), ("--into-input", policy.into_input))
    )
    if into + into_input and policy.mode is not Mode.INSERT:
        raise InputError(f"--into has a meaning in mode insert only, not in {policy.mode}")
    settings = SETTINGS[policy.mode is Mode.INSERT].format(into=into or "OUTPUT", into_input=into_input or "INPUT")
    parts = [settings]
    for version in (4, 6):
        held = [one for one in policy.sets if one.version == version]
        parts.append(printing(f"sets{version}", (line for one in held for line in _set(one))))
        parts.append(printing(f"rules{version}", _rules(policy, version, held)))
    return script(head(policy, _guide(policy)), [*parts, _jumps(policy), LOAD, CHECK, REMOVE])


def _chains(what: str, given: str) -> str:
    chains = names(what, given, counts=(1, 2), form=FORM)
    if any(len(chain) > MAX_CHAIN for chain in chains.split()):
        raise InputError(f"{what} {given!r}: a chain's name has at most {MAX_CHAIN} characters")
    return chains


def _guide(policy: Policy) -> Guide:
    usage = [
        ("Load", "sh FILE load     (again changes nothing; IPTABLES=iptables-legacy or iptables-nft for that variant)"),
        ("Check", "sh FILE check    (loads it in a throw-away network namespace)"),
        ("Remove", "sh FILE remove"),
    ]
    if policy.mode is Mode.INSERT:
        usage.insert(1, ("Where", "INTO=CHAIN INTO_INPUT=CHAIN sh FILE load; 'CHAIN4 CHAIN6' where IPv6 has another"))
    return Guide(
        backend="iptables and ip6tables",
        helps=HELPS[policy.mode],
        usage=tuple(usage),
        add_address="ipset add {set} ADDRESS; a reload keeps it.",
    )


def _set(one: AddressSet) -> list[str]:
    """Lines for `ipset restore -exist`; what is known whole is swapped in, so that no packet meets half a set."""
    family = "inet" if one.version == 4 else "inet6"  # noqa: PLR2004 (IP version)
    kind = f"hash:net family {family}" if one.kind == NET else f"hash:ip family {family} timeout 0"
    entries = [str(network) if one.kind == NET else str(network.network_address) for network in one.networks]
    lines = [f"create {one.name} {kind}"]
    if not entries or not one.whole:
        return lines + [f"add {one.name} {entry}" for entry in entries]
    spare = f"nimnetcheck_new{one.version}_{one.port}"
    lines += [f"create {spare} {kind}", f"flush {spare}"]
    lines += [f"add {spare} {entry}" for entry in entries]
    return [*lines, f"swap {spare} {one.name}", f"destroy {spare}"]


def _rules(policy: Policy, version: int, held: list[AddressSet]) -> list[str]:
    """Our chains for `iptables-restore --noflush`; to name a chain empties it, and COMMIT follows the jumps."""
    lockdown = policy.mode is Mode.LOCKDOWN
    lines = ["*filter", f":{CHAIN} - [0:0]"]
    if lockdown:
        lines += [f"-A {CHAIN} {match} -j ACCEPT" for match in _standing(version)]
    for one in held:
        match = f"-p tcp -m tcp --dport {one.port} -m set --match-set {one.name} dst"
        lines.append(f"-A {CHAIN} {match} -j ACCEPT")
    if lockdown:
        lines.append(f"-A {CHAIN} -j DROP")
    if policy.direction is Direction.BOTH:
        lines += [f":{CHAIN}_IN - [0:0]", f"-A {CHAIN}_IN {REPLIES} -j ACCEPT"]
    return lines


REPLIES = "-m conntrack --ctstate RELATED,ESTABLISHED"


def _standing(version: int) -> list[str]:
    """What every host needs: itself, replies, neighbours, names, time."""
    neighbours = [f"-p ipv6-icmp -m icmp6 --icmpv6-type {number}" for number in NEIGHBOUR_DISCOVERY]
    always = ["-p udp -m udp --dport 53", "-p tcp -m tcp --dport 53", "-p udp -m udp --dport 123"]
    return ["-o lo", REPLIES, *(neighbours if version == 6 else []), *always]  # noqa: PLR2004 (IP version)


def _jumps(policy: Policy) -> str:
    """A function that prints where our chains hang; $1 and $2 are the output and the input chain."""
    at_end = policy.mode is Mode.ALLOW
    lines = ['"-A $1 -j NIMNETCHECK"' if at_end else '"-I $1 1 -j NIMNETCHECK"']
    if policy.direction is Direction.BOTH:
        lines.append('"-A $2 -j NIMNETCHECK_IN"' if at_end else '"-I $2 1 -j NIMNETCHECK_IN"')
    return "jumps() { printf '%s\\n' " + " ".join(lines) + "; }"
