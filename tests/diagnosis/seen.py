"""Observations of a few words, for the tests of this folder."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Observation, Outcome, Rung, Target

if TYPE_CHECKING:
    from collections.abc import Mapping


def seen(  # noqa: PLR0913 (each of them is one thing that a test varies)
    subject: str,
    address: str | None,
    failure: Failure | None = None,
    rung: Rung = Rung.TCP,
    *,
    named: bool = True,
    changed: str = "",
    detail: str = "",
    evidence: Mapping[str, object] | None = None,
) -> Observation:
    """One observation, passed without a failure; `changed` makes it a control that changes that."""
    host = f"{subject}.example" if named else None
    return Observation(
        subject=subject,
        rung=rung,
        title=f"{rung} {address or subject}",
        outcome=Outcome.FAILED if failure else Outcome.PASSED,
        failure=failure,
        target=Target(address=ip_address(address), port=443, host=host) if address else None,
        control=bool(changed),
        detail=detail,
        evidence={**(evidence or {}), **({"changed": changed} if changed else {})},
    )
