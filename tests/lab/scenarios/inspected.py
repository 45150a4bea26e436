"""TLS that is inspected: by the proxy, by a firewall behind it, and what becomes of a submission then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenarios.proxy import scenario as through
from tests.lab.servers import mitmproxy, squid

if TYPE_CHECKING:
    from tests.lab.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = (
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
