"""TLS as submissions want it: with a deadline for a whole exchange, and for a NIM also with a pinned certificate.

httpx has time-outs for single operations only, and a trickle has no end. A NIM's certificate is mostly one that it made
itself, for a name of its own: then that certificate is what is trusted, and any other is refused in the handshake,
before a byte of HTTP has left.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import net
from nimnetcheck.errors import InputError
from nimnetcheck.failures import words
from nimnetcheck.probe.trust import Trust
from nimnetcheck.submission import names
from nimnetcheck.submission.messages import Trouble

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.model import Address, World
    from nimnetcheck.submission.route import Anchor

SHORTEST_S = 0.001
UNTRUSTED = 18  # X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: what OpenSSL says of most certificates that are pinned


@attrs.define
class Deadline:
    """Until when the exchange under way may last (a reading of `net.monotonic()`), and how many bytes came in it."""

    until_s: float = float("inf")
    taken: int = 0

    def cap(self, seconds: float | None) -> float | None:
        """A time-out that does not reach beyond it."""
        left_s = max(SHORTEST_S, self.until_s - net.monotonic())
        return left_s if seconds is None else min(seconds, left_s)


def context(anchor: Anchor, world_ca: Path | None, deadline: Deadline) -> ssl.SSLContext:
    """A TLS context whose connections keep the deadline and trust by the anchor; each is verified, one way or other."""
    trust = Trust(anchor.ca_file or world_ca)
    made = trust.blind if anchor.sha256 else trust.named

    class Guarded(ssl.SSLSocket):
        def settimeout(self, value: float | None) -> None:
            super().settimeout(deadline.cap(value))

        def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
            data = super().recv(buflen, flags)
            deadline.taken += len(data)
            return data

        def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 (the standard library's signature)
            super().do_handshake(block)
            if anchor.sha256:
                _compare(self.getpeercert(binary_form=True) or b"", anchor.sha256)

    made.sslsocket_class = Guarded
    return made


def _compare(der: bytes, sha256: str) -> None:
    shown = hashlib.sha256(der).hexdigest()
    if shown != sha256:
        error = ssl.SSLCertVerificationError("another certificate than the one that is trusted")
        error.verify_code = UNTRUSTED
        error.verify_message = (
            f"its certificate is {shown}, not {sha256}, which is trusted: it was changed, or another answers"
        )
        raise error


def look(world: World, host: str, port: int, *, timeout_s: float) -> tuple[bytes, str]:
    """The certificate that a host shows, in DER, and why the World does not vouch for it; empty words where it does.

    Nothing is sent. Raises InputError for a host that cannot be reached.
    """
    found = names.resolve(world, host, port, timeout_s=timeout_s)
    if isinstance(found, Trouble):
        raise InputError(f"{host}: {found.detail}")
    trust = Trust(world.ca_file)
    try:
        return _handshake(trust.named, found[0], host, timeout_s), ""
    except ssl.SSLCertVerificationError as error:
        problem = words(error)
    except OSError as error:
        raise InputError(f"{host}: no TLS on port {port}: {words(error)}") from error
    return _handshake(trust.blind, found[0], host, timeout_s), problem


def _handshake(made: ssl.SSLContext, target: tuple[Address, int], host: str, timeout_s: float) -> bytes:
    """The certificate of the one who answers; raises OSError."""
    raw = socket.create_connection((str(target[0]), target[1]), timeout_s)
    with made.wrap_socket(raw, server_hostname=host) as connection:
        return connection.getpeercert(binary_form=True) or b""
