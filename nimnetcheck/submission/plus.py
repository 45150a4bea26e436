"""NGINX Plus's hourly report, as its mgmt block sends it: to F5 or to a NIM, directly or through a proxy.

That it is a POST, its interval and the fields of its body are documented; path, token and type are inferred.
"""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.submission.flow import CONNECT
from nimnetcheck.submission.usage import END_TIME, HOUR_S, records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.site.proxy_setting import ProxySetting
    from nimnetcheck.submission.messages import Request
    from nimnetcheck.submission.session import Seen, Session

PATH = "/api/nginx-usage"
ACCEPTED = (200, 201, 202, 204)


def record(hour: int = 0) -> Mapping[str, object]:
    """The report of one instance for an hour, counted from the first."""
    return next(islice(records(1, end_time=END_TIME + hour * HOUR_S), 1))


def to_f5(session: Session, hour: int = 0, token: str = "") -> Request:
    """The report to F5."""
    return attrs.evolve(session.vendor("POST", CONNECT + PATH, token=token), json=record(hour))


def to_nim(session: Session) -> Request:
    """The report to the site's NIM, with the token that goes to F5 too."""
    request = to_f5(session)
    return attrs.evolve(request, url=session.site.nim_url.rstrip("/") + PATH)


def ask(session: Session, request: Request) -> Seen:
    """Send a report; the answer's form is published nowhere, so that its status is all that counts."""
    seen = session.ask(request, expected=ACCEPTED, wants_json=False)
    sent = request.json
    shown = {name: sent[name] for name in ("uuid", "start_time", "end_time")} if isinstance(sent, dict) else {}
    return seen.telling(**shown)


def through(session: Session, request: Request, proxy: ProxySetting) -> Seen:
    """Send a report by a tunnel through a proxy, on connections of its own."""
    from nimnetcheck.submission.client import Client  # noqa: PLC0415 (httpx is slow to import)
    from nimnetcheck.submission.session import Session as Own  # noqa: PLC0415 (it imports the client's messages)

    site = session.site
    with closing(Client(site.world, timeout_s=site.timeout_s, own=site.nim_url, proxy=proxy)) as client:
        return ask(Own(site, client, session.folder), request).telling(proxy=f"{proxy.host}:{proxy.port}")
