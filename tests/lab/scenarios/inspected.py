"""TLS that is inspected: by the proxy, by a firewall behind it, and what becomes of a submission then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenarios import licence
from tests.lab.scenarios.http import answers
from tests.lab.scenarios.proxy import scenario as through
from tests.lab.scenarios.submission import BULK, export, refused, report, scenario
from tests.lab.servers import f5, mitmproxy, squid

if TYPE_CHECKING:
    from tests.lab.lab import Lab
    from tests.lab.scenario import Scenario


def passing_on(lab: Lab) -> None:
    """The company's inspector, whose authority the client trusts."""
    mitmproxy.transparent(lab, trusted=True)


def removing(lab: Lab) -> None:
    """The same, and it removes credentials from what it passes on."""
    mitmproxy.transparent(lab, "modify_headers=/~q/Authorization/", trusted=True)


def anybody(lab: Lab) -> None:
    """A licence of somebody, and the report of a NIM up to 2.21."""
    lab.write(f5.LICENCE, licence.token())
    report(lab)


SCENARIOS: tuple[Scenario, ...] = (
    scenario("auth.header-stripped", "what inspects TLS removes the token", f5.start, removing, export),
    scenario(
        "auth.rejected-valid-token.inspected",
        "a token that F5 does not know, which what inspects TLS has passed on",
        f5.start,
        passing_on,
        refused(),
    ),
    scenario("clean.submission.inspected", "TLS is inspected, and the token gets there", f5.start, passing_on, export),
    scenario(
        "http.not-really-f5",
        "somebody in F5's place takes whatever comes",
        answers("return 200;"),
        anybody,
        arguments=BULK,
    ),
    through("proxy.inspects", "the proxy inspects what goes through", mitmproxy.forward),
    through(
        "proxy.inspects.trusted",
        "the same, and its authority is installed here",
        lambda lab: mitmproxy.forward(lab, trusted=True),
    ),
    through(
        "proxy.inspects.open-past-it",
        "the proxy inspects, and past it the vendor itself answers",
        mitmproxy.forward,
        inject={"gateway": "true"},
    ),
    through(
        "tls.intercepted-untrusted.behind-a-proxy",
        "the company's firewall inspects what the proxy hands on, and what goes past it",
        squid.start,
        mitmproxy.transparent,
    ),
)
