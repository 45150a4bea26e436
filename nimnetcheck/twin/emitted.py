"""A rule file that was made here, shown by the kernel: it opens what it says, and no more.

The host is made up: for a file that goes into a chain, that chain drops everything; for the other modes nothing is
there before.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.firewall.policy import STANDING, Mode
from nimnetcheck.model import Direction, KernelVerdict
from nimnetcheck.twin.capture import files as capture_files
from nimnetcheck.twin.capture.value import Capture, Save, Source, Variant
from nimnetcheck.twin.flow import Flow, Protocol
from nimnetcheck.twin.tools import ENVIRONMENT
from nimnetcheck.twin.wanted import FEW
from nimnetcheck.twin.wire import Command, Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Callable

    from nimnetcheck.firewall import Policy
    from nimnetcheck.model import Address, Network
    from nimnetcheck.twin.answer import Judged
    from nimnetcheck.twin.ask import Ask

WHOLE = 256  # addresses of one prefix that are all asked for; of a longer one its ends
BLOCKED = frozenset({KernelVerdict.DROP, KernelVerdict.REJECT})
_INTO = "inet filter output"  # where a script goes that was told of no chain
_FAMILIES = {4: "iptables", 6: "ip6tables"}
_SITE = (
    '<?xml version="1.0" encoding="utf-8"?>\n<policy target="DROP" priority="10"><ingress-zone name="HOST"/>'
    '<egress-zone name="ANY"/></policy>\n'
)


@attrs.frozen(kw_only=True)
class Shown:
    """What the kernel did: flows that left as meant, others that did what was meant, and what went another way."""

    opened: tuple[Flow, ...]
    others: tuple[Flow, ...]
    wrong: tuple[Judged, ...]


def show(backend: str, policy: Policy, text: str, asking: Ask) -> Shown:
    """Load a file and send the packets; raises NotJudgedError where it cannot be loaded here."""
    opened = tuple(dict.fromkeys(_opened(policy)))
    others = tuple(flow for flow in dict.fromkeys(_neighbours(policy)) if not _is_open(flow, policy))
    if backend == "firewalld":
        question = Question(capture=_firewalld(policy, text), flows=(*opened, *others))
    else:
        trial = (_load(backend, policy, text),)
        question = Question(capture=_HOSTS[backend](policy), flows=(*opened, *others), trials=(trial,))
    last = asking(question).rounds[-1]
    refused = next((applied.error for applied in last.applied if applied.error), "")
    if refused:
        raise NotJudgedError(f"the file cannot be loaded here: {refused}")
    meant = {**dict.fromkeys(opened, False), **{flow: _is_shut(flow, backend, policy) for flow in others}}
    wrong = tuple(one for one in last.judged if not _is(one, blocked=meant[one.flow]))
    return Shown(opened=opened, others=others, wrong=wrong)


def _is_shut(flow: Flow, backend: str, policy: Policy) -> bool:
    """Whether the made-up host drops it: a chain of one family drops nothing of the other."""
    family = policy.into.split()[0] if backend == "nftables" and policy.into else "inet"
    return policy.mode is not Mode.ALLOW and family in {"inet", "ip" if flow.address.version == 4 else "ip6"}  # noqa: PLR2004 (IP version)


def _is(judged: Judged, *, blocked: bool) -> bool:
    return judged.verdict in BLOCKED if blocked else judged.verdict is KernelVerdict.ACCEPT


def _opened(policy: Policy) -> Iterator[Flow]:
    for one in policy.sets:
        for network in one.networks:
            for address in _members(network):
                yield Flow(address=address, port=one.port)


def _members(network: Network) -> Iterator[Address]:
    if network.num_addresses <= WHOLE:
        yield from network
    else:
        yield from (network[0], network[-1])


def _neighbours(policy: Policy) -> Iterator[Flow]:
    """The addresses before and behind each prefix, the port beside, and the other protocol."""
    for one in policy.sets:
        for network in one.networks[:FEW]:
            first, last = network[0], network[-1]
            for address in (first - 1, last + 1):
                yield Flow(address=address, port=one.port)
            yield Flow(address=first, port=one.port + 1)
            yield Flow(protocol=Protocol.UDP, address=first, port=one.port)


def _is_open(flow: Flow, policy: Policy) -> bool:
    """Whether the policy opens it all the same: by another set, or as every locked-down host needs it."""
    standing = policy.mode is Mode.LOCKDOWN and (str(flow.protocol), flow.port) in STANDING
    return standing or any(
        flow.protocol is Protocol.TCP
        and flow.port == one.port
        and any(flow.address in network for network in one.networks)
        for one in policy.sets
    )


def _load(backend: str, policy: Policy, text: str) -> Command:
    if backend == "nftables" and policy.mode is not Mode.INSERT:
        return Command(words=("nft", "-f", "-"), text=text)
    into = [] if policy.into or backend != "nftables" else [f"INTO={_INTO}"]
    return Command(words=("env", "IPTABLES=iptables-nft", *into, "sh", "-s", "--", "load"), text=text)


def _nftables(policy: Policy) -> Capture:
    if policy.mode is not Mode.INSERT:
        return Capture()
    chains = [(policy.into or _INTO, "output")]
    if policy.direction is Direction.BOTH:
        chains.append((policy.into_input or _INTO.replace("output", "input"), "input"))
    text = ""
    for name, hook in chains:
        family, table, chain = name.split()
        text += f"add table {family} {table}\nadd chain {family} {table} {chain} "
        text += f"{{ type filter hook {hook} priority 0; policy drop; }}\n"
    return Capture(nft=Source(file="a host that drops", text=text))


def _iptables(policy: Policy) -> Capture:
    if policy.mode is not Mode.INSERT:
        return Capture()
    saves = []
    for at, version in enumerate((4, 6)):
        lines = ["*filter"]
        both = policy.direction is Direction.BOTH
        for hook, into in (("OUTPUT", policy.into), *((("INPUT", policy.into_input),) if both else ())):
            name = (into.split() or [hook])[min(at, len(into.split() or [hook]) - 1)]
            lines.append(f":{hook} DROP [0:0]")
            lines += [f":{name} - [0:0]", f"-A {hook} -j {name}"] if name != hook else []
        text = "\n".join((*sorted(lines, key=_chains_first), "COMMIT", ""))
        saves.append(Save(variant=Variant.NFT, version=version, source=Source(file=_FAMILIES[version], text=text)))
    return Capture(saves=tuple(saves))


def _chains_first(line: str) -> int:
    return "*:-".index(line[0])


def _firewalld(policy: Policy, text: str) -> Capture:
    """The files that the script writes, beside a policy that denies where that is what the file is for."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["/bin/sh", "-s", "--", "load"],
            input=text.encode(),
            capture_output=True,
            check=False,
            env={**ENVIRONMENT, "FIREWALLD_DIR": folder},
        )
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise NotJudgedError(f"the file cannot be loaded here: {said[-1] if said else 'without a word'}")
        files, _ = capture_files.folder(Path(folder))
    site = (Source(file="policies/site.xml", text=_SITE),) if policy.mode is Mode.INSERT else ()
    return Capture(firewalld=(*files, *site))


_HOSTS: Mapping[str, Callable[[Policy], Capture]] = {"nftables": _nftables, "iptables": _iptables}
