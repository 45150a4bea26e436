"""Policy to ipsets and chains: what stands in the script, and where it hangs."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Callable

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.firewall import Mode
from nimnetcheck.firewall.iptables import suffix
from nimnetcheck.model import Direction

Render = Callable[..., str]
NET = "-A NIMNETCHECK -p tcp -m tcp --dport 443 -m set --match-set nimnetcheck_net{} dst -j ACCEPT"
HOST = "-A NIMNETCHECK -p tcp -m tcp --dport 443 -m set --match-set nimnetcheck_host{} dst -j ACCEPT"


def part(text: str, function: str) -> list[str]:
    """What one function of the script prints."""
    _, found, rest = text.partition(f"\n{function}() {{\n    cat <<'END'\n")
    return rest.partition("\nEND\n")[0].split("\n") if found else []


def test_sets_are_swapped_in_whole(render: Render) -> None:
    assert part(render("iptables", Mode.ALLOW, "nim-2.21"), "sets4") == [
        "create nimnetcheck_net4_443 hash:net family inet",
        "create nimnetcheck_new4_443 hash:net family inet",
        "flush nimnetcheck_new4_443",
        "add nimnetcheck_new4_443 159.60.126.0/25",
        "swap nimnetcheck_new4_443 nimnetcheck_net4_443",
        "destroy nimnetcheck_new4_443",
        "create nimnetcheck_host4_443 hash:ip family inet timeout 0",
    ]


def test_a_set_that_waits_is_only_added_to(render: Render) -> None:
    one = {"product.apis.f5.com": (ip_address("192.0.2.7"),)}
    assert part(render("iptables", Mode.ALLOW, "nim-2.21", addresses=one), "sets4")[-2:] == [
        "create nimnetcheck_host4_443 hash:ip family inet timeout 0",
        "add nimnetcheck_host4_443 192.0.2.7",
    ]


@pytest.mark.parametrize(
    ("mode", "direction", "jumps"),
    [
        (Mode.ALLOW, Direction.OUT, '"-A $1 -j NIMNETCHECK"'),
        (Mode.INSERT, Direction.OUT, '"-I $1 1 -j NIMNETCHECK"'),
        (Mode.LOCKDOWN, Direction.OUT, '"-I $1 1 -j NIMNETCHECK"'),
        (Mode.ALLOW, Direction.BOTH, '"-A $1 -j NIMNETCHECK" "-A $2 -j NIMNETCHECK_IN"'),
        (Mode.INSERT, Direction.BOTH, '"-I $1 1 -j NIMNETCHECK" "-I $2 1 -j NIMNETCHECK_IN"'),
    ],
)
def test_where_it_hangs(render: Render, mode: Mode, direction: Direction, jumps: str) -> None:
    assert f"jumps() {{ printf '%s\\n' {jumps}; }}\n" in render("iptables", mode, direction=direction)


@pytest.mark.parametrize("mode", [Mode.ALLOW, Mode.INSERT])
def test_allow_and_insert_hold_the_endpoints_alone(render: Render, mode: Mode) -> None:
    text = render("iptables", mode)
    for version in (4, 6):
        name = f"{version}_443"
        lines = ["*filter", ":NIMNETCHECK - [0:0]", NET.format(name), HOST.format(name)]
        assert part(text, f"rules{version}") == lines


def test_lockdown_ends_in_drop(render: Render) -> None:
    text = render("iptables", Mode.LOCKDOWN, "nim-2.22")
    assert part(text, "rules6") == [
        "*filter",
        ":NIMNETCHECK - [0:0]",
        "-A NIMNETCHECK -o lo -j ACCEPT",
        "-A NIMNETCHECK -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        *(f"-A NIMNETCHECK -p ipv6-icmp -m icmp6 --icmpv6-type {n} -j ACCEPT" for n in (133, 135, 136)),
        "-A NIMNETCHECK -p udp -m udp --dport 53 -j ACCEPT",
        "-A NIMNETCHECK -p tcp -m tcp --dport 53 -j ACCEPT",
        "-A NIMNETCHECK -p udp -m udp --dport 123 -j ACCEPT",
        NET.format("6_443"),
        "-A NIMNETCHECK -j DROP",
    ]
    assert "ipv6-icmp" not in "\n".join(part(text, "rules4"))


def test_replies_have_a_chain_of_their_own(render: Render) -> None:
    lines = part(render("iptables", Mode.INSERT, direction=Direction.BOTH), "rules4")
    assert lines[-2:] == [
        ":NIMNETCHECK_IN - [0:0]",
        "-A NIMNETCHECK_IN -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    ]


def test_the_chain_can_be_chosen_in_mode_insert_alone(render: Render) -> None:
    text = render("iptables", Mode.INSERT, into="ufw-before-output ufw6-before-output")
    assert "INTO=${INTO:-ufw-before-output ufw6-before-output}" in text
    assert "\nINTO=OUTPUT\n" in render("iptables", Mode.LOCKDOWN)
    with pytest.raises(InputError, match="mode insert only"):
        render("iptables", Mode.LOCKDOWN, into="corp")


@pytest.mark.parametrize("into", ["a b c", "x" * 29, "-F"])
def test_a_chain_is_one_name_for_each_version(render: Render, into: str) -> None:
    with pytest.raises(InputError, match="--into"):
        render("iptables", Mode.INSERT, into=into)


def test_nothing_obsolete(render: Render) -> None:
    for mode in Mode:
        assert "-m state" not in render("iptables", mode, direction=Direction.BOTH)
        assert suffix(mode) == ".sh"
