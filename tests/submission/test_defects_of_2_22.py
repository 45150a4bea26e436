"""What the vendor's script for usage from 2.22 on does wrong is done right here.

Each defect was seen by running the script against a far side of its own.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Callable

import attrs
import pytest
from click.testing import CliRunner

from nimnetcheck.cli.simulate import command as simulate
from nimnetcheck.emulator import running
from nimnetcheck.model import Failure
from nimnetcheck.submission import FLOWS, Site, usage
from nimnetcheck.submission.messages import Request, Trouble
from nimnetcheck.submission.retries import Patience, Spent, decide
from tests.submission.defects import NEW, asked, failures, run
from tests.submission.test_client import call
from tests.submission.test_places import Tunnels, through, tunnels  # noqa: F401 (a fixture)
from tests.submission.test_retries import NOW, answer

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.site.proxy_setting import ProxySetting
    from nimnetcheck.submission.session import Session
    from tests.submission.conftest import FarSide


def test_every_defect_has_its_test() -> None:
    named = {name.split("_")[1] for name in globals() if re.match(r"test_c\d+_", name)}
    assert named == {f"c{number}" for number in range(1, 9)}


@pytest.mark.parametrize("code", [400, 401, 403, 413, 500])
def test_c1_an_upload_that_fails_is_a_failure_of_the_whole(code: int) -> None:
    result = CliRunner().invoke(simulate, [NEW, "--fault", f"batch-{code}"])
    assert result.exit_code == 1


def test_c2_a_connection_that_breaks_is_tried_again_and_told(script: Callable[..., Session]) -> None:
    broken = Trouble(failure=Failure.HTTP_CLOSED, detail="reset", sent=True)
    session = script(broken)
    seen = session.ask(session.vendor("POST", "https://product.connect.nginx.com/x"), expected=(200,), wants_json=False)
    assert (seen.failure, len(seen.tries)) == (Failure.HTTP_CLOSED, 5)
    assert "reset" in seen.detail


def test_c3_no_program_is_needed() -> None:
    command = [sys.executable, "-m", "nimnetcheck", "simulate", NEW, "-q"]
    done = subprocess.run(command, env={"PATH": "", "HOME": "/nonexistent"}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("code", [400, 401, 403, 413])
def test_c4_what_is_final_is_tried_once_and_says_so(code: int) -> None:
    seen, vendor = run(NEW, f"batch-{code}")
    assert asked(vendor, "POST", "/batch") == 1
    (failed,) = (one for one in seen if one.failure)
    assert str(code) in failed.detail
    assert "attempts" not in str(failed.evidence["response"])


def test_c5_waits_are_long_enough_for_a_restart() -> None:
    waits = [
        decide(answer(503), Spent(attempts=attempt, seconds=0), Patience(), now=NOW, jitter=0).wait_s or 0
        for attempt in range(1, 5)
    ]
    assert sum(waits) >= 7


def test_c6_a_host_that_takes_the_connection_and_says_nothing_does_not_hold_it(far: FarSide) -> None:
    with far.serving() as world:
        outcome = call(world, Request(method="POST", url="https://nim.example/stall"), timeout_s=0.3)
    assert isinstance(outcome, Trouble)
    assert outcome.failure is Failure.HTTP_TIMEOUT


def test_c7_nothing_is_unpacked_and_what_is_kept_is_the_owners(tmp_path: Path) -> None:
    export, results = tmp_path / "export.zip", tmp_path / "results"
    with running(nim_version="2.22.0") as vendor:
        with export.open("wb") as file:
            usage.write_export_2_22(file, 3, [vendor.licence], batch=1)
        site = attrs.evolve(Site.emulated(vendor), nim_url="", report_file=export, result_dir=results)
        assert failures(list(FLOWS[NEW].run(site))) == []
    assert sorted(path.name for path in results.iterdir()) == ["acknowledgement.zip", "journal.jsonl", "report.zip"]
    assert {path.stat().st_mode & 0o777 for path in results.iterdir()} == {0o600}


def test_c8_a_proxy_that_refuses_is_named(
    far: FarSide,
    tunnels: tuple[ProxySetting, type[Tunnels]],  # noqa: F811 (the fixture)
) -> None:
    outcome = through(far.world(1), attrs.evolve(tunnels[0], password="wrong"))  # noqa: S106 (on purpose)
    assert isinstance(outcome, Trouble)
    assert outcome.failure is Failure.PROXY_AUTH_REQUIRED
