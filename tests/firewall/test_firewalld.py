"""Policy to firewalld's XML: what stands in it, and which names it may have."""

from __future__ import annotations

import re
from typing import Callable
from xml.etree import ElementTree as ET

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.firewall import Mode
from nimnetcheck.firewall.firewalld import suffix

Render = Callable[..., str]


def documents(text: str) -> dict[str, ET.Element]:
    """Every XML document of the script by the function that prints it."""
    found = re.findall(r"\nxml_(\w+)\(\) \{\n    cat <<'END'\n(.*?)\nEND\n", text, re.DOTALL)
    return {name: ET.fromstring(xml.encode()) for name, xml in found}  # noqa: S314 (our own text)


def rules(policy: ET.Element) -> list[str]:
    """Each rule in a few words."""
    lines = []
    for rule in policy.findall("rule"):
        words = [rule.get("family", "both")]
        for child in rule:
            words += [child.tag, *child.attrib.values()]
        lines.append(" ".join(words))
    return lines


def test_sets(render: Render) -> None:
    made = documents(render("firewalld", Mode.ALLOW, "nim-2.21"))
    assert sorted(made) == ["nimnetcheck_host4_443", "nimnetcheck_host6_443", "nimnetcheck_net4_443", "policy"]
    net = made["nimnetcheck_net4_443"]
    assert net.get("type") == "hash:net"
    assert [entry.text for entry in net.findall("entry")] == ["159.60.126.0/25"]
    assert made["nimnetcheck_host6_443"].find("option").attrib == {"name": "family", "value": "inet6"}  # type: ignore[union-attr]  # (it is there)


@pytest.mark.parametrize(("mode", "priority"), [(Mode.ALLOW, "100"), (Mode.INSERT, "-100"), (Mode.LOCKDOWN, "-100")])
def test_what_comes_first(render: Render, mode: Mode, priority: str) -> None:
    policy = documents(render("firewalld", mode))["policy"]
    assert policy.attrib == {"target": "CONTINUE", "priority": priority}
    assert policy.find("ingress-zone").attrib == {"name": "HOST"}  # type: ignore[union-attr]  # (it is there)
    assert policy.find("egress-zone").attrib == {"name": "ANY"}  # type: ignore[union-attr]  # (it is there)


@pytest.mark.parametrize("mode", [Mode.ALLOW, Mode.INSERT])
def test_the_endpoints_alone_are_accepted(render: Render, mode: Mode) -> None:
    made = documents(render("firewalld", mode, "nim-2.22"))
    assert rules(made["policy"]) == [
        "ipv4 destination nimnetcheck_net4_443 port 443 tcp accept",
        "ipv6 destination nimnetcheck_net6_443 port 443 tcp accept",
    ]
    assert "drop" not in made


def test_lockdown_is_two_policies(render: Render) -> None:
    made = documents(render("firewalld", Mode.LOCKDOWN, "nim-2.22"))
    assert rules(made["policy"])[:-2] == [
        "ipv6 icmp-type router-solicitation accept",
        "ipv6 icmp-type neighbour-solicitation accept",
        "ipv6 icmp-type neighbour-advertisement accept",
        "both port 53 udp accept",
        "both port 53 tcp accept",
        "both port 123 udp accept",
    ]
    assert made["drop"].attrib == {"target": "DROP", "priority": "-99"}
    assert rules(made["drop"]) == []


@pytest.mark.parametrize("mode", Mode)
def test_policy_names_fit_every_firewalld(render: Render, mode: Mode) -> None:
    names = re.findall(r"/policies/(\w+)\.xml", render("firewalld", mode))
    assert names
    assert max(map(len, names)) <= 17
    assert suffix(mode) == ".sh"


def test_a_chain_means_nothing_here(render: Render) -> None:
    with pytest.raises(InputError, match="no meaning for firewalld"):
        render("firewalld", Mode.INSERT, into="inet filter output")
