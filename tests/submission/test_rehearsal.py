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
from nimnetcheck.emulator.faults import BETWEEN, LASTING, PLACES
from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure, Outcome
from nimnetcheck.report.json import render
from nimnetcheck.report.style import Style
from nimnetcheck.run import Run
from nimnetcheck.submission import FLOWS, rehearse
from nimnetcheck.submission.rehearsal import emulation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.emulator import Vendor
    from nimnetcheck.model import Observation

F = Failure
# At which step a flow first asks each place; nothing else of the emulator is asked by it.
AT: Mapping[str, Mapping[str, int]] = {
    "nim-2.21-disconnected": {"nim": 1, "bulk": 6, "status": 7, "ack": 8},
    "nim-2.22-disconnected": {"nim": 1, "batch": 4},
}
# Faults that show at another step than the first that asks their place.
ELSEWHERE: Mapping[tuple[str, str], int] = {
    ("nim-2.21-disconnected", "nim-connected-mode"): 2,
    ("nim-2.21-disconnected", "nim-slow-report"): 5,
    ("nim-2.21-disconnected", "nim-twice"): 2,
    ("nim-2.21-disconnected", "status-no-link"): 6,
    ("nim-2.21-disconnected", "bulk-twice"): 7,
    ("nim-2.22-disconnected", "nim-slow-report"): 2,
    ("nim-2.22-disconnected", "nim-twice"): 2,
}
# A second answer is taken for that of the next request, where there is one on the same connection: it does not fit it.
SHOWS_LATER = frozenset(cell for cell in ELSEWHERE if cell[1].endswith("-twice"))
UNSEEN = frozenset({"points"})  # what a NIM sends by itself beside the flow
# What goes wrong, by the end of the fault's name: its failure, or None where the client is meant to come through.
STATUS: Mapping[str, Failure | None] = {
    "201": None,
    "204": None,
    "400": F.SUBMIT_REFUSED,
    "401": F.SUBMIT_UNAUTHORIZED,
    "403": F.SUBMIT_UNAUTHORIZED,
    "404": F.SUBMIT_REFUSED,
    "413": F.SUBMIT_REFUSED,
    "429": F.HTTP_STATUS,
    "500": F.HTTP_STATUS,
    "502": F.HTTP_STATUS,
    "503": F.HTTP_STATUS,
}
ON_THE_WIRE: Mapping[str, Failure | None] = {
    "cut": F.HTTP_CLOSED,
    "reset": F.HTTP_CLOSED,
    "stall": F.HTTP_TIMEOUT,
    "slow-headers": None,
    "cut-answer": F.HTTP_CLOSED,
    "wrong-type": None,
    "html": F.HTTP_BLOCK_PAGE,
    "twice": None,
    "retry-after": F.HTTP_STATUS,
}
SPECIAL: Mapping[str, Failure | None] = {
    "status-stuck": F.SUBMIT_TIMEOUT,
    "status-unsuccessful": F.SUBMIT_INCOMPLETE,
    "status-not-ready": F.SUBMIT_TIMEOUT,
    "status-no-link": F.SUBMIT_UNEXPECTED_ANSWER,
    "status-absolute-link": None,
    "status-strict-path": None,
    "bulk-not-json": F.SUBMIT_UNEXPECTED_ANSWER,
    "ack-truncated": F.SUBMIT_UNEXPECTED_ANSWER,
    "ack-empty": F.SUBMIT_UNEXPECTED_ANSWER,
    "nim-connected-mode": F.SUBMIT_UNEXPECTED_ANSWER,
    "nim-disconnected-mode": None,
    "nim-already-registered": None,
    "nim-slow-report": F.SUBMIT_REFUSED,
    "nim-old-bundle": None,
}
EVERYWHERE: Mapping[str, Failure | None] = {
    "block-page": F.HTTP_BLOCK_PAGE,
    "redirect-portal": F.HTTP_REDIRECT_OFF_SITE,
    "untrusted-ca": F.TLS_UNTRUSTED,
    "expired-certificate": F.TLS_EXPIRED,
    "clock-behind": None,
}
# What passes when it goes wrong no more than twice: the client is meant to come through.
PASSING = frozenset({"429", "500", "502", "503", "cut", "reset", "stall"})


