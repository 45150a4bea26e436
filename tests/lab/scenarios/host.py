"""This host itself: its interface, routes, next hop, firewall and limits."""

from __future__ import annotations

from functools import partial

from tests.lab.scenario import NOBODY, Scenario, rules
from tests.lab.servers import dnsmasq, f5

PROBE = ("probe", "159.60.126.0/29", "-4", "--timeout", "1.4")
USAGE4 = ("probe", "usage", "-4", "--timeout", "1.4")
NAT64 = "64:ff9b::387:488b"  # 3.135.72.139
VENDOR = "ip daddr { 3.135.72.139, 3.133.232.50, 52.14.85.249 }"
# The kernel asks for a neighbour three times, a second apart: too long to wait for in each scenario.
HASTE = "sysctl -qw net.ipv4.neigh.eth0.retrans_time_ms=200"
FULL = """
nft add rule inet lab out ct state new counter
python3 -c '
import sys
room = int(open("/proc/sys/net/netfilter/nf_conntrack_max").read())
words = "-I -p tcp -s 10.20.0.10 -d 203.0.113.{} --sport {} --dport 443 --state ESTABLISHED -u ASSURED -t 600"
for count in range(room + 1):
    print(words.format(count // 60000, count % 60000 + 1))' | conntrack -R - >/dev/null 2>&1 || true
"""

