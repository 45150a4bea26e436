"""What a fix tells firewall-cmd is what firewalld does: its own daemon in a namespace, told, captured and judged."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.files import gather
from nimnetcheck.twin.fix.prove import prove
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Question
from tests.machine import missing, require
from tests.twin.hosts import taken

if TYPE_CHECKING:
    from nimnetcheck.twin.capture.value import Capture

FOLDER = Path(__file__).parent / "scenarios"
pytestmark = [pytest.mark.kernel, pytest.mark.slow]
FLOWS = tuple(map(parse, ("tcp:159.60.126.10:443", "tcp:159.60.126.11:443", "tcp:159.60.126.10:8443")))
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
"""
# A bus and a /run of its own, so that nothing speaks to the machine's firewalld.
SETUP = """
mount -t tmpfs tmpfs /run
mkdir -p /run/firewalld /run/dbus /run/etc
cp -r {folder}/firewalld/. /run/etc
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket
ip link set lo up
ip link add eth0 type veth peer name far0
ip link set eth0 up
ip addr add 198.18.0.2/24 dev eth0
ip route add default via 198.18.0.1
dbus-daemon --config-file={folder}/bus.conf --nofork --nopidfile >/dev/null 2>&1 &
for _ in $(seq 100); do [ -S /run/dbus/system_bus_socket ] || sleep 0.1; done
/usr/bin/python3 /usr/sbin/firewalld --nofork --nopid --system-config /run/etc --log-target file --log-file /run/log \
    >/dev/null 2>&1 &
for _ in $(seq 100); do firewall-cmd --state >/dev/null 2>&1 && break; sleep 0.1; done
sh {folder}/fix.sh >/dev/null
"""


# A host that knows the way to a vendor's IPv6 network, and to no other.
ONE_WAY = """
ip addr add fd00::2/64 dev eth0 nodad
ip route add 2001:db8::/32 via fd00::1
"""


def host(folder: Path, files: Path, fix: str) -> Capture:
    """A host whose firewalld runs with these files, after this script."""
    require(missing("dbus-daemon", "firewalld", "firewall-cmd"))
    shutil.copytree(files, folder / "firewalld")
    (folder / "bus.conf").write_text(BUS, encoding="utf-8")
    (folder / "fix.sh").write_text(fix, encoding="utf-8")
    return taken(folder, SETUP.format(folder=folder), mounts=True)


@pytest.mark.parametrize("scenario", ["firewalld", "firewalld-rule"])
def test_the_commands_open_what_was_proven(tmp_path: Path, scenario: str) -> None:
    files = FOLDER / scenario / "firewalld"
    question = Question(capture=gather(firewalld=files), flows=FLOWS)
    before = ask(question).judged
    proof = prove(question, before[:1], ask)
    lines = "\n".join(line for change in proof.changes for line in change.lines)
    (tmp_path / "plain").mkdir()
    (tmp_path / "fixed").mkdir()
    plain = ask(Question(capture=host(tmp_path / "plain", files, "true"), flows=FLOWS)).judged
    fixed = ask(Question(capture=host(tmp_path / "fixed", files, f"set -e\n{lines}"), flows=FLOWS)).judged
    assert [one.verdict for one in plain] == [one.verdict for one in before]
    assert [one.verdict for one in fixed] == [KernelVerdict.ACCEPT, *(one.verdict for one in before[1:])]


def test_the_setting_lets_errors_in_from_where_no_route_leads(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "firewalld.conf").write_text("DefaultZone=public\nIPv6_rpfilter=yes\n", encoding="utf-8")

    def question(name: str, fix: str = "") -> Question:
        (tmp_path / name).mkdir()
        flows = (parse("tcp:[2001:db8::1]:443"),)
        return Question(capture=host(tmp_path / name, files, f"set -e\n{ONE_WAY}\n{fix}"), flows=flows, errors=True)

    plain = question("plain")
    read = attrs.evolve(plain.capture, firewalld=gather(firewalld=files).firewalld)  # the command reads /etc/firewalld
    before = ask(plain).judged
    (change,) = prove(attrs.evolve(plain, capture=read), before, ask).changes
    lines = "\n".join(change.lines).replace("/etc/firewalld/", "/run/etc/")
    assert [one.verdict for one in before] == [KernelVerdict.ACCEPT, KernelVerdict.DROP]
    assert [one.verdict for one in ask(question("fixed", lines)).judged] == [KernelVerdict.ACCEPT, KernelVerdict.ACCEPT]
