"""Namespaces that a process makes for itself, tried in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.kernel
ROOT = Path(__file__).parents[2]


def run(code: str) -> list[str]:
    begin = "import os\nfrom nimnetcheck.twin.namespace import *\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    return done.stdout.split()


def test_what_is_not_the_callers_own_is_not_parsed_as_root() -> None:
    outside, took, inside, uid = run(
        "print(open('/proc/self/ns/user').fileno() and os.readlink('/proc/self/ns/user'))\n"
        "print(become_admin(991, 991, untrusted=True).confined)\n"
        "print(os.readlink('/proc/self/ns/user'), os.geteuid())"
    )
    assert (took, uid) == ("True", "991")
    assert inside != outside


def test_the_two_sides_are_namespaces_of_their_own() -> None:
    here, near, far, near_again = run(
        "net = lambda: os.readlink('/proc/self/ns/net')\n"
        "print(net())\n"
        "become_admin(0, 0, untrusted=True)\n"
        "with sides() as two:\n"
        "    print(net())\n"
        "    with standing_in(two.far, two.near): print(net())\n"
        "    print(net())"
    )
    assert len({here, near, far}) == 3
    assert near_again == near


def test_who_sends_is_on_the_host_or_in_a_namespace_behind_it() -> None:
    on_it, near, behind, far = run(
        "net = lambda: os.readlink('/proc/self/ns/net')\n"
        "become_admin(0, 0, untrusted=True)\n"
        "with sides() as two: print(two.behind == two.near)\n"
        "with sides(behind=True) as three:\n"
        "    print(net())\n"
        "    with standing_in(three.behind, three.near): print(net())\n"
        "    with standing_in(three.far, three.near): print(net())\n"
    )
    assert on_it == "True"
    assert len({near, behind, far}) == 3


def test_a_namespace_that_is_refused_says_so() -> None:
    (refused,) = run("try: standing_in(0, 0).__enter__()\nexcept ForbiddenError as error: print(error.errno)")
    assert int(refused)


@pytest.mark.parametrize("untrusted", ["True", "False"])
def test_no_service_of_the_host_is_within_reach_and_the_host_keeps_its_own(untrusted: str) -> None:
    before = sorted(path.name for path in Path("/run").iterdir())
    names = run(f"become_admin(0, 0, untrusted={untrusted})\nseclude()\nprint(*os.listdir('/run'))")
    assert names == []
    assert sorted(path.name for path in Path("/run").iterdir()) == before
    assert before, "nothing is in /run, so this shows nothing"
