"""The script with the real tools in both variants: twice is once, removal leaves nothing, nothing stays half."""

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
V6=ip6${IPTABLES#ip}
for ipt in $IPTABLES $V6; do
    $ipt -P OUTPUT DROP
    $ipt -N corp
    $ipt -A OUTPUT -p tcp --dport 9 -j ACCEPT
    $ipt -A OUTPUT -j corp
done
# Counters, dates and the seed of a hash differ from one listing to the next.
save() {
    for ipt in $IPTABLES $V6; do $ipt-save -t filter; done | sed '/^#/d; s/\\[[0-9:]*\\]//'
    ipset save -sorted | sed 's/initval 0x[0-9a-f]*//'
}
save >before
"""


@pytest.fixture(params=["iptables-nft", "iptables-legacy"])
def variant(request: pytest.FixtureRequest, namespace: Namespace) -> Namespace:
    """A namespace that uses one variant."""

    def run(script: str) -> CompletedProcess[str]:
        return namespace(SITE + script, {"IPTABLES": request.param})

    return run


@pytest.fixture(autouse=True)
def _files(render: Render, tmp_path: Path) -> None:
    for mode in Mode:
        text = render("iptables", mode, direction=Direction.BOTH)
        (tmp_path / str(mode)).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("mode", Mode)
def test_twice_is_once_and_removal_leaves_nothing(variant: Namespace, mode: Mode) -> None:
    done = variant(
        f"sh {mode} check; save | cmp - before\n"
        f"sh {mode}; save >first; sh {mode} load; save | cmp - first; cat first\n"
        f"sh {mode} remove; save | cmp - before; sh {mode} remove; save | cmp - before"
    )
    assert done.returncode == 0, done.stderr
    for chain in ("OUTPUT -j NIMNETCHECK", "INPUT -j NIMNETCHECK_IN"):
        assert done.stdout.split("\n").count(f"-A {chain}") == 2


@pytest.mark.parametrize(("mode", "first"), [(Mode.ALLOW, False), (Mode.INSERT, True), (Mode.LOCKDOWN, True)])
def test_where_it_hangs(variant: Namespace, mode: Mode, first: bool) -> None:  # noqa: FBT001 (a column of the table)
    lines = variant(f"sh {mode}; $IPTABLES -S OUTPUT").stdout.strip().split("\n")[1:]
    assert lines.index("-A OUTPUT -j NIMNETCHECK") == (0 if first else 2)


def test_a_mode_takes_the_place_of_another(variant: Namespace) -> None:
    done = variant("sh allow; save >first; sh lockdown; sh insert; sh allow; save | cmp - first")
    assert done.returncode == 0, done.stderr


def test_another_chain_can_be_chosen(variant: Namespace) -> None:
    lines = variant("sh insert; INTO=corp sh insert; $IPTABLES -S; $V6 -S").stdout.split("\n")
    assert lines.count("-A corp -j NIMNETCHECK") == 2
    assert "-A OUTPUT -j NIMNETCHECK" not in lines


def test_each_version_can_have_its_chain(variant: Namespace) -> None:
    done = variant("INTO='corp OUTPUT' sh insert; $IPTABLES -S corp; $V6 -S OUTPUT; INTO='corp OUTPUT' sh insert check")
    assert "-A corp -j NIMNETCHECK\n" in done.stdout
    assert "-A OUTPUT -j NIMNETCHECK\n" in done.stdout


def test_what_was_added_to_a_name_stays(variant: Namespace) -> None:
    done = variant("sh allow; ipset add nimnetcheck_host4_443 192.0.2.7 timeout 900; sh allow; ipset save")
    assert "add nimnetcheck_host4_443 192.0.2.7 timeout" in done.stdout


@pytest.mark.parametrize("into", ["none", "corp; -F", "-F", "a b c", "*"])
def test_a_chain_that_is_none_is_refused_and_nothing_is_done(variant: Namespace, into: str) -> None:
    done = variant(f"if INTO='{into}' sh insert; then echo loaded; fi; save | cmp - before")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "nimnetcheck: " in done.stderr


def test_a_load_that_fails_leaves_nothing_behind(variant: Namespace) -> None:
    broken = "sed 's/^add nimnetcheck_new6_443 .*/add nimnetcheck_new6_443 bogus/' lockdown >broken\n"
    done = variant(broken + "if sh broken; then echo loaded; fi; save | cmp - before")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "not loaded; what had been made was removed" in done.stderr


def test_a_missing_tool_is_named_and_nothing_is_done(variant: Namespace) -> None:
    done = variant("sed 's/IP6TABLES=ip6.*;;/IP6TABLES=no6tables ;;/' lockdown >F\nsh F || save | cmp - before")
    assert done.returncode == 0
    assert "nimnetcheck: no6tables is not installed, and nothing was done" in done.stderr


@pytest.mark.parametrize(("ours", "other"), [("iptables-nft", "iptables-legacy"), ("iptables-legacy", "iptables-nft")])
def test_rules_of_the_other_variant_are_pointed_out(namespace: Namespace, ours: str, other: str) -> None:
    quiet = namespace("sh allow", {"IPTABLES": ours})
    assert (quiet.returncode, quiet.stderr) == (0, "")
    loud = namespace(f"{other} -A OUTPUT -d 192.0.2.1 -j DROP; sh allow", {"IPTABLES": ours})
    assert f"warning: {other} holds rules too, and a packet must pass both" in loud.stderr
    assert f"warning: {other.replace('ip', 'ip6', 1)} holds" not in loud.stderr


def test_no_other_program_is_run(namespace: Namespace) -> None:
    done = namespace("sh allow", {"IPTABLES": "iptables; touch x"})
    assert done.returncode == 1
    assert "choose iptables, iptables-nft or iptables-legacy; nothing was done" in done.stderr
