"""SELinux and AppArmor as their files tell it: what keeps NGINX in, beside what looks like it and does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.site.security_modules import BOOLEANS, shut_in

if TYPE_CHECKING:
    from pathlib import Path

HTTPD = "system_u:system_r:httpd_t:s0"
PROFILE = "/usr/sbin/nginx (enforce)"


class Host:
    """A host's files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, path: str, text: str) -> None:
        """A file of it."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def labelled(self, label: str, name: str = "nginx") -> None:
        """A process that runs, as a security module labels it."""
        self.write("proc/12/comm", f"{name}\n")
        self.write("proc/12/attr/current", f"{label}\0")

    def selinux(self, enforce: str = "1", **booleans: str) -> None:
        """SELinux with its booleans, all off but these."""
        self.write("selinux/enforce", enforce)
        for name in BOOLEANS:
            self.write(f"selinux/booleans/{name}", f"{booleans.get(name, '0')} 0")

    def told(self) -> str:
        """What keeps NGINX in."""
        return "; ".join(shut_in(self.folder / "proc", self.folder / "selinux", self.folder / "apparmor.d"))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_selinux_keeps_nginx_in_unless_a_boolean_lets_it_out(host: Host) -> None:
    host.labelled(HTTPD)
    host.selinux()
    assert "httpd_can_network_connect is off" in host.told()
    for name in BOOLEANS:
        host.selinux(**{name: "1"})
        assert host.told() == ""


@pytest.mark.parametrize(
    ("label", "name", "enforce"),
    [
        (HTTPD, "nginx", "0"),
        ("system_u:system_r:unconfined_service_t:s0", "nginx", "1"),
        (HTTPD, "httpd", "1"),
    ],
)
def test_selinux_that_permits_or_does_not_confine(host: Host, label: str, name: str, enforce: str) -> None:
    host.labelled(label, name)
    host.selinux(enforce)
    assert host.told() == ""


def test_booleans_that_are_not_there_say_nothing(host: Host) -> None:
    host.labelled(HTTPD)
    host.write("selinux/enforce", "1")
    assert host.told() == ""


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ("  capability setuid,", "lets it use no network"),
        ("  deny network inet stream,", "denies the network"),
        ("  audit deny network,", "denies the network"),
        ("  network unix,", "lets it use no network"),
        ("  network inet stream,", ""),
        ("  network,", ""),
        ("  include <abstractions/nameservice>", ""),
        ("  #include <abstractions/apache2-common>", ""),
        ("  deny network inet raw,\n  deny network inet6,\n  network tcp,", ""),
    ],
)
def test_a_profile_lets_nginx_out_or_not(host: Host, rules: str, why: str) -> None:
    host.labelled(PROFILE)
    host.write("apparmor.d/usr.sbin.nginx", f"profile /usr/sbin/nginx {{\n{rules}\n}}\n")
    words = host.told()
    assert words.endswith(why) if why else words == ""


def test_a_profile_that_only_complains_or_is_nowhere_says_nothing(host: Host) -> None:
    host.labelled(PROFILE)
    assert host.told() == ""
    host.labelled("/usr/sbin/nginx (complain)")
    host.write("apparmor.d/usr.sbin.nginx", "profile /usr/sbin/nginx {\n}\n")
    assert host.told() == ""


def test_what_the_administrator_added_counts(host: Host) -> None:
    host.labelled("nginx (enforce)")
    host.write("apparmor.d/nginx", "profile nginx {\n  include if exists <local/nginx>\n}\n")
    assert "lets it use no network" in host.told()
    host.write("apparmor.d/local/nginx", "network inet stream,\n")
    assert host.told() == ""
