"""The error texts of Go, nginx and curl lead to the names that probes use; what is not known is unknown."""

from __future__ import annotations

import pytest

from nimnetcheck.logs.errors import Meaning, of_errno, of_status, of_text
from nimnetcheck.model import Failure, Rung

POST = 'Post "https://product.connect.nginx.com/api/nginx-usage/batch": '


@pytest.mark.parametrize(
    ("text", "failure", "rung"),
    [
        ("dial tcp: lookup product.connect.nginx.com on 10.0.0.2:53: no such host", Failure.DNS_NXDOMAIN, Rung.DNS),
        ("dial tcp: lookup product.connect.nginx.com on 10.0.0.2:53: server misbehaving", Failure.DNS_SERVFAIL, Rung.DNS),  # noqa: E501 (a line as it is logged)
        ("dial tcp: lookup product.connect.nginx.com: i/o timeout", Failure.DNS_TIMEOUT, Rung.DNS),
        ("dial tcp 3.135.72.139:443: i/o timeout", Failure.TCP_TIMEOUT, Rung.TCP),
        ("dial tcp 3.135.72.139:443: connect: connection refused", Failure.TCP_REFUSED, Rung.TCP),
        ("dial tcp 3.135.72.139:443: connect: no route to host", Failure.HOST_UNREACHABLE, Rung.TCP),
        ("dial tcp [2600:1f16::1]:443: connect: cannot assign requested address", Failure.NO_ROUTE, Rung.TCP),
        ("dial tcp 3.135.72.139:443: connect: operation not permitted", Failure.BLOCKED_LOCALLY, Rung.TCP),
        ("read tcp 10.0.0.1:1->3.135.72.139:443: read: connection reset by peer", Failure.TCP_RESET, Rung.TCP),
        ("net/http: TLS handshake timeout", Failure.TLS_TIMEOUT, Rung.TLS),
        ("remote error: tls: handshake failure", Failure.TLS_ALERT, Rung.TLS),
        ("tls: first record does not look like a TLS handshake", Failure.TLS_NOT_TLS, Rung.TLS),
        ("x509: certificate signed by unknown authority", Failure.TLS_UNTRUSTED, Rung.TLS),
        ("x509: certificate has expired or is not yet valid: current time X is after Y", Failure.TLS_EXPIRED, Rung.TLS),
        ("x509: certificate has expired or is not yet valid: current time X is before Y", Failure.TLS_NOT_YET_VALID, Rung.TLS),  # noqa: E501 (a line as it is logged)
        ("x509: certificate is valid for portal.example, not product.connect.nginx.com", Failure.TLS_WRONG_HOST, Rung.TLS),  # noqa: E501 (a line as it is logged)
        ("proxyconnect tcp: tls: failed to verify: x509: certificate signed by unknown authority", Failure.TLS_UNTRUSTED, Rung.PROXY),  # noqa: E501 (a line as it is logged)
        ("proxyconnect tcp: dial tcp 10.0.0.8:3128: connect: connection refused", Failure.TCP_REFUSED, Rung.PROXY),
        ("Proxy Authentication Required", Failure.PROXY_AUTH_REQUIRED, Rung.PROXY),
        ("Forbidden", Failure.PROXY_DENIED, Rung.PROXY),
        ("Service Unavailable", Failure.PROXY_UPSTREAM_FAILED, Rung.PROXY),
        ("context deadline exceeded (Client.Timeout exceeded while awaiting headers)", Failure.HTTP_TIMEOUT, Rung.HTTP),
        ("unexpected EOF", Failure.HTTP_CLOSED, Rung.HTTP),
        ("unexpected status code: 413", Failure.SUBMIT_REFUSED, Rung.SUBMIT),
        ("something new", Failure.UNKNOWN, Rung.SUBMIT),
    ],
)  # fmt: skip
def test_what_go_says(text: str, failure: Failure, rung: Rung) -> None:
    found = of_text(POST + text)
    assert (found.failure, found.rung, found.host) == (failure, rung, "product.connect.nginx.com")


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("curl: (6) Could not resolve host: product.apis.f5.com", Failure.DNS_NXDOMAIN),
        ("curl: (7) Failed to connect to product.apis.f5.com port 443 after 3 ms: Connection refused", Failure.TCP_REFUSED),  # noqa: E501 (a line as it is logged)
        ("curl: (28) Failed to connect to product.apis.f5.com port 443 after 9 ms: Timeout was reached", Failure.TCP_TIMEOUT),  # noqa: E501 (a line as it is logged)
        ("curl: (56) Received HTTP code 407 from proxy after CONNECT", Failure.PROXY_AUTH_REQUIRED),
        ("curl: (60) SSL certificate problem: self-signed certificate in certificate chain", Failure.TLS_UNTRUSTED),
        ("curl: (60) SSL: no alternative certificate subject name matches target host name", Failure.TLS_WRONG_HOST),
    ],
)  # fmt: skip
def test_what_curl_says(text: str, failure: Failure) -> None:
    assert of_text(text).failure is failure


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (200, None),
        (204, None),
        (401, Failure.SUBMIT_UNAUTHORIZED),
        (407, Failure.PROXY_AUTH_REQUIRED),
        (413, Failure.SUBMIT_REFUSED),
        (429, Failure.HTTP_STATUS),
        (503, Failure.HTTP_STATUS),
        (501, Failure.SUBMIT_REFUSED),
        (302, Failure.SUBMIT_UNEXPECTED_ANSWER),
    ],
)
def test_what_a_status_means(status: int, failure: Failure | None) -> None:
    assert (of_status(status).failure, of_status(status).status) == (failure, status)


def test_what_an_error_number_means() -> None:
    assert of_errno(111) == Meaning(Failure.TCP_REFUSED, Rung.TCP)
    assert of_errno(110).failure is Failure.TCP_TIMEOUT
    assert of_errno(9999).failure is Failure.UNKNOWN
