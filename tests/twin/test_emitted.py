"""Every file that is emitted, shown by the kernel; and a file with a mistake is convicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.catalogue import load
from nimnetcheck.errors import NotJudgedError
from nimnetcheck.firewall import BACKENDS, Mode, build, parse_proxy
from nimnetcheck.model import Direction
from nimnetcheck.twin.ask import twins
from nimnetcheck.twin.emitted import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.firewall import Policy
    from nimnetcheck.twin.ask import Ask

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def asking() -> Iterator[Ask]:
    """One process for all files."""
    with twins() as function:
        yield function


def policy(mode: Mode, direction: Direction = Direction.OUT, into: str = "", via_proxy: str = "") -> Policy:
    return build(
        load().endpoints_for(["nim-2.22"]),
        mode=mode,
        direction=direction,
        into=into,
        profiles=("nim-2.22",),
        made_at="2026-01-01T00:00:00Z",
        via_proxy=parse_proxy(via_proxy) if via_proxy else None,
    )


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("backend", list(BACKENDS))
def test_an_emitted_file_opens_what_it_says_and_no_more(asking: Ask, backend: str, mode: Mode) -> None:
    for direction in Direction:
        meant = policy(mode, direction)
        shown = show(backend, meant, BACKENDS[backend].render(meant), asking)
        assert [str(one.flow) for one in shown.wrong] == []
        assert len(shown.opened) > 128
        assert shown.others


def test_a_chain_that_was_named_is_the_one_that_drops(asking: Ask) -> None:
    for backend, into in (("nftables", "ip site out"), ("iptables", "MY-OUT MY-OUT6")):
        meant = policy(Mode.INSERT, into=into)
        assert show(backend, meant, BACKENDS[backend].render(meant), asking).wrong == ()


def test_a_proxy_is_opened_in_place_of_the_endpoints(asking: Ask) -> None:
    meant = policy(Mode.LOCKDOWN, via_proxy="192.0.2.8:3128")
    shown = show("nftables", meant, BACKENDS["nftables"].render(meant), asking)
    assert ([str(flow) for flow in shown.opened], shown.wrong) == (["tcp:192.0.2.8:3128"], ())


@pytest.mark.parametrize(
    ("written", "instead", "convicted"),
    [
        ("159.60.126.0/25", "159.60.126.0/24", "tcp:159.60.126.128:443"),
        ("tcp dport 443 counter accept", "counter accept", "tcp:159.60.126.0:444"),
        ("counter accept", "counter drop", "tcp:159.60.126.0:443"),
    ],
)
def test_a_mistake_has_its_witness(asking: Ask, written: str, instead: str, convicted: str) -> None:
    meant = policy(Mode.LOCKDOWN)
    text = BACKENDS["nftables"].render(meant)
    assert written in text
    assert convicted in [str(one.flow) for one in show("nftables", meant, text.replace(written, instead), asking).wrong]


def test_a_file_that_does_not_load_is_not_judged(asking: Ask) -> None:
    with pytest.raises(NotJudgedError, match="cannot be loaded here"):
        show("nftables", policy(Mode.ALLOW), "add rule inet nowhere x accept\n", asking)
