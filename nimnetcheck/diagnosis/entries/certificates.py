"""What certificates mean that do not hold, or that hold and should not."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import handshakes
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Rung, Scope, Severity

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="tls.ca-store-empty",
        scope=Scope.HOST,
        failures=(F.TLS_UNTRUSTED,),
        when=handshakes.has_no_authorities,
        title="This host trusts no certificate authority at all",
        explanation="Its store is empty or missing, or SSL_CERT_FILE leads to such a one, so nothing can be verified.",
        action="Install the package ca-certificates, and correct SSL_CERT_FILE and SSL_CERT_DIR.",
        confidence=Confidence.CERTAIN,
        commands=("ls -l /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt", "env | grep SSL_CERT"),
    ),
    Diagnosis(
        code="tls.root-missing",
        scope=Scope.HOST,
        failures=(F.TLS_UNTRUSTED,),
        when=handshakes.is_public_after_all,
        title="This host's trust store lacks a public authority",
        explanation="The public authorities verify the certificate, and this host's store does not: it is old, or cut.",
        action="Update the package ca-certificates; where SSL_CERT_FILE is set, correct what it leads to.",
        confidence=Confidence.CERTAIN,
        commands=("update-ca-certificates", "update-ca-trust"),
    ),
    Diagnosis(
        code="tls.self-signed",
        failures=(F.TLS_UNTRUSTED,),
        when=handshakes.is_self_signed,
        title="The certificate is self-signed",
        explanation="No authority issued it: a device's own page, a portal, or a server that was never set up.",
        action="Find out what answers at {targets}: the vendor's hosts have public certificates.",
    ),
    Diagnosis(
        code="tls.intermediate-missing",
        failures=(F.TLS_UNTRUSTED,),
        when=handshakes.lacks_intermediate,
        title="The other side does not send its intermediate certificate",
        explanation=(
            "A public authority issued the certificate, and nothing came that leads to its root. Browsers fetch what "
            "is missing; the product does not."
        ),
        action="Whoever runs the server, or the relay in front of it, must send the whole chain.",
        settle="openssl s_client -connect {address}:{port} -servername {host} -showcerts",
    ),
    Diagnosis(
        code="tls.intercepted-untrusted",
        failures=(F.TLS_UNTRUSTED,),
        title="TLS is inspected on the way, by an authority that this host does not trust",
        explanation="The certificate for the name comes from an authority that is nobody's public one: see the issuer.",
        action="Exempt {subjects} from TLS inspection; the product accepts public certificates only.",
        alternatives=("`tls.root-missing`: the authority is public, and newer than this host's store.",),
        settle="openssl s_client -connect {address}:{port} -servername {host} -showcerts",
    ),
    Diagnosis(
        code="tls.intercepted-trusted",
        passed=(Rung.TLS,),
        when=handshakes.is_foreign_and_trusted,
        title="TLS is inspected on the way, by an authority that this host trusts",
        explanation=(
            "The chain holds against this host's store, and not against the public authorities: a company's own "
            "authority stands in it. Whoever inspects sees the licence and the usage data, and programs with a trust "
            "store of their own, as NIM's licensing has, refuse it."
        ),
        action="Exempt {subjects} from TLS inspection.",
        settle="openssl s_client -connect {address}:{port} -servername {host} -showcerts",
        severity=Severity.WARNING,
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
        alternatives=("`dns.hijack-public`: the resolver leads to somebody else.",),
        settle="dig {host} A @9.9.9.9",
    ),
)
