"""Rules that decide by what passed before, told from those that only write less often."""

from __future__ import annotations

import pytest

from nimnetcheck.twin.ruleset.limits import is_chance, is_limit


@pytest.mark.parametrize(
    "text",
    [
        "tcp dport 443 limit rate 5/second accept",
        "limit rate over 10/minute burst 5 packets drop",
        'limit name "few" accept',
        "ct count over 10 reject",
        "quota over 25 mbytes drop",
        "tcp flags syn add @seen { ip saddr limit rate over 3/second } drop",
        "update @seen { ip daddr timeout 1m }",
        "-A OUTPUT -m limit --limit 1/sec -j ACCEPT",
        "-A OUTPUT -m recent --name x --update --seconds 5 -j DROP",
        "-A OUTPUT -m recent --name x --set",
        "-A OUTPUT -m connlimit --connlimit-above 5 -j REJECT",
        "-A OUTPUT -m hashlimit --hashlimit-above 5/sec --hashlimit-name x -j MY_CHAIN",
        "-A OUTPUT -j SET --add-set x dst",
    ],
)
def test_a_limit(text: str) -> None:
    assert is_limit(text)


@pytest.mark.parametrize(
    "text",
    [
        "tcp dport 443 accept",
        'limit rate 5/minute log prefix "accept "',
        'tcp dport 443 accept comment "limit rate 5/second"',
        "ip daddr @seen drop",
        '-A OUTPUT -m limit --limit 5/min -j LOG --log-prefix "drop: "',
        '-A OUTPUT -m comment --comment "a -m limit b" -j DROP',
        "-A OUTPUT -m set --match-set x dst -j DROP",
    ],
)
def test_no_limit(text: str) -> None:
    assert not is_limit(text)


def test_chance() -> None:
    assert is_chance("numgen random mod 2 vmap { 0 : jump a, 1 : jump b }")
    assert is_chance("-A X -m statistic --mode random --probability 0.5 -j Y")
    assert not is_chance('-A X -m comment --comment "numgen" -j Y')
    assert not is_chance("jhash ip saddr mod 2 vmap { 0 : jump a }")
