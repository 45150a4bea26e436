"""Every flow against the emulator, as it should be and with everything that can go wrong at the hosts it asks.

Complete by construction: a flow's places are read off what arrives when nothing is wrong, the faults are the emulator's
own table, and each needs an expectation here.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.emulator import FAULTS
from nimnetcheck.errors import InputError
from nimnetcheck.model import Outcome
from nimnetcheck.report.json import render
from nimnetcheck.report.style import Style
from nimnetcheck.run import Run
from nimnetcheck.submission import FLOWS, rehearse
from nimnetcheck.submission.rehearsal import emulation
from tests.submission.cells import AT, CELLS, EXCEPTIONS, UNSEEN, expected, passes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimnetcheck.emulator import Vendor
    from nimnetcheck.model import Observation


def run(flow: str, fault: str, wait_s: float | None = None) -> list[Observation]:
    """One flow with one fault; nothing secret stands in what it shows."""
    with emulation(FLOWS[flow], faults=(fault,)) as (vendor, site):
        attempts = 2 if wait_s and fault.endswith(("stall", "retry-after")) else site.patience.attempts
        patience = attrs.evolve(site.patience, attempts=attempts)
        timeout_s = 0.4 if "stall" in fault else site.timeout_s
        seen = list(
            FLOWS[flow].run(attrs.evolve(site, patience=patience, timeout_s=timeout_s, wait_s=wait_s or site.wait_s))
        )
        assert secrets_in(vendor, seen) == []
    return seen


def secrets_in(vendor: Vendor, seen: Iterable[Observation]) -> list[str]:
    """The secrets of this run that stand anywhere in what it would show."""
    basic = base64.b64encode(f"{vendor.username}:{vendor.password}".encode()).decode()
    report = Run(command="simulate").report(tuple(seen))
    shown = repr(report) + render(report, Style())
    parts = vendor.licence.split(".")
    return [secret for secret in (vendor.licence, *parts, vendor.password, basic) if secret in shown]


@pytest.mark.parametrize("flow", FLOWS)
def test_a_flow_passes_and_shows_request_answer_label_and_proof(flow: str) -> None:
    with emulation(FLOWS[flow]) as (vendor, site):
        seen = list(FLOWS[flow].run(site))
        asked = {arrival.place for arrival in vendor.requests} - UNSEEN.get(flow, frozenset()) - {""}
    assert {observation.outcome for observation in seen} == {Outcome.PASSED}
    assert {observation.subject for observation in seen} == {flow}
    assert all({"label", "proves", "response", "bytes"} <= set(observation.evidence) for observation in seen)
    assert Run(command="simulate").report(seen).exit_code == 0
    assert asked == set(AT[flow])


def test_every_fault_has_an_expectation_and_strikes_some_flow() -> None:
    assert set(AT) == set(FLOWS)
    for flow, fault in CELLS:
        expected(flow, fault)
    assert {fault for _, fault in CELLS} == set(FAULTS)
    assert set(EXCEPTIONS) <= set(CELLS)


@pytest.mark.slow
@pytest.mark.parametrize(("flow", "fault"), CELLS)
def test_a_fault_ends_in_its_name_and_what_follows_is_skipped(flow: str, fault: str) -> None:
    wanted = expected(flow, fault)
    seen = run(flow, fault, wait_s=1.0) if wanted else run(flow, fault)
    failed = [observation for observation in seen if observation.failure]
    assert {(observation.evidence["step"], observation.failure) for observation in failed} == (
        {wanted} if wanted else set()
    )
    assert json.loads(render(Run(command="simulate").report(seen), Style()))["summary"]["exit_code"] == bool(wanted)
    if wanted:
        later = [observation for observation in seen if int(str(observation.evidence["step"])) > wanted[0]]
        assert all(observation.outcome is Outcome.SKIPPED for observation in later)
        assert not any("proves" in observation.evidence for observation in (*failed, *later))


@pytest.mark.slow
@pytest.mark.parametrize(("flow", "fault"), [cell for cell in CELLS if passes(cell)])
def test_the_client_comes_through_what_passes(flow: str, fault: str) -> None:
    seen = run(flow, f"{fault}:2")
    assert {observation.outcome for observation in seen} == {Outcome.PASSED}
    assert Run(command="simulate").report(seen).exit_code == 0


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(InputError):
        list(rehearse(FLOWS["nim-2.21-disconnected"], faults=("no-such-fault",)))
