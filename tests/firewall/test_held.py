"""What our sets hold is read from every file that we write, and from what the tools list of it."""

from __future__ import annotations

import subprocess
from ipaddress import ip_network
from pathlib import Path

import pytest

from nimnetcheck.catalogue import load
from nimnetcheck.firewall.held import held, lets, made
from tests.kernel.namespace import ENVIRONMENT

RULES = Path(__file__).parents[2] / "rules"
FILES = sorted(path for path in RULES.glob("*/*") if path.parent.name in ("all", "nginx-plus"))
USAGE = next(endpoint for endpoint in load().endpoints if endpoint.id == "usage")
LISTED = """
table inet nimnetcheck {
	set nimnetcheck_net4_443 {
		type ipv4_addr
		flags interval
		elements = { 192.0.2.0/25 counter packets 0 bytes 0, 198.51.100.1-198.51.100.2,
				203.0.113.9 }
	}
	set nimnetcheck_net6_443 {
		type ipv6_addr
		flags interval
	}
	chain egress {
		ip daddr @nimnetcheck_net4_443 tcp dport 443 counter accept
		ip daddr { 192.0.2.200 } drop
	}
}
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_file_of_ours_says_what_it_opens_and_when_it_was_made(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    sets = held(text)
    for network in USAGE.networks:
        assert lets(sets[network.version, 443], network)
        assert not lets(held(text.replace(str(network), "192.0.2.1"))[network.version, 443], network)
    assert made(text).startswith("finished file")


def test_a_listing_is_read_as_it_is_printed() -> None:
    texts = ("192.0.2.0/25", "198.51.100.1/32", "198.51.100.2/32", "203.0.113.9/32")
    assert set(held(LISTED)[4, 443]) == {ip_network(text) for text in texts}


@pytest.mark.kernel
def test_what_the_kernel_lists_of_a_file_is_what_the_file_says() -> None:
    path = RULES / "all/nftables-allow.nft"
    listed = subprocess.run(
        ["unshare", "-Urn", "sh", "-c", f"nft -f {path} && nft -a -s list ruleset"],
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT,
    ).stdout
    assert {key: set(networks) for key, networks in held(listed).items()} == {
        key: set(networks) for key, networks in held(path.read_text(encoding="utf-8")).items()
    }


@pytest.mark.parametrize("line", ["add nimnetcheck_net4_443 192.0.2.1", "add nimnetcheck_new4_443 192.0.2.1/32"])
def test_ipset_has_a_line_for_each(line: str) -> None:
    assert held(f"create x\n{line}\n") == {(4, 443): (ip_network("192.0.2.1/32"),)}


@pytest.mark.parametrize("text", ["", "add other4_443 192.0.2.1", "add nimnetcheck_host4_443 192.0.2.1"])
def test_other_sets_and_those_of_names_say_nothing(text: str) -> None:
    assert held(text) == {}
    assert made(text) == ""
