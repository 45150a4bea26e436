"""Settings of proxies as people write them, right and wrong; credentials are never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from nimnetcheck.site import nginx_conf, nms_conf
from nimnetcheck.site.proxy_setting import ProxySetting, bypasses, entries, of_mgmt, of_nms, of_url, surprises

SECRET = "s3cr3t"  # noqa: S105 (what must not be seen again)


def url(text: str, no_proxy: str = "") -> ProxySetting:
    return of_url(text, holder="this shell", source="https_proxy", no_proxy=no_proxy)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://proxy.corp:3128", "http://proxy.corp:3128"),
        ("https://proxy.corp:3129/", "https://proxy.corp:3129"),
        ("proxy.corp:3128", "http://proxy.corp:3128"),
        ("http://10.0.0.1:3128", "http://10.0.0.1:3128"),
        ("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128"),
        ("http://user:s3cr3t@proxy.corp:3128", "http://proxy.corp:3128"),
    ],
)
def test_what_is_right(text: str, shown: str) -> None:
    setting = url(text)
    assert (setting.url, setting.objections) == (shown, ())
    assert SECRET not in repr(setting)


@pytest.mark.parametrize(
    ("text", "objection"),
    [
        ("http://proxy.corp", "names no port"),
        ("socks5://proxy.corp:1080", "only http and https"),
        ("http://user:p@ss@proxy.corp:3128", "%40"),
        ("http://user:s3cr3t#1@proxy.corp:3128", "%23"),
        ("http://proxy.corp:99999", "not a URL"),
        ("http://:3128", "names no host"),
        ("http://proxy corp:3128", "names no host"),
        ("http://proxy.corp:3128/pac", "path"),
    ],
)
def test_what_is_wrong_is_said_without_the_credentials(text: str, objection: str) -> None:
    setting = url(text)
    assert any(objection in words for words in setting.objections)
    assert SECRET not in f"{setting!r}{setting.url}{setting.objections}"


def test_escaped_credentials_become_the_header() -> None:
    assert url("http://user:p%40ss@proxy.corp:3128").authorization == "Basic dXNlcjpwQHNz"
    assert url("http://proxy.corp:3128").authorization == ""


@pytest.mark.parametrize(
    ("entry", "host", "bypassed"),
    [
        ("nginx.com", "product.connect.nginx.com", True),
        (".nginx.com", "product.connect.nginx.com", True),
        ("*.nginx.com", "product.connect.nginx.com", True),
        ("product.connect.nginx.com", "product.connect.nginx.com", True),
        (".product.connect.nginx.com", "product.connect.nginx.com", False),
        ("ginx.com", "product.connect.nginx.com", False),
        ("*", "product.apis.f5.com", True),
        ("f5.com:8443", "product.apis.f5.com", False),
        ("f5.com:443", "product.apis.f5.com", True),
        ("159.60.126.0/25", "159.60.126.7", True),
        ("10.0.0.0/8", "159.60.126.7", False),
        ("159.60.126.7", "159.60.126.7", True),
        ("localhost", "product.apis.f5.com", False),
        (".", "product.apis.f5.com", False),
    ],
)
def test_exemptions_as_go_reads_them(entry: str, host: str, *, bypassed: bool) -> None:
    assert bypasses([entry], host, 443) is bypassed


def test_entries_stand_between_commas_and_blanks() -> None:
    assert entries(" localhost,127.0.0.1 .corp,, ") == ("localhost", "127.0.0.1", ".corp")


@pytest.mark.parametrize(
    ("no_proxy", "words"),
    [
        ("f5.com", "exempts product.apis.f5.com"),
        ("*.corp", "Go strips it"),
        ("10.0.0.0/8", "prefix"),
        ("http://intranet", "URL"),
        ("localhost,.corp,10.0.0.1", ""),
    ],
)
def test_surprises(no_proxy: str, words: str) -> None:
    found = surprises(url("http://proxy.corp:3128", no_proxy), ["product.apis.f5.com"])
    assert bool(found) == bool(words)
    assert words in " ".join(found)


def test_nim_s_own_setting() -> None:
    text = "proxy_config:\n  proxy_enable: {}\n  proxy_host: proxy.corp\n  proxy_port: 3129\n  proxy_protocol: https\n"
    auth = "  proxy_auth_required: true\n  proxy_username: nim\n  proxy_password: s3cr3t\n  proxy_ssl_verify: false\n"
    setting = of_nms(nms_conf.parse(text.format("true") + auth))
    assert setting
    assert (setting.url, setting.verify, bool(setting.authorization)) == ("https://proxy.corp:3129", False, True)
    assert SECRET not in repr(setting)
    assert of_nms(nms_conf.parse(text.format("false"))) is None
    assert of_nms(None) is None


def test_nginx_s_own_setting() -> None:
    path = Path("/etc/nginx/nginx.conf")
    setting = of_mgmt(nginx_conf.parse([("proxy", "proxy.corp:3128"), ("proxy_username", "u")], path))
    assert setting
    assert (setting.url, setting.source, setting.objections) == ("http://proxy.corp:3128", str(path), ())
    wrong = of_mgmt(nginx_conf.parse([("proxy", "http://proxy.corp:3128")], path))
    assert wrong
    assert "no scheme" in wrong.objections[0]
    assert of_mgmt(nginx_conf.parse([], path)) is None
