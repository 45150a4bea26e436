"""NGINX Plus's own reports: the first and those that follow, directly, through a proxy, and to a NIM.

Directives, hours, deadlines and the enforced first report are documented; the wire is inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck import net
from nimnetcheck.model import Failure, Label
from nimnetcheck.site.proxy_setting import ProxySetting
from nimnetcheck.submission import licence, plus, stage
from nimnetcheck.submission.flow import Flow, Step, run_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.emulator.proxy import Forward
    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Site
    from nimnetcheck.submission.session import Seen, Session

ID = "nginx-plus"
RENEWAL_DAYS = 30


def _first(session: Session) -> Iterator[Seen]:
    yield plus.ask(session, plus.to_f5(session))


def _next(session: Session) -> Iterator[Seen]:
    yield plus.ask(session, plus.to_f5(session, hour=1))


def _relay(session: Session) -> Iterator[Seen]:
    yield plus.ask(session, plus.to_nim(session))


def _proxied(session: Session) -> Iterator[Seen]:
    yield plus.through(session, plus.to_f5(session, hour=2), _told(stage.of(session).proxy))


def _told(forward: Forward) -> ProxySetting:
    """A proxy as the mgmt block names it."""
    return ProxySetting(holder="NGINX Plus", source="the emulation", host=forward.host, port=forward.port)


def _refused(session: Session) -> Iterator[Seen]:
    """The counterpart: without its credentials that proxy must refuse."""
    seen = plus.through(session, plus.to_f5(session, hour=3), _told(stage.of(session).guarded_proxy))
    if seen.failure is Failure.PROXY_AUTH_REQUIRED:
        seen = seen.accepted().telling(proxy_status=407)
    elif seen.failure is None:
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, "the proxy asked for no credentials")
    yield seen


def _with_credentials(session: Session) -> Iterator[Seen]:
    forward = stage.of(session).guarded_proxy
    known = attrs.evolve(_told(forward), username=forward.username, password=forward.password)
    yield plus.through(session, plus.to_f5(session, hour=3), known)


def _renewal(session: Session) -> Iterator[Seen]:
    """A licence in its last thirty days: still accepted. How a renewed one comes back is published nowhere."""
    token = stage.of(session).ending_licence
    reading = licence.decode(token, now=net.utc_now())
    end = reading.licence.subscription_end if reading.licence else None
    days = (end - net.utc_now()).days if end else -1
    seen = plus.ask(session, plus.to_f5(session, hour=4, token=token)).telling(days_left=days)
    if seen.failure is None and not 0 <= days <= RENEWAL_DAYS:
        seen = seen.but(Failure.LICENCE_EXPIRED, f"{days} days are left: not in its renewal window")
    yield seen


STEPS = (
    Step(
        title="F5 takes the first report",
        label=Label.INFERRED,
        proves="with enforce_initial_report on, NGINX Plus starts to serve; refused, it tries again each minute",
        act=_first,
    ),
    Step(
        title="F5 takes the next hour's report",
        label=Label.INFERRED,
        proves="reports go on each hour, and the 180 days until traffic stops begin anew with each",
        act=_next,
    ),
    Step(
        title="A proxy opens a tunnel for a report",
        label=Label.DOCUMENTED,  # the directive and CONNECT are
        proves="`proxy HOST:PORT` in the mgmt block works: CONNECT, then TLS to F5 itself",
        act=_proxied,
    ),
    Step(
        title="A proxy that wants credentials refuses without",
        label=Label.DOCUMENTED,
        proves="the next step passes because of its credentials, and for no other reason",
        act=_refused,
    ),
    Step(
        title="It opens a tunnel with them",
        label=Label.DOCUMENTED,
        proves="`proxy_username` and `proxy_password` reach the proxy",
        act=_with_credentials,
    ),
    Step(
        title="NIM takes a report in F5's place",
        label=Label.INFERRED,
        proves="`usage_report endpoint=NIM` works on port 443",
        act=_relay,
    ),
    Step(
        title="F5 takes a report in the renewal window",
        label=Label.INFERRED,
        proves="a licence in its last 30 days is accepted; from R35 on NGINX Plus asks for the renewed one here",
        act=_renewal,
    ),
)


def run(site: Site) -> Iterator[Observation]:
    """Run the flow; stops at the first step that fails."""
    return run_steps(ID, site, STEPS)


FLOW = Flow(
    id=ID,
    nim_version="2.22.0",
    run=run,
    title="NGINX Plus: first and hourly reports, directly, through a proxy, to a NIM, near the licence's end",
)
