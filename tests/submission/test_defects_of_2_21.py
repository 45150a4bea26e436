"""What the vendor's script for licence and first report (up to 2.21) does wrong is done right here.

Each defect was seen by running the script against a far side of its own.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import attrs
import pytest
from click.testing import CliRunner

from nimnetcheck.catalogue import load
from nimnetcheck.cli.emulate import command as emulate
from nimnetcheck.cli.simulate import command as simulate
from nimnetcheck.emulator import running
from nimnetcheck.model import Failure, Outcome
from nimnetcheck.submission import FLOWS, Site, answers, licence
from nimnetcheck.submission.generation import of_version
from nimnetcheck.submission.messages import Answer, Request, Trouble
from nimnetcheck.submission.retries import Patience, Spent, decide
from tests.submission.defects import NEW, OLD, asked, failures, run
from tests.submission.test_client import call
from tests.submission.test_places import Tunnels, through, tunnels  # noqa: F401 (a fixture)
from tests.submission.test_retries import NOW, answer

if TYPE_CHECKING:
    from nimnetcheck.site.proxy_setting import ProxySetting
    from nimnetcheck.submission.session import Session
    from tests.submission.conftest import FarSide

SUBMIT_PAGE = Path(__file__).parents[2] / "docs" / "submit.md"


def test_every_defect_has_its_test() -> None:
    named = {name.split("_")[1] for name in globals() if re.match(r"test_f\d+_", name)}
    assert named == {f"f{number:02}" for number in range(1, 21)}


def test_f01_the_status_is_asked_for_again_until_it_is_done() -> None:
    seen, vendor = run(OLD)
    assert failures(seen) == []
    assert sum("/status/" in one.path for one in vendor.requests) >= 3, "0, 50 and 100 per cent"


def test_f02_all_received_and_nothing_successful_is_a_failure() -> None:
    seen, vendor = run(OLD, "status-unsuccessful")
    assert failures(seen) == [Failure.SUBMIT_INCOMPLETE]
    assert asked(vendor, "POST", "/report/upload") == 0


@pytest.mark.parametrize(
    ("url", "failure"),
    [("https://nowhere.example", Failure.DNS_NXDOMAIN), ("https://127.0.0.1:1", Failure.TCP_REFUSED)],
)
def test_f03_a_host_that_is_not_there_is_named_and_not_silence(url: str, failure: Failure) -> None:
    seen, _ = run(OLD, change=lambda site: attrs.evolve(site, nim_url=url))
    assert failures(seen) == [failure]
    assert seen[0].detail


def test_f04_reachable_is_reachable_through_a_proxy_and_without_alpn(
    far: FarSide,
    tunnels: tuple[ProxySetting, type[Tunnels]],  # noqa: F811 (the fixture)
) -> None:
    proxy, handler = tunnels
    with far.serving() as world:  # a server that speaks no ALPN
        handler.port = next(iter(world.dial.values()))[1]
        assert isinstance(through(world, proxy), Answer)
        assert isinstance(call(world, Request(method="GET", url="https://nim.example/")), Answer)


@pytest.mark.parametrize("faults", [(), ("status-absolute-link",)])
def test_f05_either_form_of_the_status_link_leads_to_the_one_path(faults: tuple[str, ...]) -> None:
    seen, vendor = run(OLD, *faults)
    assert failures(seen) == []
    paths = {one.path for one in vendor.requests if "/status/" in one.path}
    assert len(paths) == 1
    assert re.fullmatch(r"/ee/v1/entitlements/telemetry/bulk/status/[0-9a-f-]{36}", paths.pop())


def test_f06_no_credential_goes_over_a_chain_that_does_not_verify() -> None:
    seen, vendor = run(OLD, "untrusted-ca")
    assert failures(seen) == [Failure.TLS_UNTRUSTED]
    assert {one.host for one in vendor.requests} == {"nim.example"}
    seen, vendor = run(OLD, change=lambda site: attrs.evolve(site, world=attrs.evolve(site.world, ca_file=None)))
    assert failures(seen) == [Failure.TLS_UNTRUSTED]
    assert vendor.requests == []


def test_f07_versions_are_numbers_and_an_error_is_no_version() -> None:
    assert of_version((2, 9)) == ""
    assert of_version((2, 100)) == NEW
    assert answers.version('{"code":401}') is None
    assert answers.find({"code": 401, "message": "Unauthorized"}, "nim") == ""


def test_f08_no_option_takes_a_secret() -> None:
    names = {name for parameter in simulate.params for name in parameter.opts}
    assert {"--password-file", "--license"} <= names
    assert not names & {"-p", "--password", "--token", "--jwt"}


def test_f09_debugging_breaks_nothing() -> None:
    result = CliRunner(env={"NIMNETCHECK_DEBUG": "1", "DEBUG": "true"}).invoke(simulate, [NEW])
    assert result.exit_code == 0, result.output


def test_f10_a_long_name_and_password_are_one_header(script: Callable[..., Session]) -> None:
    session = script()
    session.site = attrs.evolve(session.site, username="u" * 60, password="p" * 200)
    header = type(session)(session.site, session._sender.client, session.folder).nim("GET", "/").authorization  # noqa: SLF001
    assert base64.b64decode(header.split(" ")[1]).decode() == f"{'u' * 60}:{'p' * 200}"
    assert not re.search(r"[\r\n]", header)


@pytest.mark.parametrize("flow", [OLD, NEW])
def test_f11_nothing_of_a_submission_has_a_name_in_tmp(
    flow: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(nim_version=FLOWS[flow].nim_version) as vendor:
        site = Site.emulated(vendor)
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        names = [[path.name for path in tmp_path.iterdir()] for _ in FLOWS[flow].run(site)]
    assert names == [[]] * len(names)


def test_f12_the_licence_is_posted_once_and_what_nim_says_counts() -> None:
    seen, vendor = run(OLD)
    assert asked(vendor, "POST", "/license") == 1
    seen, _ = run(OLD, "nim-already-registered")
    assert failures(seen) == [], "an earlier run did it, and the state shows it"
    none = licence.Licence(subject="", subscription_end=None, sha256_12="", jku="", token="a")  # noqa: S106 (no token)
    seen, vendor = run(OLD, change=lambda site: attrs.evolve(site, licence=none))
    assert failures(seen) == [Failure.SUBMIT_REFUSED], "any other refusal is one"


def test_f13_the_registration_is_waited_for() -> None:
    _, vendor = run(OLD)
    assert asked(vendor, "GET", "/license") > 1


def test_f14_a_name_is_a_name_and_nothing_is_evaluated(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    evil = f"$(touch {mark})`touch {mark}`;touch {mark}"
    seen, vendor = run(OLD, change=lambda site: attrs.evolve(site, username=evil))
    assert failures(seen) == [Failure.SUBMIT_UNAUTHORIZED]
    assert len(vendor.requests) == 1
    assert not mark.exists()


def test_f15_what_is_no_zip_goes_no_further(tmp_path: Path) -> None:
    page = tmp_path / "report.zip"
    page.write_text("<html>sign in</html>")
    seen, vendor = run(OLD, change=lambda site: attrs.evolve(site, nim_url="", report_file=page))
    assert failures(seen) == [Failure.SUBMIT_UNEXPECTED_ANSWER]
    assert asked(vendor, "POST", "/bulk") == 0
    seen, vendor = run(OLD, "ack-truncated")
    assert failures(seen) == [Failure.SUBMIT_UNEXPECTED_ANSWER]
    assert asked(vendor, "POST", "/report/upload") == 0


def test_f16_silence_ends_and_what_passes_is_tried_again(far: FarSide) -> None:
    with far.serving() as world:
        outcome = call(world, Request(method="GET", url="https://nim.example/stall"), timeout_s=0.3)
    assert isinstance(outcome, Trouble)
    assert outcome.failure is Failure.HTTP_TIMEOUT
    for passing in (outcome, answer(429, retry_after="2"), answer(503)):
        assert decide(passing, Spent(attempts=1, seconds=0), Patience(), now=NOW, jitter=1).wait_s


def test_f17_every_host_of_the_vendor_is_looked_at() -> None:
    endpoints = load().endpoints_for(("all",))
    assert {"product.apis.f5.com", "product-s.apis.f5.com", "product.connect.nginx.com"} <= {
        endpoint.host for endpoint in endpoints
    }
    assert any(str(network) == "159.60.126.0/25" for endpoint in endpoints for network in endpoint.networks)


def test_f18_no_redirect_is_followed_with_a_credential(far: FarSide) -> None:
    with far.serving() as world:
        outcome = call(world, Request(method="GET", url="https://nim.example/redirect", authorization="Bearer a.b.c"))
    assert isinstance(outcome, Answer)
    assert [path for _, path, _, _ in far.got] == ["/redirect"]
    seen, _ = run(OLD, "redirect-portal")
    assert failures(seen) == [Failure.HTTP_REDIRECT_OFF_SITE]


def test_f19_what_the_page_prints_can_be_run() -> None:
    text = SUBMIT_PAGE.read_text(encoding="utf-8")
    known = {name for command in (simulate, emulate) for parameter in command.params for name in parameter.opts}
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        assert subprocess.run(["sh", "-n"], input=block, text=True, check=False).returncode == 0
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", block)) <= known


def test_f20_a_result_is_for_machines_too_and_only_that_is_on_stdout() -> None:
    for fault, code in ((), 0), (("--fault", "bulk-503"), 1):
        done = subprocess.run(
            [sys.executable, "-m", "nimnetcheck", "simulate", OLD, *fault, "-o", "json"],
            capture_output=True,
            text=True,
            check=False,
        )
        document = json.loads(done.stdout)
        assert (done.returncode, document["summary"]["exit_code"], done.stderr) == (code, code, "")
        assert not any(one["detail"].endswith("$") for one in document["observations"] if one.get("detail"))


def test_a_run_without_defects_passes() -> None:
    assert all({one.outcome for one in run(flow)[0]} == {Outcome.PASSED} for flow in (OLD, NEW))
