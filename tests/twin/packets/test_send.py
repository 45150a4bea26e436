"""What is sent, and when it is settled; the packets themselves are judged in test_twin.py."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import KernelVerdict
from tests.kernel.namespace import ENVIRONMENT, ROOT

if TYPE_CHECKING:
    from tests.twin.conftest import Ask

pytestmark = pytest.mark.kernel


def test_a_whole_range_is_judged_flow_by_flow(ask_nft: Ask) -> None:
    rules = "table ip f {\n chain o {\n  type filter hook output priority 0;\n  ip daddr 192.0.2.128/25 drop\n }\n}\n"
    judged = ask_nft(rules, *(f"tcp:192.0.2.{n}:443" for n in range(1, 255))).judged
    assert [one.verdict is KernelVerdict.DROP for one in judged] == [n >= 128 for n in range(1, 255)]


def test_what_nothing_stops_and_nobody_answers_is_not_judged(ask_nft: Ask) -> None:
    """The trace sees a packet go to a place that is not there: no event ends it, no answer comes."""
    rules = (
        "table ip n {\n chain o {\n  type nat hook output priority -100;\n  tcp dport 443 dnat to 198.19.255.1\n }\n}\n"
    )
    nowhere = rules.replace("198.19.255.1", "0.0.0.0")  # noqa: S104 (led there, not bound)
    (reached,) = ask_nft(rules, "tcp:192.0.2.1:443").judged
    assert reached.verdict is KernelVerdict.ACCEPT
    (lost,) = ask_nft(nowhere, "tcp:192.0.2.1:443").judged
    assert lost.verdict is not KernelVerdict.DROP


def test_a_family_that_the_kernel_does_not_let_in_is_not_judged_and_the_other_is() -> None:
    """Inside, IPv6 is forbidden to take an address: what cannot be made there is no verdict on it."""
    code = (
        "from nimnetcheck.twin import namespace, twin as made\n"
        "from nimnetcheck.twin.capture.value import Capture\n"
        "from nimnetcheck.twin.flow import parse\n"
        "from nimnetcheck.twin.wire import Question\n"
        "from pathlib import Path\n"
        "sender = namespace.become_admin(0, 0, untrusted=True)\n"
        "whole = made.sides\n"
        "def without(**_):\n"
        "    sides = whole()\n"
        "    two = sides.__enter__()\n"
        "    Path('/proc/sys/net/ipv6/conf/default/disable_ipv6').write_text('1')\n"
        "    class Kept:\n"
        "        def __enter__(self): return two\n"
        "        def __exit__(self, *_): return sides.__exit__(None, None, None)\n"
        "    return Kept()\n"
        "made.sides, made.sysctls.begin = without, lambda: None\n"
        "flows = (parse('tcp:192.0.2.1:443'), parse('tcp:[2001:db8::1]:443'))\n"
        "with made.twin(Question(capture=Capture(), flows=flows), sender) as one:\n"
        "    for judged in one.judge(): print(judged.verdict, judged.because, sep='|')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, env=ENVIRONMENT
    )
    assert done.returncode == 0, done.stderr
    v4, v6 = done.stdout.splitlines()
    assert v4 == "accept|"
    assert v6.startswith("not judged|the route to ::/0 could not be made")
