"""The web server in front of a NIM lets in whom, how often and with how much it is documented to."""

from __future__ import annotations

import pytest

from nimnetcheck.emulator.nim import HOST, MAX_BODY
from nimnetcheck.emulator.nim.gateway import Bucket
from tests.emulator.nim.client import URL, ask, nim


def test_a_bucket_lets_a_burst_in_and_then_its_rate() -> None:
    bucket = Bucket(rate=20, burst=20)
    assert [bucket.admits(0.0) for _ in range(22)] == [True] * 21 + [False]
    assert bucket.admits(0.05)
    assert not bucket.admits(0.05)
    assert all(bucket.admits(10.0) for _ in range(21))


@pytest.mark.parametrize("auth", [None, ("admin", "wrong"), ("", "")])
def test_a_wrong_login_is_refused(auth: tuple[str, str] | None) -> None:
    with nim() as client:
        answer = client.request("GET", URL + "/modules/versions", auth=auth)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Basic realm="Nginx Management Suite"'
    assert answer.json() == {"code": 401, "message": "Unauthorized"}


def test_too_often_and_too_much_are_refused() -> None:
    with nim() as client:
        assert ask(client, "POST", "/report/upload", content=bytes(MAX_BODY + 1)).status_code == 413
        assert {ask(client, "GET", "/modules/versions").status_code for _ in range(60)} == {200, 429}
        pages = [client.request("GET", f"https://{HOST}/ui/").status_code for _ in range(14)]
        assert pages[:10] == [200] * 10
        assert pages[-1] == 429
