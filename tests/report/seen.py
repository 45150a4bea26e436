"""Observations in few words, for tests of what is drawn from them."""

from __future__ import annotations

from datetime import datetime, timezone
from ipaddress import ip_address
from typing import TYPE_CHECKING

from nimnetcheck.diagnosis import conclude, diagnose, judge
from nimnetcheck.model import Failure, Observation, Outcome, Report, Rung, Target
from nimnetcheck.run import headline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HOST = "product.connect.nginx.com"
ADDRESS = "3.135.72.139"


def saw(  # noqa: PLR0913 (an observation in few words)
    rung: Rung,
    failure: Failure | None = None,
    *,
    address: str | None = ADDRESS,
    host: str | None = HOST,
    subject: str = "usage",
    skipped: bool = False,
    control: bool = False,
    detail: str = "",
    started_s: float = 0.0,
    elapsed_s: float = 0.01,
    evidence: Mapping[str, object] | None = None,
) -> Observation:
    """One observation of a rung, of a target unless there is no address."""
    outcome = Outcome.SKIPPED if skipped else Outcome.FAILED if failure else Outcome.PASSED
    return Observation(
        subject=subject,
        rung=rung,
        title=f"{rung.upper()} {address or host}",
        outcome=outcome,
        failure=failure,
        target=Target(address=ip_address(address), port=443, host=host) if address else None,
        detail=detail,
        because="the one below failed" if skipped else "",
        control=control,
        started_s=started_s,
        elapsed_s=elapsed_s,
        evidence=evidence or {},
    )


def looked_up(*addresses: str, kind: str = "A") -> Observation:
    """A look-up that gave these addresses."""
    return saw(Rung.DNS, address=None, evidence={"type": kind, "addresses": list(addresses), "resolver": "10.20.53.53"})


def climbed(*rungs: Rung, until: Failure | None = None, address: str = ADDRESS) -> tuple[Observation, ...]:
    """A climb to one address that held up to its last rung, or broke there."""
    *below, last = rungs
    return (*(saw(rung, address=address) for rung in below), saw(last, until, address=address))


def report(observations: Iterable[Observation]) -> Report:
    """A report of these observations."""
    seen = tuple(observations)
    judgements = judge(seen)
    verdict, exit_code = conclude(judgements, strict=False)
    return Report(
        command="probe",
        run_id="0123456789ab",
        started_at=datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc),
        duration_s=1.25,
        host="nim-01",
        verdict=verdict,
        exit_code=exit_code,
        headline=headline(verdict, judgements),
        judgements=judgements,
        findings=diagnose(seen, judgements),
        observations=seen,
    )