SCENARIOS = (
    Scenario(
        name="local.no-route",
        shows="the default route is gone",
        inject={"client": "ip route del default; ip route add 10.20.0.0/16 via 10.20.0.1"},
        start=NOBODY,
        arguments=USAGE4,
        expected=("local.no-route",),
        never=("local.link-down", "local.gateway-dead", "icmp.net-unreach"),
    ),
    Scenario(
        name="icmp.net-unreach",
        shows="the route is missing on the gateway, not here",
        inject={"gateway": "ip route del default; ip route add 10.99.0.0/16 via 198.18.0.1"},
        start=NOBODY,
        arguments=USAGE4,
        expected=("icmp.net-unreach",),
        never=("local.no-route", "icmp.host-unreach"),
    ),
    Scenario(
        name="local.link-down",
        shows="the interface was taken down",
        inject={"client": "ip link set eth0 down"},
        start=NOBODY,
        arguments=PROBE,
        expected=("local.link-down",),
        never=("local.no-route", "local.gateway-dead"),
    ),
    Scenario(
        name="local.no-carrier",
        shows="the cable is out: the other end of the interface is down",
        inject={"gateway": "ip link set lan down", "client": HASTE},
        start=NOBODY,
        arguments=PROBE,
        expected=("local.link-down",),
        never=("local.gateway-dead", "tcp.drop-path", "tcp.no-egress"),
    ),
    Scenario(
        name="local.gateway-dead",
        shows="nobody has the gateway's address any more",
        inject={"gateway": "ip addr del 10.20.0.1/24 dev lan", "client": HASTE},
        start=NOBODY,
        arguments=PROBE,
        expected=("local.gateway-dead",),
        never=("local.link-down", "icmp.host-unreach", "tcp.drop-path", "tcp.no-egress"),
    ),
    Scenario(
        name="local.gateway-dead.impatient",
        shows="the same, before the kernel has given up asking for it",
        inject={"gateway": "ip addr del 10.20.0.1/24 dev lan"},
        start=NOBODY,
        arguments=(*PROBE[:3], "--timeout", "1.2"),
        expected=("local.gateway-dead",),
        never=("local.fw-drop", "tcp.drop-path", "tcp.no-egress"),
    ),
    Scenario(
        name="local.gateway-dead.by-name",
        shows="the same, where the resolver is behind the gateway too",
        inject={"gateway": "ip addr del 10.20.0.1/24 dev lan", "client": HASTE},
        start=NOBODY,
        arguments=USAGE4,
        expected=("local.gateway-dead",),
        never=("dns.filtered",),
    ),
    Scenario(
        name="icmp.host-unreach",
        shows="the last router finds nobody at the address",
        inject={
            "provider": "ip route del 3.135.72.139; ip route add 3.135.72.139 dev uplink\n"
            + HASTE.replace("eth0", "uplink"),
            "cloud": "sysctl -qw net.ipv4.conf.all.arp_ignore=8",
        },
        start=NOBODY,
        arguments=("probe", "3.135.72.139", "--timeout", "2"),
        expected=("icmp.host-unreach",),
        never=("local.gateway-dead", "icmp.net-unreach", "tcp.drop-path"),
    ),
    *(
        Scenario(
            name=f"local.route-{kind}",
            shows=f"a route of this host is of type {kind}",
            inject={"client": f"ip route add {kind} 159.60.126.0/25"},
            start=NOBODY,
            arguments=PROBE,
            expected=(f"local.route-{kind}",),
            never=("local.no-route", "local.fw-drop", "icmp.host-unreach", "tcp.drop-path"),
        )
        for kind in ("blackhole", "unreachable", "prohibit")
    ),
    Scenario(
        name="local.fw-drop",
        shows="this host's own firewall drops TCP to the vendor, and tells a socket nothing",
        inject={"client": rules("out", f"{VENDOR} tcp dport 443 drop")},
        start=NOBODY,
        arguments=USAGE4,
        expected=("local.fw-drop",),
        never=("tcp.drop-path", "tcp.drop-return", "tcp.no-egress", "local.fw-reject"),
    ),
    Scenario(
        name="local.fw-drop.everything",
        shows="this host lets nothing out but DNS",
        inject={"client": rules("out", "udp dport 53 accept", "oifname eth0 drop")},
        start=NOBODY,
        arguments=USAGE4,
        expected=("local.fw-drop",),
        never=("tcp.drop-path", "tcp.no-egress"),
    ),
    Scenario(
        name="local.fw-drop.legacy",
        shows="the same by iptables-legacy",
        inject={"client": "iptables-legacy -A OUTPUT -p tcp --dport 443 -j DROP"},
        start=NOBODY,
        arguments=USAGE4,
        expected=("local.fw-drop",),
        never=("tcp.drop-path", "tcp.no-egress"),
    ),
    Scenario(
        name="local.conntrack-full",
        shows="the table of connections is full of old ones, so the kernel drops the first packet of each new one",
        inject={"client": FULL},
        start=NOBODY,
        arguments=PROBE,
        expected=("local.conntrack-full",),
        never=("local.fw-drop", "tcp.loss", "tcp.drop-path"),
    ),
    Scenario(
        name="tcp.drop-path.first-hop",
        shows="the gateway drops before it counts hops: as silent at the first hop as this host's own firewall",
        inject={
            "gateway": "nft add chain inet lab early '{ type filter hook prerouting priority -300; }'\n"
            + rules("early", f"{VENDOR} tcp dport 443 drop")
        },
        start=NOBODY,
        arguments=USAGE4,
        expected=("tcp.drop-path",),
        never=("local.fw-drop", "local.gateway-dead"),
    ),
    Scenario(
        name="local.fw-reject",
        shows="this host's own firewall rejects with ICMP",
        inject={"client": rules("out", f"{VENDOR} tcp dport 443 reject with icmp type admin-prohibited")},
        start=NOBODY,
        arguments=USAGE4,
        expected=("local.fw-reject",),
        never=("icmp.admin-prohibited", "local.fw-drop"),
    ),
    Scenario(
        name="local.fw-reject.reset",
        shows="this host's own firewall rejects with a RST",
        inject={"client": rules("out", f"{VENDOR} tcp dport 443 reject with tcp reset")},
        start=NOBODY,
        arguments=USAGE4,
        expected=("local.fw-reject",),
        never=("tcp.refused", "tcp.rst-by-middlebox"),
    ),
    Scenario(
        name="local.no-ports",
        shows="no local port is left to connect from",
        inject={
            "client": """
            sysctl -qw net.ipv4.ip_local_port_range='40000 40001'
            python3 -c '
import socket, time
held = [socket.create_server(("0.0.0.0", port)) for port in (40000, 40001)]
time.sleep(600)' >/dev/null 2>&1 &
            sleep 0.5
            """
        },
        start=NOBODY,
        arguments=PROBE,
        expected=("local.no-ports",),
        never=("local.no-route", "tcp.drop-path"),
    ),
    Scenario(
        name="ip6.only-nat64",
        shows="a host without IPv4, whose resolver makes IPv6 addresses for NAT64: names are reached",
        start=(f5.start, partial(dnsmasq.start, hosts={"product.connect.nginx.com": ("3.135.72.139", NAT64)})),
        inject={
            "client": "ip -4 route del default; ip -4 route add 10.20.0.0/16 via 10.20.0.1",
            "provider": f"ip -6 route add {NAT64}/128 via 2001:db8:19::2",
            "cloud": f"ip -6 route add local {NAT64}/128 dev lo",
        },
        arguments=("probe", "usage", "--timeout", "1.4"),
        expected=("ip6.only-nat64",),
        never=("local.no-route", "ip6.broken"),
    ),
)
