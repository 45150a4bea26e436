"""What --proxy means on a host, and that no credentials come from the command line."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.catalogue import load
from nimnetcheck.cli import run
from nimnetcheck.cli.network import NetworkOptions
from nimnetcheck.cli.way import way
from nimnetcheck.errors import InputError
from nimnetcheck.site import nms_conf
from nimnetcheck.site.facts import Facts

if TYPE_CHECKING:
    from pathlib import Path

NIM = "proxy_config:\n  proxy_enable: true\n  proxy_host: proxy.corp\n  proxy_port: 3128\n  proxy_protocol: http\n"
ENDPOINTS = load().endpoints


def network(proxy: str = "auto", against: str = "live", auth: Path | None = None) -> NetworkOptions:
    return NetworkOptions(
        timeout_s=1.0, deadline_s=2.0, against=against, resolve=(), versions=(4,), proxy=proxy, proxy_auth_file=auth
    )


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_auto_is_what_the_product_is_told() -> None:
    found = way(network(), Facts(nms=nms_conf.parse(NIM)))
    assert str(found.options(network(), ENDPOINTS).proxy) == "http://proxy.corp:3128"
    assert found.settings[0].source == "/etc/nms/nms.conf"


def test_none_and_the_emulator_go_direct_whatever_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://shell.corp:3128")
    for given in (network("none"), network(against="emulator")):
        assert way(given, Facts(nms=nms_conf.parse(NIM))).options(given, ENDPOINTS).proxy is None


def test_a_shell_s_exemptions_hold_for_the_shell_s_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://shell.corp:3128")
    monkeypatch.setenv("no_proxy", "f5.com")
    options = way(network(), Facts()).options(network(), ENDPOINTS)
    assert "product.apis.f5.com" in options.exempt
    assert "product.connect.nginx.com" not in options.exempt


def test_whom_failures_are_compared_with_is_the_user_s_choice() -> None:
    for control, expected in (("none", None), ("192.0.2.7", "192.0.2.7"), ("a.root-servers.net", "198.41.0.4")):
        given = attrs.evolve(network("none"), control=control)
        address = way(given, Facts()).options(given, ENDPOINTS).elsewhere.address(4)
        assert address == (ip_address(expected) if expected else None)


def test_the_choice_is_told_with_its_source(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable, given, expected in (
        ("", [], {"value": "a.root-servers.net", "source": "default"}),
        ("192.0.2.7", [], {"value": "192.0.2.7", "source": "environment"}),
        ("192.0.2.7", ["--control", "none"], {"value": "none", "source": "flag"}),
    ):
        monkeypatch.setenv("NIMNETCHECK_CONTROL", variable)
        run(["diagnose", "--no-network", "-o", "json", *given])
        assert {"key": "control", **expected} in json.loads(capsys.readouterr().out)["effective_config"]


def test_a_host_s_name_is_nobody_to_compare_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "usage", "--control", "www.example.com"]) == 2
    assert "write ADDRESS[:PORT]" in capsys.readouterr().err


def test_a_proxy_that_is_not_used_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://shell.corp:3128")
    options = way(network(), Facts(nms=nms_conf.parse("{}"))).options(network(), ENDPOINTS)
    assert options.proxy is None
    assert [str(one) for one in options.unused_proxies] == ["http://shell.corp:3128"]


def test_credentials_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "auth"
    file.write_text("nim:s3cr3t\n", encoding="utf-8")
    found = way(network("http://proxy.corp:3128", auth=file), Facts())
    proxy = found.options(network(), ENDPOINTS).proxy
    assert proxy
    assert proxy.authorization == "Basic bmltOnMzY3IzdA=="
    assert "s3cr3t" not in repr((found, found.settings))


@pytest.mark.parametrize("content", ["", "user", "user:pass\x1b[2J", ":password"])
def test_a_file_that_holds_no_credentials_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "auth"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="write user:password"):
        way(network("http://proxy.corp:3128", auth=file), Facts())


@pytest.mark.parametrize("proxy", ["socks5://proxy:1080", "http://proxy", "http://:3128", "yes"])
def test_what_is_no_proxy_is_refused(proxy: str) -> None:
    with pytest.raises(InputError, match="--proxy"):
        way(network(proxy), Facts())


@pytest.mark.parametrize("variable", [True, False])
def test_credentials_on_the_command_line_are_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, variable: bool
) -> None:
    url = "http://user:s3cr3t@proxy.corp:3128"
    if variable:
        monkeypatch.setenv("NIMNETCHECK_PROXY", url)
    assert run(["probe", "usage", *([] if variable else ["--proxy", url])]) == 2
    shown = capsys.readouterr()
    assert "--proxy must hold no user name" in shown.err
    assert "s3cr3t" not in shown.out + shown.err
