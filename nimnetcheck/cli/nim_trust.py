"""How a NIM's certificate comes to be trusted: by the host's store, a CA file, a fingerprint, or a look and a yes.

Never silently. What was trusted once is remembered for that host and port; another certificate there is refused until
it is forgotten by hand.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from nimnetcheck.cli.output import write_whole
from nimnetcheck.errors import InputError
from nimnetcheck.submission.route import Anchor

if TYPE_CHECKING:
    from nimnetcheck.model import World

FINGERPRINT = re.compile(r"[0-9a-f]{64}")
PREFIX = re.compile(r"sha-?256( fingerprint)?[:=]", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Wanted:
    """What the user said about trust."""

    ca_file: Path | None = None
    fingerprint: str = ""


def anchor(url: str, wanted: Wanted, world: World, timeout_s: float) -> Anchor:
    """What the NIM at that URL is trusted by; raises InputError where nobody vouches for its certificate."""
    from nimnetcheck.submission.names import host_and_port  # noqa: PLC0415 (DNS, which a rehearsal needs later)

    place = host_and_port(url)
    if place is None or "@" in url:  # not repeated: a password may stand in it
        raise InputError("--nim: write a host, or https://HOST:PORT, without a user name or password")
    if wanted.ca_file is not None:
        if not wanted.ca_file.is_file():
            raise InputError(f"--nim-ca {wanted.ca_file}: no such file")
        return Anchor(ca_file=wanted.ca_file)
    key = f"{place[0]}:{place[1]}"
    sha256 = _parse(wanted.fingerprint) if wanted.fingerprint else _known(pins()).get(key, "")
    return Anchor(sha256=sha256) if sha256 else _ask(place, key, world, timeout_s)


def pins() -> Path:
    """The file of what was trusted, beside the user's configuration."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return home / "nimnetcheck" / "nim-certificates"


def _parse(text: str) -> str:
    """A fingerprint as openssl or this tool prints it."""
    plain = PREFIX.sub("", text.strip()).replace(":", "").lower()
    if not FINGERPRINT.fullmatch(plain):
        raise InputError("--nim-fingerprint: write the SHA-256 of the certificate: 64 hex digits, colons or none")
    return plain


def _known(path: Path) -> dict[str, str]:
    """What was trusted: a host and port, and the SHA-256 of its certificate, on each line."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    known = {}
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if len(words) != 2 or not FINGERPRINT.fullmatch(words[1]):  # noqa: PLR2004 (a pair)
            raise InputError(f"{path}:{number}: not a host and the SHA-256 of its certificate")
        known[words[0]] = words[1]
    return known


def _ask(place: tuple[str, int], key: str, world: World, timeout_s: float) -> Anchor:
    """Let the host's trust decide; where it does not vouch, show the certificate and let the user."""
    from nimnetcheck.probe.certificates import describe  # noqa: PLC0415 (cryptography, for this question alone)
    from nimnetcheck.submission.connection import look  # noqa: PLC0415 (ssl, likewise)

    der, problem = look(world, *place, timeout_s=timeout_s)
    if not problem:
        return Anchor()

    sha256 = hashlib.sha256(der).hexdigest()
    told = describe(der)
    if not _at_a_terminal():
        raise InputError(
            f"{key}: {problem}. Give --nim-ca FILE, or --nim-fingerprint {sha256} once you have compared it with "
            "`openssl x509 -noout -fingerprint -sha256` on the NIM"
        )
    click.echo(f"{key}: {problem}. Nobody vouches for its certificate:", err=True)
    for name in ("subject", "issuer", "not_before", "not_after", "sha256"):
        click.echo(f"  {name:<10} {told.get(name, '')}", err=True)
    click.echo("Compare it on the NIM: openssl x509 -noout -fingerprint -sha256 -in its certificate.", err=True)
    if not click.confirm("Is it the same? Trust it from now on", default=False, err=True):
        raise InputError(f"{key}: its certificate is not trusted; nothing was sent to it")
    _remember(pins(), key, sha256)
    return Anchor(sha256=sha256)


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _remember(path: Path, key: str, sha256: str) -> None:
    """Add a line, in a file of the user's alone."""
    known = {**_known(path), key: sha256}
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, "".join(f"{host} {pin}\n" for host, pin in sorted(known.items())))
