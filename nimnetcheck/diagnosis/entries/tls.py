"""What failed handshakes and foreign certificates mean."""

from __future__ import annotations

from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure, Severity

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="tls.stalled",
        failures=(F.TLS_TIMEOUT,),
        title="The TLS handshake gets no answer",
        explanation="TCP connects, then silence: a filter by name, a path-MTU black hole or a stalled server.",
        action="Ask for the log of whatever inspects TLS between here and {targets}.",
    ),
    Diagnosis(
        code="tls.intercepted-untrusted",
        failures=(F.TLS_UNTRUSTED,),
        title="The certificate is not issued by an authority that this host trusts",
        explanation="Either TLS is inspected on the way (see the issuer), or this host's trust store is old.",
        action="Exempt {subjects} from TLS inspection; the product accepts public certificates only.",
    ),
    Diagnosis(
        code="tls.expired",
        failures=(F.TLS_EXPIRED,),
        title="The certificate has expired",
        explanation="Its validity ended before this host's present time.",
        action="Check this host's clock first; then whose certificate it is.",
        hidden_by=("local.bad-clock",),
    ),
    Diagnosis(
        code="tls.not-yet-valid",
        failures=(F.TLS_NOT_YET_VALID,),
        title="The certificate is not valid yet",
        explanation="Its validity begins after this host's present time, so the clock is probably behind.",
        action="Set the clock (`timedatectl`, chrony) and try again.",
        hidden_by=("local.bad-clock",),
    ),
    Diagnosis(
        code="tls.wrong-host",
        failures=(F.TLS_WRONG_HOST,),
        title="The certificate is for another name",
        explanation="Something else answers for this name: a portal, a redirecting resolver or an intercepting proxy.",
        action="Compare the names in the evidence with {subjects}, and the address with another resolver's answer.",
    ),
    Diagnosis(
        code="tls.not-tls",
        failures=(F.TLS_NOT_TLS,),
        title="What answers does not speak TLS",
        explanation="The first bytes that came back are no TLS record.",
        action="Look at the first bytes in the evidence: they usually name what answered.",
    ),
    Diagnosis(
        code="tls.alert",
        failures=(F.TLS_ALERT,),
        title="The server refuses the handshake",
        explanation="It answered with a TLS alert; the path is open up to whatever sent it.",
        action="See the alert in the evidence. On product-s a certificate may be required: then the path is open.",
        severity=Severity.WARNING,
    ),
    Diagnosis(
        code="tls.reset",
        failures=(F.TLS_RESET,),
        title="The connection is reset in the handshake",
        explanation="TCP connects, and the ClientHello is answered with a RST, as filters by name do.",
        action="Ask for {subjects} to be allowed by name (SNI) on the firewall that inspects TLS.",
    ),
    Diagnosis(
        code="tls.eof",
        failures=(F.TLS_CLOSED,),
        title="The connection is closed in the handshake",
        explanation="TCP connects, and the ClientHello is answered with an orderly close.",
        action="Ask for {subjects} to be allowed by name (SNI); a load balancer without a backend looks the same.",
    ),
)
