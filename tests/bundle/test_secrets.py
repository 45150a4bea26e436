"""Every form in which a secret stands in a file is known, and what is no secret stays."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.bundle.secrets import take_out

PLANTED = "Pl4nted,S3cret value"
WORD = "Pl4ntedS3cret"
TOKEN = "eyJhbGciOiJSUzUxMiJ9.eyJzdWIiOiJUU1QifQ.c2lnbmF0dXJl"  # noqa: S105 (a form, not a token)


@pytest.mark.parametrize(
    "line",
    [
        f"  proxy_password: {PLANTED}",
        f"  proxy_password: '{PLANTED}'",
        f"  proxy_password: |\n    {PLANTED}\n    {PLANTED}",
        f"  proxy_password:\n    {PLANTED}",
        f'"proxy_password": "{PLANTED}",',
        f"    proxy_password {PLANTED};",
        f"    proxy_username {PLANTED};",
        f"password={PLANTED}",
        f"NIMNETCHECK_PASSWORD={PLANTED}",
        f"Authorization: Basic {WORD}",
        f"proxy-authorization: Negotiate {WORD}",
        f"< Set-Cookie: session={PLANTED}",
        f"curl --password {WORD} x",
        f"curl --password={WORD} x",
        f"HTTPS_PROXY=http://joe:{WORD}@proxy.example:3128",
        f"client_secret = {PLANTED}",
        f"api-key: {PLANTED}",
        f"-----BEGIN PRIVATE KEY-----\n{WORD}\n-----END PRIVATE KEY-----",
        f"-----BEGIN EC PRIVATE KEY-----\n{WORD}\ncut short",
    ],
)
def test_a_secret_goes_and_is_counted(line: str) -> None:
    count: Counter[str] = Counter()
    left = take_out(f"before\n{line}\nafter", count)
    assert "Pl4nted" not in left
    assert "S3cret" not in left
    assert left.startswith("before\n")
    assert sum(count.values()) >= 1


def test_a_token_is_known_by_its_sum() -> None:
    left = take_out(f"sent {TOKEN} to", Counter())
    assert TOKEN.split(".", maxsplit=1)[0] not in left
    assert left.startswith("sent [token sha256:")
    assert left == take_out(f"sent {TOKEN} to", Counter())


@pytest.mark.parametrize(
    "line",
    [
        "license_token /etc/nginx/license.jwt;",
        "missing jwt_token",
        "server returned 401 for 192.0.2.7:443 during usage report",
        "-----BEGIN CERTIFICATE-----",
        "https://product.connect.nginx.com/api",
        "passwd: files systemd".replace("passwd", "hosts"),
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert take_out(line, Counter()) == line


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(take_out(text, Counter()), str)
