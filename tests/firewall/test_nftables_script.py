"""The insert script with the real nft: twice is once, removal leaves nothing, and a refusal changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import pytest

from nimnetcheck.firewall import Mode
from nimnetcheck.model import Direction

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import CompletedProcess

Render = Callable[..., str]
Namespace = Callable[..., "CompletedProcess[str]"]
pytestmark = pytest.mark.kernel
SITE = """
for family in inet ip ip6; do
    nft add table $family site
    nft add chain $family site out '{ type filter hook output priority 0; policy drop; }'
    nft add chain $family site in '{ type filter hook input priority 0; policy drop; }'
    nft add rule $family site out oifname lo accept
done
nft -s list ruleset >before
again() { sh FILE "${1:-load}" && nft -s list ruleset; }
"""


@pytest.fixture(autouse=True)
def _file(render: Render, tmp_path: Path) -> None:
    text = render("nftables", Mode.INSERT, into="inet site out", into_input="inet site in", direction=Direction.BOTH)
    (tmp_path / "FILE").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("family", ["inet", "ip", "ip6"])
def test_twice_is_once_and_removal_leaves_nothing(namespace: Namespace, family: str) -> None:
    done = namespace(
        f"export INTO='{family} site out' INTO_INPUT='{family} site in'\n{SITE}"
        "sh FILE check; nft -s list ruleset | cmp - before\n"
        "again >first; again >second; cmp first second; cat first\n"
        "again remove >after; cmp before after; again remove | cmp before -"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("jump nimnetcheck_egress") == 1
    assert done.stdout.count("jump nimnetcheck_ingress") == 1
    assert ("ip daddr" in done.stdout) is (family != "ip6")
    assert ("ip6 daddr" in done.stdout) is (family != "ip")


def test_the_jump_comes_first_again_when_something_was_put_before_it(namespace: Namespace) -> None:
    done = namespace(SITE + "sh FILE; nft insert rule inet site out drop; sh FILE; nft list chain inet site out")
    lines = [line.strip() for line in done.stdout.split("\n")]
    assert lines[3:6] == ["jump nimnetcheck_egress", "drop", 'oifname "lo" accept']


def test_what_was_added_to_a_name_stays(namespace: Namespace) -> None:
    add = "nft add element inet site nimnetcheck_host4_443 '{ 192.0.2.7 }'\n"
    done = namespace(SITE + "sh FILE\n" + add + "sh FILE; nft list set inet site nimnetcheck_host4_443")
    assert "elements = { 192.0.2.7 }" in done.stdout


@pytest.mark.parametrize(
    "into",
    ["inet site none", "inet site", "netdev site out", "inet site out; flush ruleset", "inet * out", "-f site out"],
)
@pytest.mark.parametrize("word", ["load", "check"])
def test_a_chain_that_is_none_is_refused_and_nothing_is_done(namespace: Namespace, into: str, word: str) -> None:
    done = namespace(f"{SITE}INTO='{into}' sh FILE {word} || nft -s list ruleset | cmp - before")
    assert done.returncode == 0, done.stdout
    assert "nothing was done" in done.stderr


def test_half_is_never_loaded(namespace: Namespace) -> None:
    broken = "sed 's/ip6 daddr @nimnetcheck_net6_443/ip6 daddr @nosuchset/' FILE >BROKEN\n"
    done = namespace(SITE + broken + "sh BROKEN || nft -s list ruleset | cmp - before")
    assert done.returncode == 0
    assert "nosuchset" in done.stderr


@pytest.mark.parametrize("mode", [Mode.ALLOW, Mode.LOCKDOWN])
def test_the_own_table_is_loaded_twice_and_removed(
    namespace: Namespace, render: Render, tmp_path: Path, mode: Mode
) -> None:
    (tmp_path / "F").write_text(render("nftables", mode, direction=Direction.BOTH), encoding="utf-8")
    other = Mode.LOCKDOWN if mode is Mode.ALLOW else Mode.ALLOW
    (tmp_path / "G").write_text(render("nftables", other, direction=Direction.BOTH), encoding="utf-8")
    done = namespace(
        SITE + "nft -c -f F; nft -s list ruleset | cmp - before\n"
        "nft -f F; nft -s list ruleset >first; nft -f F; nft -s list ruleset | cmp - first\n"
        "nft -f G; nft -f F; nft -s list ruleset | cmp - first\n"
        "nft delete table inet nimnetcheck; nft -s list ruleset | cmp - before"
    )
    assert done.returncode == 0, done.stderr
