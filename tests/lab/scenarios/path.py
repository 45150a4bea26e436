"""What hangs behind a connection that came up: packets too large, flows cut, somebody else who answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import trustme

from tests.lab.scenario import Scenario, rules
from tests.lab.servers import dnsmasq, f5, nginx, silent

if TYPE_CHECKING:
    from tests.lab.lab import Lab

V4 = "ip daddr { 3.135.72.139, 3.133.232.50, 52.14.85.249 }"
HANGS = ("mtu.blackhole-in", "mtu.blackhole-out", "flow.killed-after-n-bytes", "upload.stalled", "server.stalled")
USAGE4 = ("probe", "usage", "-4", "--timeout", "1.5")
NO_ICMP = rules("out", "icmp type destination-unreachable drop", "icmpv6 type packet-too-big drop")


def policed(rate: str) -> dict[str, str]:
    """Whatever is more than that towards the vendor is dropped, packet by packet as on a wire."""
    return {
        "client": "ip link set dev eth0 gso_max_segs 1",
        "gateway": rules("on", f"{V4} limit rate over {rate} drop"),
    }


def of_many_names(lab: Lab) -> None:
    """The vendor has a certificate so long that its handshake fills packets."""
    authority = trustme.CA()
    names = (nginx.HOST, *(f"host-{number}.of.this.service.example" for number in range(40)))
    nginx.serve(lab, nginx.certify(lab, authority.issue_cert(*names)))
    nginx.trust(lab, authority)


SCENARIOS = (
    Scenario(
        name="mtu.blackhole-in",
        shows="a narrow link towards this host, and the ICMP that would say so is dropped",
        inject={"gateway": "ip route replace 10.20.0.10 dev lan mtu lock 1060\n" + NO_ICMP},
        arguments=USAGE4,
        expected=("mtu.blackhole-in",),
        never=("server.stalled", "tls.stalled", "mtu.blackhole-out", "path.throttled"),
    ),
    Scenario(
        name="mtu.blackhole-in.ip6",
        shows="the same over IPv6, where routers never divide packets and every link takes 1280 octets",
        start=(of_many_names, dnsmasq.start),
        inject={"gateway": "ip -6 route replace fd00:20::10 dev lan mtu lock 1280\n" + NO_ICMP},
        arguments=("probe", "usage", "-6", "--timeout", "1.5"),
        expected=("mtu.blackhole-in",),
        never=("server.stalled", "tls.stalled", "mtu.blackhole-out", "ip6.broken"),
    ),
    Scenario(
        name="mtu.narrow",
        shows="the same narrow link, and ICMP says so: nothing is wrong",
        inject={"gateway": "ip route replace 10.20.0.10 dev lan mtu lock 1060"},
        arguments=USAGE4,
        expected=(),
    ),
    Scenario(
        name="mtu.narrow.ip6",
        shows="the same over IPv6, and ICMPv6 says so: nothing is wrong",
        start=(of_many_names, dnsmasq.start),
        inject={"gateway": "ip -6 route replace fd00:20::10 dev lan mtu lock 1280"},
        arguments=("probe", "usage", "-6", "--timeout", "1.5"),
        expected=(),
    ),
    Scenario(
        name="mtu.blackhole-out",
        shows="a narrow link towards the vendor, and the ICMP that would say so is dropped",
        inject={"gateway": "ip route replace default via 198.18.0.1 mtu lock 1100\n" + NO_ICMP},
        arguments=USAGE4,
        expected=("mtu.blackhole-out",),
        never=(
            "path.throttled",
            "flow.killed-after-n-bytes",
            "mtu.blackhole-in",
            "server.stalled",
            "tls.pq-hello-split",
        ),
    ),
    Scenario(
        name="mtu.blackhole-out.ip6",
        shows="the same over IPv6, where routers never divide packets",
        inject={"gateway": "ip -6 route replace default via 2001:db8:18::1 mtu lock 1280\n" + NO_ICMP},
        arguments=("probe", "usage", "-6", "--timeout", "1.5"),
        expected=("mtu.blackhole-out",),
        never=("path.throttled", "flow.killed-after-n-bytes", "mtu.blackhole-in", "ip6.broken"),
    ),
    Scenario(
        name="flow.killed-after-n-bytes",
        shows="the company's firewall ends flows of more than 5000 bytes",
        inject={
            "gateway": "sysctl -qw net.netfilter.nf_conntrack_acct=1\n"
            + rules("on", f"{V4} tcp dport 443 ct original bytes > 5000 drop")
        },
        arguments=USAGE4,
        expected=("flow.killed-after-n-bytes",),
        never=("path.throttled", "mtu.blackhole-out", "server.stalled", "tls.pq-hello-split"),
    ),
    Scenario(
        name="path.throttled",
        shows="the company's firewall polices what goes to the vendor, to 4000 octets a second",
        inject=policed("4 kbytes/second"),
        arguments=USAGE4,
        expected=("path.throttled",),
        never=(*HANGS, "tcp.loss", "sni.drop", "tls.stalled"),
    ),
    Scenario(
        name="path.throttled.passing",
        shows="the same to 6000 octets a second: what is small gets through, and a report takes long",
        inject=policed("6 kbytes/second"),
        arguments=("probe", "usage", "-4", "--timeout", "5"),
        expected=("path.throttled",),
        never=(*HANGS, "tcp.loss", "sni.drop", "tls.stalled"),
    ),
    Scenario(
        name="upload.stalled",
        shows="the firewall lets a large request through, and swallows what is answered to it",
        inject={
            "gateway": "sysctl -qw net.netfilter.nf_conntrack_acct=1\n"
            + rules("on", "ct direction reply tcp sport 443 ct original bytes > 5000 ip length > 80 drop")
        },
        arguments=USAGE4,
        expected=("upload.stalled",),
        never=("flow.killed-after-n-bytes", "mtu.blackhole-out", "mtu.blackhole-in", "server.stalled"),
    ),
    Scenario(
        name="server.stalled",
        shows="the server takes the ClientHello and says nothing",
        start=(partial(silent.start, "cloud", "hold"), dnsmasq.start),
        arguments=USAGE4,
        expected=("server.stalled",),
        never=("mtu.blackhole-in", "tcp.intercepted", "path.throttled"),
    ),
    Scenario(
        name="tcp.intercepted",
        shows="a transparent proxy on the gateway takes what goes to port 443, and hangs up",
        start=(f5.start, dnsmasq.start, partial(silent.start, "gateway", "close")),
        inject={
            "gateway": "nft add chain inet lab turn '{ type nat hook prerouting priority dstnat; }'\n"
            + rules("turn", f"{V4} tcp dport 443 redirect")
        },
        arguments=USAGE4,
        expected=("tcp.intercepted",),
        never=("tcp.accepts-everything", "tls.eof", "server.stalled"),
    ),
    Scenario(
        name="tcp.accepts-everything",
        shows="something on the gateway takes every connection, and hangs up",
        start=(f5.start, dnsmasq.start, partial(silent.start, "gateway", "close")),
        inject={
            "gateway": "nft add chain inet lab turn '{ type nat hook prerouting priority dstnat; }'\n"
            + rules("turn", "iifname lan meta l4proto tcp redirect to :443")
        },
        arguments=USAGE4,
        expected=("tcp.accepts-everything",),
        never=("tcp.intercepted", "server.stalled"),
    ),
)
