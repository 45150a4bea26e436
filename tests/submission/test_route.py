"""Which proxy leads where is decided here, as curl decides it, and prefixes are understood besides."""

from __future__ import annotations

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.submission.route import Proxy, choose

HOST = "product.apis.f5.com"


@pytest.mark.parametrize(
    ("wanted", "environment", "expected"),
    [
        ("none", {"https_proxy": "http://p:1"}, None),
        ("auto", {}, None),
        ("auto", {"http_proxy": "http://p:1"}, None),
        ("auto", {"https_proxy": ""}, None),
        ("auto", {"https_proxy": "http://p:1", "HTTPS_PROXY": "http://q:2"}, ("p", 1, "https_proxy")),
        ("auto", {"ALL_PROXY": "q:2"}, ("q", 2, "ALL_PROXY")),
        ("auto", {"https_proxy": "http://p"}, ("p", 3128, "https_proxy")),
        ("http://[::1]:8080", {"https_proxy": "http://p:1"}, ("::1", 8080, "--proxy")),
    ],
)
def test_the_flag_decides_and_auto_is_the_environments(
    wanted: str, environment: dict[str, str], expected: tuple[str, int, str] | None
) -> None:
    found = choose(wanted, environment)
    assert (found and (found.host, found.port, found.source)) == expected


def test_credentials_are_taken_and_never_shown() -> None:
    found = choose("auto", {"https_proxy": "http://us%65r:p%40ss-marked@p:1"})
    assert found is not None
    assert (found.username, found.password) == ("user", "p@ss-marked")
    assert "marked" not in repr(found)


@pytest.mark.parametrize("text", ["https://u:marked@p:1", "socks5://u:marked@p", "http://u:marked@:1", "http://p:x"])
def test_what_is_no_usable_proxy_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InputError) as refused:
        choose("auto", {"HTTPS_PROXY": text})
    assert "HTTPS_PROXY" in str(refused.value)
    assert "marked" not in str(refused.value)


@pytest.mark.parametrize(
    ("no_proxy", "host", "through"),
    [
        ("", HOST, True),
        ("*", HOST, False),
        ("f5.com", HOST, False),
        (".f5.com", HOST, False),
        ("apis.f5.com, other.example", HOST, False),
        ("5.com", HOST, True),
        ("product.apis.f5.com.evil.example", HOST, True),
        ("192.0.2.0/24", "192.0.2.7", False),
        ("192.0.2.0/24", "192.0.3.7", True),
        ("2001:db8::/32", "2001:db8::1", False),
        ("[2001:db8::1]", "2001:db8::1", False),
        ("PRODUCT.APIS.F5.COM", HOST, False),
    ],
)
def test_no_proxy_names_domains_addresses_and_prefixes(*, no_proxy: str, host: str, through: bool) -> None:
    found = choose("auto", {"https_proxy": "http://p:1", "no_proxy": no_proxy})
    assert found is not None
    assert found.leads_to(host) is through


def test_a_proxy_given_by_flag_has_no_exceptions() -> None:
    found = choose("http://p:1", {"no_proxy": "*"})
    assert found == Proxy(host="p", port=1, source="--proxy")
