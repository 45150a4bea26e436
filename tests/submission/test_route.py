"""What a proxy is good for in a submission: one that is not as meant is refused, and usage goes no other way."""

from __future__ import annotations

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.site import nms_conf
from nimnetcheck.site.proxy_setting import of_nms, of_url
from nimnetcheck.submission.route import proxy_for, usable

HOST = "product.apis.f5.com"
NIM = "proxy_config:\n  proxy_enable: true\n  proxy_host: {}\n  proxy_port: 3128\n  proxy_protocol: {}\n"


def test_a_proxy_that_is_as_meant_is_used_as_it_is() -> None:
    setting = of_url("http://us%65r:p%40ss@p:1", holder="this shell", source="https_proxy")
    assert usable(setting) is setting
    assert usable(None) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://u:marked@p:1", "in plain HTTP"),
        ("socks5://u:marked@p:1", "only http and https"),
        ("http://u:marked@:1", "names no host"),
        ("http://u:marked@p", "names no port"),
        ("http://u:marked@p:x", "not a URL"),
    ],
)
def test_what_is_not_as_meant_is_refused_with_its_source_and_without_its_password(text: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        usable(of_url(text, holder="this shell", source="HTTPS_PROXY in the environment"))
    assert str(refused.value).startswith("proxy of this shell (HTTPS_PROXY in the environment): ")
    assert words in str(refused.value)
    assert "marked" not in str(refused.value)


@pytest.mark.parametrize(("host", "protocol", "words"), [("p", "https", "plain HTTP"), ("", "http", "host is missing")])
def test_what_nim_is_told_is_held_to_the_same(host: str, protocol: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        usable(of_nms(nms_conf.parse(NIM.format(host, protocol))))
    assert usable(of_nms(nms_conf.parse(NIM.format("p", "http"))))


@pytest.mark.parametrize(
    ("no_proxy", "port", "through"),
    [("", 443, True), ("f5.com", 443, False), ("f5.com:443", 443, False), ("f5.com:443", 8443, True), ("*", 1, False)],
)
def test_no_proxy_exempts_as_it_does_for_every_command(*, no_proxy: str, port: int, through: bool) -> None:
    setting = of_url("http://p:1", holder="this shell", source="https_proxy", no_proxy=no_proxy)
    assert proxy_for(setting, HOST, port) is (setting if through else None)
    assert proxy_for(None, HOST, port) is None
