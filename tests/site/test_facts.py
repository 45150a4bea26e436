"""What is installed decides what must be reachable; what is not found decides nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from nimnetcheck.site.facts import Facts, read
from nimnetcheck.site.nginx_conf import Mgmt
from nimnetcheck.site.nms_conf import NmsConf
from nimnetcheck.site.versions import Versions

CONF = Path("/etc/nginx/nginx.conf")


@pytest.mark.parametrize(
    ("versions", "endpoint", "profiles"),
    [
        (Versions(), "product.connect.nginx.com", ()),
        (Versions(nim=(2, 21, 1)), "product.connect.nginx.com", ("nim-2.21",)),
        (Versions(nim=(2, 22)), "product.connect.nginx.com", ("nim-2.22",)),
        (Versions(nim=(2, 22, 0)), "product.connect.nginx.com", ("nim-2.22",)),
        (Versions(nginx_plus=34), "product.connect.nginx.com:443", ("nginx-plus",)),
        (Versions(nginx_plus=34), "nim.example", ()),
        (Versions(nginx_plus=32), "product.connect.nginx.com", ()),
        (Versions(nim=(2, 9), nginx_plus=33), "product.connect.nginx.com", ("nim-2.21", "nginx-plus")),
    ],
)
def test_the_profile_follows_from_the_versions(versions: Versions, endpoint: str, profiles: tuple[str, ...]) -> None:
    assert Facts(versions=versions, mgmt=Mgmt(path=CONF, endpoint=endpoint)).profiles == profiles


@pytest.mark.parametrize(
    ("endpoint", "release", "expected"),
    [
        ("nim.example", 34, ("nim.example", 443)),
        ("NIM.example:8443", 34, ("nim.example", 8443)),
        ("product.connect.nginx.com", 34, None),
        ("nim.example", 32, None),
        ("unix:/run/x", 34, None),
    ],
)
def test_the_nim_that_reports_go_to_is_an_endpoint(
    endpoint: str, release: int, expected: tuple[str, int] | None
) -> None:
    relay = Facts(versions=Versions(nginx_plus=release), mgmt=Mgmt(path=CONF, endpoint=endpoint)).relay
    assert (relay and (relay.host, relay.port)) == expected


def test_the_relay_is_verified_as_the_mgmt_block_says() -> None:
    told = Mgmt(path=CONF, endpoint="nim.example", trusted="nim-ca.pem", name="manager-server")
    relay = Facts(versions=Versions(nginx_plus=34), mgmt=told).relay
    assert relay
    assert (relay.ca_file, relay.tls_name) == (CONF.parent / "nim-ca.pem", "manager-server")
    plain = Facts(versions=Versions(nginx_plus=34), mgmt=Mgmt(path=CONF, endpoint="nim.example", name="no name")).relay
    assert plain
    assert (plain.ca_file, plain.tls_name) == (None, "")


def test_each_setting_says_where_it_stands() -> None:
    mgmt = Mgmt(path=CONF, enforce_initial_report=False, written=("enforce_initial_report",))
    nms = NmsConf(path=Path("/etc/nms/nms.conf"), mode="disconnected")
    found = {setting.key: (setting.value, setting.source) for setting in Facts(nms=nms, mgmt=mgmt).settings}
    assert found["nginx.enforce_initial_report"] == ("off", "/etc/nginx/nginx.conf")
    assert found["nginx.state_path"] == ("/var/lib/nginx/state", "default")
    assert found["nim.mode_of_operation"] == ("disconnected", "/etc/nms/nms.conf")


def test_a_host_without_the_files_has_none_of_it(tmp_path: Path) -> None:
    facts = read(tmp_path / "nms.conf", tmp_path / "nginx.conf")
    assert (facts.nms, facts.mgmt) == (None, None)
