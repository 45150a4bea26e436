"""The state that NGINX Plus keeps tells whether it ever reported; who may not look is told so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nimnetcheck.model import Failure, Outcome
from nimnetcheck.site import state


def test_a_state_says_when_it_was_written(tmp_path: Path) -> None:
    (tmp_path / state.STATE).write_bytes(b"")
    os.utime(tmp_path / state.STATE, (1_700_000_000, 1_700_000_000))
    seen = state.reports(tmp_path, enforced=True)
    assert (seen.outcome, seen.evidence["state_written"]) == (Outcome.PASSED, "2023-11-14T22:13:20+00:00")
    assert seen.evidence["renewed_licence"] is False
    (tmp_path / state.RENEWED).write_bytes(b"")
    assert state.reports(tmp_path, enforced=True).evidence["renewed_licence"] is True


def test_no_state_stops_traffic_where_the_first_report_is_enforced_and_only_warns_elsewhere(tmp_path: Path) -> None:
    seen = state.reports(tmp_path, enforced=True)
    assert (seen.failure, seen.required) == (Failure.NEVER_REPORTED, True)
    seen = state.reports(tmp_path, enforced=False)
    assert (seen.failure, seen.required) == (Failure.REPORTING_FAILING, False)


def test_no_folder_is_no_state_to_keep(tmp_path: Path) -> None:
    assert state.reports(tmp_path / "missing", enforced=True).failure is Failure.STATE_INVALID


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become the user who may not look")
def test_who_may_not_look_judges_nothing(tmp_path: Path) -> None:
    closed = tmp_path / "state"
    closed.mkdir(mode=0o700)
    program = (
        "import os, sys; from pathlib import Path; from nimnetcheck.site import state; os.setuid(65534); "
        "seen = state.reports(Path(sys.argv[1]), enforced=True); print(seen.outcome, seen.because)"
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
