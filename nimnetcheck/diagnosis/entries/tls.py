"""What failed handshakes mean."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import handshakes, other_ways, ways
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Rung, Scope, Severity

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="tls.local-policy",
        scope=Scope.HOST,
        always=(F.TLS_LOCAL_POLICY,),
        failures=(F.TLS_ALERT, F.TLS_VERSION),
        when=handshakes.is_refused_here,
        title="This host's own policy forbids the handshake",
        explanation=(
            "A security level, a crypto policy or FIPS mode refuses a version, a cipher, a key or a digest; without "
            "these rules the two sides agree."
        ),
        action="Look at `update-crypto-policies --show` and openssl.cnf; allow what the vendor's host offers.",
        commands=("update-crypto-policies --show", "openssl ciphers -s -v"),
    ),
    Diagnosis(
        code="sni.drop",
        failures=(F.TLS_TIMEOUT,),
        when=handshakes.other_name_answered,
        proof=ways.hello,
        title="A filter by name swallows the handshake",
        explanation=(
            "TCP connects, and the same address answers a handshake for another name; for this name there is silence. "
            "So something on the way reads the name (SNI) and drops what follows."
        ),
        action="Ask for {host} to be allowed by name (SNI) on the firewall that inspects TLS.",
        settle="openssl s_client -connect {address}:{port} -servername www.example.com",
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="sni.reset",
        failures=(F.TLS_RESET,),
        when=handshakes.other_name_answered,
        proof=ways.hello,
        title="A filter by name resets the handshake",
        explanation=(
            "TCP connects, and the same address answers a handshake for another name; for this name there comes a RST. "
            "So something on the way reads the name (SNI) and tears the connection down."
        ),
        action="Ask for {host} to be allowed by name (SNI) on the firewall that inspects TLS.",
        settle="openssl s_client -connect {address}:{port} -servername www.example.com",
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="sni.close",
        failures=(F.TLS_CLOSED,),
        when=handshakes.other_name_answered,
        proof=ways.hello,
        title="A filter by name closes the connection",
        explanation=(
            "TCP connects, and the same address answers a handshake for another name; for this name the connection is "
            "closed. So something reads the name (SNI): a proxy that lets only some names through does this."
        ),
        action="Ask for {host} to be allowed by name (SNI) on the proxy or firewall that inspects TLS.",
        settle="openssl s_client -connect {address}:{port} -servername www.example.com",
    ),
    Diagnosis(
        code="tls.pq-hello-split",
        failures=(F.TLS_TIMEOUT, F.TLS_RESET, F.TLS_CLOSED),
        passed=(Rung.TLS,),
        when=other_ways.is_hello_split,
        proof=other_ways.hellos,
        title="A ClientHello that takes two segments is lost",
        explanation=(
            "A short ClientHello is answered and a long one is not, twice. One with a post-quantum key (ML-KEM) is "
            "long: clients made with Go 1.24 or OpenSSL 3.5 send it, older ones do not, so that one program of a host "
            "connects and another does not. Something on the way, or a load balancer, reads the first segment alone."
        ),
        action="Have whatever inspects TLS on the way to {targets} updated, or {host} exempted from it.",
        alternatives=("It is the invented protocol names (ALPN) that make our own long that are disliked.",),
        settle="openssl s_client -connect {address}:{port} -servername {host} -groups X25519MLKEM768",
        commands=("GODEBUG=tlsmlkem=0",),
    ),
    Diagnosis(
        code="tls.alpn-h2-broken",
        passed=(Rung.HTTP,),
        when=other_ways.is_http2_broken,
        proof=other_ways.http2,
        title="HTTP/2 is offered, and does not work",
        explanation=(
            "A request over HTTP/1.1 is answered; where the client offers HTTP/2 as well, which clients in Go do by "
            "themselves, there is none, twice. Something that ends TLS on the way agrees to what it cannot speak."
        ),
        action="Have HTTP/2 (ALPN `h2`) switched off, or mended, on whatever inspects TLS before {host}.",
        settle="curl -sv --http2 -o /dev/null --resolve {host}:{port}:{address} https://{host}:{port}/",
        commands=("GODEBUG=http2client=0",),
    ),
    Diagnosis(
        code="tls.rst-any-sni",
        failures=(F.TLS_RESET,),
        when=handshakes.other_name_failed_alike,
        title="Every handshake at this address is reset",
        explanation="TCP connects, and a RST answers the ClientHello, whatever the name: TLS itself is not let by.",
        action="Ask for TLS to {targets} to be allowed on whatever inspects it on the way.",
        alternatives=("What listens there is not the vendor's: see the address in the evidence.",),
        settle="openssl s_client -connect {address}:{port} -servername www.example.com",
    ),
    Diagnosis(
        code="tls.stalled",
        failures=(F.TLS_TIMEOUT,),
        title="The TLS handshake gets no answer",
        explanation="TCP connects, then silence: a filter by name, a path-MTU black hole or a stalled server.",
        action="Ask for the log of whatever inspects TLS between here and {targets}.",
    ),
    Diagnosis(
        code="tls.not-tls",
        failures=(F.TLS_NOT_TLS,),
        title="What answers does not speak TLS",
        explanation="The first bytes that came back are no TLS record.",
        action="Look at the first bytes in the evidence: they usually name what answered.",
        settle="curl -sI http://{address}:{port}/",
    ),
    Diagnosis(
        code="tls.malformed",
        failures=(F.TLS_MALFORMED,),
        title="What answers in TLS cannot be read",
        explanation="A message or certificate in the handshake is broken: a defect of whatever answers, or an attack.",
        action="Find out what answers at {targets}: the vendor's hosts send what every program can read.",
        settle="openssl s_client -connect {address}:{port} -servername {host} -showcerts",
    ),
    Diagnosis(
        code="tls.version",
        failures=(F.TLS_ALERT, F.TLS_VERSION),
        when=handshakes.is_version,
        title="The two sides have no version of TLS in common",
        explanation="The vendor's hosts speak TLS 1.2 and later; what answers here speaks only what is older.",
        action="Find the old device that answers at {targets}, and let {host} past it.",
        settle="openssl s_client -connect {address}:{port} -servername {host} -tls1_2",
    ),
    Diagnosis(
        code="tls.cipher-or-curve",
        failures=(F.TLS_ALERT,),
        when=handshakes.is_cipher,
        title="The two sides have no cipher or curve in common",
        explanation="The other side answered the ClientHello with a handshake failure.",
        action="Compare this host's crypto policy with what the other side offers.",
        alternatives=("A server of TLS 1.2 that wants a client certificate may send the same alert.",),
        settle="openssl s_client -connect {address}:{port} -servername {host} -cipher ALL",
        severity=Severity.WARNING,
    ),
    Diagnosis(
        code="tls.unrecognized-name",
        failures=(F.TLS_ALERT,),
        when=handshakes.is_unrecognised,
        title="The other side says that it serves no such name",
        explanation="The alert 'unrecognized name' came back: what answers is not the vendor, nor leads to it.",
        action="Look at what stands before {targets}: a relay by name (SNI) that lacks an entry for {host} does this.",
        settle="openssl s_client -connect {address}:{port} -servername www.example.com",
    ),
    Diagnosis(
        code="tls.access-denied",
        failures=(F.TLS_ALERT,),
        when=handshakes.is_denied,
        title="The other side denies access in TLS",
        explanation="The alert 'access denied' came back: filters by name send it, and servers hardly ever do.",
        action="Ask for {host} to be allowed by name (SNI) on the firewall that inspects TLS.",
    ),
    Diagnosis(
        code="tls.alert",
        failures=(F.TLS_ALERT, F.TLS_VERSION),
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
        settle="openssl s_client -connect {address}:{port} -servername www.example.com",
    ),
)
