"""NIM's data points: each raised by its trigger, seen at the collector, and stopped by the telemetry switch.

Points, triggers, the range and port 443 are documented, and that they do not go through the forward proxy. The wire
format is not: what is sent is an analogue, the OpenTelemetry export of F5's Kubernetes products.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Label
from nimnetcheck.submission import nim_licence, plus, stage
from nimnetcheck.submission.flow import Flow, Step, run_steps
from nimnetcheck.submission.messages import Request
from nimnetcheck.submission.session import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Site
    from nimnetcheck.submission.session import Session

ID = "data-points"
RANGE = "159.60.126."
ALL = ("Installation", "Login", "Start/Stop", "Adding Data Plane", "Product Usage")


def _page(session: Session, method: str, path: str, *, as_user: bool = False) -> Seen:
    """Ask NIM for something outside its API; a page is no block page here."""
    authorization = session.nim("GET", "/").authorization if as_user else ""
    request = Request(method=method, url=session.site.nim_url.rstrip("/") + path, authorization=authorization)
    seen = session.ask(request, expected=(200, 204), wants_json=False)
    return seen.accepted() if seen.failure is Failure.HTTP_BLOCK_PAGE and seen.status in {200, 204} else seen


def _trigger(session: Session, number: int) -> Seen:
    """Do what raises the point of that number; the first was raised by the licence."""
    if ALL[number] == "Login":
        return _page(session, "GET", "/ui/", as_user=True)
    if ALL[number] == "Start/Stop":
        return _page(session, "POST", "/emulated/process")
    if ALL[number] == "Adding Data Plane":
        return plus.ask(session, plus.to_nim(session))
    return _page(session, "POST", "/emulated/period")


def _raised(number: int) -> Step:
    def act(session: Session) -> Iterator[Seen]:
        seen = _trigger(session, number) if number else Seen()
        found = stage.points(session, ALL[: number + 1])
        yield seen if seen.failure else _joined(seen, found)

    return Step(
        title=f"{ALL[number]} is seen at the collector",
        label=Label.ANALOGUE,
        proves="its trigger raised it, and it came straight to the range's port 443",
        act=act,
    )


def _joined(trigger: Seen, found: Seen) -> Seen:
    seen = trigger.telling(**found.told)
    return seen.but(found.failure, found.detail) if found.failure else seen


def _direct(session: Session) -> Iterator[Seen]:
    """NIM has a forward proxy and uses it for the licence; nothing of the points may have asked for a tunnel."""
    asked = list(stage.of(session).proxy.asked)
    seen = Seen().telling(tunnels=asked)
    if not asked:
        seen = seen.but(Failure.SUBMIT_INCOMPLETE, "NIM did not use its proxy at all, so that this shows nothing")
    elif any(one.startswith(RANGE) for one in asked):
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, "a data point went through the forward proxy")
    yield seen


def _off(session: Session) -> Iterator[Seen]:
    (seen,) = nim_licence.confirm(session, telemetry=False)
    for number in range(1, len(ALL)):
        if seen.failure is None:
            seen = _trigger(session, number)
    yield seen if seen.failure else _joined(seen, stage.quiet(session, lambda vendor: len(vendor.points)))


def _on(session: Session) -> Iterator[Seen]:
    (seen,) = nim_licence.confirm(session)
    if seen.failure is None:
        seen = _trigger(session, 1)
    yield seen if seen.failure else _joined(seen, stage.points(session, (*ALL, "Login")))


STEPS = (
    nim_licence.ADD,
    *(_raised(number) for number in range(len(ALL))),
    Step(
        title="None of them went through the forward proxy",
        label=Label.DOCUMENTED,
        proves="NIM used its proxy for the licence and not for the points: a site that has only a proxy loses them",
        act=_direct,
    ),
    Step(
        title="With the telemetry off nothing is sent",
        label=Label.INFERRED,  # that it can be turned off there is documented, that this parameter does it is not
        proves="the same triggers raise nothing any more",
        act=_off,
    ),
    Step(
        title="Turned on again, it goes on",
        label=Label.INFERRED,
        proves="the switch works both ways",
        act=_on,
    ),
)


def run(site: Site) -> Iterator[Observation]:
    """Run the flow; stops at the first step that fails."""
    return run_steps(ID, site, STEPS)


FLOW = Flow(
    id=ID,
    nim_version="2.21.0",
    nim_mode="CONNECTED",
    nim_through_proxy=True,
    run=run,
    title="NIM's data points: installation, login, start and stop, data plane, usage; off and on",
)
