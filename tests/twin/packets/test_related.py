"""What a router says of a connection comes in or not: by what the kernel believes, and by the rule that drops it."""

from __future__ import annotations

from itertools import product

import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Leg
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.packets.related import Wish, wished
from nimnetcheck.twin.verdict import UNCONNECTED
from nimnetcheck.twin.wire import Command, Question

FLOWS = ("tcp:192.0.2.1:443", "tcp:[2001:db8::1]:443")
DEAF = (
    "ct state established accept",
    "meta l4proto tcp accept",
    "ct state established accept\n ip saddr 192.0.2.1 accept\n ip6 saddr 2001:db8::1 accept",  # no router is there
)
HEARING = (
    "ct state established,related accept",
    "ct state established accept\n meta l4proto { icmp, ipv6-icmp } accept",
    "accept",
)
MASQUERADE = "chain post {\n type nat hook postrouting priority 100;\n masquerade random\n }\n"
LED_AWAY = "chain out {\n type nat hook output priority -100;\n tcp dport 443 dnat ip to 203.0.113.9%s\n }\n"


def question(rules: str, *flows: str, more: str = "", trials: tuple[tuple[Command, ...], ...] = ()) -> Question:
    """Flows through this input chain, and what routers say of them."""
    chain = f"chain input {{\n type filter hook input priority 0; policy drop;\n {rules}\n}}"
    capture = Capture(nft=Source(file="rules.nft", text=f"table inet site {{\n{chain}\n{more}}}\n"))
    return Question(capture=capture, flows=tuple(map(parse, flows)), trials=trials, errors=True)


def errors(rules: str, *flows: str, more: str = "") -> dict[str, str]:
    """The verdict on each message."""
    judged = ask(question(rules, *flows, more=more)).judged
    return {str(one.flow.connection): str(one.verdict) for one in judged if one.flow.is_error}


@pytest.mark.kernel
@pytest.mark.parametrize(("rules", "flow"), list(product(DEAF, FLOWS)))
def test_established_alone_hears_no_error(rules: str, flow: str) -> None:
    connection, error = ask(question(rules, flow)).judged
    assert connection.verdict is KernelVerdict.ACCEPT
    assert (error.verdict, error.leg) == (KernelVerdict.DROP, Leg.ERROR)
    assert error.rule
    assert (error.rule.chain, error.rule.number, error.rule.line) == ("input", None, 3)


@pytest.mark.kernel
@pytest.mark.parametrize("rules", HEARING)
def test_what_lets_them_in_is_not_suspected(rules: str) -> None:
    assert errors(rules, *FLOWS) == dict.fromkeys(FLOWS, "accept")


@pytest.mark.kernel
def test_one_flow_of_each_version_stands_for_all_and_a_blocked_one_for_none() -> None:
    assert list(errors(DEAF[0], "tcp:192.0.2.1:443", "tcp:192.0.2.2:443", FLOWS[1])) == list(FLOWS)
    assert errors("tcp sport 80 accept", *FLOWS) == {}


@pytest.mark.kernel
def test_of_datagrams_and_of_this_host_itself_no_router_speaks() -> None:
    assert errors(DEAF[0], "udp:192.0.2.1:53", "tcp:127.0.0.1:443") == {}


@pytest.mark.kernel
@pytest.mark.parametrize("more", [MASQUERADE, LED_AWAY % "", MASQUERADE + LED_AWAY % ""])
@pytest.mark.parametrize(("rules", "verdict"), [(HEARING[0], "accept"), (DEAF[0], "drop")])
def test_a_router_speaks_of_the_connection_as_it_is_out_there(more: str, rules: str, verdict: str) -> None:
    assert errors(rules, FLOWS[0], more=more) == {FLOWS[0]: verdict}


@pytest.mark.kernel
def test_of_a_connection_that_is_led_to_nobody_nothing_is_said() -> None:
    connection, error = ask(question(HEARING[0], FLOWS[0], more=LED_AWAY % ":8443")).judged
    assert (connection.verdict, error.verdict) == (KernelVerdict.ACCEPT, KernelVerdict.NOT_JUDGED)
    assert error.because == UNCONNECTED


@pytest.mark.kernel
@pytest.mark.parametrize("flow", FLOWS)
def test_what_was_believed_once_is_not_believed_again_for_that(flow: str) -> None:
    """The kernel keeps what it believed of a path: the next message says something new."""
    shut, opened = (
        (Command(words=("nft", f"{verb} rule inet site input meta l4proto {{ icmp, ipv6-icmp }} {does}")),)
        for verb, does in (("insert", "drop"), ("insert", "accept"))
    )
    asked = question(DEAF[0], flow)
    error = ask(asked).judged[-1].flow
    answer = ask(Question(capture=asked.capture, flows=(error,), trials=(opened, shut, opened)))
    assert [str(one.judged[0].verdict) for one in answer.rounds] == ["drop", "accept", "drop", "accept"]


def test_a_wish_is_read_as_it_was_written_and_nothing_else_is_one() -> None:
    wish = Wish(port=40001, size=1499)
    assert wished(bytes(wish)) == wish
    assert wished(b"?") is None
    assert wished(b"another!") is None
