"""Which answers are asked for again from nearer, and how far that goes; the laboratory has the routers."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import Failure, Observation, Rung, World
from nimnetcheck.net import drive
from nimnetcheck.probe.attempt import Options, Setup
from nimnetcheck.probe.controls import port53
from nimnetcheck.probe.controls.walk import Said
from nimnetcheck.probe.elsewhere import Elsewhere
from tests.diagnosis.seen import seen

if TYPE_CHECKING:
    from nimnetcheck.model import Address, Endpoint
    from tests.probe.conftest import Answerer, Bench, Zone

HOST = "usage.example"
LOOPBACK, ROUTER = ip_address("127.0.0.1"), ip_address("10.20.0.1")
FAR = (ip_address("10.20.53.53"), 53)


def answered(failure: Failure | None = None, **evidence: object) -> Observation:
    return seen("usage", None, failure, Rung.DNS, evidence={"name": HOST, "source": "dns", **evidence})


def look(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, port: int, router: Address | None = ROUTER, **options: object
) -> list[Observation]:
    """The closer look at a denied name, where the way to its resolver is said to lead over a router."""
    monkeypatch.setattr(port53, "first_router", lambda _: router)
    settings = Options(timeout_s=0.4, versions=(4,), **options)  # type: ignore[arg-type]
    setup = Setup(world=World(resolvers=((LOOPBACK, port),)), options=settings)
    looks = port53.plan(endpoint, [answered(Failure.DNS_NXDOMAIN)], setup)
    return [one for steps in looks for one in drive(steps, 10.0)]


@pytest.mark.parametrize(
    ("answer", "others"),
    [
        (answered(Failure.DNS_NXDOMAIN), ()),
        (answered(Failure.DNS_REFUSED), ()),
        (answered(addresses=["10.1.2.3"]), ()),
        (answered(addresses=["0.0.0.0"]), ()),  # noqa: S104 (a sinkhole's answer)
        (answered(unlisted=["198.18.9.9"]), (seen("usage", "198.18.9.9", Failure.TLS_WRONG_HOST),)),
    ],
)
def test_an_answer_that_may_be_somebody_elses(answer: Observation, others: tuple[Observation, ...]) -> None:
    assert port53.doubted([answer], [answer, *others])


@pytest.mark.parametrize(
    ("answer", "others"),
    [
        (answered(addresses=["3.135.72.139"]), ()),
        (answered(Failure.DNS_TIMEOUT), ()),
        (answered(addresses=["10.1.2.3"], proxy=True), ()),
        (answered(Failure.DNS_NXDOMAIN, proxy=True), ()),
        (answered(unlisted=["198.18.9.9"]), (seen("usage", "198.18.9.9", Failure.TCP_TIMEOUT),)),
        (answered(addresses=["3.135.72.139"]), (seen("usage", "3.135.72.139", Failure.TLS_UNTRUSTED),)),
    ],
)
def test_an_answer_that_needs_no_closer_look(answer: Observation, others: tuple[Observation, ...]) -> None:
    assert not port53.doubted([answer], [answer, *others])


@pytest.mark.parametrize("router", [None, LOOPBACK], ids=["no router is on the way", "the resolver is the router"])
def test_a_resolver_that_no_router_leads_to_is_not_asked(
    bench: Bench, zone: Zone, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, router: Address | None
) -> None:
    server = bench.name_server(zone({}))
    assert look(endpoint, monkeypatch, server.port, router) == []
    assert server.asked == []


def test_this_hosts_own_resolver_has_no_router(bench: Bench, zone: Zone, endpoint: Endpoint) -> None:
    server = bench.name_server(zone({}))
    setup = Setup(world=World(resolvers=((LOOPBACK, server.port),)), options=Options())
    (steps,) = port53.plan(endpoint, [answered(Failure.DNS_NXDOMAIN)], setup)
    assert drive(steps, 10.0) == ()
    assert server.asked == []


def test_a_resolver_that_is_there_itself_ends_it_and_nobody_else_is_asked(
    bench: Bench, zone: Zone, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearer, beside = look(endpoint, monkeypatch, bench.name_server(zone({})).port)
    assert (nearer.evidence["changed"], nearer.evidence["ended"], nearer.evidence["ended_at"]) == (
        "question hops",
        "answered",
        1,
    )
    assert (beside.evidence["changed"], beside.evidence["ended"]) == ("question port", "unreachable")
    assert nearer.control
    assert not nearer.required


@pytest.mark.parametrize(("port", "said"), [(9, "unreachable"), (None, "silent")], ids=["nobody", "who is silent"])
def test_nothing_is_compared_with_an_answer_that_did_not_come(
    bench: Bench, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, port: int | None, said: str
) -> None:
    silent: Answerer = lambda *_: None  # noqa: E731 (a server in a word)
    (only,) = look(endpoint, monkeypatch, port or bench.name_server(silent).port)
    assert only.evidence["ended"] == said


def test_the_comparisons_change_one_thing_each() -> None:
    port, host = port53.comparisons(FAR, Options().elsewhere)
    assert (port.changed, port.to, port.tells) == ("question port", (FAR[0], port53.OTHER_PORT), Said.PASSED_ON)
    assert (host.changed, str(host.to[0]), host.to[1]) == ("question host", "198.41.0.4", 53)


@pytest.mark.parametrize("elsewhere", [Elsewhere(), Elsewhere(addresses=(FAR[0],))], ids=["nobody", "the resolver"])
def test_nobody_else_is_asked_where_the_user_wants_none(elsewhere: Elsewhere) -> None:
    assert [beside.changed for beside in port53.comparisons(FAR, elsewhere)] == ["question port"]
