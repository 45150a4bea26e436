"""A token that F5 refused, looked at here: what stands in it may tell why. Of the token only that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Failure
from nimnetcheck.submission.licence import WARNINGS, decode

if TYPE_CHECKING:
    from datetime import datetime

    from nimnetcheck.submission.session import Seen


def explained(seen: Seen, now: datetime) -> Seen:
    """The exchange, if a token was refused in it, with what is wrong with the token; `now` is aware.

    What is wrong is the failure's name where no server accepts such a token, and otherwise only told.
    """
    scheme, _, token = (seen.request.authorization if seen.request else "").partition(" ")
    if seen.failure is not Failure.SUBMIT_UNAUTHORIZED or scheme != "Bearer":
        return seen
    reading = decode(token, now=now)
    if reading.licence is None:
        return seen  # what is no token at all is none of F5's
    wrong = [one for one in reading.problems if one.failure is not Failure.LICENCE_NEAR_EXPIRY]
    if not wrong:
        return seen.telling(token_looks_good=True)
    name = seen.failure if wrong[0].failure in WARNINGS else wrong[0].failure
    return seen.but(name, f"{seen.detail}; its token: {wrong[0].detail}")
