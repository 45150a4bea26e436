"""Why a verdict cannot be given: everything, a route, a rule on the way, a firewall that nobody could read."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from nimnetcheck.twin.capture.value import Unread
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.known import Known
from nimnetcheck.twin.ruleset.index import Index

V4, V6 = parse("tcp:192.0.2.1:443"), parse("tcp:[2001:db8::1]:443")
INDEX = Index({}, {})


def test_nothing_missing_is_no_doubt() -> None:
    assert Known(index=INDEX).doubt(V4, (), ended=False) == ""


def test_what_is_missing_of_everything_is_doubt_about_everything() -> None:
    known = Known(index=INDEX, everything="a set")
    assert [known.doubt(V4, (), ended=ended) for ended in (True, False)] == ["a set", "a set"]


def test_a_route_that_could_not_be_made_is_doubt_about_what_it_leads_to() -> None:
    known = Known(index=INDEX, unmade=((ip_network("192.0.2.0/25"), "no way to 192.0.2.0/25"),))
    assert known.doubt(V4, (), ended=False) == "no way to 192.0.2.0/25"
    assert known.doubt(parse("tcp:192.0.2.200:443"), (), ended=False) == ""
    assert known.doubt(V6, (), ended=False) == ""


@pytest.mark.parametrize(
    ("part", "v4", "v6"),
    [
        ("nft.txt", True, True),
        ("iptables.txt", True, False),
        ("iptables-legacy.txt", True, False),
        ("ip6tables-legacy.txt", False, True),
        ("table ip filter", True, True),
        ("network", False, False),
        ("firewalld zones/x.xml", False, False),
    ],
)
def test_a_firewall_that_could_not_be_read_might_have_dropped_what_was_accepted(
    part: str, *, v4: bool, v6: bool
) -> None:
    known = Known(index=INDEX, unread=(Unread(part=part, because="not root"),))
    assert [bool(known.doubt(flow, (), ended=False)) for flow in (V4, V6)] == [v4, v6]
    # It could not have saved what was dropped.
    assert [known.doubt(flow, (), ended=True) for flow in (V4, V6)] == ["", ""]


def test_what_a_host_does_not_forward_did_not_arrive_by_a_rule() -> None:
    known = Known(index=INDEX, unforwarded={V4: "net.ipv4.ip_forward"})
    assert known.doubt(V4, (), ended=False) == "this host forwards nothing of IPv4: net.ipv4.ip_forward is 0"
    assert known.doubt(V4, (), ended=True) == ""
    assert known.doubt(V6, (), ended=False) == ""


def test_what_a_twin_does_not_see_might_have_dropped_what_was_accepted() -> None:
    known = Known(index=INDEX, unseen="a bridge")
    assert [known.doubt(V4, (), ended=ended) for ended in (True, False)] == ["", "a bridge"]


def test_without_the_way_back_to_who_sends_nothing_of_theirs_is_judged() -> None:
    known = Known(index=INDEX, unmade=((ip_network("172.17.0.0/16"), "no"),), behind=(ip_address("172.17.0.2"),))
    assert [known.doubt(flow, (), ended=True) for flow in (V4, V6)] == ["no", ""]
