"""Rule files with one mistake each: the packets that judge the real ones catch every mistake, by name.

`related` lost is caught by a connection and not by a packet: `test_rules_live.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.catalogue import load
from nimnetcheck.firewall import Mode
from tests.kernel.cases import EDGES, FIREWALLD_SKELETON, FIREWALLD_START, NAMES, PORTS, case, text, within
from tests.kernel.namespace import inside

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.kernel
PROFILE = "nim-2.22"
LEAVES, STAYS = "leaves and must not", "stays and must leave"
OPEN, OTHER_PORT, BEHIND = ("159.60.126.1", 443), ("159.60.126.1", 444), ("159.60.126.128", 443)
OPEN_6, ELSEWHERE = ("2600:1f16:19c8:d400::", 443), ("52.14.85.250", 8443)
Packet = tuple[str, int]


@attrs.frozen(kw_only=True)
class Mutant:
    """One mistake: what is written in place of what, and the packet that tells."""

    mistake: str
    backend: str
    mode: Mode
    written: str
    instead: str
    witness: Packet
    wrong: str


def _mutants(backend: str, mode: Mode, rows: dict[str, tuple[str, str, Packet, str]]) -> list[Mutant]:
    return [
        Mutant(
            mistake=mistake, backend=backend, mode=mode, written=written, instead=instead, witness=witness, wrong=wrong
        )
        for mistake, (written, instead, witness, wrong) in rows.items()
    ]


NFTABLES = {
    "port dropped": (r"tcp dport 443 counter accept", "counter accept", OTHER_PORT, LEAVES),
    "/25 widened to /24": (r"159\.60\.126\.0/25 }", "159.60.126.0/24 }", BEHIND, LEAVES),
    "accept and drop swapped": (r"counter accept", "counter drop", OPEN, STAYS),
    "IPv6 forgotten": (r"add rule .* ip6 daddr .*\n", "", OPEN_6, STAYS),
}
IPTABLES = {
    "port dropped": (r"--dport 443 ", "", OTHER_PORT, LEAVES),
    "/25 widened to /24": (r"159\.60\.126\.0/25\n", "159.60.126.0/24\n", BEHIND, LEAVES),
    "accept and drop swapped": (r"dst -j ACCEPT", "dst -j DROP", OPEN, STAYS),
    "IPv6 forgotten": (r"-A .*net6_443 dst .*\n", "", OPEN_6, STAYS),
    "wrong hook": (r"INTO:-OUTPUT", "INTO:-INPUT", OPEN, STAYS),
}
FIREWALLD = {
    "port dropped": (r'(<destination ipset=.*?/>)<port port="443" protocol="tcp"/>', r"\1", OTHER_PORT, LEAVES),
    "/25 widened to /24": (r"159\.60\.126\.0/25</entry>", "159.60.126.0/24</entry>", BEHIND, LEAVES),
    "accept and drop swapped": (r"(net4_443.*)<accept/>", r"\1<drop/>", OPEN, STAYS),
    "IPv6 forgotten": (r".*net6_443.*<accept/></rule>\n", "", OPEN_6, STAYS),
    "wrong hook": (
        r'<ingress-zone name="HOST"/>\n  <egress-zone name="ANY"/>',
        '<ingress-zone name="ANY"/>\n  <egress-zone name="HOST"/>',
        ELSEWHERE,
        LEAVES,
    ),
}
HOOK = {"wrong hook": (r"type filter hook output", "type filter hook input", ELSEWHERE, LEAVES)}
MUTANTS = [
    *_mutants("nftables", Mode.LOCKDOWN, {**NFTABLES, **HOOK}),
    *_mutants("nftables", Mode.INSERT, NFTABLES),
    *_mutants("iptables-nft", Mode.INSERT, IPTABLES),
    *_mutants("iptables-legacy", Mode.INSERT, IPTABLES),
    *_mutants("firewalld", Mode.LOCKDOWN, FIREWALLD),
]


def wrong_packets(tmp_path: Path, backend: str, mode: Mode, words: str) -> dict[Packet, str]:
    """Which packets of the edges go another way than the catalogue means."""
    chosen = case(backend, mode)
    path = tmp_path / "rules"
    path.write_text(words, encoding="utf-8")
    commands = chosen.commands(path)
    setup = commands["site" if mode is Mode.INSERT else "bare"] + "\n" + commands["load"]
    if backend == "firewalld":
        around = (FIREWALLD_SKELETON, setup, FIREWALLD_START)
        setup = "\n".join(part.replace("{dir}", str(tmp_path / "firewalld")) for part in around)
    # Names and time leave a locked-down host wherever they go: their ports can convict nobody.
    packets = [(edge, port) for edge in EDGES for port in PORTS if port not in {53, 123}]
    seen = inside("sweep", setup=setup, sweeps=[{"protocol": "tcp", "packets": packets}])
    left = {(address, port) for address, port in seen[0]["left"]}
    meant = {packet for packet in packets if within(load().endpoints_for([PROFILE]), *packet)}
    return {**dict.fromkeys(sorted(left - meant), LEAVES), **dict.fromkeys(sorted(meant - left), STAYS)}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.backend}-{mutant.mode}-{mutant.mistake}")
def test_a_mistake_has_its_witness(tmp_path: Path, mutant: Mutant) -> None:
    words = text(case(mutant.backend, mutant.mode).backend, mutant.mode, PROFILE)
    mistaken = re.sub(mutant.written, mutant.instead, words)
    assert mistaken != words, "the mistake was not made"
    assert wrong_packets(tmp_path, mutant.backend, mutant.mode, mistaken).get(mutant.witness) == mutant.wrong


@pytest.mark.parametrize(("backend", "mode"), sorted({(mutant.backend, mutant.mode) for mutant in MUTANTS}))
def test_without_a_mistake_no_packet_is_wrong(tmp_path: Path, backend: str, mode: Mode) -> None:
    words = text(case(backend, mode).backend, mode, PROFILE)
    assert wrong_packets(tmp_path, backend, mode, words) == {}


def test_every_backend_has_its_mutants() -> None:
    assert {mutant.backend for mutant in MUTANTS} == set(NAMES)
