"""The public Python API: every name it promises is there, and what the README shows with it works."""

from __future__ import annotations

import nimnetcheck


def test_every_public_name_can_be_used() -> None:
    for name in nimnetcheck.__all__:
        assert getattr(nimnetcheck, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(nimnetcheck, "no_such_name")


def test_a_report_can_be_made_from_observations() -> None:
    seen = nimnetcheck.Observation(
        subject="usage",
        rung=nimnetcheck.Rung.DNS,
        title="A",
        outcome=nimnetcheck.Outcome.FAILED,
        failure=nimnetcheck.Failure.DNS_SERVFAIL,
    )
    report = nimnetcheck.Run(command="probe").report((seen,))
    assert report.exit_code == 1
    assert [finding.code for finding in report.findings] == ["dns.servfail"]
