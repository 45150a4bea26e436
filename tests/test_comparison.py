"""Two runs went apart at the first rung at which what was seen differs, and only there."""

from __future__ import annotations

from datetime import datetime, timezone
from ipaddress import ip_address

import attrs

from nimnetcheck.comparison import NOT_TRIED, Comparison, compare
from nimnetcheck.model import Failure, Observation, Outcome, Rung, Setting, Target
from nimnetcheck.run import Run

RUN = Run(command="probe", started_at=datetime(2026, 11, 25, tzinfo=timezone.utc), host="nim01", duration_s=1.0)


def at(
    address: str, rung: Rung, failure: Failure | None = None, *, host: str | None = "usage", **evidence: object
) -> Observation:
    return Observation(
        subject=host or "range",
        rung=rung,
        title=f"{rung} {address}",
        outcome=Outcome.FAILED if failure else Outcome.PASSED,
        failure=failure,
        target=Target(address=ip_address(address), port=443, host=host),
        evidence=evidence,
    )


def name(*addresses: str) -> Observation:
    evidence = {"addresses": list(addresses)}
    return Observation(subject="usage", rung=Rung.DNS, title="A usage", outcome=Outcome.PASSED, evidence=evidence)


def between(first: list[Observation], second: list[Observation]) -> Comparison:
    return compare(RUN.report(first), RUN.report(second))


def test_the_same_is_the_same_whatever_time_it_took() -> None:
    one, other = (at("192.0.2.1", Rung.TCP, rtt_ms=value) for value in (1.5, 2.5))
    assert between([name("192.0.2.1"), one], [name("192.0.2.1"), other]).differences == ()


def test_only_the_first_rung_is_told() -> None:
    good = [name("192.0.2.1"), at("192.0.2.1", Rung.TCP), at("192.0.2.1", Rung.TLS)]
    bad = [name("192.0.2.1"), at("192.0.2.1", Rung.TCP, Failure.TCP_TIMEOUT)]
    (difference,) = between(good, bad).differences
    assert (difference.rung, difference.at) == (Rung.TCP, "192.0.2.1:443")
    assert (difference.before, difference.after) == ("passed", "tcp timeout")


def test_other_addresses_of_a_name_are_a_difference_of_dns() -> None:
    found = between([name("192.0.2.2", "192.0.2.1")], [name("192.0.2.1", "192.0.2.9")])
    assert [(one.rung, one.after) for one in found.differences] == [(Rung.DNS, "passed: 192.0.2.1, 192.0.2.9")]
    assert between([name("192.0.2.2", "192.0.2.1")], [name("192.0.2.1", "192.0.2.2")]).differences == ()


def test_who_issued_the_certificate_and_what_http_said_count() -> None:
    ours, theirs = ([at("192.0.2.1", Rung.TLS, chain=[{"issuer": f"CN={who}"}])] for who in ("Amazon", "Zscaler"))
    assert "Zscaler" in between(ours, theirs).differences[0].after
    one, other = ([at("192.0.2.1", Rung.HTTP, status=status)] for status in (404, 503))
    assert between(one, other).differences[0].before == "passed: HTTP 404"


def test_addresses_that_went_apart_in_the_same_way_are_one_line() -> None:
    good = [at(f"159.60.126.{last}", Rung.TCP, host=None) for last in range(128)]
    bad = [at(f"159.60.126.{last}", Rung.TCP, Failure.TCP_TIMEOUT, host=None) for last in range(128)]
    (difference,) = between(good, bad).differences
    assert difference.at == "159.60.126.0/25:443"


def test_the_lowest_rung_comes_first_and_what_was_not_tried_is_said() -> None:
    first = [at("192.0.2.1", Rung.HTTP, host="b"), name("192.0.2.1")]
    second = [at("192.0.2.1", Rung.HTTP, Failure.HTTP_TIMEOUT, host="b")]
    found = between(first, second)
    assert [difference.rung for difference in found.differences] == [Rung.DNS, Rung.HTTP]
    assert found.differences[0].after == NOT_TRIED


def test_a_control_is_no_difference() -> None:
    control = attrs.evolve(at("192.0.2.1", Rung.TCP, Failure.TCP_TIMEOUT), control=True)
    assert between([name("192.0.2.1")], [name("192.0.2.1"), control]).differences == ()


def test_findings_and_settings_beside_it() -> None:
    one = compare(
        run_of("a", proxy="none").report([at("192.0.2.1", Rung.TCP)]),
        run_of("b", proxy="auto").report([at("192.0.2.1", Rung.TCP, Failure.ADMIN_PROHIBITED)]),
    )
    assert one.new == ("icmp.admin-prohibited",)
    assert one.gone == ()
    assert one.settings == (("proxy", "none", "auto"),)


def run_of(host: str, **settings: str) -> Run:
    given = tuple(Setting(key=key, value=value, source="flag") for key, value in settings.items())
    return Run(command="probe", host=host, settings=given, duration_s=1.0)
