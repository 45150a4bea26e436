"""Which authorities are trusted, and the TLS contexts made of them, each once for a whole run.

The store is the host's: SSL_CERT_FILE and SSL_CERT_DIR as OpenSSL honours them, else OpenSSL's own default, else, for a
Python that brought an OpenSSL with foreign paths along, where distributions keep it.
"""

from __future__ import annotations

import functools
import os
import ssl
from pathlib import Path

PARTIAL_CHAIN = 0x80000  # X509_V_FLAG_PARTIAL_CHAIN; ssl names it from 3.10 on
USUAL = (
    Path("/etc/ssl/certs/ca-certificates.crt"),  # Debian, Ubuntu, Alpine
    Path("/etc/pki/tls/certs/ca-bundle.crt"),  # RHEL, Fedora, Amazon Linux
    Path("/etc/ssl/ca-bundle.pem"),  # SUSE
    Path("/etc/ssl/cert.pem"),
)


class Trust:
    """The contexts for a name, for an address alone, and for a look at a certificate that was not trusted."""

    def __init__(self, ca_file: Path | None = None) -> None:
        self._ca_file = ca_file or _usual_store()

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
    def blind(self) -> ssl.SSLContext:
        """Not verified at all: to see what certificate is shown. Nothing is ever sent over it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_alpn_protocols(["http/1.1"])
        return context

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self._ca_file) if self._ca_file else None)
        # One verdict on every Python: 3.13 is strict about extensions that the products do not insist on.
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
    return folder is not None and any(Path(folder).glob("*.[0-9]"))
