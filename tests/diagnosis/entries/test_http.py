"""An answer that is not the host's is told from no answer at all, and a proxy's error from the service's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

if TYPE_CHECKING:
    from nimnetcheck.model import Observation


def answered(status: int, failure: Failure | None = None, subject: str = "usage", **headers: str) -> Observation:
    one = seen(subject, "192.0.2.1", failure, Rung.HTTP)
    return attrs.evolve(one, evidence={"status": status, "headers": headers})


@pytest.mark.parametrize(
    ("failure", "rung", "expected"),
    [
        (Failure.HTTP_BLOCK_PAGE, Rung.HTTP, "http.block-page"),
        (Failure.HTTP_REDIRECT_OFF_SITE, Rung.HTTP, "http.redirect-offsite"),
        (Failure.HTTP_STATUS, Rung.HTTP, "http.status"),
        (Failure.HTTP_CLOSED, Rung.HTTP, "http.disconnect"),
        (Failure.HTTP_GATEWAY_ERROR, Rung.HTTP, "http.5xx-gateway"),
        (Failure.HTTP_CAPTIVE_PORTAL, Rung.HTTP, "http.captive-portal"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, rung: Rung, expected: str) -> None:
    assert code(seen("usage", "192.0.2.1", failure, rung)) == expected


def test_one_portal_for_every_host_is_the_network_s_and_one_host_s_redirect_is_not() -> None:
    portal = {"location": "https://portal.example/login"}
    here = answered(302, Failure.HTTP_REDIRECT_OFF_SITE, "usage", **portal)
    there = answered(302, Failure.HTTP_REDIRECT_OFF_SITE, "teem", **portal)
    assert code(here, there) == "http.captive-portal"
    assert code(here, answered(404, None, "teem")) == "http.redirect-offsite"
    assert code(here) == "http.redirect-offsite"


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, None),
        (401, {}, None),
        (404, {}, None),
        (429, {}, "http.rate-limited"),
        (500, {}, "http.5xx-origin"),
        (503, {}, "http.5xx-origin"),
    ],
)
def test_an_answer_of_the_host_may_carry_a_warning(status: int, headers: dict[str, str], expected: str | None) -> None:
    assert code(answered(status, None, "usage", **headers)) == expected


def test_a_step_s_gateway_error_is_told_from_the_service_s() -> None:
    step = attrs.evolve(seen("flow", None, Failure.HTTP_STATUS, Rung.SUBMIT), evidence={"response": {"status": 503}})
    assert code(step) == "http.5xx-origin"
    assert code(attrs.evolve(step, evidence={"response": {"status": 503, "via": "1.1 p"}})) == "http.5xx-gateway"
    assert code(attrs.evolve(step, evidence={"response": {"status": 429}})) == "http.rate-limited"
