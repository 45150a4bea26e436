"""TCP: who refuses, in whose name, and how often connections come up."""

from __future__ import annotations

from tests.lab.scenario import NOBODY, Scenario, rules

V4 = "ip daddr { 3.135.72.139, 3.133.232.50, 52.14.85.249 }"
USAGE = ("probe", "usage", "--timeout", "1.4")
USAGE4 = ("probe", "usage", "-4", "--timeout", "1.4")


def on_gateway(*texts: str) -> dict[str, str]:
    """Rules for what the company's firewall forwards."""
    return {"gateway": rules("on", *texts)}


REFUSED = (
    Scenario(
        name="tcp.refused",
        shows="nothing listens there",
        inject={"cloud": rules("in", f"{V4} tcp dport 443 reject with tcp reset")},
        start=NOBODY,
        arguments=USAGE4,
        expected=("tcp.refused",),
        never=("tcp.rst-by-middlebox", "local.fw-reject", "icmp.port-unreach"),
    ),
    Scenario(
        name="tcp.rst-by-middlebox",
        shows="the company's firewall rejects with a RST in the vendor's name",
        inject=on_gateway(f"{V4} tcp dport 443 reject with tcp reset"),
        start=NOBODY,
        arguments=USAGE4,
        expected=("tcp.rst-by-middlebox",),
        never=("tcp.refused", "local.fw-reject"),
    ),
)
SAID = tuple(
    Scenario(
        name=code if not variant else f"{code}.{variant}",
        shows=f"the company's firewall answers with {message}",
        inject=on_gateway(f"{V4} tcp dport 443 reject with {message}"),
        start=NOBODY,
        arguments=USAGE4,
        expected=(code,),
        never=("tcp.refused", "local.fw-reject", "tcp.drop-path", "local.no-route"),
    )
    for code, variant, message in (
        ("icmp.admin-prohibited", "", "icmp type admin-prohibited"),
        ("icmp.host-prohibited", "", "icmp type host-prohibited"),
        ("icmp.net-prohibited", "", "icmp type net-prohibited"),
        ("icmp.port-unreach", "", "icmp type port-unreachable"),
        ("icmp.proto-unreach", "", "icmp type prot-unreachable"),
        ("icmp.host-unreach", "polite-reject", "icmp type host-unreachable"),
        ("icmp.net-unreach", "polite-reject", "icmp type net-unreachable"),
    )
)
SIXTH = (
    Scenario(
        name="ip6.broken",
        shows="IPv6 is dropped on the way, IPv4 is not",
        inject=on_gateway("ip6 daddr 2600:1f16:19c8:d400::/62 drop"),
        expected=("ip6.broken",),
        arguments=USAGE,
        never=("tcp.drop-path", "tcp.no-egress", "tcp.partial-addresses"),
    ),
    Scenario(
        name="ip6.broken.no-route",
        shows="the gateway has no IPv6 route",
        inject={"gateway": "ip -6 route del default"},
        expected=("ip6.broken",),
        arguments=USAGE,
        never=("icmp.net-unreach", "local.no-route"),
    ),
    Scenario(
        name="ip6.broken.not-forwarded",
        shows="the gateway announces itself for IPv6 and forwards none",
        inject={"gateway": "sysctl -qw net.ipv6.conf.all.forwarding=0"},
        expected=("ip6.broken",),
        arguments=USAGE,
        never=("tcp.drop-path", "tcp.no-egress", "local.gateway-dead"),
    ),
    Scenario(
        name="icmp.admin-prohibited.ip6",
        shows="the company's firewall prohibits IPv6 (whose errno on IPv6 is another one)",
        inject=on_gateway("ip6 daddr 2600:1f16:19c8:d400::/62 reject with icmpv6 type admin-prohibited"),
        expected=("icmp.admin-prohibited",),
        arguments=USAGE,
        never=("local.fw-drop", "local.fw-reject", "ip6.broken"),
    ),
)
UNEVEN = (
    Scenario(
        name="tcp.loss",
        shows="a third of the vendor's packets is lost",
        inject=on_gateway("ip saddr 159.60.126.0/25 tcp sport 443 numgen inc mod 3 == 0 drop"),
        arguments=("probe", "159.60.126.0/29", "--timeout", "5"),
        expected=("tcp.loss",),
        never=("tcp.rate-limited", "tcp.drop-path", "tcp.drop-return", "path.throttled"),
    ),
    Scenario(
        name="tcp.rate-limited",
        shows="only so many new connections a second are let through",
        inject=on_gateway(
            "ip daddr 159.60.126.0/25 tcp flags syn / syn,ack limit rate over 4/second burst 3 packets drop"
        ),
        arguments=("probe", "159.60.126.0/28", "--timeout", "1.4"),
        expected=("tcp.rate-limited",),
        never=("tcp.loss", "tcp.drop-path", "tcp.drop-return"),
    ),
    Scenario(
        name="tcp.loop",
        shows="the provider sends the packets back",
        inject={"provider": "ip route replace 3.135.72.139 via 198.18.0.2"},
        start=NOBODY,
        arguments=("probe", "3.135.72.139", "--timeout", "1.4"),
        expected=("tcp.loop",),
        never=("icmp.net-unreach", "icmp.host-unreach"),
    ),
)
SCENARIOS = (*REFUSED, *SAID, *SIXTH, *UNEVEN)
