"""Handshakes and certificates: mitmproxy in the way, nginx in the vendor's place, filters by name in the kernel."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING

import certifi
import trustme

from tests.lab.scenario import as_named
from tests.lab.servers import dnsmasq, f5, hello, mitmproxy, nginx, silent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.lab import Lab
    from tests.lab.scenario import Scenario, Start

DIAGNOSE = ("diagnose", "--for", "nginx-plus", "-4", "--timeout", "1.5")
HOST = nginx.HOST
NOW = datetime.now(timezone.utc)
DAY = timedelta(days=1)
BY_NAME = (
    f"iptables-legacy -A FORWARD -p tcp --dport 443 -m string --algo bm --string {HOST} -j",
    "iptables-legacy -A FORWARD -p tcp --dport 443 -m string --algo bm --hex-string '|160301|' -j",
)
RESET = "REJECT --reject-with tcp-reset"
UNTRUSTED = ("tls.intercepted-untrusted", "tls.intercepted-trusted", "tls.root-missing", "tls.intermediate-missing")
SILENT = ("sni.drop", "tls.stalled", "tcp.drop-path")
ENDED = ("sni.reset", "sni.close", "tls.rst-any-sni", "tls.reset", "tls.eof", "tcp.reset")
REFUSED = ("tls.version", "tls.cipher-or-curve", "tls.unrecognized-name", "tls.access-denied", "tls.alert")
COLLECTED = (*UNTRUSTED, "tls.self-signed", "tls.ca-store-empty", "tls.expired", "tls.not-yet-valid", "tls.wrong-host")


def served(lines: str = "", speaks: str = "", **certificate: datetime) -> Start:
    """A web server in the vendor's place, with a public certificate of these dates."""

    def start(lab: Lab) -> None:
        authority = trustme.CA(organization_name="Public Authority")
        nginx.trust(lab, authority)
        leaf = authority.issue_cert(HOST, **certificate)  # type: ignore[arg-type]  # dates alone
        nginx.serve(lab, f"{nginx.certify(lab, leaf)} {lines}", speaks=speaks)

    return start


def wrong_host(lab: Lab) -> None:
    """A public certificate, for somebody else."""
    authority = trustme.CA(organization_name="Public Authority")
    nginx.trust(lab, authority)
    nginx.serve(lab, nginx.certify(lab, authority.issue_cert("portal.example")))


def without_intermediate(lab: Lab, *, whole: bool = False) -> None:
    """A public authority's intermediate issued the certificate, and is not sent."""
    root = trustme.CA()  # its intermediates bear the same organisation
    nginx.trust(lab, root)
    nginx.serve(lab, nginx.certify(lab, root.create_child_ca().issue_cert(HOST), whole=whole))


def self_signed(lab: Lab) -> None:
    """What a device makes for itself."""
    nginx.trust(lab, trustme.CA(organization_name="Public Authority"))
    lab.shell(
        "cloud",
        f"cd {lab.folder}; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 9 "
        f"-subj /CN={HOST} -addext subjectAltName=DNS:{HOST} -keyout own.key -out own.pem 2>/dev/null; chmod a+r own.*",
    )
    nginx.serve(lab, f"ssl_certificate {lab.folder}/own.pem; ssl_certificate_key {lab.folder}/own.key;")


def old_store(lab: Lab) -> None:
    """The client's store knows other authorities, and not the vendor's."""
    lab.place(f5.STORE, trustme.CA(organization_name="Another").cert_pem.bytes().decode())


def other_name_only(lab: Lab) -> None:
    """A relay by name that knows another name, and refuses this one in TLS."""
    authority = trustme.CA(organization_name="Public Authority")
    nginx.trust(lab, authority)
    lines = nginx.certify(lab, authority.issue_cert("www.example.com"))
    known = f"server {{ listen [::]:443 ssl; server_name www.example.com; {lines} }}"
    nginx.serve(lab, "ssl_reject_handshake on;", more=known)


