"""An address that the rules lack, beside one that they hold."""

from __future__ import annotations

import pytest

from nimnetcheck.diagnosis.conditions.rules import lack_the_address
from nimnetcheck.model import Failure, Rung
from tests.diagnosis.conditions.looked import context
from tests.diagnosis.seen import seen

F = Failure
STALE = seen("host", None, F.RULES_STALE, Rung.HOST, evidence={"lacks": ["192.0.2.2/32", "2001:db8::/64"]})


@pytest.mark.parametrize(
    ("address", "lacked"), [("192.0.2.2", True), ("192.0.2.1", False), ("2001:db8::9", True), ("2001:db8:1::9", False)]
)
def test_the_address_decides(address: str, *, lacked: bool) -> None:
    one = seen("usage", address, F.TCP_TIMEOUT)
    assert lack_the_address(one, context(one, STALE)) is lacked
    assert not lack_the_address(one, context(one))


@pytest.mark.parametrize(
    ("blocked", "lacked"),
    [
        (["tcp:192.0.2.2:443", "tcp:[2001:db8::9]:443"], True),
        (["tcp:192.0.2.2:443", "tcp:192.0.2.1:443"], False),
        (["nonsense"], False),
        ([], False),
    ],
)
def test_of_a_firewall_s_copy_every_blocked_flow_counts(blocked: list[str], *, lacked: bool) -> None:
    one = seen("host", None, F.BLOCKED_LOCALLY, Rung.PATH, evidence={"blocked": blocked})
    assert lack_the_address(one, context(one, STALE)) is lacked


def test_a_saved_report_may_hold_anything() -> None:
    one = seen("usage", "192.0.2.2", F.TCP_TIMEOUT)
    odd = seen("host", None, F.RULES_STALE, Rung.HOST, evidence={"lacks": ["x", 1]})
    assert not lack_the_address(one, context(one, odd))
