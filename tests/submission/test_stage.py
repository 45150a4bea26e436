"""What the emulation shows is named as it is: answered by whom, refused how, and what NIM's log says of it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.emulator import CONNECTED, running
from nimnetcheck.emulator.dispatch import Arrival
from nimnetcheck.model import Failure
from nimnetcheck.submission import Site, stage
from nimnetcheck.submission.client import Client
from nimnetcheck.submission.folder import opened
from nimnetcheck.submission.session import HeldError, Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.emulator import Vendor

HOST = "product.connect.nginx.com"


@pytest.fixture
def session() -> Iterator[Session]:
    with running(nim_mode=CONNECTED) as vendor:
        site = attrs.evolve(Site.emulated(vendor), wait_s=0.1)
        with closing(Client(site.world)) as client, opened(None) as folder:
            yield Session(site, client, folder)


def arrival(status: int, place: str = "batch", label: str = "documented") -> Arrival:
    return Arrival(host=HOST, method="POST", path="/", status=status, label=label, place=place, size=1, sha256="")


def vendor_of(session: Session) -> Vendor:
    assert session.site.stage is not None
    return session.site.stage


@pytest.mark.parametrize(
    ("arrivals", "failure"),
    [
        ((), Failure.SUBMIT_TIMEOUT),
        ((arrival(200),), None),
        ((arrival(503), arrival(200)), None),
        ((arrival(503),), Failure.HTTP_STATUS),
        ((arrival(429),), Failure.HTTP_STATUS),
        ((arrival(413),), Failure.SUBMIT_REFUSED),
        ((arrival(401),), Failure.SUBMIT_UNAUTHORIZED),
        ((arrival(200, label=""),), Failure.HTTP_BLOCK_PAGE),
        ((arrival(200, place="", label=""),), Failure.HTTP_BLOCK_PAGE),
        ((arrival(302, place="", label=""),), Failure.HTTP_REDIRECT_OFF_SITE),
        ((arrival(200, place="usage"),), Failure.SUBMIT_TIMEOUT),
    ],
)
def test_an_arrival_counts_when_it_was_answered_well_by_the_right_one(
    session: Session, arrivals: tuple[Arrival, ...], failure: Failure | None
) -> None:
    vendor_of(session).requests.extend(arrivals)
    assert stage.arrived(session, "batch", HOST).failure is failure


@pytest.mark.parametrize(
    ("line", "failure"),
    [
        (f"[error] {HOST}: certificate verify failed", Failure.TLS_UNTRUSTED),
        (f"[error] {HOST}: certificate verify failed: certificate has expired", Failure.TLS_EXPIRED),
        (f"[error] {HOST}: timed out", Failure.SUBMIT_TIMEOUT),
    ],
)
def test_the_log_names_the_cause(session: Session, line: str, failure: Failure) -> None:
    vendor_of(session).nim_log.append(line)
    seen = stage.arrived(session, "batch", HOST)
    assert seen.failure is failure
    assert "NIM's log" in seen.detail


def test_quiet_is_broken_by_whatever_comes(session: Session) -> None:
    assert stage.quiet(session, lambda vendor: len(vendor.points)).failure is None
    counts = iter((0, 1))
    assert stage.quiet(session, lambda _: next(counts)).failure is Failure.SUBMIT_UNEXPECTED_ANSWER


def test_points_must_come_in_order_and_no_others(session: Session) -> None:
    vendor_of(session).points.extend({"DataPoint": name} for name in ("Installation", "Login"))
    assert stage.points(session, ("Installation", "Login")).failure is None
    assert stage.points(session, ("Installation",)).failure is Failure.SUBMIT_TIMEOUT


def test_a_line_of_the_log_is_waited_for(session: Session) -> None:
    (seen,) = stage.logged(session, "NC-POST")
    assert seen.failure is Failure.SUBMIT_TIMEOUT
    vendor_of(session).nim_log.append("[info] [NC-POST] NC response status=200")
    (seen,) = stage.logged(session, "NC-POST")
    assert seen.failure is None


def test_without_an_emulation_the_step_is_held(session: Session) -> None:
    session.site = attrs.evolve(session.site, stage=None)
    with pytest.raises(HeldError):
        stage.of(session)
