"""What a fix tells firewall-cmd is what firewalld does: its own daemon in a namespace, told, captured and judged."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

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


def host(folder: Path, scenario: str, fix: str) -> Capture:
    """A host whose firewalld runs with these files, after this script."""
    require(missing("dbus-daemon", "firewalld", "firewall-cmd"))
    shutil.copytree(FOLDER / scenario / "firewalld", folder / "firewalld")
    (folder / "bus.conf").write_text(BUS, encoding="utf-8")
    (folder / "fix.sh").write_text(fix, encoding="utf-8")
    return taken(folder, SETUP.format(folder=folder), mounts=True)


@pytest.mark.parametrize("scenario", ["firewalld", "firewalld-rule"])
def test_the_commands_open_what_was_proven(tmp_path: Path, scenario: str) -> None:
    question = Question(capture=gather(firewalld=FOLDER / scenario / "firewalld"), flows=FLOWS)
    before = ask(question).judged
    proof = prove(question, before[:1], ask)
    lines = "\n".join(line for change in proof.changes for line in change.lines)
    (tmp_path / "plain").mkdir()
    (tmp_path / "fixed").mkdir()
    plain = ask(Question(capture=host(tmp_path / "plain", scenario, "true"), flows=FLOWS)).judged
    fixed = ask(Question(capture=host(tmp_path / "fixed", scenario, f"set -e\n{lines}"), flows=FLOWS)).judged
    assert [one.verdict for one in plain] == [one.verdict for one in before]
    assert [one.verdict for one in fixed] == [KernelVerdict.ACCEPT, *(one.verdict for one in before[1:])]
