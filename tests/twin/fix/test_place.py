"""A change goes before what blocks, or before the jump to a chain that only logs and drops."""

from __future__ import annotations

import pytest

from nimnetcheck.twin.answer import Firewall
from nimnetcheck.twin.capture.value import Capture, Save, Source, Variant
from nimnetcheck.twin.fix.place import before, chains, left_to_the_site
from tests.twin.blocked import block, rule

JUMP = rule("ip filter OUTPUT 4", Firewall.IPTABLES_NFT)
DROP = rule("ip filter LOGDROP 2", Firewall.IPTABLES_NFT)
CHAIN = (Firewall.IPTABLES_NFT, "ip", "filter", "LOGDROP")


@pytest.mark.parametrize(
    "rules",
    [
        ("-j DROP",),
        ("-j REJECT --reject-with tcp-reset",),
        ("-j LOG --log-prefix x", "-j DROP"),
        ('-m limit --limit 5/min -j LOG --log-prefix "DENIED: "', "-j NFLOG", "-m comment --comment x -j DROP"),
    ],
)
def test_a_chain_that_only_logs_and_drops_is_a_verdict_with_a_name(rules: tuple[str, ...]) -> None:
    assert before(block(DROP, path=(JUMP,)), {CHAIN: rules}) is JUMP


@pytest.mark.parametrize(
    "rules",
    [
        ("-d 192.0.2.0/24 -j ACCEPT", "-j DROP"),
        ("-d 192.0.2.0/24 -j DROP",),
        ("-j LOG", "-d 192.0.2.0/24 -j DROP"),
        (),
    ],
)
def test_a_chain_that_decides_takes_the_change_itself(rules: tuple[str, ...]) -> None:
    assert before(block(DROP, path=(JUMP,)), {CHAIN: rules}) is DROP


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (("reject",), "out"),
        (("counter drop",), "out"),
        (('limit rate 3/minute log prefix "x"', "counter reject with tcp reset"), "out"),
        (('counter log prefix "x" drop',), "out"),
        (("ip daddr @bad drop",), "dropped"),
        (("tcp dport 443 accept", "drop"), "dropped"),
    ],
)
def test_the_same_in_nftables(rules: tuple[str, ...], expected: str) -> None:
    jump, drop = rule("inet site out 1"), rule("inet site dropped 1")
    assert before(block(drop, path=(jump,)), {(Firewall.NFTABLES, "inet", "site", "dropped"): rules}).chain == expected


def test_without_a_jump_there_is_only_the_rule_or_the_policy_itself() -> None:
    policy = rule("ip filter OUTPUT")
    assert before(block(policy), {}) is policy


def test_the_rules_of_every_chain_are_known_in_order() -> None:
    text = "table inet site {\n\tchain out {\n\t\ttype filter hook output priority 0;\n"
    text += "\t\taccept # handle 4\n\t\tdrop\n\t}\n}\n"
    save = (
        "*raw\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n*filter\n:X - [0:0]\n[1:2] -A X -j LOG\n-A X -j DROP\n-A OUTPUT\nCOMMIT\n"
    )
    capture = Capture(
        nft=Source(file="nft", text=text),
        saves=(Save(variant=Variant.LEGACY, version=6, source=Source(file="save", text=save)),),
    )
    assert chains(capture) == {
        (Firewall.NFTABLES, "inet", "site", "out"): ("accept", "drop"),
        (Firewall.IPTABLES_LEGACY, "ip6", "filter", "X"): ("-j LOG", "-j DROP"),
        (Firewall.IPTABLES_LEGACY, "ip6", "filter", "OUTPUT"): ("",),
    }


@pytest.mark.parametrize(
    ("forward", "blocking", "path", "found"),
    [
        (("-j DOCKER-USER", "-d 192.0.2.0/24 -j DROP"), "ip filter FORWARD 2", (), True),
        (("-j DOCKER-USER", "-j DOCKER-FORWARD"), "ip filter DOCKER-FORWARD 1", ("ip filter FORWARD 2",), True),
        (("-j DOCKER-USER",), "ip filter FORWARD", (), True),
        (("-j DOCKER-USER",), "ip filter DOCKER-USER 1", ("ip filter FORWARD 1",), False),
        (("-j DOCKER-USERS", "-j DROP"), "ip filter FORWARD 2", (), False),
    ],
)
def test_the_chain_that_is_left_to_the_site_is_found_where_it_is_jumped_to(
    forward: tuple[str, ...], blocking: str, path: tuple[str, ...], *, found: bool
) -> None:
    known = {(Firewall.IPTABLES_NFT, "ip", "filter", "FORWARD"): forward}
    jumps = tuple(rule(one, Firewall.IPTABLES_NFT) for one in path)
    place = left_to_the_site(block(rule(blocking, Firewall.IPTABLES_NFT), path=jumps), "DOCKER-USER", known)
    assert (place and (place.chain, place.number)) == (("DOCKER-USER", 1) if found else None)