def scenario(
    name: str, shows: str, *start: Start, never: tuple[str, ...] = COLLECTED, **more: Mapping[str, str]
) -> Scenario:
    """A scenario of this layer."""
    return as_named(name, shows, dnsmasq.start, *start, never=never, arguments=DIAGNOSE, **more)


def gateway(rule: str) -> Mapping[str, str]:
    """What the company's firewall does."""
    return {"gateway": rule}


SCENARIOS = (
    scenario(
        "sni.drop", "a filter swallows the vendor's name", f5.start, never=SILENT, inject=gateway(f"{BY_NAME[0]} DROP")
    ),
    scenario(
        "sni.reset", "a filter resets the vendor's name", f5.start, never=ENDED, inject=gateway(f"{BY_NAME[0]} {RESET}")
    ),
    scenario("sni.close", "a relay by name closes the connection", hello.answering("close"), never=ENDED),
    scenario(
        "tls.eof", "every ClientHello is answered by a close", partial(silent.start, "cloud", "close"), never=ENDED
    ),
    scenario(
        "tls.stalled", "every ClientHello is swallowed", f5.start, never=SILENT, inject=gateway(f"{BY_NAME[1]} DROP")
    ),
    scenario(
        "tls.rst-any-sni", "every ClientHello is reset", f5.start, never=ENDED, inject=gateway(f"{BY_NAME[1]} {RESET}")
    ),
    scenario("tls.intercepted-untrusted", "an inspector that nobody trusts", f5.start, mitmproxy.transparent),
    scenario(
        "tls.intercepted-trusted",
        "the company's inspector, whose authority it has installed",
        f5.start,
        lambda lab: mitmproxy.transparent(lab, trusted=True),
    ),
    scenario(
        "tls.ca-store-empty",
        "the variables lead to an empty store",
        f5.start,
        environment={"SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/var/empty"},
    ),
    scenario("tls.root-missing", "the store of this host is old", f5.start, old_store),
    scenario("tls.self-signed", "a device answers with its own certificate", self_signed),
    scenario("tls.intermediate-missing", "the server sends its leaf alone", without_intermediate),
    scenario(
        "clean.intermediate", "the server sends the whole chain", lambda lab: without_intermediate(lab, whole=True)
    ),
    scenario("tls.expired", "the certificate has expired", served(not_before=NOW - 9 * DAY, not_after=NOW - DAY)),
    scenario(
        "tls.not-yet-valid", "the certificate begins tomorrow", served(not_before=NOW + DAY, not_after=NOW + 9 * DAY)
    ),
    scenario("tls.wrong-host", "somebody else's certificate", wrong_host),
    scenario("tls.not-tls", "a web server without TLS stands there", nginx.serve),
    scenario(
        "tls.version",
        "what answers speaks TLS 1.1 at most",
        served("ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;"),
    ),
    scenario(
        "tls.cipher-or-curve",
        "what answers has none but an old cipher",
        served("ssl_protocols TLSv1.2; ssl_ciphers ECDHE-ECDSA-AES128-SHA;"),
        never=REFUSED,
    ),
    scenario("tls.access-denied", "a filter by name answers with an alert", hello.answering("denied"), never=REFUSED),
    scenario("tls.alert", "what answers fails, and says so in TLS", hello.answering("broken"), never=REFUSED),
    scenario("tls.malformed", "what answers sends a certificate that is none", hello.answering("malformed")),
    scenario("tls.unrecognized-name", "a relay by name does not know the vendor's", other_name_only),
    scenario("clean.tls-1.2", "TLS 1.2 is enough", served("ssl_protocols TLSv1.2;")),
    scenario(
        "clean.client-certificate",
        "the server wants a client certificate, and the path is open",
        served(f"ssl_verify_client on; ssl_client_certificate {certifi.where()};"),
    ),
)
