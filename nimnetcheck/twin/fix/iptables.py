"""Changes in iptables: a rule before the one that blocks, of the variant and IP version that blocks. Pure."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from nimnetcheck.twin.answer import Firewall, Leg
from nimnetcheck.twin.fix.change import EVERY, MARK, Change, quoted
from nimnetcheck.twin.load.loaded import SOME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from nimnetcheck.model import Network
    from nimnetcheck.twin.answer import Rule
    from nimnetcheck.twin.fix.change import Block

_PASSES = re.compile(r"-m set --match-set (\S+) (dst(?:,dst)?)\b.* -j ACCEPT\b")
_KEEPS_OUT = re.compile(r"-m set ! --match-set (\S+) (dst(?:,dst)?)\b")
# The chain that Docker leaves to the site, and never writes.
SITES = "DOCKER-USER"
# Programs that write their own chains, by how they name them: they write them again.
_OWNERS = (("ufw-", "ufw"), ("KUBE-", "kube-proxy"), ("cali-", "Calico"), ("DOCKER", "Docker"), ("f2b-", "fail2ban"))


def rules(
    block: Block, place: Rule, number: int, *, beside: Collection[str] = (), alone: bool = True
) -> Iterator[Change]:
    """Rules that could help, the simplest first; `beside` are the chains of the table.

    A twin keeps rules of the old iptables in the new one where they are `alone`, so there they are changed by the new.
    """
    tool = ("ip6tables" if place.family == "ip6" else "iptables") + _suffix(place.firewall)
    trial = tool.replace("-legacy", "-nft") if alone else tool
    table = "" if place.table == "filter" else f"-t {place.table} "
    for match, position in product(_matches(block), _positions(place)):
        ours = f"-m comment --comment {MARK}-{number} -j ACCEPT"
        specs = [f"{match.replace('@', str(network))} {ours}" for network in block.networks]
        add = [quoted(f"{table}{position} {spec}") for spec in specs]
        delete = [quoted(f"{table}-D {place.chain} {spec}") for spec in specs]
        yield Change(
            title=f"{tool}: let it through in chain {place.chain} of table {place.table}",
            block=block,
            lines=tuple(f"{tool} -w {words}" for words in add),
            undo=tuple(f"{tool} -w {words}" for words in delete),
            trial=tuple(f"{trial} -w {words}" for words in add),
            back=tuple(f"{trial} -w {words}" for words in delete),
            note=_note(block, place, beside) or (EVERY if block.leg is Leg.ERROR else ""),
        )


def elements(block: Block, texts: Sequence[str]) -> Iterator[Change]:
    """Elements that a set misses: of a rule before the blocking one that would accept them, or of the blocking one."""
    found = [*map(_PASSES.search, texts), _KEEPS_OUT.search(block.rule.text)]
    for name, fields in dict.fromkeys(match.groups() for match in found if match):
        if block.leg is not Leg.REQUEST:
            continue
        entries = [_entry(block, network, fields) for network in block.networks]
        add = tuple(f"ipset add {quoted(f'{name} {entry}')}" for entry in entries)
        delete = tuple(f"ipset del {quoted(f'{name} {entry}')}" for entry in entries)
        yield Change(
            title=f"ipset: put what is missing into set {name}",
            block=block,
            lines=add,
            undo=delete,
            trial=add,
            back=delete,
        )


def _positions(place: Rule) -> tuple[str, ...]:
    """Before the rule; before a policy at the end of the chain, or at its head where something leads past the end."""
    if place.number == SOME:
        return ()  # a rule that the capture has not: nobody knows where it stands on the host
    if place.number:
        return (f"-I {place.chain} {place.number}",)
    return (f"-A {place.chain}", f"-I {place.chain} 1")


def _matches(block: Block) -> Iterator[str]:
    """What the flows have in common, `@` for the addresses; as in nftables."""
    is_v6 = block.version == 6  # noqa: PLR2004 (IP version)
    if block.leg is Leg.ERROR:
        yield f"-p {'ipv6-icmp' if is_v6 else 'icmp'} -m conntrack --ctstate RELATED"
        yield "-p ipv6-icmp --icmpv6-type packet-too-big" if is_v6 else "-p icmp --icmp-type fragmentation-needed"
        return
    protocol, port = block.protocol, block.port
    asked = f"--ctproto {protocol} --ctorigdst @ --ctorigdstport {port}"
    if block.leg is Leg.REQUEST:
        yield f"-d @ -p {protocol} --dport {port}"
        yield f"-m conntrack {asked}"
    else:
        yield f"-m conntrack --ctstate ESTABLISHED,RELATED {asked}"
        yield f"-s @ -p {protocol} --sport {port}"


def _entry(block: Block, network: Network, fields: str) -> str:
    return f"{network},{block.protocol}:{block.port}" if "," in fields else str(network)


def _suffix(firewall: Firewall) -> str:
    return "-legacy" if firewall is Firewall.IPTABLES_LEGACY else "-nft"


def _note(block: Block, place: Rule, beside: Collection[str]) -> str:
    """Whose chain it is, where a program writes it; a policy is ufw's where its chains stand beside it."""
    names = (place.chain,) if place.number else (place.chain, *beside)
    owner = next((name for beginning, name in _OWNERS if any(chain.startswith(beginning) for chain in names)), "")
    if owner == "ufw" and block.leg is Leg.REQUEST:
        allow = "ufw route allow" if "forward" in place.chain.lower() else "ufw allow out"
        words = f"{allow} proto {block.protocol} to {block.networks[0]} port {block.port}"
        return f"ufw writes this table, and forgets what it did not write: '{words}' tells it the same"
    if place.chain == SITES:
        return ""
    if owner and place.chain.startswith(tuple(beginning for beginning, _ in _OWNERS)):
        return f"chain {place.chain} is written by {owner}, which may write it again without this"
    return ""
