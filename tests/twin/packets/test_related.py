"""Error messages that belong to a connection are let in or not: told by what the kernel believes of the path."""

from __future__ import annotations

from itertools import product

import pytest

from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Question

pytestmark = pytest.mark.kernel
FLOWS = ("tcp:192.0.2.1:443", "tcp:[2001:db8::1]:443")
DEAF = ("ct state established accept", "meta l4proto tcp accept")
HEARING = (
    "ct state established,related accept",
    "ct state established accept\n meta l4proto { icmp, ipv6-icmp } accept",
    "accept",
)


def deaf(rules: str, *flows: str) -> list[str]:
    """The flows whose error messages do not come in through this input chain."""
    chain = f"chain input {{\n type filter hook input priority 0; policy drop;\n {rules}\n}}"
    capture = Capture(nft=Source(file="rules.nft", text=f"table inet site {{\n{chain}\n}}\n"))
    answer = ask(Question(capture=capture, flows=tuple(map(parse, flows))))
    return [str(flow) for flow in answer.deaf]


@pytest.mark.parametrize(("rules", "flow"), list(product(DEAF, FLOWS)))
def test_established_alone_hears_no_error_message(rules: str, flow: str) -> None:
    assert deaf(rules, flow) == [flow]


@pytest.mark.parametrize("rules", HEARING)
def test_what_lets_them_in_is_not_suspected(rules: str) -> None:
    assert deaf(rules, *FLOWS) == []


def test_one_flow_of_each_version_stands_for_all_and_a_blocked_one_for_none() -> None:
    assert deaf(DEAF[0], "tcp:192.0.2.1:443", "tcp:192.0.2.2:443", FLOWS[1]) == list(FLOWS)
    assert deaf("tcp sport 80 accept", *FLOWS) == []


def test_of_datagrams_nothing_is_said() -> None:
    assert deaf(DEAF[0], "udp:192.0.2.1:53") == []
