"""What a fix says in ufw's words is what ufw does: its own rules, made by itself, captured and judged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.fix.prove import prove
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Question
from tests.machine import missing, require
from tests.twin.hosts import taken

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.twin.capture.value import Capture

pytestmark = [pytest.mark.kernel, pytest.mark.slow]
FLOWS = tuple(map(parse, ("tcp:159.60.126.10:443", "tcp:159.60.126.11:443")))
# ufw keeps its rules in /etc, so it gets an /etc of its own.
SETUP = """
cp -r /etc/ufw /etc/default {folder}
mount --bind {folder}/ufw /etc/ufw
mount --bind {folder}/default /etc/default
mount -t tmpfs tmpfs /run
ip link set lo up
ip link add eth0 type veth peer name far0
ip link set eth0 up
ip addr add 198.18.0.2/24 dev eth0
ip route add default via 198.18.0.1
{{ ufw default deny outgoing && ufw --force enable && {command}; }} >/dev/null 2>&1
"""


def host(folder: Path, command: str = "true") -> Capture:
    """A host with ufw that denies what goes out, after this command."""
    require(missing("ufw"))
    folder.mkdir()
    return taken(folder, SETUP.format(folder=folder, command=command), mounts=True)


def test_the_command_that_ufw_is_told_opens_what_the_fix_opens(tmp_path: Path) -> None:
    question = Question(capture=host(tmp_path / "before"), flows=FLOWS)
    judged = ask(question).judged
    assert [one.verdict for one in judged] == [KernelVerdict.DROP] * 2
    (change,) = prove(question, judged[:1], ask).changes
    told = re.search(r"'(ufw allow out [^']+)'", change.note)
    assert told
    after = Question(capture=host(tmp_path / "after", told.group(1)), flows=FLOWS)
    assert [one.verdict for one in ask(after).judged] == [KernelVerdict.ACCEPT, KernelVerdict.DROP]
