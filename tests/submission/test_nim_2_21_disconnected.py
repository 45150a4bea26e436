"""The flow of NIM 2.20 and 2.21, request by request."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.emulator import running
from nimnetcheck.model import Failure, Observation, Outcome
from nimnetcheck.submission import FLOWS, Site

FLOW = FLOWS["nim-2.21-disconnected"]
API = "/api/platform/v1"
BULK = "/ee/v1/entitlements/telemetry/bulk"


def failure_of(seen: list[Observation]) -> tuple[object, Failure | None]:
    failed = [observation for observation in seen if observation.outcome is Outcome.FAILED]
    assert len(failed) == 1
    return failed[0].evidence["step"], failed[0].failure


def test_requests_go_out_in_the_documented_order() -> None:
    with running() as vendor:
        assert all(seen.outcome is Outcome.PASSED for seen in FLOW.run(Site.emulated(vendor)))
        arrived = [(one.method, one.host, one.path, one.status) for one in vendor.requests if one.place != "points"]
    order = [one for one, before in zip(arrived, [None, *arrived]) if one != before]
    number = order[5][2].rpartition("/")[2] if "status" in order[5][2] else order[6][2].rpartition("/")[2]
    assert order == [
        ("GET", "nim.example", f"{API}/modules/versions", 200),
        ("GET", "nim.example", f"{API}/report/device_mode", 200),
        ("POST", "nim.example", f"{API}/license", 202),
        ("GET", "nim.example", f"{API}/license", 200),
        ("GET", "nim.example", f"{API}/report/download", 200),
        ("POST", "product.apis.f5.com", BULK, 202),
        ("GET", "product.apis.f5.com", f"{BULK}/status/{number}", 200),
        ("GET", "product.apis.f5.com", f"{BULK}/download/{number}", 200),
        ("POST", "nim.example", f"{API}/report/upload", 200),
        ("GET", "nim.example", f"{API}/modules/licensed", 200),
    ]


@pytest.mark.parametrize("version", ["2.20.1", "2.21.1"])
def test_other_versions_of_the_same_flow_pass(version: str) -> None:
    with running(nim_version=version) as vendor:
        assert all(seen.outcome is Outcome.PASSED for seen in FLOW.run(Site.emulated(vendor)))


@pytest.mark.parametrize("version", ["2.9.0", "2.19.3", "2.22.0"])
def test_a_version_with_another_flow_is_told_at_once(version: str) -> None:
    with running(nim_version=version) as vendor:
        seen = list(FLOW.run(Site.emulated(vendor)))
    assert failure_of(seen) == (1, Failure.SUBMIT_UNEXPECTED_ANSWER)
    assert version in seen[0].detail


def test_a_wrong_password_and_a_wrong_token_are_refused_where_they_are_used() -> None:
    with running() as vendor:
        site = Site.emulated(vendor)
        wrong = attrs.evolve(site, password="wrong")  # noqa: S106 (it is wrong on purpose)
        assert failure_of(list(FLOW.run(wrong))) == (1, Failure.SUBMIT_UNAUTHORIZED)
        assert site.licence
        stranger = attrs.evolve(site.licence, token="not.signed.bythem")  # noqa: S106 (nobody signed it)
        seen = list(FLOW.run(attrs.evolve(site, licence=stranger)))
        assert failure_of(seen) == (6, Failure.SUBMIT_UNAUTHORIZED)
    assert "not.signed.bythem" not in repr(seen)
