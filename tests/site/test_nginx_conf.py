"""The mgmt block is read as NGINX reads it: quotes, comments, other blocks and included files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.site import nginx_conf

if TYPE_CHECKING:
    from pathlib import Path

CONF = """
user nginx;  # mgmt { proxy wrong:1; }
http { server { location / { mgmt { proxy wrong:2; } } } }
mgmt {
    usage_report endpoint=nim.example:8443 interval=30m;
    proxy 192.0.2.8:3128;
    proxy_username nim; proxy_password "correct; horse";
    license_token custom/file.jwt;
    enforce_initial_report off;
    resolver 192.0.2.53 valid=5m;
    ssl_verify off; ssl_trusted_certificate nim-ca.pem; ssl_name manager-server;
    state_path '/srv/state';
}
"""


def read(tmp_path: Path, content: str) -> nginx_conf.Mgmt:
    path = tmp_path / "nginx.conf"
    path.write_text(content, encoding="utf-8")
    mgmt = nginx_conf.read(path)
    assert mgmt is not None
    return mgmt


def test_what_is_written_is_read(tmp_path: Path) -> None:
    mgmt = read(tmp_path, CONF)
    assert (mgmt.trusted_file, mgmt.name) == (tmp_path / "nim-ca.pem", "manager-server")
    assert (mgmt.endpoint, mgmt.interval, mgmt.proxy) == ("nim.example:8443", "30m", "192.0.2.8:3128")
    assert (mgmt.proxy_username, mgmt.proxy_password) == ("nim", "correct; horse")
    assert (mgmt.enforce_initial_report, mgmt.ssl_verify, mgmt.state_path) == (False, False, "/srv/state")
    assert mgmt.resolver == ("192.0.2.53", "valid=5m")
    assert mgmt.licence_file == tmp_path / "custom/file.jwt"


def test_credentials_are_in_no_repr(tmp_path: Path) -> None:
    assert "horse" not in repr(read(tmp_path, CONF))


def test_without_a_block_all_is_default(tmp_path: Path) -> None:
    mgmt = read(tmp_path, "events {}\nhttp { proxy_pass http://x; }\n")
    assert (mgmt.endpoint, mgmt.enforce_initial_report, mgmt.proxy, mgmt.written) == (
        nginx_conf.ENDPOINT,
        True,
        "",
        (),
    )


def test_a_block_in_an_included_file_counts(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "mgmt.conf").write_text("mgmt { proxy 192.0.2.8:3128; }", encoding="utf-8")
    assert read(tmp_path, "include conf.d/*.conf;").proxy == "192.0.2.8:3128"
    assert read(tmp_path, f"include {tmp_path}/conf.d/*.conf;").proxy == "192.0.2.8:3128"


@pytest.mark.parametrize("pattern", ["/etc/passwd", "../outside.conf", "conf.d/../../outside.conf"])
def test_nothing_outside_the_folder_is_included(tmp_path: Path, pattern: str) -> None:
    folder = tmp_path / "nginx"
    (folder / "conf.d").mkdir(parents=True)
    (tmp_path / "outside.conf").write_text("mgmt { proxy 192.0.2.8:3128; }", encoding="utf-8")
    assert read(folder, f"include {pattern};").proxy == ""


@pytest.mark.parametrize("content", ["mgmt {", "}}}}", 'mgmt { proxy "open', "mgmt { ; ; }", "\\", "mgmt"])
def test_what_is_broken_is_read_as_far_as_it_goes(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content).endpoint == nginx_conf.ENDPOINT


def test_no_file_is_no_nginx(tmp_path: Path) -> None:
    assert nginx_conf.read(tmp_path / "nginx.conf") is None


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    mgmt = nginx_conf.read(tmp_path)
    assert mgmt is not None
    assert mgmt.problem == f"{tmp_path}: Is a directory"
