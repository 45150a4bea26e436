"""One report that has something of everything, for every form to render."""

from __future__ import annotations

from datetime import datetime, timezone
from ipaddress import ip_address

import pytest

from nimnetcheck.diagnosis import conclude, diagnose, judge
from nimnetcheck.model import Failure, Observation, Outcome, Report, Rung, Setting, Target
from nimnetcheck.run import headline

HOSTILE = "evil\x1b[2J\x07issuer"


def _at(subject: str, address: str, rung: Rung, failure: Failure | None = None, host: str | None = None) -> Observation:
    return Observation(
        subject=subject,
        rung=rung,
        title=f"{rung.upper()} {address}",
        outcome=Outcome.FAILED if failure else Outcome.PASSED,
        failure=failure,
        detail=HOSTILE if failure else "",
        target=Target(address=ip_address(address), port=443, host=host),
        elapsed_s=0.0123,
    )


def _step(title: str, outcome: Outcome, failure: Failure | None = None, because: str = "") -> Observation:
    return Observation(
        subject="nim-2.22-disconnected",
        rung=Rung.SUBMIT,
        title=title,
        outcome=outcome,
        failure=failure,
        because=because,
        detail="413 from product.connect.nginx.com" if failure else "",
        evidence={
            "request": {"method": "POST", "url": "https://product.connect.nginx.com/api/nginx-usage/batch"},
            "response": {"status": 413 if failure else 200},
            "label": "documented",
            "proves": "the batch endpoint takes the report",
        },
    )


@pytest.fixture
def report() -> Report:
    observations = (
        Observation(subject="host", rung=Rung.HOST, title="Clock", outcome=Outcome.PASSED, detail="12:00 UTC"),
        _at("telemetry-range", "159.60.126.0", Rung.TCP),
        _at("telemetry-range", "159.60.126.0", Rung.TLS),
        _at("telemetry-range", "159.60.126.1", Rung.TCP, Failure.TCP_TIMEOUT),
        _at("usage", "3.135.72.139", Rung.TLS, Failure.TLS_UNTRUSTED, host="product.connect.nginx.com"),
        _step("Export", Outcome.PASSED),
        _step("Batch", Outcome.FAILED, Failure.SUBMIT_REFUSED),
        _step("Second batch", Outcome.SKIPPED, because="the step before it failed"),
    )
    judgements = judge(observations)
    verdict, exit_code = conclude(judgements, strict=False)
    return Report(
        command="preflight",
        run_id="0123456789ab",
        started_at=datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc),
        duration_s=1.25,
        host="nim-01",
        verdict=verdict,
        exit_code=exit_code,
        headline=headline(verdict, judgements),
        settings=(Setting(key="timeout", value="5.0", source="default"),),
        judgements=judgements,
        findings=diagnose(observations, judgements),
        observations=observations,
        notes=("A note.",),
    )
