"""What the kernel holds is counted as the capture's text is, in every kind of set."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nimnetcheck.twin.capture.value import Source
from nimnetcheck.twin.ruleset.nft import sizes, statements

pytestmark = pytest.mark.kernel
SETS = """\
table inet t {
 set plain { type ipv4_addr; elements = { 192.0.2.1, 192.0.2.2 }
 }
 set meeting { type ipv4_addr; flags interval; elements = { 192.0.2.0/25, 192.0.2.128/25, 198.51.100.7 }
 }
 set last { type ipv4_addr; flags interval; elements = { 0.0.0.0/8, 224.0.0.0-255.255.255.255 }
 }
 set six { type ipv6_addr; flags interval; elements = { 2001:db8::/32, ::1 }
 }
 set merged { type ipv4_addr; flags interval; auto-merge; elements = { 192.0.2.0/25, 192.0.2.128/25 }
 }
 set pairs { type ipv4_addr . inet_service; flags interval; elements = { 192.0.2.0/24 . 443, 192.0.2.1 . 80-90 }
 }
 map ways { type inet_service : verdict; elements = { 443 : accept, 80 : drop }
 }
 set empty { type mark
 }
 chain c { type filter hook output priority 0; policy drop; accept
 }
 chain d { return
 }
}
table ip filter { set plain { type ipv4_addr; elements = { 192.0.2.9 }
 }
}
"""
LOOK = """\
import json, subprocess, sys
from nimnetcheck.twin.load.loaded import IPSET, Loaded
from nimnetcheck.twin.there import look
given = json.load(sys.stdin)
subprocess.run([*given["tool"]], input=given["text"], text=True, check=True)
there = look(Loaded(chains={("ip-legacy", "filter", "OUTPUT"): ()}, sets={tuple(name): 1 for name in given["sets"]}))
print(json.dumps([sorted([*name, size] for name, size in there.sizes.items()),
    sorted([*chain, policy] for chain, policy in there.policies.items()),
    sorted([*chain, len(rules)] for chain, rules in [*there.handles.items(), *there.old.items()])]))
"""


def look(*tool: str, text: str, sets: tuple[tuple[str, str, str], ...]) -> list[list[list[object]]]:
    """What is there after a tool has loaded a text."""
    ran = subprocess.run(
        ["unshare", "-Urn", sys.executable, "-c", LOOK],
        input=json.dumps({"tool": tool, "text": text, "sets": sets}),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    found: list[list[list[object]]] = json.loads(ran.stdout)
    return found


def test_every_kind_of_set_of_nft_is_counted_as_it_is_written() -> None:
    captured = sizes(list(statements(Source(file="", text=SETS))))
    assert captured["inet", "t", "merged"] == 1
    assert len(captured) == 8
    found, policies, rules = look("/usr/sbin/nft", "-f", "-", text=SETS, sets=tuple(captured))
    held = {tuple(name): size for *name, size in found}
    assert held == captured
    assert ["inet", "t", "c", "drop"] in policies
    assert rules == [["inet", "t", "c", 1], ["inet", "t", "d", 1]]


def test_a_set_of_ipset_and_the_policies_of_the_old_iptables_are_told_by_their_tools() -> None:
    text = "create bad hash:net family inet\nadd bad 192.0.2.0/24\nadd bad 198.51.100.1\ncreate none hash:ip\n"
    found, _, _ = look("/usr/sbin/ipset", "restore", text=text, sets=(("ipset", "", "bad"),))
    assert found == [["ipset", "", "bad", 2], ["ipset", "", "none", 0]]
    save = "*filter\n:OUTPUT DROP [0:0]\n-A OUTPUT -j ACCEPT\nCOMMIT\n"
    tool = ("env", "XTABLES_LOCKFILE=/dev/null", "/usr/sbin/iptables-legacy-restore")
    _, policies, rules = look(*tool, text=save, sets=())
    assert ["ip-legacy", "filter", "OUTPUT", "drop"] in policies
    assert ["ip-legacy", "filter", "OUTPUT", 1] in rules
