"""What this host's own state means: route, firewall, clock, tools."""

from __future__ import annotations

from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure, Scope, Severity

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="local.no-route",
        scope=Scope.HOST,
        failures=(F.NO_ROUTE,),
        title="This host has no route to the address",
        explanation="The kernel refused at once: no route covers the address, so nothing was sent.",
        action="Look at `ip route get ADDRESS`; add a default route, or use the forward proxy that this network needs.",
    ),
    Diagnosis(
        code="local.fw-drop",
        scope=Scope.HOST,
        failures=(F.BLOCKED_LOCALLY,),
        title="This host's own firewall stops the packet",
        explanation=(
            "A rule of this host drops or rejects it before it leaves: the kernel refused the send (EPERM), or the "
            "ICMP that came back has this host as its sender."
        ),
        action="Load what `nimnetcheck rules nftables --mode insert` (or iptables, firewalld) writes.",
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
