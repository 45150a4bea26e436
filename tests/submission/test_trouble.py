"""Errors of the library become names, and its words stay behind; the wire's own are in test_client_troubles.py."""

from __future__ import annotations

import errno
import ssl

import httpx
import pytest

from nimnetcheck.model import Failure, Rung
from nimnetcheck.submission.trouble import explain

SAID = "marked words of the library"


def after(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "rung", "failure"),
    [
        (httpx.ConnectTimeout(SAID), Rung.TCP, Failure.TCP_TIMEOUT),
        (httpx.ReadTimeout(SAID), Rung.HTTP, Failure.HTTP_TIMEOUT),
        (httpx.WriteTimeout(SAID), Rung.HTTP, Failure.HTTP_TIMEOUT),
        (httpx.RemoteProtocolError("Server disconnected"), Rung.HTTP, Failure.HTTP_CLOSED),
        (httpx.RemoteProtocolError("peer closed connection without"), Rung.HTTP, Failure.HTTP_CLOSED),
        (httpx.RemoteProtocolError(SAID), Rung.HTTP, Failure.HTTP_NOT_HTTP),
        (httpx.LocalProtocolError(SAID), Rung.HTTP, Failure.UNKNOWN),
        (httpx.InvalidURL(SAID), Rung.TCP, Failure.UNKNOWN),
        (httpx.DecodingError(SAID), Rung.HTTP, Failure.SUBMIT_UNEXPECTED_ANSWER),
        (after(httpx.ConnectError(SAID), OSError(errno.ECONNREFUSED, SAID)), Rung.TCP, Failure.TCP_REFUSED),
        (after(httpx.WriteError(SAID), OSError(errno.EPIPE, SAID)), Rung.HTTP, Failure.HTTP_CLOSED),
        (after(httpx.ReadError(SAID), OSError(errno.ECONNRESET, SAID)), Rung.HTTP, Failure.HTTP_CLOSED),
        (after(httpx.ConnectError(SAID), ssl.SSLEOFError(8, SAID)), Rung.TLS, Failure.TLS_CLOSED),
    ],
)
def test_every_error_has_its_name_and_no_words_of_the_library(error: Exception, rung: Rung, failure: Failure) -> None:
    name, detail = explain(error, rung)
    assert name is failure
    assert detail
    assert "marked" not in detail
