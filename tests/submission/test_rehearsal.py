"""Every flow against the emulator, as it should be and with everything it can do wrong; the table is complete."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.emulator import FAULTS, running
from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure, Outcome
from nimnetcheck.report.json import render
from nimnetcheck.report.style import Style
from nimnetcheck.run import Run
from nimnetcheck.submission import FLOWS, Site, rehearse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.emulator import Vendor
    from nimnetcheck.model import Observation

F = Failure
OLD, NEW = "nim-2.21-disconnected", "nim-2.22-disconnected"
Cell = tuple[str, int, Failure]
STATUS: Mapping[int, Failure] = {
    400: F.SUBMIT_REFUSED,
    401: F.SUBMIT_UNAUTHORIZED,
    403: F.SUBMIT_UNAUTHORIZED,
    413: F.SUBMIT_REFUSED,
    429: F.HTTP_STATUS,
    500: F.HTTP_STATUS,
    502: F.HTTP_STATUS,
    503: F.HTTP_STATUS,
}
# Which flow fails at which step, under which name; a flow that is not named passes.
EXPECTED: Mapping[str, tuple[Cell, ...]] = {
    **{f"bulk-{code}": ((OLD, 6, STATUS[code]),) for code in (401, 403, 413, 429, 500, 503)},
    **{f"batch-{code}": ((NEW, 4, STATUS[code]),) for code in (400, 401, 403, 413, 429, 500, 503)},
    **{f"nim-{code}": ((OLD, 1, STATUS[code]), (NEW, 1, STATUS[code])) for code in (401, 403, 429, 500, 502)},
    "status-stuck": ((OLD, 7, F.SUBMIT_TIMEOUT),),
    "status-unsuccessful": ((OLD, 7, F.SUBMIT_INCOMPLETE),),
    "status-no-link": ((OLD, 6, F.SUBMIT_UNEXPECTED_ANSWER),),
    "status-absolute-link": (),
    "bulk-not-json": ((OLD, 6, F.SUBMIT_UNEXPECTED_ANSWER),),
    "ack-truncated": ((OLD, 8, F.SUBMIT_UNEXPECTED_ANSWER),),
    "nim-connected-mode": ((OLD, 2, F.SUBMIT_UNEXPECTED_ANSWER), (NEW, 1, F.SUBMIT_UNEXPECTED_ANSWER)),
    "nim-already-registered": (),
    "block-page": ((OLD, 6, F.HTTP_BLOCK_PAGE), (NEW, 4, F.HTTP_BLOCK_PAGE)),
    "redirect-portal": ((OLD, 6, F.HTTP_REDIRECT_OFF_SITE), (NEW, 4, F.HTTP_REDIRECT_OFF_SITE)),
    "untrusted-ca": ((OLD, 6, F.TLS_UNTRUSTED), (NEW, 4, F.TLS_UNTRUSTED)),
    "expired-certificate": ((OLD, 6, F.TLS_EXPIRED), (NEW, 4, F.TLS_EXPIRED)),
}
NUMBER_OF_STEPS = {OLD: 10, NEW: 4}


def secrets_in(vendor: Vendor, seen: Iterable[Observation]) -> list[str]:
    """The secrets of this run that stand anywhere in what it would show."""
    basic = base64.b64encode(f"{vendor.username}:{vendor.password}".encode()).decode()
    report = Run(command="simulate").report(tuple(seen))
    shown = repr(report) + render(report, Style())
    parts = vendor.licence.split(".")
    return [secret for secret in (vendor.licence, *parts, vendor.password, basic) if secret in shown]


@pytest.mark.parametrize("flow", FLOWS)
def test_a_flow_passes_and_shows_request_answer_label_and_proof(flow: str) -> None:
    seen = list(rehearse(FLOWS[flow]))
    assert [observation.outcome for observation in seen] == [Outcome.PASSED] * NUMBER_OF_STEPS[flow]
    assert {observation.subject for observation in seen} == {flow}
    assert all({"label", "proves", "response", "bytes"} <= set(observation.evidence) for observation in seen)
    assert Run(command="simulate").report(seen).exit_code == 0


def test_the_table_names_every_fault() -> None:
    assert set(EXPECTED) == set(FAULTS)


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_ends_in_its_name_and_what_follows_is_skipped(fault: str, flow: str) -> None:
    with running(faults=(fault,), nim_version=FLOWS[flow].nim_version) as vendor:
        seen = list(FLOWS[flow].run(Site.emulated(vendor)))
        assert secrets_in(vendor, seen) == []
    failed = [(flow, observation.evidence["step"], observation.failure) for observation in seen if observation.failure]
    expected = [cell for cell in EXPECTED[fault] if cell[0] == flow]
    assert failed == expected
    passed = expected[0][1] - 1 if expected else NUMBER_OF_STEPS[flow]
    assert [observation.outcome for observation in seen[:passed]] == [Outcome.PASSED] * passed
    assert all(observation.outcome is Outcome.SKIPPED for observation in seen[passed + 1 :])
    assert len(seen) == NUMBER_OF_STEPS[flow]
    assert not any("proves" in observation.evidence for observation in seen[passed:])
    assert json.loads(render(Run(command="simulate").report(seen), Style()))["summary"]["exit_code"] == bool(expected)


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(InputError):
        list(rehearse(FLOWS[OLD], faults=("no-such-fault",)))
