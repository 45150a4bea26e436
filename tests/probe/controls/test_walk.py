"""A walk: what each answer means, and how it ends. The laboratory walks over real routers."""

from __future__ import annotations

import errno
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.failures import Icmp, WireError
from nimnetcheck.net import drive, monotonic
from nimnetcheck.probe.controls import walk
from nimnetcheck.probe.controls.walk import Hop, Said

if TYPE_CHECKING:
    from nimnetcheck.net import Steps

HERE, ROUTER = ip_address("10.20.0.10"), ip_address("10.20.0.1")
LOOPBACK = ip_address("127.0.0.1")


def icmp(kind: int, code: int, version: int = 4) -> Icmp:
    return Icmp(version=version, type=kind, code=code, sender=ROUTER)


@pytest.mark.parametrize(
    ("error", "said", "sender"),
    [
        (WireError(errno.EHOSTUNREACH, "", icmp=icmp(11, 0)), Said.PASSED_ON, ROUTER),
        (WireError(errno.EHOSTUNREACH, "", icmp=icmp(3, 0, 6)), Said.PASSED_ON, ROUTER),
        (WireError(errno.EHOSTUNREACH, "", icmp=icmp(3, 13)), Said.UNREACHABLE, ROUTER),
        (WireError(errno.EHOSTUNREACH, "", icmp=icmp(3, 1), own=ROUTER), Said.NOT_SENT, ROUTER),
        (WireError(errno.EHOSTUNREACH, ""), Said.UNNAMED, None),  # a kernel before 5.8
        (WireError(errno.ECONNREFUSED, ""), Said.REFUSED, None),
        (WireError(errno.EPERM, ""), Said.NOT_SENT, None),
    ],
)
def test_what_comes_back_for_a_hop(error: WireError, said: Said, sender: object) -> None:
    hop = walk.of_error(3, error)
    assert (hop.limit, hop.said, hop.sender) == (3, said, sender)


def test_a_walk_ends_where_the_host_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        hops = drive(walk.walk(LOOPBACK, port, monotonic() + 5), 5)
    assert hops == (Hop(limit=1, said=Said.CONNECTED),)
    hops = drive(walk.walk(LOOPBACK, port, monotonic() + 5), 5)
    assert walk.evidence(hops, port)["ended"] == "refused"


def test_a_walk_goes_no_farther_than_it_may() -> None:
    def passed_on(limit: int, _: float) -> Steps[Hop]:
        yield from ()
        return Hop(limit=limit, said=Said.PASSED_ON, sender=ROUTER)

    hops = drive(walk.go(passed_on, monotonic() + 5, 3), 5)
    assert [hop.limit for hop in hops] == [1, 2, 3]
    assert len(drive(walk.go(passed_on, monotonic() + 5), 5)) == walk.MAX_HOPS


def test_a_walk_into_silence_says_who_passed_it_on_last() -> None:
    hops = (Hop(limit=1, said=Said.PASSED_ON, sender=ROUTER), Hop(limit=2, said=Said.SILENT))
    found = walk.evidence(hops, 443)
    assert (found["passed_on"], found["ended"], found["ended_at"]) == (1, "silent", None)
    assert found["hops"] == [
        {"limit": 1, "said": "passed on", "from": "10.20.0.1"},
        {"limit": 2, "said": "silent", "from": None},
    ]


def test_what_was_not_waited_for_is_no_silence() -> None:
    found = walk.evidence((Hop(limit=1, said=Said.UNFINISHED),), 443)
    assert (found["ended"], found["ended_at"]) == ("not waited for", None)


def test_nothing_at_all_came_back() -> None:
    found = walk.evidence((Hop(limit=1, said=Said.SILENT),), 443)
    assert (found["passed_on"], found["ended"]) == (0, "silent")
