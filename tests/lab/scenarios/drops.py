"""Packets that are dropped: where, and to whom else."""

from __future__ import annotations

from tests.lab.scenario import NOBODY, Scenario, rules
from tests.lab.scenarios.clean import VENDORS
from tests.lab.scenarios.tcp import USAGE, USAGE4, V4, on_gateway

ONE = "ip daddr 3.135.72.139"

SCENARIOS = (
    Scenario(
        name="tcp.drop-path",
        shows="the company's firewall drops port 443 to the vendor",
        inject=on_gateway(f"{V4} tcp dport 443 drop"),
        start=NOBODY,
        arguments=USAGE4,
        expected=("tcp.drop-path",),
        never=("tcp.no-egress", "tcp.drop-return", "local.fw-drop", "tcp.partial-addresses"),
    ),
    Scenario(
        name="run.deadline",
        shows="the same, and the time that the user gives is over before a probe has ended",
        inject=on_gateway(f"{V4} tcp dport 443 drop"),
        start=NOBODY,
        arguments=("probe", "usage", "-4", "--timeout", "5", "--deadline", "0.7"),
        expected=("run.deadline",),
        never=("tcp.drop-path", "tcp.no-egress", "unknown"),
    ),
    Scenario(
        name="tcp.drop-path.everything",
        shows="the same for everything that NIM 2.22 needs, found by diagnose",
        inject=on_gateway(f"ip daddr {VENDORS} tcp dport 443 drop", "ip6 daddr 2600:1f16:19c8:d400::/62 drop"),
        start=NOBODY,
        arguments=("diagnose", "--for", "nim-2.22", "--timeout", "1.4"),
        expected=("tcp.drop-path",),
        never=("tcp.no-egress", "tcp.drop-return", "local.fw-drop", "ip6.broken"),
    ),
    Scenario(
        name="tcp.drop-path.range",
        shows="the same for the telemetry range",
        inject=on_gateway("ip daddr 159.60.126.0/25 tcp dport 443 drop"),
        start=NOBODY,
        arguments=("probe", "159.60.126.0/28", "--timeout", "1.4"),
        expected=("tcp.drop-path",),
        never=("tcp.no-egress", "tcp.drop-return", "local.fw-drop"),
    ),
    Scenario(
        name="tcp.drop-path.address",
        shows="the company's firewall drops every port of the vendor's, and nobody else's",
        inject=on_gateway(f"{V4} drop"),
        start=NOBODY,
        arguments=USAGE4,
        expected=("tcp.drop-path",),
        never=("tcp.no-egress", "tcp.drop-return"),
    ),
    Scenario(
        name="tcp.drop-path.port",
        shows="the company's firewall drops port 443 to everybody",
        inject=on_gateway("tcp dport 443 drop"),
        start=NOBODY,
        arguments=USAGE4,
        expected=("tcp.drop-path",),
        never=("tcp.no-egress", "tcp.drop-return"),
    ),
    Scenario(
        name="tcp.no-egress",
        shows="the company's firewall lets nothing out directly",
        inject=on_gateway('oifname "wan" drop'),
        start=NOBODY,
        arguments=USAGE4,
        expected=("tcp.no-egress",),
        never=("tcp.drop-path", "local.fw-drop", "local.gateway-dead"),
    ),
    Scenario(
        name="tcp.no-egress.provider",
        shows="a router further out lets nothing pass",
        inject={"provider": rules("on", 'oifname "uplink" drop')},
        start=NOBODY,
        arguments=USAGE4,
        expected=("tcp.no-egress",),
        never=("tcp.drop-path", "tcp.drop-return", "local.fw-drop"),
    ),
    Scenario(
        name="tcp.drop-path.web",
        shows="the same router drops ports 80 and 443 to everybody, and lets all others pass",
        inject={"provider": rules("on", "tcp dport { 80, 443 } drop")},
        start=NOBODY,
        arguments=USAGE4,
        expected=("tcp.drop-path",),
        never=("tcp.no-egress", "tcp.drop-return", "local.fw-drop"),
    ),
    Scenario(
        name="tcp.drop-path.nobody-else",
        shows="nothing is let out, and nobody else may be asked: whether it is everything is not said",
        inject=on_gateway('oifname "wan" drop'),
        start=NOBODY,
        arguments=(*USAGE4, "--control", "none"),
        expected=("tcp.drop-path",),
        never=("tcp.no-egress", "local.fw-drop", "local.gateway-dead"),
    ),
    Scenario(
        name="tcp.drop-return",
        shows="the company's firewall drops the answers",
        inject=on_gateway("ip saddr { 3.135.72.139, 3.133.232.50, 52.14.85.249 } tcp sport 443 drop"),
        start=NOBODY,
        arguments=USAGE4,
        expected=("tcp.drop-return",),
        never=("tcp.no-egress", "tcp.drop-path"),
    ),
    Scenario(
        name="tcp.drop-return.at-the-host",
        shows="the vendor's own firewall drops: from here the same as answers that are dropped",
        inject={"cloud": rules("in", f"{V4} tcp dport 443 drop")},
        start=NOBODY,
        arguments=USAGE4,
        expected=("tcp.drop-return",),
        never=("tcp.no-egress", "local.fw-drop"),
    ),
    Scenario(
        name="tcp.partial-addresses",
        shows="the allow-list has two of the three addresses",
        inject=on_gateway(f"{ONE} tcp dport 443 drop"),
        arguments=USAGE,
        expected=("tcp.partial-addresses",),
        never=("tcp.drop-path", "tcp.loss", "tcp.rate-limited"),
    ),
)
