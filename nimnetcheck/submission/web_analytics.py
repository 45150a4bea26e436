"""NIM's web analytics: the browser sends them, NIM does not; and one opt-out holds for all users.

Documented: who sends them, and that one opts out when NIM is set up or later in the user menu. The page is ours.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Label
from nimnetcheck.submission import stage
from nimnetcheck.submission.flow import Flow, Step, run_steps
from nimnetcheck.submission.messages import Request
from nimnetcheck.submission.session import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Observation
    from nimnetcheck.submission.flow import Site
    from nimnetcheck.submission.session import Session

ID = "web-analytics"
DOMAIN = "walkme.com"
OPT_OUT = "when NIM is set up, or later in the user menu; for all users"


def _named(session: Session, *, wanted: bool) -> Seen:
    """Fetch the page as any user does, and look whether it names the analytics."""
    page = io.BytesIO()
    request = Request(method="GET", url=session.site.nim_url.rstrip("/") + "/ui/")
    seen = session.ask(request, expected=(200,), into=page)
    if seen.failure is Failure.HTTP_BLOCK_PAGE and seen.status == 200:  # noqa: PLR2004 (a page is what was asked for)
        seen = seen.accepted()
    named = DOMAIN.encode() in page.getvalue()
    if seen.failure is None and named is not wanted:
        words = "names them" if named else "does not name them"
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, f"the page {words}")
    return seen.telling(loads=f"*.{DOMAIN}" if named else "nothing of it", opt_out=OPT_OUT)


def _switch(session: Session, method: str) -> Seen:
    request = Request(method=method, url=session.site.nim_url.rstrip("/") + "/emulated/analytics")
    return session.ask(request, expected=(204,), wants_json=False)


def _page(session: Session) -> Iterator[Seen]:
    yield _named(session, wanted=True)


def _out(session: Session) -> Iterator[Seen]:
    seen = _switch(session, "DELETE")
    yield seen if seen.failure else _named(session, wanted=False)


def _in(session: Session) -> Iterator[Seen]:
    seen = _switch(session, "PUT")
    yield seen if seen.failure else _named(session, wanted=True)


def _nothing(session: Session) -> Iterator[Seen]:
    vendor = stage.of(session)
    asked = sorted({name for name in vendor.questions if name.endswith(DOMAIN)})
    left = sorted({one.host for one in vendor.requests if one.host.endswith(DOMAIN)})
    tunnels = [one for one in vendor.proxy.asked if DOMAIN in one]
    seen = Seen().telling(names_asked=asked, requests=left, tunnels=tunnels)
    if asked or left or tunnels:
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, "something of it left the NIM host")
    yield seen


STEPS = (
    Step(
        title="NIM's page has the browser load them",
        label=Label.DOCUMENTED,
        proves="it is the administrator's browser that needs the way to *.walkme.com, not the NIM host",
        act=_page,
    ),
    Step(
        title="One opt-out holds for all users",
        label=Label.DOCUMENTED,
        proves="after it, the page that anybody gets loads nothing",
        act=_out,
    ),
    Step(
        title="It can be taken back",
        label=Label.INFERRED,
        proves="the page names them again: what the step before saw was the opt-out",
        act=_in,
    ),
    Step(
        title="Nothing of it left the NIM host",
        label=Label.DOCUMENTED,
        proves="no name was asked for, no request made, no tunnel opened: no firewall rule on that host is needed",
        act=_nothing,
    ),
)


def run(site: Site) -> Iterator[Observation]:
    """Run the flow; stops at the first step that fails."""
    return run_steps(ID, site, STEPS)


FLOW = Flow(
    id=ID,
    nim_version="2.21.0",
    run=run,
    title="NIM's web analytics: from the browser alone, until somebody opts out",
)
