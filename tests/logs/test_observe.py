"""Lines that mean the same are one observation; what an accepted report came after is over; nothing secret is kept."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from nimnetcheck import logs
from nimnetcheck.diagnosis.context import LOGS
from nimnetcheck.logs.observe import of_lines, shown
from nimnetcheck.logs.sources import Source
from nimnetcheck.model import Failure, Observation, Outcome

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 25, tzinfo=timezone.utc)
REFUSED = "2026/11/24 12:00:0{} [error] 1#1: server returned 401 for product.connect.nginx.com:443 during usage report"
SENT = "2026/11/24 13:00:00 [info] 1#1: usage report was sent"
NEAR = "2026/11/24 11:00:00 [warn] 1#1: license will expire in 14 days"


def observed(*lines: str) -> list[Observation]:
    return list(of_lines(Source("error.log", lines), NOW))


def test_lines_that_mean_the_same_are_one_observation() -> None:
    (seen,) = observed(REFUSED.format(1), "noise", REFUSED.format(2), REFUSED.format(3))
    assert (seen.failure, seen.evidence["count"]) == (Failure.SUBMIT_UNAUTHORIZED, 3)
    assert seen.evidence["last"] == "2026-11-24T12:00:03+00:00"
    assert seen.evidence["response"] == {"status": 401}
    assert seen.detail.startswith("3 times, last 2026-11-24 12:00:03: 2026/11/24 12:00:03 [error]")


def test_what_an_accepted_report_came_after_is_over() -> None:
    past, accepted = observed(REFUSED.format(1), SENT)
    assert (past.outcome, past.failure) == (Outcome.PASSED, None)
    assert past.detail.startswith("over, since a report was accepted after it")
    assert accepted.evidence["accepted"] == "2026-11-24T13:00:00+00:00"


def test_what_came_after_the_accepted_report_is_not_over() -> None:
    failures = [seen.failure for seen in observed(SENT, REFUSED.format(1))]
    assert failures == [None, Failure.SUBMIT_UNAUTHORIZED]


def test_a_report_says_nothing_about_the_licence() -> None:
    assert [seen.failure for seen in observed(NEAR, SENT)] == [Failure.LICENCE_NEAR_EXPIRY, None]


def test_a_quiet_log_says_nothing() -> None:
    assert observed("nothing", "of", "this") == []


def test_no_flood_of_kinds() -> None:
    lines = [f"server returned 401 for h{n}.example:443 during usage report" for n in range(1000)]
    assert len(observed(*lines)) == 200


def test_no_secret_and_no_escape_is_kept() -> None:
    token = "eyJhbGciOiJSUzUxMiJ9.eyJzdWIiOiJBLVMwMDAifQ.c2lnbmF0dXJl"  # noqa: S105 (nobody's)
    line = f'\x1b[2J Authorization: Bearer abc.def jwt="{token}" http://user:horse@proxy.example/ password=horse'
    told = shown(line)
    assert told.isprintable()
    assert not any(secret in told for secret in (token, "horse", "abc.def", "user:"))


def test_what_is_told_of_a_line_holds_no_secret() -> None:
    line = 'retrying after error: Post "https://f5.example/": proxyconnect tcp: http://user:horse@proxy.example: EOF'
    (seen,) = observed(f"2026/11/24 12:00:00 [warn] [NC-RETRY] {line} token=battery wait=5s")
    assert "proxy.example" in seen.detail
    assert not any(secret in repr(seen) for secret in ("horse", "user:", "battery"))


def test_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "error.log").write_text(REFUSED.format(1), encoding="utf-8")
    (seen,) = logs.observe([tmp_path / "error.log"], NOW)
    assert (seen.subject, seen.title) == (logs.SUBJECT, "error.log")
    assert logs.SUBJECT == LOGS


@pytest.mark.parametrize(
    ("line", "key", "expected"),
    [
        ("2026/11/24 11:00:00 [warn] 1#1: license will expire in 14 days", "subscription_end", "2026-12-08"),
        (
            "2026/11/24 11:00:00 [alert] license expiry; grace period will end in 89 days",
            "subscription_end",
            "2026-11-23",
        ),
        ("2026/11/24 11:00:00 Usage reporting grace period ending in 12 days", "traffic_stops", "2026-12-06"),
        ('{"reporting":{"healthy":false,"fails":2,"grace":864000}}', "traffic_stops", "2026-12-05"),
    ],
)
def test_days_in_a_line_become_a_date(line: str, key: str, expected: str) -> None:
    (seen,) = observed(line)
    assert str(seen.evidence[key]).startswith(expected)
