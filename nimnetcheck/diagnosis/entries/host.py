"""What this host lacks: IPv4, a route, the right time, a tool."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import own_host
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure, Scope, Severity

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="ip6.only-nat64",
        scope=Scope.HOST,
        failures=(F.NO_ROUTE,),
        when=own_host.only_nat64,
        title="This host has IPv6 only, and NAT64 carries names",
        explanation=(
            "There is no IPv4 route, and the resolver gives IPv6 addresses in 64:ff9b::/96 that stand for IPv4 ones. "
            "Names are reached through them; a range that is known by IPv4 addresses alone, as telemetry is, cannot be."
        ),
        action="Nothing, for names. For 159.60.126.0/25 this host needs IPv4, or CLAT (464XLAT).",
        severity=Severity.INFO,
        settle="dig +short AAAA ipv4only.arpa",
    ),
    Diagnosis(
        code="local.no-route",
        scope=Scope.HOST,
        failures=(F.NO_ROUTE,),
        title="This host has no route to the address",
        explanation="The kernel refused at once: no route covers the address, so nothing was sent.",
        action=(
            "Look at `ip route get {address}`; add a default route, or use the forward proxy that this network needs."
        ),
        settle="ip route get {address}",
    ),
    Diagnosis(
        code="local.bad-clock",
        scope=Scope.HOST,
        failures=(F.CLOCK_WRONG,),
        title="This host's clock is wrong",
        explanation="It disagrees with the time that the other side gave, or lies before this release was made.",
        action="Set the clock (`timedatectl set-ntp true`): certificates and licences are judged by it.",
    ),
    Diagnosis(
        code="local.tool-missing",
        scope=Scope.HOST,
        failures=(F.TOOL_MISSING,),
        title="A tool is not installed",
        explanation="Something this host may need for its firewall is not there.",
        action="Install it if this host's firewall is made with it; otherwise nothing is lost.",
        severity=Severity.WARNING,
    ),
)
