"""What httpx raises, as a name and words of our own: its own words may hold what was sent."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

import httpx

from nimnetcheck import failures
from nimnetcheck.model import Failure
from nimnetcheck.probe.proxy import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Rung

ERRORS = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)


def explain(error: Exception, rung: Rung) -> tuple[Failure, str]:
    """The name of what ended a call on that rung, and what the machine said about it."""
    causes = tuple(_causes(error))
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None and not isinstance(tls, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return failures.classify(tls, rung), failures.words(tls)
    if isinstance(error, httpx.TimeoutException):
        return failures.classify(TimeoutError(), rung), "nothing came in time"
    wire = next((cause for cause in causes if tls is None and isinstance(cause, OSError) and cause.errno), None)
    if wire is not None:
        return failures.classify(wire, rung), os.strerror(wire.errno or 0)
    return _explain_protocol(error, rung)


def _explain_protocol(error: Exception, rung: Rung) -> tuple[Failure, str]:
    if isinstance(error, httpx.ProxyError):
        return _explain_proxy(str(error)[:3])
    if isinstance(error, (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError)):
        return Failure.UNKNOWN, "the request cannot be written as HTTP: unusual characters in the URL or a credential"
    if isinstance(error, httpx.DecodingError):
        return Failure.SUBMIT_UNEXPECTED_ANSWER, "the answer is longer than any that is documented"
    said = str(error)
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in said and "closed" not in said:
        return Failure.HTTP_NOT_HTTP, "what came back is not HTTP"
    return failures.classify(EOFError(), rung), "the connection was closed before the answer was whole"


def _explain_proxy(status: str) -> tuple[Failure, str]:
    """What the proxy's answer to CONNECT means; its status stands first in the error's words."""
    code = int(status) if status.isascii() and status.isdigit() else 0
    return REFUSALS.get(code, Failure.PROXY_NOT_A_PROXY), f"the proxy answered {code or 'something else'} to CONNECT"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from or after, outermost first; httpcore drops the causes, not the contexts."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
