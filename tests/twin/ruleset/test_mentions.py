"""Interfaces and addresses that rules name."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from nimnetcheck.twin.capture.value import Capture, Save, Source, Variant
from nimnetcheck.twin.ruleset.mentions import bridged, interfaces, translated_sources


def capture(nft: str = "", save: str = "") -> Capture:
    saves = (Save(variant=Variant.NFT, version=4, source=Source(file="s", text=save)),)
    return Capture(nft=Source(file="n", text=nft), saves=saves)


def test_every_form_of_naming_is_found_and_patterns_are_not() -> None:
    nft = 'iifname "ens3" oif != lo oifname { "br0", "tap*" } iif eth9 hook ingress device "ens4" priority 0;'
    assert interfaces(capture(nft)).names == ("ens3", "lo", "br0", "eth9", "ens4")
    assert interfaces(capture(save="-A OUTPUT -o wlan0 -j DROP\n-A INPUT ! -i veth+ -j DROP\n")).names == ("wlan0",)


@pytest.mark.parametrize(
    ("nft", "way_out"),
    [
        ("", "eth0"),
        ('oifname "ens192" accept', "ens192"),
        ('oifname "ens192" accept; oifname lo accept; oifname "docker0" accept', "ens192"),
        ('oifname "ens192" accept; oifname "ens224" accept', "eth0"),
        ('iifname "enp1s0" accept', "enp1s0"),
    ],
)
def test_the_only_outer_interface_is_the_way_out(nft: str, way_out: str) -> None:
    assert interfaces(capture(nft)).way_out == way_out


def test_translated_sources_are_found_in_both_languages() -> None:
    found = translated_sources(capture("snat to 192.0.2.7", "-j SNAT --to-source 192.0.2.8\n-j SNAT --to-source bad\n"))
    assert found == (ip_address("192.0.2.7"), ip_address("192.0.2.8"))


def test_the_interfaces_of_firewallds_zones_are_found() -> None:
    zone = Source(
        file="zones/vms.xml", text='<zone>\n  <interface name="virbr0"/>\n  <interface name="ens3"/>\n</zone>\n'
    )
    found = interfaces(Capture(firewalld=(zone,)))
    assert (found.names, found.way_out) == (("virbr0", "ens3"), "ens3")


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (capture("table bridge filter { # handle 3\n}"), "table bridge filter"),
        (capture('meta ibrname "br0" drop'), "meta ibrname"),
        (capture(save="-A FORWARD -m physdev --physdev-in veth1 -j DROP"), "-m physdev"),
        (capture('table inet bridge {\n}\niifname "br0"', "-A FORWARD -i br0 -j DROP"), ""),
    ],
)
def test_rules_that_ask_about_a_bridge_are_found(rules: Capture, told: str) -> None:
    assert bridged(rules).endswith(told)
    assert bool(bridged(rules)) is bool(told)
