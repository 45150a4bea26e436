"""The products' own troubles are not the network's."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (Failure.CONFIG_INVALID, "local.bad-config"),
        (Failure.CONFIG_NOT_APPLIED, "local.config-not-applied"),
        (Failure.SERVICE_DOWN, "local.service-down"),
        (Failure.STATE_INVALID, "local.state-file"),
        (Failure.DISK_FULL, "local.disk-full"),
        (Failure.WRONG_MODE, "local.wrong-mode"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, expected: str) -> None:
    assert code(seen("host", None, failure, Rung.HOST)) == expected


def test_a_log_that_contradicts_the_probe_is_told_from_one_that_agrees() -> None:
    line = attrs.evolve(seen("logs", None, Failure.TCP_REFUSED), evidence={"host": "usage.example"})
    assert code(line, seen("usage", "192.0.2.1", rung=Rung.HTTP)) == "local.tool-differs"
    assert code(line, seen("usage", "192.0.2.1", Failure.TCP_REFUSED)) == "tcp.refused"
    assert code(line) == "tcp.refused"
