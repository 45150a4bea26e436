"""What this namespace's netfilter holds: asked of the kernel, and of the tools of what it does not tell itself."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.twin import tools
from nimnetcheck.twin.load.loaded import IPSET, LEGACY
from nimnetcheck.twin.packets.netlink import attribute, attributes, listed, netfilter, number, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.twin.load.loaded import Chain, Loaded
    from nimnetcheck.twin.packets.netlink import Netfilter

_GET_CHAINS, _GET_RULES, _GET_ELEMENTS = 0xA04, 0xA07, 0xA0D  # NFT_MSG_GETCHAIN, …RULE, …SETELEM
_TABLE = 1
_RULE_CHAIN, _RULE_HANDLE = 2, 3
_CHAIN_NAME, _CHAIN_POLICY = 3, 5
_SET_NAME, _ELEMENTS, _ELEMENT_FLAGS = 2, 3, 3
_INTERVAL_END = 1  # an element that only says where an interval ends
_POLICIES = {0: "drop", 1: "accept"}  # NF_DROP, NF_ACCEPT
_SIZE = re.compile(r"^Name: (\S+)$.*?^Number of entries: (\d+)$", re.MULTILINE | re.DOTALL)


@attrs.frozen(kw_only=True)
class There:
    """By chain its rules in order (handles, or the old iptables's words) and its policy, if any; sets by size."""

    handles: Mapping[Chain, list[int]] = attrs.field(factory=dict)
    old: Mapping[Chain, list[str]] = attrs.field(factory=dict)
    policies: Mapping[Chain, str] = attrs.field(factory=dict)
    sizes: Mapping[Chain, int] = attrs.field(factory=dict)


def look(loaded: Loaded) -> There:
    """All that nf_tables holds, what the old iptables has in the loaded tables, and the sizes of the filled sets."""
    old, old_policies = legacy(loaded.chains)
    ipsets = _of_ipset() if any(family == IPSET for family, _, _ in loaded.sets) else {}
    with netfilter() as asked:
        return There(
            handles=_handles(asked),
            old=old,
            policies={**_policies(asked), **old_policies},
            sizes={**_sizes(asked, loaded.sets), **ipsets},
        )


def legacy(chains: Iterable[Chain]) -> tuple[dict[Chain, list[str]], dict[Chain, str]]:
    """What the old iptables has in the tables of these chains: its rules in its own words, and its policies."""
    rules: dict[Chain, list[str]] = {}
    policies: dict[Chain, str] = {}
    for family, table in {(family, table) for family, table, _ in chains if family.endswith(LEGACY)}:
        tool = f"{'ip6' if family == 'ip6' + LEGACY else 'ip'}tables-legacy-save"
        for line in tools.run((tool, "-t", table)).out.splitlines():
            words = line.split()
            if line.startswith("-A "):
                rules.setdefault((family, table, words[1]), []).append(line)
            elif line.startswith(":"):
                policies[family, table, words[0][1:]] = words[1].lower()
    return rules, policies


def _handles(asked: Netfilter) -> dict[Chain, list[int]]:
    found: dict[Chain, list[int]] = {}
    for message in asked.dump(_GET_RULES):
        got = message.attributes
        chain = (message.words, text(got[_TABLE]), text(got[_RULE_CHAIN]))
        found.setdefault(chain, []).append(number(got[_RULE_HANDLE]))
    return found


def _policies(asked: Netfilter) -> dict[Chain, str]:
    """Of every chain, empty for those that have none."""
    return {
        (message.words, text(got[_TABLE]), text(got[_CHAIN_NAME])): _POLICIES[number(got[_CHAIN_POLICY])]
        if _CHAIN_POLICY in got
        else ""
        for message in asked.dump(_GET_CHAINS)
        for got in (message.attributes,)
    }


def _sizes(asked: Netfilter, wanted: Iterable[Chain]) -> dict[Chain, int]:
    found = {}
    for family, table, name in wanted:
        if family == IPSET:
            continue
        payload = attribute(_TABLE, table.encode() + b"\0") + attribute(_SET_NAME, name.encode() + b"\0")
        with suppress(OSError):  # it is not there at all
            messages = asked.dump(_GET_ELEMENTS, family, payload)
            found[family, table, name] = sum(_counted(message.attributes.get(_ELEMENTS, b"")) for message in messages)
    return found


def _counted(elements: bytes) -> int:
    flags = (number(attributes(one).get(_ELEMENT_FLAGS, b"")) for one in listed(elements))
    return sum(1 for flag in flags if not flag & _INTERVAL_END)


def _of_ipset() -> dict[Chain, int]:
    said = tools.run(("ipset", "list", "-terse")).out
    return {(IPSET, "", name): int(size) for name, size in _SIZE.findall(said)}
