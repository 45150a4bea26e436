"""The script with firewalld's own loader and no daemon: twice is once, and a refusal writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import pytest

from nimnetcheck.firewall import Mode

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import CompletedProcess

Render = Callable[..., str]
Namespace = Callable[..., "CompletedProcess[str]"]
pytestmark = pytest.mark.kernel
SITE = """
mkdir -p DIR/policies DIR/ipsets
printf 'DefaultZone=public\\n' >DIR/firewalld.conf
export FIREWALLD_DIR=DIR
held() { find DIR -type f -exec ls -l --time-style=full-iso {} + -exec cat {} + | sort; }
held >before
"""


@pytest.fixture(autouse=True)
def _files(render: Render, tmp_path: Path) -> None:
    for mode in Mode:
        (tmp_path / str(mode)).write_text(render("firewalld", mode), encoding="utf-8")


@pytest.mark.parametrize("mode", Mode)
def test_twice_is_once_and_removal_leaves_nothing(namespace: Namespace, mode: Mode) -> None:
    done = namespace(
        f"{SITE}sh {mode} check; held | cmp - before\n"
        f"sh {mode}; held >first; sh {mode} load; held | cmp - first\n"
        "firewall-offline-cmd --system-config DIR --policy=nimnetcheck --list-rich-rules\n"
        f"sh {mode} remove; held | cmp - before; sh {mode} remove"
    )
    assert done.returncode == 0, done.stderr
    rule = 'rule family="ipv4" destination ipset="nimnetcheck_net4_443" port port="443" protocol="tcp" accept'
    assert rule in done.stdout


def test_a_mode_takes_the_place_of_another(namespace: Namespace) -> None:
    done = namespace(SITE + "sh lockdown; ls DIR/policies; sh allow; ls DIR/policies")
    assert done.stdout.split() == ["nimnetcheck.xml", "nimnetcheck_drop.xml", "nimnetcheck.xml"]


def test_what_was_added_to_a_name_stays_and_a_prefix_does_not(namespace: Namespace) -> None:
    done = namespace(
        SITE + "sh allow\n"
        "firewall-offline-cmd --system-config DIR --ipset=nimnetcheck_host4_443 --add-entry=192.0.2.7\n"
        "firewall-offline-cmd --system-config DIR --ipset=nimnetcheck_net4_443 --add-entry=192.0.2.0/24\n"
        "sh allow; grep -h entry DIR/ipsets/*4*"
    )
    assert "<entry>192.0.2.7</entry>" in done.stdout
    assert "<entry>192.0.2.0/24</entry>" not in done.stdout


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("s/<entry>159.60.126.0/<entry>159.60.126.300/", "INVALID_ENTRY"),
        ('s/policy target=.CONTINUE./policy target="PERHAPS"/', "INVALID_TARGET"),
        ("s/<accept/<except/", "except"),
    ],
)
def test_what_the_loader_complains_about_is_not_written(namespace: Namespace, edit: str, said: str) -> None:
    done = namespace(f"{SITE}sed '{edit}' allow >broken; if sh broken; then echo loaded; fi; held | cmp - before")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "firewalld refuses these files, and nothing was done" in done.stderr
    assert said in done.stderr


def test_a_configuration_that_is_broken_already_is_said(namespace: Namespace) -> None:
    broken = "echo '<policy target=\"CONTINUE\"><nonsense/></policy>' >DIR/policies/site.xml\nheld >before\n"
    done = namespace(SITE + broken + "if sh allow; then echo loaded; fi; held | cmp - before")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "nimnetcheck: firewalld refuses" in done.stderr


def test_a_directory_that_is_none_is_refused(namespace: Namespace) -> None:
    done = namespace("FIREWALLD_DIR=NONE sh allow")
    assert done.returncode == 1
    assert "there is no directory NONE, and nothing was done" in done.stderr
