"""What meets the product alone is told from what meets everybody."""

from __future__ import annotations

from nimnetcheck.diagnosis import diagnose, judge
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


def test_a_log_that_is_refused_at_once_where_the_probes_are_not_is_a_policy_s() -> None:
    (found,) = saved.read(golden.path("local.lsm-or-unit-filter.by-its-log")).report().findings
    assert (found.code, found.severity) == ("local.lsm-or-unit-filter", Severity.ERROR)
    assert "A log alone" not in found.explanation


def test_what_shuts_a_unit_in_explains_what_its_log_says() -> None:
    shut = seen("host", None, Failure.BLOCKED_LOCALLY, Rung.HOST)
    log = seen("logs", None, Failure.TCP_TIMEOUT, evidence={"host": "usage.example"})
    around = [seen("usage", "192.0.2.1", rung=Rung.HTTP), log]
    assert [one.code for one in diagnose(around, judge(around))] == ["local.tool-differs"]
    (found,) = diagnose([*around, shut], judge([*around, shut]))
    assert (found.code, found.explains) == ("local.lsm-or-unit-filter", ("local.tool-differs",))
