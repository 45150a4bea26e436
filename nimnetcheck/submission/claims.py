"""What the claims of a licence mean today, and what is wrong with them: pure.

Claims as seen in public code: `iss`, `aud`, `sub`, `iat`, `f5_sat` (the subscription's end), in other products' tokens
`exp` and `nbf`; header: `jku`.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs

from nimnetcheck.model import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ISSUER = "F5 Inc."
AUDIENCE = "urn:f5:teem"
REALM = ".apis.f5.com"
TEST_REALM = ".f5networks.net"
NEAR_EXPIRY = timedelta(days=30)  # NGINX Plus asks for a renewed licence from here on
GRACE = timedelta(days=90)  # NGINX Plus runs on for so long after the end
SKEW = timedelta(minutes=5)  # the tolerance that tokens are commonly issued with
SHOWN_CHARACTERS = 128
BYTE_ORDER_MARK = "\ufeff"


@attrs.frozen(kw_only=True)
class Problem:
    """One thing that is wrong with a licence."""

    failure: Failure
    detail: str


def unsigned(header: Mapping[str, object]) -> Problem | None:
    """A token without a signature, which no server accepts."""
    algorithm = header.get("alg")
    if isinstance(algorithm, str) and algorithm and algorithm.lower() != "none":
        return None
    return Problem(failure=Failure.LICENCE_MALFORMED, detail="not signed (alg none): no server accepts it")


def realm(header: Mapping[str, object], claims: Mapping[str, object]) -> Iterator[Problem]:
    """Whether the token comes from F5's production realm and is meant for it."""
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    place = header.get("jku")
    host = _host(place) if place is not None else ""
    if claims.get("iss") != ISSUER:
        words = f"issued by {shown(claims.get('iss')) or 'nobody'}, not {ISSUER}"
        yield Problem(failure=Failure.LICENCE_WRONG_ISSUER, detail=words)
    elif AUDIENCE not in audiences:
        words = f"its audience is {shown(audience) or 'missing'}, not {AUDIENCE}"
        yield Problem(failure=Failure.LICENCE_WRONG_ISSUER, detail=words)
    elif host.endswith(TEST_REALM):
        words = f"issued for F5's test realm ({shown(host[1:])}): production refuses it"
        yield Problem(failure=Failure.LICENCE_TEST_REALM, detail=words)
    elif place is not None and not host.endswith(REALM):
        words = f"its keys are at {shown(place)}, not under {REALM[1:]}"
        yield Problem(failure=Failure.LICENCE_WRONG_ISSUER, detail=words)


def end_of(claims: Mapping[str, object]) -> datetime | None:
    """When the subscription ends: `f5_sat`, else `exp`; None where neither is a moment that a calendar knows."""
    return _moment(claims.get("f5_sat")) or _moment(claims.get("exp"))


def term(claims: Mapping[str, object], now: datetime) -> Iterator[Problem]:
    """What the times in a licence mean today."""
    begins = [moment for moment in (_moment(claims.get("nbf")), _moment(claims.get("iat"))) if moment]
    if begins and max(begins) - now > SKEW:
        words = f"it is issued for {max(begins):%Y-%m-%d %H:%M} UTC, which lies ahead of this host's clock"
        yield Problem(failure=Failure.LICENCE_FROM_FUTURE, detail=words)
    end = end_of(claims)
    if end is None or end - now > NEAR_EXPIRY:
        return
    ago = (now - end).days
    if now - end > GRACE:
        words = f"the subscription ended on {end:%Y-%m-%d}, {ago} days ago: the 90 days of grace are over"
        yield Problem(failure=Failure.LICENCE_EXPIRED, detail=words)
    elif end <= now:
        left = (end + GRACE - now).days
        words = f"the subscription ended on {end:%Y-%m-%d}, {ago} days ago: {left} days of grace are left"
        yield Problem(failure=Failure.LICENCE_IN_GRACE, detail=words)
    else:
        words = f"the subscription ends on {end:%Y-%m-%d}, in {(end - now).days} days"
        yield Problem(failure=Failure.LICENCE_NEAR_EXPIRY, detail=words)


def whitespace(text: str, token: str) -> Iterator[Problem]:
    """NGINX Plus takes every byte of the file as the token, and refuses it then."""
    if text == token:
        return
    if BYTE_ORDER_MARK in text:
        words = "a byte order mark stands in it: NGINX Plus refuses the token"
    elif token in text:
        words = "white space or a line end around it: NGINX Plus refuses the token"
    else:
        words = "white space or a line end inside it: servers refuse the token"
    yield Problem(failure=Failure.LICENCE_STRAY_WHITESPACE, detail=words)


def shown(value: object) -> str:
    """A claim as text that is safe on a screen, of bounded length."""
    text = value if isinstance(value, str) else "" if value is None else repr(value)
    return "".join(character if character.isprintable() else "?" for character in text[:SHOWN_CHARACTERS])


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
