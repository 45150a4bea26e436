"""The runner numbers the steps, times them, and skips what stands behind a failure."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure, Label, Outcome, Rung, World
from nimnetcheck.submission.flow import Site, Step, run_steps
from nimnetcheck.submission.licence import Licence
from nimnetcheck.submission.session import Seen, Session

if TYPE_CHECKING:
    from collections.abc import Iterator

LICENCE = Licence(
    subject="A-S1",
    subscription_end=datetime(2027, 1, 1, tzinfo=timezone.utc),
    sha256_12="0" * 12,
    jku="",
    token="a.b.c",  # noqa: S106 (no secret: nobody signed it)
)
SITE = Site(
    world=World(),
    nim_url="https://nim.example",
    username="admin",
    password="secret",  # noqa: S106 (planted, to be looked for)
    licence=LICENCE,
)


def step(title: str, *seen: Seen) -> Step:
    def act(session: Session) -> Iterator[Seen]:
        yield from (one.telling(request=session.nim("GET", "/x").url) for one in seen)

    return Step(title=title, label=Label.DOCUMENTED, proves=f"{title} works", act=act)


def test_what_was_seen_becomes_observations_in_order() -> None:
    found = list(run_steps("flow", SITE, (step("one", Seen(status=200, sent=5)), step("two", Seen(), Seen()))))
    assert [(seen.title, seen.evidence["step"], seen.outcome) for seen in found] == [
        ("one", 1, Outcome.PASSED),
        ("two", 2, Outcome.PASSED),
        ("two", 2, Outcome.PASSED),
    ]
    first = found[0]
    assert (first.subject, first.rung, first.evidence["proves"]) == ("flow", Rung.SUBMIT, "one works")
    assert first.evidence["label"] == "documented"
    assert first.evidence["response"] == {"status": 200, "request": "https://nim.example/api/platform/v1/x"}
    assert first.evidence["bytes"] == {"sent": 5, "received": 0}
    assert all(seen.elapsed_s >= 0 for seen in found)
    assert found[1].started_s >= first.started_s + first.elapsed_s


def test_the_rest_of_a_failed_step_is_tried_and_later_steps_are_skipped() -> None:
    bad = Seen().but(Failure.SUBMIT_REFUSED, "no")
    found = list(run_steps("flow", SITE, (step("one", bad, Seen()), step("two", Seen()), step("three", Seen()))))
    assert [seen.outcome for seen in found] == [Outcome.FAILED, Outcome.PASSED, Outcome.SKIPPED, Outcome.SKIPPED]
    assert (found[0].failure, found[0].detail) == (Failure.SUBMIT_REFUSED, "no")
    assert found[3].because == '"one" failed'


def test_a_flow_that_is_not_read_to_its_end_closes_its_files() -> None:
    steps = run_steps("flow", SITE, (step("one", Seen()), step("two", Seen())))
    assert next(steps).title == "one"
    steps.close()  # type: ignore[attr-defined]  # a generator


@pytest.mark.parametrize("url", ["http://nim.example", "https://admin:secret@nim.example", "nim.example"])
def test_a_url_that_would_carry_a_secret_into_reports_is_refused(url: str) -> None:
    with pytest.raises(InputError) as refused:
        attrs.evolve(SITE, nim_url=url)
    assert "secret" not in str(refused.value)
