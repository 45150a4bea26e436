"""Routes and routing rules are written as they were, or known to be missing: never as others."""

from __future__ import annotations

from typing import Any

from nimnetcheck.twin.routing import route_lines, rule_lines

OWN = (
    {"priority": 0, "src": "all", "table": "local"},
    {"priority": 32766, "src": "all", "table": "main"},
    {"priority": 32767, "src": "all", "table": "default", "protocol": "kernel"},
)


def test_the_kernels_own_rules_are_left_out_and_others_at_their_places_are_not() -> None:
    other = {"priority": 32766, "src": "all", "iif": "lo", "table": "main"}
    assert [line.text for line in rule_lines([*OWN, other])] == ["rule add priority 32766 from all iif lo table main"]


def test_a_rule_that_is_not_understood_is_not_written_as_another() -> None:
    hostile = {"priority": "1\n" + "x" * 100, "src": "all", "table": "100"}
    realm = {"priority": 97, "src": "all", "table": "100", "flow_from": "4"}
    lines = list(rule_lines([hostile, realm]))
    assert [line.text for line in lines] == ["", ""]
    assert [line.what for line in lines] == ["of priority '1\\nxxxxxxxxxxxxxxxx", "of priority 97 with 'flow_from'"]


def made(*routes: dict[str, Any], version: int = 4) -> list[str]:
    return [line.text for line in route_lines([(version, route) for route in routes], ["eth0", "eth1"])]


def test_of_routes_to_the_same_one_is_made() -> None:
    first, second = ({"dst": "default", "dev": link, "metric": 100} for link in ("eth0", "eth1"))
    line = "route replace 0.0.0.0/0 metric 100 dev "
    assert made(first, second) == [f"{line}eth0"]
    assert made({**first, "flags": ["dead", "linkdown"]}, second) == [f"{line}eth1"]
    assert made(first, {**second, "metric": 101}) == [f"{line}eth0", "route replace 0.0.0.0/0 metric 101 dev eth1"]
    assert made({**first, "pref": "low"}, {**second, "pref": "medium"}) == [f"{line}eth1"]
    assert made({**first, "pref": ["odd"]}, {**second, "pref": "medium"}) == [f"{line}eth0"]


def test_whom_a_route_is_for_is_written() -> None:
    assert made({"dst": "fd55::/64", "from": "fd00::/64", "dev": "eth0", "metric": 1024}, version=6) == [
        "route replace fd55::/64 from fd00::/64 metric 1024 dev eth0"
    ]
    assert made({"dst": "default", "tos": "CS1", "dev": "eth0"}) == ["route replace 0.0.0.0/0 tos CS1 dev eth0"]


def test_a_tunnel_without_a_link_is_missed_wherever_it_may_lead() -> None:
    tunnel = {"dst": "10.0.0.1", "encap": "ip", "id": 7, "dev": "eth0"}
    several = {"dst": "192.0.2.0/24", "nexthops": [{"encap": "mpls", "dev": "eth0"}, {"dev": "eth1"}]}
    assert [(line.text, str(line.network)) for line in route_lines([(4, tunnel), (4, several)], ["eth0"])] == [
        ("", "0.0.0.0/0")
    ] * 2
