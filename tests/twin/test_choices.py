"""Where a kernel has a choice of addresses and ways, a twin's chooses as the host's did."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Question
from tests.twin.hosts import taken

if TYPE_CHECKING:
    from pathlib import Path

LINKS = """
ip link set lo up
for n in 0 1; do ip link add e$n type veth peer name f$n; ip link set e$n up; ip link set f$n up; done
"""
RULES = """\
table inet f {{
 chain o {{
  type filter hook output priority 0; policy drop;
  oifname {link} {family} saddr {source} accept
 }}
}}
"""
# How a host is made, who is asked, and what its kernel chooses: the link and the address.
CHOICES = {
    "a gateway that is the peer of an address": (
        """ip addr add 10.7.0.2/24 dev e0
        ip addr add 10.8.0.2 peer 10.9.0.1/32 dev e1
        ip route add default via 10.9.0.1""",
        "192.0.2.1",
        ("e1", "10.8.0.2"),
    ),
    "of several addresses the one whose peer is the gateway": (
        """ip addr add 10.8.0.2 peer 10.8.1.1/32 dev e1
        ip addr add 10.8.0.3 peer 10.8.1.2/32 dev e1
        ip route add default via 10.8.1.2""",
        "192.0.2.1",
        ("e1", "10.8.0.3"),
    ),
    "another link's address, where the way out has none, and none of scope link": (
        """ip addr add 169.254.7.7/16 dev e0 scope link
        ip addr add 10.7.0.2/24 dev e0
        ip route add default dev e1""",
        "192.0.2.1",
        ("e1", "10.7.0.2"),
    ),
    "the newest of IPv6": (
        """ip addr add fd00::2/64 dev e0 nodad
        ip addr add fd00::3/64 dev e0 nodad
        ip route add default via fd00::1""",
        "2001:db8::1",
        ("e0", "fd00::3"),
    ),
    "none of IPv6 that is deprecated": (
        """ip addr add fd00::2/64 dev e0 nodad
        ip addr add fd00::3/64 dev e0 nodad preferred_lft 0
        ip route add default via fd00::1""",
        "2001:db8::1",
        ("e0", "fd00::2"),
    ),
    "no route that is for another type of service": (
        """ip addr add 10.7.0.2/24 dev e0
        ip addr add 10.8.0.2/24 dev e1
        ip route add default dev e0
        ip route add default via 10.8.0.1 tos 0x10""",
        "192.0.2.1",
        ("e0", "10.7.0.2"),
    ),
    "no route that is for another source": (
        """ip addr add fd00::2/64 dev e0 nodad
        ip addr add fd01::2/64 dev e1 nodad
        ip route add default via fd00::1
        ip route add 2001:db8::/32 from fd01::/64 via fd01::1""",
        "2001:db8::1",
        ("e0", "fd00::2"),
    ),
    "the first of two routes": (
        """ip addr add 10.7.0.2/24 dev e0
        ip addr add 10.8.0.2/24 dev e1
        ip route add default via 10.7.0.1
        ip route append default via 10.8.0.1""",
        "192.0.2.1",
        ("e0", "10.7.0.2"),
    ),
    "the route of the higher preference": (
        """ip addr add fd00::2/64 dev e0 nodad
        ip addr add fd01::2/64 dev e1 nodad
        ip route add 2001:db8::/32 dev e0
        ip route append 2001:db8::/32 dev e1 pref high
        ip route append 2001:db8::/32 dev f1 pref low""",
        "2001:db8::1",
        ("e1", "fd01::2"),
    ),
}


@pytest.mark.kernel
def test_where_a_tunnel_without_a_link_may_lead_nothing_is_judged(tmp_path: Path) -> None:
    way = "ip addr add 10.7.0.2/24 dev e0\nip route add default via 10.7.0.1"
    tunnel = "ip route add 192.0.2.0/24 encap ip id 7 dst 198.51.100.1 via 10.7.0.9"
    for made, verdict in ((way, KernelVerdict.ACCEPT), (f"{way}\n{tunnel}", KernelVerdict.NOT_JUDGED)):
        capture = taken(tmp_path, f"{LINKS}\n{made}\n")
        (tmp_path / "capture.tar.gz").unlink()
        (judged,) = ask(Question(capture=capture, flows=(parse("tcp:192.0.2.1:443"),))).judged
        assert judged.verdict is verdict


@pytest.mark.kernel
@pytest.mark.parametrize("what", CHOICES)
def test_a_twin_chooses_as_its_host(what: str, tmp_path: Path) -> None:
    made, to, (link, source) = CHOICES[what]
    told = tmp_path / "told.json"
    capture = taken(tmp_path, f"{LINKS}\n{made}\nip -j route get {to} >{told}\n")
    (chosen,) = json.loads(told.read_text(encoding="utf-8"))
    assert (chosen["dev"], chosen["prefsrc"]) == (link, source), "the host's own kernel"
    family, flow = ("ip6", f"tcp:[{to}]:443") if ":" in to else ("ip", f"tcp:{to}:443")
    rules = Source(file="n", text=RULES.format(link=link, family=family, source=source))
    (judged,) = ask(Question(capture=attrs.evolve(capture, nft=rules), flows=(parse(flow),))).judged
    assert (judged.verdict, judged.because) == (KernelVerdict.ACCEPT, "")
