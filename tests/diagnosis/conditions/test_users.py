"""A connection that fares differently by its user, beside those that fail for everybody or by chance."""

from __future__ import annotations

import pytest

from nimnetcheck.diagnosis.conditions.users import differs, fates
from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.conditions.looked import AT, AT6, context
from tests.diagnosis.seen import seen

F = Failure


def as_nms(failure: Failure | None, as_caller: str) -> Observation:
    evidence = {"user": "nms", "uid": 991, "as_caller": as_caller}
    return seen("usage", AT, failure, changed="user", evidence=evidence)


@pytest.mark.parametrize(
    ("failure", "nms", "as_caller", "told"),
    [
        (None, F.TCP_TIMEOUT, "connected", True),
        (F.TCP_TIMEOUT, None, "tcp_timeout", True),
        (F.TCP_TIMEOUT, F.TCP_TIMEOUT, "tcp_timeout", False),
        (None, None, "connected", False),
        (F.TCP_TIMEOUT, None, "connected", False),  # it works again, for everybody
        (None, F.TCP_TIMEOUT, "tcp_timeout", False),  # it works no more, for nobody
    ],
)
def test_only_where_users_differ_at_one_time(
    failure: Failure | None, nms: Failure | None, as_caller: str, *, told: bool
) -> None:
    one = seen("usage", AT, failure)
    assert differs(one, context(one, as_nms(nms, as_caller))) is told


def test_what_was_tried_at_one_address_goes_for_those_that_fared_alike() -> None:
    tried, alike, six = seen("usage", AT), seen("usage", "3.133.232.50"), seen("usage", AT6)
    other, above = seen("usage", "52.14.85.249", F.TCP_TIMEOUT), seen("usage", AT, rung=Rung.TLS)
    around = context(tried, alike, six, other, above, as_nms(F.TCP_TIMEOUT, "connected"))
    assert [differs(one, around) for one in (tried, alike, six, other, above)] == [True, True, False, False, False]


def test_each_fate_is_told() -> None:
    one = seen("usage", AT)
    assert fates(one, context(one, as_nms(F.TCP_TIMEOUT, "connected"))) == (
        "as nms: tcp timeout; as this run's user: connected"
    )
    assert fates(one, context(one)) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("meta skuid 991 drop", True),
        ("-A OUTPUT -m owner --uid-owner 991 -j DROP", True),
        ("tcp dport 443 drop", False),
    ],
)
def test_a_rule_that_asks_who_sends_tells_so_itself(text: str, *, told: bool) -> None:
    evidence = {"kernel": "drop", "leg": "request", "rule": {"text": text}}
    one = seen("host", None, F.BLOCKED_LOCALLY, Rung.PATH, evidence=evidence)
    assert differs(one, context(one)) is told
    assert not differs(one, context(one, as_nms(F.TCP_TIMEOUT, "tcp_timeout")))  # it takes in everybody
