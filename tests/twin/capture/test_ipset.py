"""`ipset save` is taken as printed; names, options and commands that it never prints are refused."""

from __future__ import annotations

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture.ipset import check
from nimnetcheck.twin.capture.value import Source

SAVED = """\
create site hash:net family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x982051f0
add site 192.0.2.0/24
add site 198.51.100.7 nomatch
create six hash:ip,port,net family inet6 hashsize 1024 maxelem 65536 timeout 600 counters comment
add six 2001:db8::1,tcp:443,2001:db8:1::/48 timeout 599 packets 0 bytes 0 comment "licence host"
create ports bitmap:port range 1024-2048 skbinfo
add ports 1443 skbmark 0x1/0xff skbprio 1:2 skbqueue 3
create ranges bitmap:ip range 192.0.2.0-192.0.2.255
add ranges 192.0.2.4-192.0.2.9
create all list:set size 8
add all site
create links hash:net,iface family inet hashsize 64 maxelem 65536
add links 192.0.2.0/24,physdev:eth0.100
"""


def test_every_kind_of_set_is_taken_as_printed() -> None:
    check(Source(file="sets", text=SAVED))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("add site evil.example", "'evil.example' is a name"),
        ("add six 2001:db8::1,tcp:443,evil.example", "'evil.example' is a name"),
        ("add site 192.0.2.1-evil", "is a name"),
        ("add nosuch 192.0.2.1", "stands in no 'ipset save'"),
        ("create site hash:ip", "stands in no 'ipset save'"),
        ("create other hash:ip -file /etc/shadow", "stands in no 'ipset save'"),
        ("add site 192.0.2.1 -file /etc/shadow", "'-file' stands in no"),
        ("destroy site", "stands in no 'ipset save'"),
        ("save -file /tmp/x", "stands in no 'ipset save'"),
        ("Name: site", "stands in no 'ipset save'"),
    ],
)
def test_what_it_never_prints_is_refused_with_its_line(line: str, reason: str) -> None:
    with pytest.raises(InputError, match=r"^sets:14: ") as refused:
        check(Source(file="sets", text=SAVED + line))
    assert reason in str(refused.value)
