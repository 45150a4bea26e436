"""A subscription licence: the JWT that MyF5 hands out, looked at locally and never printed.

The signature is not judged here: that needs F5's published keys, and the server does it anyway. Judged is what makes a
server or NGINX Plus refuse the file. Claims, as seen in public code: `iss`, `aud`, `sub`, `f5_sat`; header: `jku`.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs

from nimnetcheck.model import Failure, Observation, Outcome, Rung
from nimnetcheck.submission.token import MAX_BYTES, objection, parts

if TYPE_CHECKING:
    from pathlib import Path

ISSUER = "F5 Inc."
AUDIENCE = "urn:f5:teem"
REALM = ".apis.f5.com"
TEST_REALM = ".f5networks.net"
NEAR_EXPIRY = timedelta(days=30)  # NGINX Plus asks for a renewed licence from here on
RANKED = (
    Failure.LICENCE_WRONG_ISSUER,
    Failure.LICENCE_EXPIRED,
    Failure.LICENCE_STRAY_WHITESPACE,
    Failure.LICENCE_NEAR_EXPIRY,
)
WARNINGS = RANKED[2:]
SHOWN_CHARACTERS = 128
BYTE_ORDER_MARK = "\ufeff"


@attrs.frozen(kw_only=True)
class Licence:
    """What a licence says, fit to be shown; the token itself stays out of every repr."""

    subject: str
    subscription_end: datetime | None
    sha256_12: str
    jku: str
    token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Problem:
    """One thing that is wrong with a licence."""

    failure: Failure
    detail: str


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
    problem = _malformed(outside) if outside else None
    if problem is None:
        header, claims = parts(token)
        problem = _unsigned(header) if header else _malformed("its segments are not base64 of JSON objects")
    if problem is not None:
        return Reading(problems=(problem,))
    end = _moment(claims.get("f5_sat"))
    found = sorted((*_realm(header, claims), *_term(end, now), *_whitespace(text, token)), key=_rank)
    licence = Licence(
        subject=_shown(claims.get("sub")),
        subscription_end=end,
        sha256_12=hashlib.sha256(token.encode("ascii")).hexdigest()[:12],
        jku=_shown(header.get("jku")),
        token=token,
    )
    return Reading(licence=licence, problems=tuple(found))


def check(path: Path, now: datetime) -> Observation:
    """Read a licence file and say what it is worth; a warning where only some products refuse it; `now` is aware."""
    reading = read(path, now=now)
    shown: dict[str, object] = {"problems": [f"{problem.failure}: {problem.detail}" for problem in reading.problems]}
    words = reading.detail
    if reading.licence is not None:
        licence = reading.licence
        end = "unknown" if licence.subscription_end is None else f"{licence.subscription_end:%Y-%m-%d}"
        shown.update(subject=licence.subject, subscription_end=end, sha256_12=licence.sha256_12, jku=licence.jku)
        words = words or f"{licence.subject or 'no subject'}, subscription end {end}, sha256 {licence.sha256_12}"
    return Observation(
        subject="host",
        rung=Rung.HOST,
        title="Licence",
        outcome=Outcome.FAILED if reading.problems else Outcome.PASSED,
        failure=reading.failure,
        detail=words,
        required=reading.failure not in WARNINGS,
        evidence=shown,
    )


def _rank(problem: Problem) -> int:
    return RANKED.index(problem.failure)


def _refused(failure: Failure, detail: str) -> Reading:
    return Reading(problems=(Problem(failure=failure, detail=detail),))


def _malformed(detail: str) -> Problem:
    return Problem(failure=Failure.LICENCE_MALFORMED, detail=detail)


def _unsigned(header: dict[str, object]) -> Problem | None:
    algorithm = header.get("alg")
    if isinstance(algorithm, str) and algorithm and algorithm.lower() != "none":
        return None
    return _malformed("not signed (alg none): no server accepts it")


def _realm(header: dict[str, object], claims: dict[str, object]) -> tuple[Problem, ...]:
    """Whether the token comes from F5's production realm and is meant for it."""
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    place = header.get("jku")
    host = _host(place) if place is not None else ""
    if claims.get("iss") != ISSUER:
        detail = f"issued by {_shown(claims.get('iss')) or 'nobody'}, not {ISSUER}"
    elif AUDIENCE not in audiences:
        detail = f"its audience is {_shown(audience) or 'missing'}, not {AUDIENCE}"
    elif host.endswith(TEST_REALM):
        detail = f"issued for F5's test realm ({_shown(host)}): production refuses it"
    elif place is not None and not host.endswith(REALM):
        detail = f"its keys are at {_shown(place)}, not under {REALM[1:]}"
    else:
        return ()
    return (Problem(failure=Failure.LICENCE_WRONG_ISSUER, detail=detail),)


def _host(place: object) -> str:
    try:
        return "." + (urlsplit(str(place)).hostname or "")
    except ValueError:
        return ""


def _moment(seconds: object) -> datetime | None:
    """The moment of an epoch claim, or None when it holds none that a calendar knows."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(seconds, tz=timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None


def _term(end: datetime | None, now: datetime) -> tuple[Problem, ...]:
    """What the end of the subscription means today."""
    if end is None or end - now > NEAR_EXPIRY:
        return ()
    if end <= now:
        detail = f"the subscription ended on {end:%Y-%m-%d}, {(now - end).days} days ago"
        return (Problem(failure=Failure.LICENCE_EXPIRED, detail=detail),)
    detail = f"the subscription ends on {end:%Y-%m-%d}, in {(end - now).days} days"
    return (Problem(failure=Failure.LICENCE_NEAR_EXPIRY, detail=detail),)


def _whitespace(text: str, token: str) -> tuple[Problem, ...]:
    """NGINX Plus takes every byte of the file as the token, and refuses it then."""
    if text == token:
        return ()
    if BYTE_ORDER_MARK in text:
        detail = "a byte order mark stands in it: NGINX Plus refuses the token"
    elif token in text:
        detail = "white space or a line end around it: NGINX Plus refuses the token"
    else:
        detail = "white space or a line end inside it: servers refuse the token"
    return (Problem(failure=Failure.LICENCE_STRAY_WHITESPACE, detail=detail),)


def _shown(value: object) -> str:
    """A claim as text that is safe on a screen, of bounded length."""
    text = value if isinstance(value, str) else "" if value is None else repr(value)
    return "".join(character if character.isprintable() else "?" for character in text[:SHOWN_CHARACTERS])
