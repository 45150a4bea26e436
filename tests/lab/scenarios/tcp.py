"""TCP and the path: who stops the packets, and where."""

from __future__ import annotations

from tests.lab.scenario import Scenario, rules

USAGE = "ip daddr 3.135.72.139 tcp dport 443"  # one of the addresses of product.connect.nginx.com

SCENARIOS = (
    Scenario(
        name="tcp.drop-path",
        shows="the company's firewall drops port 443 to the vendor",
        inject={"gateway": rules("on", f"{USAGE} drop")},
        expected=("tcp.drop-path",),
        never=("tcp.refused", "local.fw-drop"),
    ),
    Scenario(
        name="icmp.admin-prohibited",
        shows="the company's firewall says that it is prohibited",
        inject={"gateway": rules("on", f"{USAGE} reject with icmp type admin-prohibited")},
        expected=("icmp.admin-prohibited",),
        never=("tcp.refused", "tcp.drop-path", "icmp.host-unreach"),
    ),
)
