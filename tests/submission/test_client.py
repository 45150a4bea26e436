"""The client against a real TLS server on loopback: what it sends, and what it refuses to send."""

from __future__ import annotations

import io
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.submission.client import Client
from nimnetcheck.submission.messages import Answer, Request, Trouble, Upload

if TYPE_CHECKING:
    from nimnetcheck.model import World
    from tests.submission.conftest import FarSide

HOST = "nim.example"
SECRET = "Bearer marked.secret.token"  # noqa: S105 (planted, to be looked for)


def call(world: World, request: Request, timeout_s: float = 1.0) -> Answer | Trouble:
    with closing(Client(world, timeout_s=timeout_s)) as client:
        return client.call(request)


def get(path: str) -> Request:
    return Request(method="GET", url=f"https://{HOST}{path}", authorization=SECRET)


def test_sni_and_host_stay_the_name_and_the_connection_is_kept(far: FarSide) -> None:
    with far.serving() as world, closing(Client(world)) as client:
        outcomes = [client.call(get("/one?format=zip")), client.call(get("/two"))]
    assert all(isinstance(outcome, Answer) and outcome.status == 200 for outcome in outcomes)
    assert far.names == [HOST], "one handshake carries both"
    assert [(path, headers["Host"], headers["Authorization"]) for _, path, headers, _ in far.got] == [
        ("/one?format=zip", HOST, SECRET),
        ("/two", HOST, SECRET),
    ]


def test_a_file_is_one_multipart_part_with_its_length(far: FarSide) -> None:
    upload = Upload(open=lambda: nullcontext(io.BytesIO(b"PK data")), size=7, part="file", filename="response.zip")
    request = Request(method="POST", url=f"https://{HOST}/bulk", authorization=SECRET, upload=upload)
    with far.serving() as world:
        outcome = call(world, request)
    assert isinstance(outcome, Answer)
    _, _, headers, body = far.got[0]
    assert headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert int(headers["Content-Length"]) == len(body) == outcome.sent
    assert b'Content-Disposition: form-data; name="file"; filename="response.zip"\r\n' in body
    assert b"Content-Type: application/octet-stream\r\n\r\nPK data\r\n" in body
    assert body.count(b"Content-Disposition") == 1


def test_a_file_alone_is_the_body_with_its_length(far: FarSide) -> None:
    upload = Upload(open=lambda: nullcontext(io.BytesIO(b"\x1f\x8bx")), size=3, content_type="application/gzip")
    with far.serving() as world:
        call(world, Request(method="POST", url=f"https://{HOST}/batch", upload=upload))
    _, _, headers, body = far.got[0]
    assert (headers["Content-Type"], headers["Content-Length"], body) == ("application/gzip", "3", b"\x1f\x8bx")
    assert "Transfer-Encoding" not in headers
    assert "Content-Encoding" not in headers


def test_a_good_download_goes_into_the_file_and_a_refusal_does_not(far: FarSide) -> None:
    with far.serving() as world, closing(Client(world)) as client:
        file = io.BytesIO()
        good = client.call(get("/zip"), into=file)
        refused = client.call(get("/missing"), into=file)
    assert isinstance(good, Answer)
    assert isinstance(refused, Answer)
    assert (file.getvalue(), good.body, good.received) == (b"xxxxx", b"", 5)
    assert (refused.status, refused.body) == (404, b"xxxxx")


def test_a_redirect_is_an_answer_and_is_not_followed(far: FarSide) -> None:
    with far.serving() as world:
        outcome = call(world, get("/redirect"))
    assert isinstance(outcome, Answer)
    assert (outcome.status, outcome.headers["location"]) == (302, f"https://{HOST}/elsewhere")
    assert len(far.got) == 1


def test_proxies_of_the_environment_are_not_used(far: FarSide, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with far.serving() as world:
        assert isinstance(call(world, get("/")), Answer)


@pytest.mark.parametrize("url", ["http://nim.example/", "https://", "ftp://nim.example/", "https://nim.example:x/"])
def test_only_https_is_spoken(far: FarSide, url: str) -> None:
    outcome = call(far.world(1), Request(method="GET", url=url, authorization=SECRET))
    assert isinstance(outcome, Trouble)
    assert not outcome.sent


def test_a_credential_that_no_header_can_hold_is_not_repeated(far: FarSide) -> None:
    for secret in ("Bearer marked\r\nX: y", "Bearer m\u00e4rked\u20ac"):
        with far.serving() as world:
            request = Request(method="GET", url=f"https://{HOST}/", authorization=secret)
            outcome = call(world, request)
        assert isinstance(outcome, Trouble)
        assert far.got == []
        assert "rked" not in repr(outcome) + repr(request)
