"""Each documented line has its meaning; lines beside it, and everything else, have none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.logs.lines import meaning, unanswered
from nimnetcheck.model import Failure, Rung

F5 = "product.connect.nginx.com"


@pytest.mark.parametrize(
    ("line", "failure", "rung", "host"),
    [
        (f"[error] 1#1: server returned 500 for {F5}:443 during usage report", Failure.HTTP_STATUS, Rung.SUBMIT, F5),
        ("[error] 1#1: server returned 401 for 192.0.2.1:443 during usage report", Failure.SUBMIT_UNAUTHORIZED, Rung.SUBMIT, "192.0.2.1"),  # noqa: E501 (a line as it is logged)
        (f"[error] 1#1: {F5}:443 could not be resolved (host not found) during usage report", Failure.DNS_NXDOMAIN, Rung.DNS, F5),  # noqa: E501 (a line as it is logged)
        (f"[error] 1#1: {F5}:443 could not be resolved (3: Host not found) during usage report", Failure.DNS_NXDOMAIN, Rung.DNS, F5),  # noqa: E501 (a line as it is logged)
        (f"[error] 1#1: {F5}:443 could not be resolved (110: Operation timed out) during usage report", Failure.DNS_TIMEOUT, Rung.DNS, F5),  # noqa: E501 (a line as it is logged)
        (f"[error] 1#1: connect() failed (111: Connection refused) for {F5}:443 during usage report", Failure.TCP_REFUSED, Rung.TCP, F5),  # noqa: E501 (a line as it is logged)
        ("[error] 1#1: connect() failed (113: No route to host) for [2001:db8::1]:443 during usage report", Failure.HOST_UNREACHABLE, Rung.TCP, "2001:db8::1"),  # noqa: E501 (a line as it is logged)
        ("[error] 1#1: upstream SSL certificate verify error: (20:unable to get local issuer certificate) during usage report", Failure.TLS_UNTRUSTED, Rung.TLS, ""),  # noqa: E501 (a line as it is logged)
        ("[error] 1#1: upstream SSL certificate verify error: (62:hostname mismatch) during usage report", Failure.TLS_WRONG_HOST, Rung.TLS, ""),  # noqa: E501 (a line as it is logged)
        ("[info] 1#1: usage report was sent", None, Rung.SUBMIT, ""),
        ("[emerg] 1#1: initial report was not accepted", Failure.NEVER_REPORTED, Rung.SUBMIT, ""),
        (f"[emerg] 1#1: connect() failed (111: Connection refused) for {F5}:443 during usage report", Failure.TCP_REFUSED, Rung.TCP, F5),  # noqa: E501 (a line as it is logged)
        ("[error] 1#1: recv() failed (104: Connection reset by peer) during usage report", Failure.TCP_RESET, Rung.TCP, ""),  # noqa: E501 (a line as it is logged)
        ("[error] 1#1: SSL_do_handshake() failed (SSL: error:0A000086:SSL routines::certificate verify failed) during usage report", Failure.TLS_UNTRUSTED, Rung.TLS, ""),  # noqa: E501 (a line as it is logged)
        ("[error] 1#1: something new happened during usage report", Failure.UNKNOWN, Rung.SUBMIT, ""),
        ("[warn] 1#1: license will expire in 14 days", Failure.LICENCE_NEAR_EXPIRY, Rung.HOST, ""),
        ("[alert] 1#1: license expiry; grace period will end in 89 days", Failure.LICENCE_IN_GRACE, Rung.HOST, ""),
        ("[emerg] 1#1: license expired", Failure.LICENCE_EXPIRED, Rung.HOST, ""),
        ("nginx: [error] invalid license token", Failure.LICENCE_MALFORMED, Rung.HOST, ""),
        ("nginx: [emerg] License file is required. Download JWT license from MyF5", Failure.LICENCE_UNREADABLE, Rung.HOST, ""),  # noqa: E501 (a line as it is logged)
        ('[emerg] 1#1: invalid instance state file "/var/lib/nginx/state/nginx-mgmt-state"', Failure.STATE_INVALID, Rung.HOST, ""),  # noqa: E501 (a line as it is logged)
        ('{"eval":false,"reporting":{"healthy":false,"fails":2,"grace":15551961}}', Failure.REPORTING_FAILING, Rung.SUBMIT, ""),  # noqa: E501 (a line as it is logged)
        ('{"eval":false,"reporting":{"healthy":true,"fails":0,"grace":15551961}}', None, Rung.SUBMIT, ""),
        ("Usage reporting grace period ending in 12 days", Failure.REPORTING_FAILING, Rung.SUBMIT, ""),
        ("[info]  [NC-POST]  NC response status=200 batch_size=10", None, Rung.SUBMIT, ""),
        ("[info]  [NC-POST]  NC response status=403 batch_size=10", Failure.SUBMIT_UNAUTHORIZED, Rung.SUBMIT, ""),
        (f'[warn]  [NC-RETRY] retrying after error: Post "https://{F5}/x": Forbidden wait=5s', Failure.PROXY_DENIED, Rung.PROXY, F5),  # noqa: E501 (a line as it is logged)
        (f"[error] [INT-NC] failed to process NC usage batch: dial tcp: lookup {F5}: no such host", Failure.DNS_NXDOMAIN, Rung.DNS, F5),  # noqa: E501 (a line as it is logged)
        ("[warn]  [AIDF-SUB] NC submission failed for chunk 0-100: unexpected EOF", Failure.HTTP_CLOSED, Rung.HTTP, ""),
        ("[error] [AIDF-SUB] msg[3] missing jwt_token; terminating unprocessable message", Failure.USAGE_UNPROCESSABLE, Rung.SUBMIT, ""),  # noqa: E501 (a line as it is logged)
        ("[info]  [INT-NC] successfully processed NC usage batch", None, Rung.SUBMIT, ""),
        ("Error: failed to initialize LLM: invalid forward proxy config: proxy_host is missing", Failure.CONFIG_INVALID, Rung.HOST, ""),  # noqa: E501 (a line as it is logged)
        ("failed to get license status: context deadline exceeded", Failure.SERVICE_DOWN, Rung.HOST, ""),
        (f"2026-11-24 11:00:00 [ATTEMPT] a/usage_1.gzip -> https://{F5}/api (HTTP 413, attempt 1)", Failure.SUBMIT_REFUSED, Rung.SUBMIT, F5),  # noqa: E501 (a line as it is logged)
        (f"2026-11-24 11:00:00 [ATTEMPT] a/usage_1.gzip -> https://{F5}/api (HTTP 200, attempt 1)", None, Rung.SUBMIT, F5),  # noqa: E501 (a line as it is logged)
        (f"2026-11-24 11:00:00 [ATTEMPT] a/usage_1.gzip -> https://{F5}/api (HTTP 000, attempt 1)", Failure.SUBMIT_NO_ANSWER, Rung.SUBMIT, F5),  # noqa: E501 (a line as it is logged)
        (f'2026-11-24 11:00:00 [DEBUG] curl command: curl -s -X POST "https://{F5}/api/nginx-usage/batch" --header x', Failure.SUBMIT_NO_ANSWER, Rung.SUBMIT, F5),  # noqa: E501 (a line as it is logged)
        ("Usage report upload failed. HTTP Status: 401", Failure.SUBMIT_UNAUTHORIZED, Rung.SUBMIT, ""),
        ("The NGINX Instance Manager UI is not reachable on 10.0.0.9", Failure.SUBMIT_NO_ANSWER, Rung.SUBMIT, "10.0.0.9"),  # noqa: E501 (a line as it is logged)
        ("2026-11-24 11:00:00 [SKIP] No jwt.txt found in a/b", Failure.USAGE_UNPROCESSABLE, Rung.SUBMIT, ""),
        ("Device mode is CONNECTED. This script is only for DISCONNECTED mode", Failure.WRONG_MODE, Rung.HOST, ""),
    ],
)  # fmt: skip
def test_a_documented_line_has_its_meaning(line: str, failure: Failure | None, rung: Rung, host: str) -> None:
    found = meaning(f"2026/11/24 12:00:00 {line}")
    assert found is not None
    assert (found.failure, found.rung, found.host) == (failure, rung, host)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2026/11/24 12:00:00 [error] 1#1: connect() failed (111: Connection refused) while connecting to upstream",
        "2026/11/24 12:00:00 [notice] renewed license does not match the original one; using original license",
        "[info] [INT-NC] stopping NC usage subscriber (context done)",
        "[SKIP] a/usage_1.gzip already uploaded (listed in uploaded_files.txt)",
        "10.0.0.1 - - GET /license HTTP/1.1 200",
    ],
)
def test_a_line_beside_it_has_none(line: str) -> None:
    assert meaning(line) is None


@given(
    st.text(max_size=300), st.sampled_from(["during usage report", "[NC-RETRY] retrying after error: ", "license", ""])
)
def test_no_line_is_too_strange(text: str, marker: str) -> None:
    meaning(text + marker + text)


ASKED = '2026-11-24 11:00:0{} [DEBUG] curl command: curl -X POST "https://f5.example/api"'
ANSWER = "2026-11-24 11:00:0{} [ATTEMPT] a -> https://f5.example/api (HTTP 200, attempt 1)"


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ((ASKED.format(1), ANSWER.format(2)), (ANSWER.format(2),)),
        ((ASKED.format(1), "noise", ANSWER.format(2)), ("noise", ANSWER.format(2))),
        ((ANSWER.format(1), ASKED.format(2)), (ANSWER.format(1), ASKED.format(2))),
        ((ASKED.format(1), ASKED.format(2), ANSWER.format(3)), (ASKED.format(1), ANSWER.format(3))),
        (("noise",), ("noise",)),
    ],
)
def test_a_question_of_the_script_is_told_where_no_answer_follows(
    lines: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert tuple(unanswered(lines)) == left
