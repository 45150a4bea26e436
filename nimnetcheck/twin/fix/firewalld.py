"""Changes in firewalld: a rich rule in the policy that blocks, a policy of our own before it, or a setting. Pure.

What leaves a host is decided by policies from HOST to ANY, what it forwards by those from ANY to ANY; zones decide over
what comes in, after firewalld has let in what belongs to a connection. Before that it looks at IPv6's way back alone.
firewalld owns its table and writes it anew, so a rule put into the table itself would not stay.
"""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.twin.answer import Leg
from nimnetcheck.twin.capture.value import Source
from nimnetcheck.twin.fix.change import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Network
    from nimnetcheck.twin.answer import Rule
    from nimnetcheck.twin.fix.change import Block

TABLE = "firewalld"
_CHAIN = re.compile(r"filter_(?:OUT|FWD)_policy_([A-Za-z0-9_-]+?)(?:_(?:pre|log|deny|allow|post))?")
_FORWARDS = re.compile(r"filter_(?:FWD|FORWARD)")
_PRIORITY = re.compile(r'<policy\b[^>]*\bpriority="(-?\d+)"')
_LOWEST = -32768
_RELOAD = "firewall-cmd --reload"
_CONFIGURATION = "firewalld.conf"
_WAY_BACK = "fib saddr"  # the rule that IPv6_rpfilter makes
_LOOKS = re.compile(r"^[ \t]*IPv6_rpfilter[ \t]*=[ \t]*([A-Za-z-]*).*$", re.MULTILINE)
_LOOKS_NOT = "IPv6_rpfilter=no"
_ANYWHERE = "no IPv6 packet is dropped any more because no route leads back to its sender by the interface it came in"


def is_of_firewalld(rule: Rule) -> bool:
    """Whether firewalld wrote it."""
    return rule.table == TABLE


def changes(block: Block, files: Sequence[Source], number: int) -> Iterator[Change]:
    """Changes that could help, the smaller first."""
    if block.leg is not Leg.REQUEST:
        if _WAY_BACK in block.rule.text:
            yield _without_looking_back(block, files)
        return
    names = [name for rule in (block.rule, *reversed(block.path)) if (name := _policy(rule))]
    there = {file.file: file for file in files}
    if names and f"policies/{names[0]}.xml" in there:
        yield _in_policy(block, names[0], there[f"policies/{names[0]}.xml"])
    yield _own_policy(block, files, number)


def _in_policy(block: Block, policy: str, file: Source) -> Change:
    """A rich rule before the other rules of the policy."""
    add, remove = (
        tuple(
            f"firewall-cmd --permanent --policy {policy} --{verb}-rich-rule {quote(_rich(block, network))}"
            for network in block.networks
        )
        for verb in ("add", "remove")
    )
    head, end, tail = file.text.rpartition("</policy>")
    rules = "".join(_xml(block, network) for network in block.networks)
    return Change(
        title=f"firewalld: let it through in policy {policy}",
        block=block,
        lines=(*add, _RELOAD),
        undo=(*remove, _RELOAD),
        files=(attrs.evolve(file, text=f"{head}{rules}{end}{tail}"),),
    )


def _own_policy(block: Block, files: Sequence[Source], number: int) -> Change:
    """A policy before all others of the host."""
    taken = [int(found.group(1)) for found in (_PRIORITY.search(file.text) for file in files) if found]
    priority = max(_LOWEST, min([-1, *taken]) - 1)
    name = f"nimnetcheck-{number}"
    edit = f"firewall-cmd --permanent --policy {name}"
    comes_from = "ANY" if any(_FORWARDS.match(rule.chain) for rule in (block.rule, *block.path)) else "HOST"
    lines = (
        f"firewall-cmd --permanent --new-policy {name}",
        f"{edit} --add-ingress-zone {comes_from}",
        f"{edit} --add-egress-zone ANY",
        f"{edit} --set-priority {priority}",
        *(f"{edit} --add-rich-rule {quote(_rich(block, network))}" for network in block.networks),
        _RELOAD,
    )
    rules = "".join(_xml(block, network) for network in block.networks)
    zones = f'  <ingress-zone name="{comes_from}"/>\n  <egress-zone name="ANY"/>\n'
    head = f'<?xml version="1.0" encoding="utf-8"?>\n<policy target="CONTINUE" priority="{priority}">\n'
    return Change(
        title=f"firewalld: let it through in a policy {name} of its own",
        block=block,
        lines=lines,
        undo=(f"firewall-cmd --permanent --delete-policy {name}", _RELOAD),
        files=(Source(file=f"policies/{name}.xml", text=f"{head}{zones}{rules}</policy>\n"),),
    )


def _without_looking_back(block: Block, files: Sequence[Source]) -> Change:
    """The setting, which firewall-cmd cannot make: no rule or policy comes before what it switches on."""
    file = next((file for file in files if file.file == _CONFIGURATION), Source(file=_CONFIGURATION, text=""))
    path = f"/etc/firewalld/{_CONFIGURATION}"
    said = _LOOKS.search(file.text)
    if said:
        text = _LOOKS.sub(_LOOKS_NOT, file.text)
        add = f"sed -i 's/^[[:blank:]]*IPv6_rpfilter[[:blank:]]*=.*/{_LOOKS_NOT}/' {path}"
        remove = f"sed -i 's/^{_LOOKS_NOT}$/IPv6_rpfilter={said.group(1)}/' {path}"
    else:
        text = f"{file.text}\n{_LOOKS_NOT}\n"
        add = f"printf '\\n{_LOOKS_NOT}\\n' >>{path}"
        remove = f"sed -i '/^{_LOOKS_NOT}$/d' {path}"
    return Change(
        title="firewalld: let in IPv6 whose sender no route leads back to",
        block=block,
        lines=(add, _RELOAD),
        undo=(remove, _RELOAD),
        files=(attrs.evolve(file, text=text),),
        note=_ANYWHERE,
    )


def _policy(rule: Rule) -> str:
    found = _CHAIN.fullmatch(rule.chain)
    return found.group(1) if found else ""


def _family(network: Network) -> str:
    return "ipv6" if network.version == 6 else "ipv4"  # noqa: PLR2004 (IP version)


def _rich(block: Block, network: Network) -> str:
    return (
        f'rule priority="-1" family="{_family(network)}" destination address="{network}"'
        f' port port="{block.port}" protocol="{block.protocol}" accept'
    )


def _xml(block: Block, network: Network) -> str:
    return (
        f'  <rule priority="-1" family="{_family(network)}">\n    <destination address="{network}"/>\n'
        f'    <port port="{block.port}" protocol="{block.protocol}"/>\n    <accept/>\n  </rule>\n'
    )
