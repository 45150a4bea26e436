"""Policy to nft text: what stands in it, and what must not."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Callable

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.firewall import Mode
from nimnetcheck.firewall.nftables import suffix
from nimnetcheck.model import Direction

Render = Callable[..., str]
T = "inet nimnetcheck"


def body(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and not line.startswith("#")]


def test_allow(render: Render) -> None:
    assert body(render("nftables", Mode.ALLOW, "nim-2.21")) == [
        f"add table {T}",
        f"add set {T} nimnetcheck_net4_443 {{ type ipv4_addr; flags interval; }}",
        f"flush set {T} nimnetcheck_net4_443",
        f"add element {T} nimnetcheck_net4_443 {{ 159.60.126.0/25 }}",
        f"add set {T} nimnetcheck_host4_443 {{ type ipv4_addr; flags timeout; }}",
        f"add set {T} nimnetcheck_host6_443 {{ type ipv6_addr; flags timeout; }}",
        f"add chain {T} egress",
        f"add chain {T} output {{ type filter hook output priority 0; policy accept; }}",
        f"flush chain {T} egress",
        f"flush chain {T} output",
        f"add rule {T} egress ip daddr @nimnetcheck_net4_443 tcp dport 443 counter accept",
        f"add rule {T} egress ip daddr @nimnetcheck_host4_443 tcp dport 443 counter accept",
        f"add rule {T} egress ip6 daddr @nimnetcheck_host6_443 tcp dport 443 counter accept",
        f"add rule {T} output jump egress",
    ]


def test_lockdown_keeps_what_every_host_needs(render: Render) -> None:
    lines = body(render("nftables", Mode.LOCKDOWN, "nim-2.21"))
    assert f"add chain {T} output {{ type filter hook output priority 0; policy drop; }}" in lines
    assert [line.split(" output ", 1)[1] for line in lines if line.startswith(f"add rule {T} output ")] == [
        'oifname "lo" accept',
        "ct state established,related accept",
        "icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept",
        "udp dport { 53, 123 } accept",
        "tcp dport 53 accept",
        "jump egress",
        'counter comment "dropped by policy"',
    ]


def test_replies_are_let_in_where_asked(render: Render) -> None:
    assert "input" not in "\n".join(body(render("nftables", Mode.ALLOW)))
    lines = body(render("nftables", Mode.ALLOW, direction=Direction.BOTH))
    assert lines[-3:] == [
        f"add chain {T} input {{ type filter hook input priority 0; policy accept; }}",
        f"flush chain {T} input",
        f"add rule {T} input ct state established,related counter accept",
    ]


def test_a_set_is_emptied_only_when_every_name_behind_it_is_known(render: Render) -> None:
    one = {"product.apis.f5.com": (ip_address("192.0.2.7"), ip_address("2001:db8::7"))}
    both = {**one, "product-s.apis.f5.com": (ip_address("192.0.2.8"),)}
    partly = render("nftables", Mode.ALLOW, "nim-2.21", addresses=one)
    assert f"add element {T} nimnetcheck_host4_443 {{ 192.0.2.7 }}" in partly
    assert f"add element {T} nimnetcheck_host6_443 {{ 2001:db8::7 }}" in partly
    assert f"flush set {T} nimnetcheck_host" not in partly
    whole = render("nftables", Mode.ALLOW, "nim-2.21", addresses=both)
    assert (
        f"flush set {T} nimnetcheck_host4_443\nadd element {T} nimnetcheck_host4_443 {{ 192.0.2.7, 192.0.2.8 }}"
        in whole
    )


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("profile", ["all", "browser", "nim-2.21"])
def test_the_text_is_portable(render: Render, mode: Mode, profile: str) -> None:
    lines = "\n".join(body(render("nftables", mode, profile, direction=Direction.BOTH)))
    for word in ("flush ruleset", "destroy", "typeof", "icmpx", "{ }", "delete table"):
        assert word not in lines
    assert not re.search(r"(set|chain|table) [^\n]*\{[^}\n]*comment", lines)
    assert not re.search(r"\{[^;}\n]*(type|policy)[^;}\n]*\}", lines), "a definition without ';' before '}'"


def test_insert_knows_its_chains(render: Render) -> None:
    text = render("nftables", Mode.INSERT, into="ip site out", into_input="ip site in")
    assert "INTO=${INTO:-'ip site out'}\nINTO_INPUT=${INTO_INPUT:-'ip site in'}\n" in text
    assert "INTO=${INTO:-'inet filter output'}" in render("nftables", Mode.INSERT)


@pytest.mark.parametrize("mode", [Mode.ALLOW, Mode.LOCKDOWN])
def test_a_chain_means_nothing_elsewhere(render: Render, mode: Mode) -> None:
    with pytest.raises(InputError, match="mode insert only"):
        render("nftables", mode, into="inet filter output")


@pytest.mark.parametrize("into", ["output", "inet filter", "inet filter output x"])
def test_a_chain_is_three_words(render: Render, into: str) -> None:
    with pytest.raises(InputError, match="FAMILY TABLE CHAIN"):
        render("nftables", Mode.INSERT, into=into)


def test_endings() -> None:
    assert {mode: suffix(mode) for mode in Mode} == {Mode.ALLOW: ".nft", Mode.INSERT: ".sh", Mode.LOCKDOWN: ".nft"}
