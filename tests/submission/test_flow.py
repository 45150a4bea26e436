"""The runner numbers the steps, times them, and skips what stands behind a failure."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, cast

import attrs
import pytest

from nimnetcheck.emulator import running
from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure, Label, Outcome, Rung, World
from nimnetcheck.submission import FLOWS, usage
from nimnetcheck.submission.flow import Site, Step, run_steps
from nimnetcheck.submission.licence import Licence
from nimnetcheck.submission.session import Seen, Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VENDOR_HOSTS = {"nim-2.21-disconnected": "product.apis.f5.com", "nim-2.22-disconnected": "product.connect.nginx.com"}
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


@pytest.mark.parametrize(("flow", "vendor_host"), VENDOR_HOSTS.items())
def test_without_submit_nothing_leaves_but_looks(flow: str, vendor_host: str) -> None:
    with running(nim_version=FLOWS[flow].nim_version) as vendor:
        seen = list(FLOWS[flow].run(attrs.evolve(Site.emulated(vendor), submits=False)))
        arrived = {(one.host, one.method, one.path) for one in vendor.requests}
    assert {method for _, method, _ in arrived} == {"GET"}
    assert {(host, path) for host, _, path in arrived if host != "nim.example"} == {(vendor_host, "/")}
    held = [one for one in seen if one.outcome is Outcome.SKIPPED]
    assert held
    assert not any(one.required or "proves" in one.evidence for one in held)
    assert not [one for one in seen if one.failure]
    sent = next(one for one in held if one.title.startswith("F5 takes"))
    assert "it is for --submit: POST https://" in sent.because
    assert " bytes" in sent.because
    assert sent.evidence["response"] == {**cast("dict[str, object]", sent.evidence["response"]), "host_answers": 200}


def test_without_submit_a_vendor_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    report = tmp_path / "export.zip"
    flow = "nim-2.22-disconnected"
    with running(nim_version="2.22.0", faults=("untrusted-ca",)) as vendor:
        seen = list(FLOWS[flow].run(attrs.evolve(Site.emulated(vendor), submits=False)))
        bare = attrs.evolve(Site.emulated(vendor), nim_url="", report_file=report, submits=False)
        with report.open("w+b") as file:
            usage.write_export_2_22(file, 3, [bare.token])
        again = list(FLOWS[flow].run(bare))
    assert [one.failure for one in seen if one.failure] == [Failure.TLS_UNTRUSTED]
    assert [(one.failure, one.required) for one in again if one.failure] == [(Failure.TLS_UNTRUSTED, True)]


@pytest.mark.parametrize("flow", VENDOR_HOSTS)
def test_a_report_from_a_file_needs_no_nim(flow: str, tmp_path: Path) -> None:
    report = tmp_path / "export.zip"
    with running(nim_version=FLOWS[flow].nim_version) as vendor:
        site = Site.emulated(vendor)
        with report.open("w+b") as file:
            write = usage.write_report_2_21 if "2.21" in flow else partial(usage.write_export_2_22, tokens=[site.token])
            write(file, instances=3)
        bare = attrs.evolve(site, nim_url="", username="", password="", report_file=report)
        seen = list(FLOWS[flow].run(bare))
        hosts = {one.host for one in vendor.requests if one.method == "POST"}
    assert hosts == {VENDOR_HOSTS[flow]}
    assert not [one for one in seen if one.failure]
    assert {one.because for one in seen if one.outcome is Outcome.SKIPPED} == {"no NIM was named: the report is a file"}
