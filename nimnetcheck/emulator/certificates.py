"""Which certificate each emulated name shows, faults included."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from nimnetcheck.emulator import collector, nim
from nimnetcheck.emulator.authority import YEAR, Authority
from nimnetcheck.emulator.places import VENDOR

if TYPE_CHECKING:
    from datetime import datetime

    from nimnetcheck.emulator.faults import Faults


def certificates(authority: Authority, faults: Faults, now: datetime) -> ssl.SSLContext:
    """Certificates by SNI, so that a fault of the vendor's leaves the NIM's alone."""
    issuer = Authority() if faults.has("untrusted-ca") else authority
    not_after = now - YEAR if faults.has("expired-certificate") else None
    vendor = issuer.context((*VENDOR, collector.HOST), not_after=not_after)
    own = authority.context((nim.HOST,))
    if faults.has("mtls-400"):
        authority.ask_for_certificate(vendor)

    def choose(connection: ssl.SSLSocket | ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        connection.context = own if name == nim.HOST else vendor

    vendor.sni_callback = choose
    return vendor


def interception() -> ssl.SSLContext:
    """What a proxy shows that ends TLS itself: another authority's certificates, and no ALPN."""
    return Authority().context(VENDOR, alpn=())


def trusting(authority: Authority) -> ssl.SSLContext:
    """A client that trusts this authority and nothing else."""
    return ssl.create_default_context(cadata=authority.ca_pem.decode("ascii"))
