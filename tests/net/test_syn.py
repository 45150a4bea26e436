"""A SYN made by hand: what it looks like, what is read of its answers, and a real one in a namespace of its own."""

from __future__ import annotations

import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path

import pytest

from nimnetcheck.net.syn import HEADER, OPTIONS, read, segment
from tests.machine import SYSTEM_PATH

ROOT = Path(__file__).parents[2]
ASK = """
import socket
from ipaddress import ip_address
from nimnetcheck.net import drive, monotonic
from nimnetcheck.net.syn import OPTIONS, knock
for family, here in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    with socket.create_server((here, 443), family=family):
        for options in (OPTIONS, ["mss"]):
            print(drive(knock(ip_address(here), 443, options, monotonic() + 2), 3))
    print(drive(knock(ip_address(here), 443, OPTIONS, monotonic() + 2), 3))
"""


@pytest.mark.parametrize("options", [tuple(OPTIONS), ("mss",), ()])
@pytest.mark.parametrize("addresses", [("192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::2")])
def test_the_checksum_holds_and_no_other_option_is_in_it(addresses: tuple[str, str], options: tuple[str, ...]) -> None:
    source, target = map(ip_address, addresses)
    packet = segment((source, 61000), (target, 443), options)
    pseudo = source.packed + target.packed + len(packet).to_bytes(4, "big") + b"\0\0\0\6"
    words = [int.from_bytes((pseudo + packet)[at : at + 2], "big") for at in range(0, len(pseudo + packet), 2)]
    assert sum(words) % 0xFFFF == 0
    assert packet[HEADER.size :].rstrip(b"\1") == b"".join(OPTIONS[name] for name in options)
    assert packet[12] >> 4 == len(packet) // 4


def test_only_answers_to_us_are_read() -> None:
    def answer(flags: int, port: int = 61000) -> bytes:
        return HEADER.pack(443, port, 1, 2, 5 << 4, flags, 0, 0, 0)

    assert read(answer(0x12), 6, (443, 61000)) == "answered"
    assert read(answer(0x14), 6, (443, 61000)) == "refused"
    assert read(b"\x45" + bytes(19) + answer(0x12), 4, (443, 61000)) == "answered"
    for other in (answer(0x10), answer(0x12, 61001), b"", b"\x45", answer(0x12)[:-1]):
        assert read(other, 6, (443, 61000)) == ""
        assert read(b"\x45" + bytes(19) + other, 4, (443, 61000)) == ""


@pytest.mark.kernel
def test_a_listener_answers_and_its_absence_refuses() -> None:
    inside = ["unshare", "-Urn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, "-c", ASK]
    done = subprocess.run(inside, capture_output=True, text=True, check=False, cwd=ROOT, env={"PATH": SYSTEM_PATH})
    assert done.stdout.split() == ["answered", "answered", "refused"] * 2, done.stderr
