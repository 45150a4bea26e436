"""What the forward proxy's answers mean."""

from __future__ import annotations

from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="proxy.auth-required",
        failures=(F.PROXY_AUTH_REQUIRED,),
        title="The proxy wants credentials",
        explanation="CONNECT was answered with 407.",
        action="Set proxy_username and proxy_password in nms.conf, or have the proxy let this host through without.",
    ),
    Diagnosis(
        code="proxy.denied-host",
        failures=(F.PROXY_DENIED,),
        title="The proxy does not allow the destination",
        explanation="CONNECT was answered with 403.",
        action="Ask the proxy's owner to allow CONNECT to {subjects} on port 443.",
    ),
    Diagnosis(
        code="proxy.upstream",
        failures=(F.PROXY_UPSTREAM_FAILED,),
        title="The proxy cannot reach the destination",
        explanation="CONNECT was answered with a gateway error: the block is behind the proxy.",
        action="Ask the proxy's owner to test the way from the proxy to {subjects}.",
    ),
    Diagnosis(
        code="proxy.not-a-proxy",
        failures=(F.PROXY_NOT_A_PROXY,),
        title="What answers at the proxy's address is not an HTTP proxy",
        explanation="CONNECT was not understood.",
        action="Check proxy_host, proxy_port and proxy_protocol.",
    ),
)
