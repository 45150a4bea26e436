"""Which authorities are trusted, and the TLS contexts made of them, each once for a whole run.

The store is the host's: SSL_CERT_FILE and SSL_CERT_DIR as OpenSSL honours them, else OpenSSL's own default, else, for a
Python that brought an OpenSSL with foreign paths along, where distributions keep it.
"""

from __future__ import annotations

import functools
import os
import re
import ssl
from pathlib import Path
from typing import Any

PARTIAL_CHAIN = 0x80000  # X509_V_FLAG_PARTIAL_CHAIN; ssl names it from 3.10 on
USUAL = (
    Path("/etc/ssl/certs/ca-certificates.crt"),  # Debian, Ubuntu, Alpine
    Path("/etc/pki/tls/certs/ca-bundle.crt"),  # RHEL, Fedora, Amazon Linux
    Path("/etc/ssl/ca-bundle.pem"),  # SUSE
    Path("/etc/ssl/cert.pem"),
)
PADDING = tuple(f"nimnetcheck-padding-{number}-".ljust(200, "-") for number in range(8))
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


class Trust:
    """The contexts for a name, for an address alone, and for a look at a certificate that was not trusted.

    Beside the host's store stands the public one, certifi's, which httpx brings: it holds no company's own authority.
    """

    def __init__(self, ca_file: Path | None = None, public_file: Path | None = None) -> None:
        self._ca_file = ca_file or _usual_store()
        self._public_file = public_file or ca_file

    def by(self, ca_file: Path) -> Trust | None:
        """The trust in the authorities of a file alone; None where it cannot be read."""
        own = Trust(ca_file)
        try:
            own.named  # noqa: B018 (made now, as a file that is broken is to be known now)
        except (OSError, ValueError):  # ssl.SSLError is an OSError
            return None
        return own

    @property
    def store(self) -> str:
        """Where the trusted authorities come from."""
        paths = ssl.get_default_verify_paths()
        return str(self._ca_file or paths.cafile or paths.capath or "none")

    @functools.cached_property
    def named(self) -> ssl.SSLContext:
        """Verified, for the name that is asked for."""
        return self._context()

    @functools.cached_property
    def nameless(self) -> ssl.SSLContext:
        """Verified, whatever the name: addresses of a range have none."""
        context = self._context()
        context.check_hostname = False
        return context

    @functools.cached_property
    def public(self) -> ssl.SSLContext:
        """Verified for the name, against the public store alone."""
        return self._context(self.public_store)

    @functools.cached_property
    def authorities(self) -> int:
        """How many authorities this host trusts; folders count by their files, as they are read on demand."""
        capath = None if self._ca_file else ssl.get_default_verify_paths().capath
        return self.named.cert_store_stats()["x509_ca"] + len(_entries(capath))

    @functools.cached_property
    def public_store(self) -> Path:
        """Where the public authorities come from."""
        import certifi  # noqa: PLC0415 (needed where a certificate is looked at, and not before)

        return self._public_file or Path(certifi.where())

    @functools.cached_property
    def public_authorities(self) -> frozenset[bytes]:
        """The public authorities in DER; read as text, because a context of them takes 20 ms to make."""
        text = self.public_store.read_text(encoding="ascii", errors="replace")
        return frozenset(ssl.PEM_cert_to_DER_cert(block) for block in _PEM.findall(text))

    @functools.cached_property
    def public_organisations(self) -> frozenset[str]:
        """Who runs the public authorities: what they issue names them, and no company's own authority does."""
        authorities: list[dict[str, Any]] = self.public.get_ca_certs()
        names = (pair for one in authorities for part in one.get("subject", ()) for pair in part)
        return frozenset(value for key, value in names if key == "organizationName")

    @functools.cached_property
    def blind(self) -> ssl.SSLContext:
        """Not verified at all: to see what certificate is shown. Nothing is ever sent over it."""
        return self._unverified()

    @functools.cached_property
    def large(self) -> ssl.SSLContext:
        """Not verified; invented protocols make its ClientHello take two segments, as a key of ML-KEM does."""
        context = self._unverified()
        context.set_alpn_protocols(["http/1.1", *PADDING])
        return context

    @functools.cached_property
    def small(self) -> ssl.SSLContext:
        """Not verified; its ClientHello has one short key, whatever this OpenSSL sends by itself."""
        context = self._unverified()
        context.set_ecdh_curve("prime256v1")
        return context

    @functools.cached_property
    def multiplexed(self) -> ssl.SSLContext:
        """Verified for the name, and HTTP/2 is welcome, as to clients in Go."""
        context = self._context()
        context.set_alpn_protocols(["h2", "http/1.1"])
        return context

    @functools.cached_property
    def lenient(self) -> ssl.SSLContext:
        """Not verified, and whatever version and cipher this OpenSSL still has: to learn what the other side speaks."""
        context = self._unverified()
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
        context.set_ciphers("ALL:@SECLEVEL=0")
        return context

    @staticmethod
    def _unverified() -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_alpn_protocols(["http/1.1"])
        return context

    def _context(self, ca_file: Path | None = None) -> ssl.SSLContext:
        store = ca_file or self._ca_file
        context = ssl.create_default_context(cafile=str(store) if store else None)
        # One verdict on every Python: 3.13 is strict about extensions that the products do not insist on.
        context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)  # Python 3.9 takes older ones
        context.verify_flags = ssl.VerifyFlags((context.verify_flags | PARTIAL_CHAIN) & ~ssl.VERIFY_X509_STRICT)
        context.set_alpn_protocols(["http/1.1"])
        return context


def _usual_store() -> Path | None:
    """A store in its usual place, where OpenSSL's own settings lead nowhere."""
    paths = ssl.get_default_verify_paths()
    named = any(os.environ.get(variable) for variable in (paths.openssl_cafile_env, paths.openssl_capath_env))
    if named or paths.cafile or _has_entries(paths.capath):
        return None
    return next((path for path in USUAL if path.is_file()), None)


def _has_entries(folder: str | None) -> bool:
    return bool(_entries(folder))


def _entries(folder: str | None) -> tuple[Path, ...]:
    """The certificates of a folder, by the hashes that OpenSSL looks them up with."""
    return tuple(Path(folder).glob("*.[0-9]")) if folder else ()
