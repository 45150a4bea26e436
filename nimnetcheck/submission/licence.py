"""A subscription licence: the JWT that MyF5 hands out, looked at locally and never printed.

The signature is not judged here: that needs F5's published keys, and the server does it anyway. Judged is what makes a
server or NGINX Plus refuse the file.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Failure, Observation, Outcome, Rung
from nimnetcheck.submission.claims import (
    BYTE_ORDER_MARK,
    Problem,
    end_of,
    realm,
    shown,
    term,
    unsigned,
    whitespace,
)
from nimnetcheck.submission.token import MAX_BYTES, objection, parts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

RANKED = (
    Failure.LICENCE_WRONG_ISSUER,
    Failure.LICENCE_TEST_REALM,
    Failure.LICENCE_FROM_FUTURE,
    Failure.LICENCE_EXPIRED,
    Failure.LICENCE_STRAY_WHITESPACE,
    Failure.LICENCE_IN_GRACE,
    Failure.LICENCE_NEAR_EXPIRY,
)
WARNINGS = RANKED[4:]
SELINUX_XATTR = "security.selinux"
SELINUX_ENFORCE = Path("/sys/fs/selinux/enforce")
SELINUX_READABLE = re.compile(r"(httpd_\w*(config|content)_t|cert_t|etc_t|nginx_\w+_t)")  # what nginx's domain may read


@attrs.frozen(kw_only=True)
class Licence:
    """What a licence says, fit to be shown; the token itself stays out of every repr."""

    subject: str
    subscription_end: datetime | None
    sha256_12: str
    jku: str
    token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Reading:
    """The licence, when it could be decoded, and what is wrong with it, worst first."""

    licence: Licence | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def failure(self) -> Failure | None:
        """The worst problem's name."""
        return self.problems[0].failure if self.problems else None

    @property
    def detail(self) -> str:
        """The worst problem in words."""
        return self.problems[0].detail if self.problems else ""


def read(path: Path, *, now: datetime) -> Reading:
    """Read and decode a licence file of at most 64 KiB; `now` is aware."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return _refused(Failure.LICENCE_UNREADABLE, f"{path}: {error.strerror}")
    except ValueError:
        return _refused(Failure.LICENCE_UNREADABLE, "the file name holds a NUL character")
    if len(data) > MAX_BYTES:
        return _refused(Failure.LICENCE_MALFORMED, f"longer than {MAX_BYTES // 1024} KiB: no licence is")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _refused(Failure.LICENCE_MALFORMED, "saved as UTF-16: save it as plain text")
    try:
        return decode(data.decode("utf-8"), now=now)
    except UnicodeDecodeError:
        return _refused(Failure.LICENCE_MALFORMED, "not text")


def decode(text: str, *, now: datetime) -> Reading:
    """Decode the text of a licence and name what is wrong with it; `now` is aware."""
    token = "".join(text.replace(BYTE_ORDER_MARK, " ").split())
    outside = objection(token)
    if outside:
        return _refused(Failure.LICENCE_MALFORMED, outside)
    header, claims = parts(token)
    if not header:
        return _refused(Failure.LICENCE_MALFORMED, "its segments are not base64 of JSON objects")
    problem = unsigned(header)
    if problem:
        return Reading(problems=(problem,))
    found = sorted((*realm(header, claims), *term(claims, now), *whitespace(text, token)), key=_rank)
    licence = Licence(
        subject=shown(claims.get("sub")),
        subscription_end=end_of(claims),
        sha256_12=hashlib.sha256(token.encode("ascii")).hexdigest()[:12],
        jku=shown(header.get("jku")),
        token=token,
    )
    return Reading(licence=licence, problems=tuple(found))


def check(path: Path, now: datetime) -> tuple[Observation, ...]:
    """Read a licence file and say what it is worth: one observation for each thing that is wrong, the worst first.

    A warning only where some products refuse it, or will one day; `now` is aware.
    """
    reading = read(path, now=now)
    evidence: dict[str, object] = {}
    words = ""
    if reading.licence is not None:
        licence = reading.licence
        end = licence.subscription_end
        date = "unknown" if end is None else f"{end:%Y-%m-%d}"
        evidence.update(subject=licence.subject, subscription_end=date, sha256_12=licence.sha256_12, jku=licence.jku)
        words = f"{licence.subject or 'no subject'}, subscription end {date}, sha256 {licence.sha256_12}"
    problems = (*reading.problems, *label(path))
    if not problems:
        return (_observation(None, words, evidence),)
    return tuple(_observation(problem.failure, problem.detail, evidence) for problem in problems)


def label(path: Path) -> tuple[Problem, ...]:
    """Where SELinux enforces its policy, whether nginx may read the file by its label; nothing elsewhere."""
    try:
        enforcing = SELINUX_ENFORCE.read_text(encoding="ascii").strip() == "1"
        context = os.getxattr(path, SELINUX_XATTR).decode("ascii", "replace").rstrip("\0")
    except OSError:
        return ()
    kind = [*context.split(":"), "", "", ""][2]
    if not enforcing or SELINUX_READABLE.fullmatch(kind):
        return ()
    return (Problem(failure=Failure.LICENCE_WRONG_LABEL, detail=f"its SELinux type is {shown(kind)}"),)


def _observation(failure: Failure | None, detail: str, evidence: Mapping[str, object]) -> Observation:
    return Observation(
        subject="host",
        rung=Rung.HOST,
        title="Licence",
        outcome=Outcome.FAILED if failure else Outcome.PASSED,
        failure=failure,
        detail=detail,
        required=failure not in WARNINGS,
        evidence=evidence,
    )


def _rank(problem: Problem) -> int:
    return RANKED.index(problem.failure)


def _refused(failure: Failure, detail: str) -> Reading:
    return Reading(problems=(Problem(failure=failure, detail=detail),))
