"""Changes in nftables: a rule before the one that blocks, or an element that a set misses. Pure."""

from __future__ import annotations

import re
from itertools import product
from shlex import quote
from typing import TYPE_CHECKING

from nimnetcheck.twin.answer import Leg
from nimnetcheck.twin.fix.change import EVERY, MARK, Change
from nimnetcheck.twin.load.loaded import SOME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.twin.answer import Rule
    from nimnetcheck.twin.fix.change import Block

_NAME = re.compile(r"[A-Za-z][\w./:-]*")
_PASSES = re.compile(r"\bip6? daddr @(\S+)(?: .*)? accept\b")
_KEEPS_OUT = re.compile(r"\bip6? daddr != @(\S+)")


def rules(block: Block, place: Rule, number: int) -> Iterator[Change]:
    """Rules that could help, the simplest first."""
    if not all(map(_NAME.fullmatch, (place.table, place.chain))):
        return
    chain = f"{place.family} {place.table} {place.chain}"
    undo = _withdrawn(chain, number)
    for matches, (on_host, in_twin) in product(_matches(block), _positions(place)):
        ours = [f'{match} accept comment "{MARK}-{number}"' for match in matches]
        yield Change(
            title=f"nftables: let it through in chain {chain}",
            block=block,
            lines=tuple(_line(on_host, rule) for rule in ours),
            undo=undo,
            trial=tuple(_line(in_twin, rule) for rule in ours),
            back=undo,
            note=EVERY if block.leg is Leg.ERROR else "",
        )


def elements(block: Block, texts: Sequence[str]) -> Iterator[Change]:
    """Elements that a set misses: of a rule before the blocking one that would accept them, or of the blocking one."""
    missed = [found.group(1) for found in map(_PASSES.search, texts) if found]
    kept_out = _KEEPS_OUT.search(block.rule.text)
    for name in dict.fromkeys([*missed, *([kept_out.group(1)] if kept_out else [])]):
        if not _NAME.fullmatch(name) or block.leg is not Leg.REQUEST:
            continue
        of_set = f"{block.rule.family} {block.rule.table} {name} {_set(block)}"
        add, delete = (f"nft {quote(f'{verb} element {of_set}')}" for verb in ("add", "delete"))
        yield Change(
            title=f"nftables: put what is missing into set {name}",
            block=block,
            lines=(add,),
            undo=(delete,),
            trial=(add,),
            back=(delete,),
        )


def _matches(block: Block) -> Iterator[tuple[str, ...]]:
    """What the flows have in common, and nothing else has.

    What was translated on the way is known by what it asked for. A reply, and the error messages that belong to it
    (without them an upload hangs when the path narrows), are known by the connection; where the kernel does not track
    connections yet, replies are known by their source. Error messages alone are let in for every connection, or else
    those that say "too big".
    """
    is_v6 = block.version == 6  # noqa: PLR2004 (IP version)
    if block.leg is Leg.ERROR:
        yield (f"meta l4proto {'ipv6-icmp' if is_v6 else 'icmp'} ct state related",)
        yield ("icmpv6 type packet-too-big" if is_v6 else "icmp type destination-unreachable icmp code frag-needed",)
        return
    ip = "ip6" if is_v6 else "ip"
    networks, protocol, port = _networks(block), block.protocol, block.port
    asked = f"ct original {ip} daddr {networks}"
    if block.leg is Leg.REQUEST:
        yield (f"{ip} daddr {networks} {protocol} dport {port}",)
        yield (f"meta l4proto {protocol} {asked} ct original proto-dst {port}",)
    else:
        established = f"meta l4proto {protocol} ct state established {asked} ct original proto-dst {port}"
        yield (established, f"ct state related {asked}")
        yield (f"{ip} saddr {networks} {protocol} sport {port}",)


def _networks(block: Block) -> str:
    texts = [str(n.network_address) if n.num_addresses == 1 else str(n) for n in block.networks]
    return texts[0] if len(texts) == 1 else f"{{ {', '.join(texts)} }}"


def _set(block: Block) -> str:
    text = _networks(block)
    return text if text.startswith("{") else f"{{ {text} }}"


def _positions(place: Rule) -> Iterator[tuple[str, str]]:
    """Where a rule goes, on the host and in its twin.

    Before another by its handle, or by its place where the text has no handles; nowhere before one that the text has
    not. Before a policy at the end of the chain, or at its head where something leads past the end.
    """
    chain = f"{place.family} {place.table} {place.chain}"
    if place.number is None:
        yield (f"add rule {chain}",) * 2
        yield (f"insert rule {chain}",) * 2
        return
    if place.number != SOME:
        on_host = f"index {place.number - 1}" if place.handle is None else f"handle {place.handle}"
        yield f"insert rule {chain} {on_host}", f"insert rule {chain} handle {place.twin_handle}"


def _line(verb: str, rule: str) -> str:
    return f"nft {quote(f'{verb} {rule}')}"


def _withdrawn(chain: str, number: int) -> tuple[str, ...]:
    """By its comment: its handle is the kernel's to give."""
    delete = f"delete rule {chain}".replace("/", r"\/")
    ours = rf's/.* comment "{MARK}-{number}" # handle \([0-9]*\)$/{delete} handle \1/p'
    return (f"nft -a list chain {chain} | sed -n {quote(ours)} | nft -f -",)
