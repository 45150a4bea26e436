"""What is sent, and when it is settled; the packets themselves are judged in test_twin.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import KernelVerdict

if TYPE_CHECKING:
    from tests.twin.conftest import Ask

pytestmark = pytest.mark.kernel


def test_a_whole_range_is_judged_flow_by_flow(ask_nft: Ask) -> None:
    rules = "table ip f {\n chain o {\n  type filter hook output priority 0;\n  ip daddr 192.0.2.128/25 drop\n }\n}\n"
    judged = ask_nft(rules, *(f"tcp:192.0.2.{n}:443" for n in range(1, 255))).judged
    assert [one.verdict is KernelVerdict.DROP for one in judged] == [n >= 128 for n in range(1, 255)]


def test_what_nothing_stops_and_nobody_answers_is_not_judged(ask_nft: Ask) -> None:
    """The trace sees a packet go to a place that is not there: no event ends it, no answer comes."""
    rules = (
        "table ip n {\n chain o {\n  type nat hook output priority -100;\n  tcp dport 443 dnat to 198.19.255.1\n }\n}\n"
    )
    nowhere = rules.replace("198.19.255.1", "0.0.0.0")  # noqa: S104 (led there, not bound)
    (reached,) = ask_nft(rules, "tcp:192.0.2.1:443").judged
    assert reached.verdict is KernelVerdict.ACCEPT
    (lost,) = ask_nft(nowhere, "tcp:192.0.2.1:443").judged
    assert lost.verdict is not KernelVerdict.DROP