def place_of(fault: str) -> str:
    """Where a fault strikes; nothing for one between the client and the vendor."""
    return next((place for place in PLACES if fault.startswith(f"{place}-")), "")


def expected(flow: str, fault: str) -> Failure | None:
    """What a fault that lasts ends in; raises KeyError for one without an expectation."""
    if (flow, fault) in SHOWS_LATER:
        return F.SUBMIT_UNEXPECTED_ANSWER
    if fault == "batch-cut-answer":
        return None  # the status is all that counts, and it came
    if fault in EVERYWHERE or fault in SPECIAL:
        return {**EVERYWHERE, **SPECIAL}[fault]
    return {**STATUS, **ON_THE_WIRE}[fault[len(place_of(fault)) + 1 :]]


def first_step(flow: str, fault: str) -> int:
    """The step of a flow at which a fault first strikes; 0 where it cannot."""
    places = AT[flow]
    if place_of(fault):
        return places.get(place_of(fault), 0)
    return min((step for place, step in places.items() if place not in {"nim", "relay"}), default=0)


CELLS = [
    (flow, fault)
    for flow in FLOWS
    for fault in FAULTS
    if first_step(flow, fault) and not fault.startswith(("mtls-", "proxy-"))
]


def run(flow: str, fault: str, **patience: int) -> list[Observation]:
    """One flow with one fault; nothing secret stands in what it shows."""
    with emulation(FLOWS[flow], faults=(fault,)) as (vendor, site):
        quick = attrs.evolve(site, timeout_s=0.4) if "stall" in fault else site
        seen = list(FLOWS[flow].run(attrs.evolve(quick, patience=attrs.evolve(quick.patience, **patience))))
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
        asked = {arrival.place for arrival in vendor.requests} - UNSEEN - {""}
    assert {observation.outcome for observation in seen} == {Outcome.PASSED}
    assert {observation.subject for observation in seen} == {flow}
    assert all({"label", "proves", "response", "bytes"} <= set(observation.evidence) for observation in seen)
    assert Run(command="simulate").report(seen).exit_code == 0
    assert asked == set(AT[flow])


def test_every_fault_has_an_expectation_and_strikes_some_flow() -> None:
    assert set(AT) == set(FLOWS)
    struck = {fault for _, fault in CELLS}
    for flow, fault in CELLS:
        expected(flow, fault)
    places = {place for asked in AT.values() for place in asked}
    assert {fault for fault in FAULTS if place_of(fault) in places} | set(BETWEEN) <= struck
    assert {*EVERYWHERE} <= {*BETWEEN, *LASTING}


@pytest.mark.parametrize(("flow", "fault"), CELLS)
def test_a_fault_ends_in_its_name_and_what_follows_is_skipped(flow: str, fault: str) -> None:
    failure = expected(flow, fault)
    seen = run(flow, fault, attempts=2 if "retry-after" in fault else 5)
    failed = [observation for observation in seen if observation.failure]
    assert {observation.failure for observation in failed} == ({failure} if failure else set())
    assert json.loads(render(Run(command="simulate").report(seen), Style()))["summary"]["exit_code"] == bool(failure)
    if failure:
        step = failed[0].evidence["step"]
        later = [one for one in seen if int(str(one.evidence["step"])) > int(str(step))]
        assert all(observation.outcome is Outcome.SKIPPED for observation in later)
        assert not any("proves" in observation.evidence for observation in (*failed, *later))
        assert step == ELSEWHERE.get((flow, fault), first_step(flow, fault))


@pytest.mark.parametrize(
    ("flow", "fault"),
    [cell for cell in CELLS if cell[1][len(place_of(cell[1])) + 1 :] in PASSING and place_of(cell[1])],
)
def test_the_client_comes_through_what_passes(flow: str, fault: str) -> None:
    seen = run(flow, f"{fault}:2")
    assert {observation.outcome for observation in seen} == {Outcome.PASSED}
    assert Run(command="simulate").report(seen).exit_code == 0


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(InputError):
        list(rehearse(FLOWS["nim-2.21-disconnected"], faults=("no-such-fault",)))
