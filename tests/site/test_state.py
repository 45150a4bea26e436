"""The state that NGINX Plus keeps tells whether it ever reported; who may not look is told so."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from nimnetcheck.model import Failure, Outcome
from nimnetcheck.site import state

NOW = datetime(2023, 11, 15, tzinfo=timezone.utc)


def test_a_state_says_when_it_was_written(tmp_path: Path) -> None:
    (tmp_path / state.STATE).write_bytes(b"")
    os.utime(tmp_path / state.STATE, (1_700_000_000, 1_700_000_000))
    seen = state.reports(tmp_path, NOW, enforced=True)
    assert (seen.outcome, seen.evidence["state_written"]) == (Outcome.PASSED, "2023-11-14T22:13:20+00:00")
    assert seen.evidence["renewed_licence"] is False
    (tmp_path / state.RENEWED).write_bytes(b"")
    assert state.reports(tmp_path, NOW, enforced=True).evidence["renewed_licence"] is True


def test_a_state_that_is_a_week_old_tells_of_reports_that_do_not_get_through(tmp_path: Path) -> None:
    (tmp_path / state.STATE).write_bytes(b"")
    os.utime(tmp_path / state.STATE, (1_700_000_000, 1_700_000_000))
    seen = state.reports(tmp_path, NOW + timedelta(days=5), enforced=True)
    assert seen.outcome is Outcome.PASSED
    seen = state.reports(tmp_path, NOW + timedelta(days=8), enforced=True)
    assert (seen.failure, seen.required) == (Failure.REPORTING_FAILING, False)
    assert "8 days ago" in seen.detail
    assert "state_written" in seen.evidence


def test_no_state_stops_traffic_where_the_first_report_is_enforced_and_only_warns_elsewhere(tmp_path: Path) -> None:
    seen = state.reports(tmp_path, NOW, enforced=True)
    assert (seen.failure, seen.required) == (Failure.NEVER_REPORTED, True)
    seen = state.reports(tmp_path, NOW, enforced=False)
    assert (seen.failure, seen.required) == (Failure.REPORTING_FAILING, False)


def test_no_folder_is_no_state_to_keep(tmp_path: Path) -> None:
    assert state.reports(tmp_path / "missing", NOW, enforced=True).failure is Failure.STATE_INVALID


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become the user who may not look")
def test_who_may_not_look_judges_nothing(tmp_path: Path) -> None:
    closed = tmp_path / "state"
    closed.mkdir(mode=0o700)
    program = (
        "import os, sys; from pathlib import Path; from nimnetcheck.site import state; "
        "from datetime import datetime, timezone; os.setuid(65534); "
        "seen = state.reports(Path(sys.argv[1]), datetime.now(tz=timezone.utc), enforced=True); "
        "print(seen.outcome, seen.because)"
    )
    said = subprocess.run([sys.executable, "-c", program, str(closed)], check=True, capture_output=True, text=True)
    assert said.stdout.startswith("skipped ")
    assert "root may look into it" in said.stdout


def test_room_is_told_and_its_want_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (seen,) = state.room((tmp_path, tmp_path / "missing"))
    assert str(tmp_path) in seen.detail
    monkeypatch.setattr(state, "ROOM_BYTES", 1 << 62)
    (seen,) = state.room((tmp_path,))
    assert seen.failure is Failure.DISK_FULL
    assert state.room((tmp_path / "missing",)) == ()
    assert Path("/var/lib/nms") in state.WRITTEN_TO
