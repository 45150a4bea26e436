"""A token that was refused is looked at: what is wrong with it is the cause, and a good one is told so."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import attrs
import pytest

from nimnetcheck.emulator.authority import Authority
from nimnetcheck.model import Failure
from nimnetcheck.submission.messages import Request
from nimnetcheck.submission.refused import explained
from nimnetcheck.submission.session import Seen

NOW = datetime(2026, 11, 25, tzinfo=timezone.utc)
F = Failure


def refused(days: int, scheme: str = "Bearer") -> Seen:
    token = Authority().licence(NOW - timedelta(days=400), timedelta(days=400 + days))
    request = Request(method="POST", url="https://product.connect.nginx.com/", authorization=f"{scheme} {token}")
    return Seen(request=request, status=401, failure=F.SUBMIT_UNAUTHORIZED, detail="401")


@pytest.mark.parametrize(
    ("days", "failure", "good"),
    [
        (300, F.SUBMIT_UNAUTHORIZED, True),
        (10, F.SUBMIT_UNAUTHORIZED, True),  # it is in force
        (-10, F.SUBMIT_UNAUTHORIZED, False),
        (-100, F.LICENCE_EXPIRED, False),
    ],
)
def test_what_is_wrong_with_the_token_is_told(days: int, failure: Failure, *, good: bool) -> None:
    seen = explained(refused(days), NOW)
    assert (seen.failure, seen.told.get("token_looks_good", False)) == (failure, good)
    assert ("; its token: the subscription ended" in seen.detail) is not good


def test_nothing_else_is_looked_at() -> None:
    taken = attrs.evolve(refused(-100), failure=None, status=200)
    password = refused(-100, "Basic")
    missing = attrs.evolve(refused(-100), failure=F.SUBMIT_REFUSED, status=404)
    for seen in (taken, password, missing):
        assert explained(seen, NOW) is seen
    fake = attrs.evolve(refused(0), request=Request(method="POST", url="https://x/", authorization="Bearer a.b.c"))
    assert explained(fake, NOW) is fake
