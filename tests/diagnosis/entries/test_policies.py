"""What meets the product alone is told from what meets everybody."""

from __future__ import annotations

from nimnetcheck.model import Failure, Rung, Severity
from nimnetcheck.report import saved
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code
from tests.lab import golden


def test_a_refusal_at_once_and_without_a_message_is_a_policy_s() -> None:
    assert code(seen("usage", "192.0.2.1", Failure.BLOCKED_LOCALLY, Rung.TCP)) == "local.lsm-or-unit-filter"


def test_what_root_reaches_and_the_product_does_not_is_a_failure() -> None:
    report = saved.read(golden.path("local.fw-per-user")).report()
    assert [finding.severity for finding in report.findings] == [Severity.ERROR]
    assert report.exit_code == 1
    assert "as nms: tcp timeout; as this run's user: connected" in report.findings[0].evidence
