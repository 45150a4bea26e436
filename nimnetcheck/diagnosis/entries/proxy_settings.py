"""What settings of forward proxies mean that cannot work, or that contradict each other."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import proxies
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Scope, Severity

F = Failure
NO_WAY_OUT = (
    F.TCP_TIMEOUT,
    F.TCP_REFUSED,
    F.TCP_RESET,
    F.NO_ROUTE,
    F.NET_UNREACHABLE,
    F.HOST_UNREACHABLE,
    F.PORT_UNREACHABLE,
    F.ADMIN_PROHIBITED,
    F.DNS_NXDOMAIN,
    F.DNS_NO_DATA,
    F.DNS_SERVFAIL,
    F.DNS_REFUSED,
    F.DNS_TIMEOUT,
    F.DNS_NO_RESOLVER,
)

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="proxy.required",
        failures=NO_WAY_OUT,
        when=proxies.another_way_leads_out,
        title="The way out leads through a proxy, and the product does not use it",
        explanation=(
            "The direct way fails, and a tunnel through a proxy that somebody else on this host is told to use opens. "
            "NIM takes its proxy from proxy_config in nms.conf, and NGINX Plus from `proxy` in its mgmt block; neither "
            "is known to look at HTTPS_PROXY."
        ),
        action=(
            "Write the proxy into nms.conf (proxy_config, from NIM 2.19 on) or into the mgmt block (from NGINX Plus "
            "R34 on), and restart the service."
        ),
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="proxy.bad-url",
        scope=Scope.HOST,
        failures=(F.PROXY_BAD_URL,),
        title="A proxy is set in a way that cannot work as meant",
        explanation="The setting and what is wrong with it are in the evidence.",
        action="Correct it where the evidence says that it stands, and restart the service.",
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="proxy.config-drift",
        scope=Scope.HOST,
        failures=(F.PROXY_CONFIG_DRIFT,),
        title="Proxy settings of this host contradict each other",
        explanation=(
            "The product, its service and this shell do not go the same way out, so that what works in the shell "
            "proves nothing for the product."
        ),
        action="Set the same proxy everywhere, or take those away that are not meant.",
        severity=Severity.WARNING,
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="proxy.no-proxy-surprise",
        scope=Scope.HOST,
        failures=(F.PROXY_NO_PROXY_SURPRISE,),
        title="NO_PROXY does something that nobody meant",
        explanation="It exempts one of the vendor's hosts, or holds entries that programs read differently.",
        action="Take the entry out, or write it as a plain host name or domain.",
        severity=Severity.WARNING,
    ),
)
