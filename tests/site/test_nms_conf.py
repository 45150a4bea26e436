"""nms.conf says the mode, where usage goes and through which proxy; mistakes in it are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.site import nms_conf

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
user: nms
integrations:
  license:
    mode_of_operation: disconnected
  telemetry:
    nc_api_url: https://usage.example/api
proxy_config:
    proxy_enable: true
    proxy_host: 192.0.2.8
    proxy_port: 3128
    proxy_protocol: http
    proxy_auth_required: true
    proxy_username: "nim"
    proxy_password: "correct horse"
"""


def test_what_is_written_is_read() -> None:
    conf = nms_conf.parse(WHOLE)
    assert (conf.mode, conf.api_url, conf.objections) == ("disconnected", "https://usage.example/api", ())
    proxy = conf.proxy
    assert proxy is not None
    assert (proxy.enabled, proxy.host, proxy.port, proxy.protocol, proxy.ssl_verify) == (
        True,
        "192.0.2.8",
        3128,
        "http",
        True,
    )
    assert (proxy.username, proxy.password, proxy.objections) == ("nim", "correct horse", ())


def test_credentials_are_in_no_repr() -> None:
    assert "horse" not in repr(nms_conf.parse(WHOLE))


def test_what_is_not_written_has_nim_s_default() -> None:
    conf = nms_conf.parse("user: nms\n")
    assert (conf.mode, conf.api_url, conf.proxy, conf.problem) == ("connected", nms_conf.API_URL, None, "")


@pytest.mark.parametrize(
    ("wrong", "objection"),
    [
        ("proxy_host: 192.0.2.8", "proxy_port is not a port"),
        ("proxy_host: http://192.0.2.8", "proxy_host holds a scheme or a port"),
        ("proxy_host: 192.0.2.8:3128", "proxy_host holds a scheme or a port"),
        ("proxy_port: 3128", "proxy_host is missing"),
        ("proxy_port: 99999", "proxy_port is not a port"),
        ("proxy_protocol: socks", "proxy_protocol is neither http nor https"),
        ("proxy_auth_required: true", "proxy_auth_required without proxy_username and proxy_password"),
        ("proxy_username: nim", "proxy_username without proxy_auth_required: true"),
    ],
)
def test_an_incomplete_proxy_is_named(wrong: str, objection: str) -> None:
    proxy = nms_conf.parse(f"proxy_config:\n  proxy_enable: true\n  {wrong}\n").proxy
    assert proxy is not None
    assert objection in proxy.objections


def test_a_proxy_that_is_off_is_not_objected_to() -> None:
    proxy = nms_conf.parse("proxy_config:\n  proxy_enable: false\n").proxy
    assert proxy is not None
    assert not proxy.objections


def test_a_section_in_the_wrong_place_and_a_mode_that_is_none_are_named() -> None:
    conf = nms_conf.parse("integrations:\n  license: {mode_of_operation: offline}\n  proxy_config: {proxy_host: a}\n")
    assert conf.objections == (
        "mode_of_operation is neither connected nor disconnected",
        "proxy_config stands under integrations, where NIM does not look",
    )


@pytest.mark.parametrize("content", ["a: [", "a: b: c", "[" * 5000, "a: &x !!python/object/apply:os.system [id]"])
def test_what_is_not_yaml_is_a_problem_and_no_exception(content: str) -> None:
    assert nms_conf.parse(content).problem.endswith("not YAML")


@pytest.mark.parametrize("content", ["", "- a\n- b\n", "integrations: 5\nproxy_config: 7\n"])
def test_yaml_of_another_shape_is_all_default(content: str) -> None:
    conf = nms_conf.parse(content)
    assert (conf.mode, conf.problem) == ("connected", "")


def test_the_file_is_read_and_its_absence_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "nms.conf"
    assert nms_conf.read(path) is None
    path.write_text(WHOLE, encoding="utf-8")
    conf = nms_conf.read(path)
    assert conf is not None
    assert conf.mode == "disconnected"
