"""nft's text from outside: what reads, runs on or resolves is refused with its line; what looks like it is taken."""

from __future__ import annotations

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture.nft import divide
from nimnetcheck.twin.capture.value import Source

SET = "table ip t {\n\tset s {\n\t\ttype %s\n\t\telements = { %s }\n\t}\n\tchain o {\n\t}\n}\n"


def source(text: str) -> Source:
    return Source(file="rules.nft", text=text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('include "/etc/shadow"', ":1: 'include' reads other files"),
        ("table inet t {\n\tinclude '/etc/*'\n}", ":2: 'include' reads other files"),
        ('table inet t { }; include "/etc/shadow"', ":1: 'include' reads other files"),
        ("add table inet t\nmonitor trace", ":2: 'monitor' begins no statement"),
        ("table inet t {\n}\nlist ruleset", ":3: 'list' begins no statement"),
        ("table inet t { }; reset rules", ":1: 'reset' begins no statement"),
        ("# nothing\nhello there", ":2: 'hello' begins no statement"),
        ('{"nftables": []}', ":1: JSON: give what 'nft -a -s list ruleset' prints"),
        ('table inet t {\n\tcomment "open\n}', ":2: a quoted text that does not end"),
        ("table ip t {\n chain o {\n  ip daddr evil.example drop\n }\n}", ":3: 'evil.example' is a name"),
        ("table ip t {\n chain o {\n  ip saddr != localhost drop\n }\n}", ":3: 'localhost' is a name"),
        ("table ip t {\n chain o {\n  ip daddr { 192.0.2.1, evil } drop\n }\n}", ":3: 'evil' is a name"),
        ("table ip t {\n chain o {\n  ip6 daddr beef drop\n }\n}", ":3: 'beef' is a name"),
        ("table ip t {\n chain o {\n  dnat to inner.example\n }\n}", ":3: 'inner.example' is a name"),
        (SET % ("ipv4_addr", "192.0.2.1, evil.example"), ":4: 'evil.example' is a name"),
        (SET % ("ipv4_addr", "192.0.2.1,\n\t\t\t     localhost"), ":5: 'localhost' is a name"),
        (SET % ("inet_service . ipv6_addr", "443 . 2001:db8::1, 443 . evil"), ":4: 'evil' is a name"),
        (SET % ("inet_service : ipv4_addr", "443 : evil"), ":4: 'evil' is a name"),
    ],
)
def test_what_reads_runs_or_resolves_is_refused_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(InputError) as refused:
        divide(source(text))
    assert f"rules.nft{reason}" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "flush ruleset\nadd table inet include-site\nadd chain inet include-site o\n",
        "define WEB = { 80, 443 }\ntable inet t {\n}\n",
        "add rule ip t o tcp dport { 80,\n 443 } \\\n counter drop\n",
        "table ip t {\n chain o {\n  ip daddr 192.0.2.0/24 ip saddr & 255.0.0.0 == 10.0.0.0 drop\n }\n}\n",
        "table ip t {\n chain o {\n  ip daddr vmap @where\n  ip6 daddr fe80::1 drop\n }\n}\n",
        "table ip t {\n chain o {\n  ip daddr $SITE drop\n  dnat ip to numgen inc mod 2 map @m\n }\n}\n",
        'table ip t {\n chain o {\n  ip daddr { 192.0.2.1 comment "evil.example", 192.0.2.2 } drop\n }\n}\n',
        SET % ("ipv4_addr . ifname", '192.0.2.1 . "eth0.100", 192.0.2.2 . "evil.example"'),
        SET % ("ipv4_addr . inet_proto . inet_service : verdict", "192.0.2.1 . tcp . 443 : goto service-a.b/c"),
        SET % ("ipv4_addr", "192.0.2.0/24 timeout 5m expires 3m, 192.0.2.1-192.0.2.9 counter packets 0 bytes 0"),
        SET % ("ether_addr", "aa:bb:cc:dd:ee:ff"),
        SET % ("inet_service", "https, 80"),
        (SET % ("of ip daddr . tcp dport : mark", "192.0.2.1 . https : 0x1")).replace("type of", "typeof"),
    ],
)
def test_rulesets_that_look_like_it_are_taken_unchanged(text: str) -> None:
    assert divide(source(text)).native.text == text


def test_a_hostile_text_is_judged_in_time_proportional_to_it() -> None:
    for piece in ("flags ", "flags a,", "ip daddr {", '" #', "{ # ", "include-"):
        text = piece * 60_000
        try:
            divide(source(text))
        except InputError:
            continue
