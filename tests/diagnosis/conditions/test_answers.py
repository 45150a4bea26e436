"""Evidence is read as it comes, from a probe, from a step, or from a saved report with anything in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.diagnosis.conditions.answers import asked_nim, passed_a_gateway, redirected_to, status
from nimnetcheck.model import Rung
from tests.diagnosis.seen import seen

if TYPE_CHECKING:
    from nimnetcheck.model import Observation


def with_evidence(**evidence: object) -> Observation:
    return attrs.evolve(seen("usage", "192.0.2.1", rung=Rung.HTTP), evidence=evidence)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"status": 404}, 404),
        ({"response": {"status": 413}}, 413),
        ({}, 0),
        ({"status": "404"}, 0),
        ({"status": True}, 0),
        ({"response": [413]}, 0),
    ],
)
def test_the_status_of_a_probe_and_of_a_step(evidence: dict[str, object], expected: int) -> None:
    assert status(with_evidence(**evidence)) == expected


def test_a_gateway_names_itself_in_the_headers() -> None:
    assert passed_a_gateway(with_evidence(headers={"via": "1.1 proxy"}))
    assert passed_a_gateway(with_evidence(response={"status": 502, "proxy-status": "squid; error=dns_error"}))
    assert not passed_a_gateway(with_evidence(headers={"server": "nginx"}))


@pytest.mark.parametrize(("location", "host"), [("https://portal.example/x", "portal.example"), ("/x", ""), (5, "")])
def test_where_a_redirect_leads(location: object, host: str) -> None:
    assert redirected_to(with_evidence(headers={"location": location})) == host
    assert redirected_to(with_evidence(headers={"location": "https://[::1"})) == ""


def test_a_step_that_asked_nim() -> None:
    assert asked_nim(with_evidence(request={"url": "https://nim.example/api/platform/v1/report/device_mode"}))
    assert not asked_nim(with_evidence(request={"url": "https://product.connect.nginx.com/api/nginx-usage/batch"}))
    assert not asked_nim(with_evidence(request={"url": "https://[::1/api/platform/"}))
