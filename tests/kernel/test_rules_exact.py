"""What the emitted files let out is exactly the policy, decided by the kernel packet by packet.

Expectations are worked out from the catalogue's endpoints, never from a rule. In mode allow the honest truth is asked:
an accept of ours overrides no drop elsewhere, and where nothing drops nothing is dropped by us.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nimnetcheck.catalogue import load
from nimnetcheck.firewall import Mode
from tests.kernel.cases import FIREWALLD_SKELETON, FIREWALLD_START, NAMES, case, destinations, sweeps, text, within
from tests.kernel.namespace import inside

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.kernel
PROFILES = ("nim-2.21", "nim-2.22", "nginx-plus", "browser", "all")
IN_THE_RANGE = "159.60.126.77"
STANDING = {"tcp": {53}, "udp": {53, 123}}


def judged(tmp_path: Path, backend: str, mode: Mode, profile: str, *, site: bool) -> tuple[Any, list[dict[str, Any]]]:
    """Load the file into a namespace with or without the site's default drop, and ask for every packet."""
    chosen = case(backend, mode)
    path = tmp_path / "rules"
    path.write_text(text(chosen.backend, mode, profile), encoding="utf-8")
    commands = chosen.commands(path)
    asked = sweeps(IN_THE_RANGE)
    setup = commands["site" if site else "bare"]
    load_twice = commands["load"]
    if backend == "firewalld":
        directory = str(tmp_path / "firewalld")
        inside("run", script=FIREWALLD_SKELETON.replace("{dir}", directory) + setup)
        done = inside(
            "judge", setup="", load=load_twice, listing=commands["listing"], remove=commands["remove"], sweeps=[]
        )
        started = load_twice + "\n" + FIREWALLD_START.replace("{dir}", directory)
        done["seen"] = inside("sweep", setup=started, sweeps=asked)
        return done, asked
    done = inside(
        "judge",
        setup=setup,
        load=load_twice,
        listing=commands["listing"],
        remove=commands["remove"],
        sweeps=asked,
    )
    return done, asked


def expected(sweep: dict[str, Any], profile: str, mode: Mode) -> set[tuple[str, int]]:
    """What must leave of one sweep, where everything else is dropped."""
    endpoints = load().endpoints_for([profile])
    everything = destinations(sweep)
    left = set()
    if sweep["protocol"] == "tcp":
        left = {(address, port) for address, port in everything if within(endpoints, address, port)}
    if mode is Mode.LOCKDOWN:
        left |= {(address, port) for address, port in everything if port in STANDING[sweep["protocol"]]}
    return left


def check_exact(done: Any, asked: list[dict[str, Any]], profile: str, mode: Mode) -> None:  # noqa: ANN401 (JSON)
    for sweep, seen in zip(asked, done["seen"]):
        wanted = expected(sweep, profile, mode)
        left = {(address, port) for address, port in seen["left"] or ()}
        missing, excess = sorted(wanted - left)[:3], sorted(left - wanted)[:3]
        assert (missing, excess, seen["count"]) == ([], [], len(wanted)), sweep


def check_twice_and_removed(done: Any) -> None:  # noqa: ANN401 (JSON)
    assert done["once"] != done["before"], "the file changed nothing: nothing was proven"
    assert done["twice"] == done["once"], "a second load changed something"
    assert done["after"] == done["before"], "removal left something behind"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("backend", NAMES)
def test_inserted_into_a_chain_that_drops_exactly_the_policy_leaves(tmp_path: Path, backend: str, profile: str) -> None:
    done, asked = judged(tmp_path, backend, Mode.INSERT, profile, site=True)
    check_exact(done, asked, profile, Mode.INSERT)
    check_twice_and_removed(done)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("backend", NAMES)
def test_locked_down_exactly_the_policy_names_and_time_leave(tmp_path: Path, backend: str, profile: str) -> None:
    done, asked = judged(tmp_path, backend, Mode.LOCKDOWN, profile, site=False)
    check_exact(done, asked, profile, Mode.LOCKDOWN)
    check_twice_and_removed(done)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("backend", NAMES)
def test_allow_drops_nothing_where_nothing_drops(tmp_path: Path, backend: str, profile: str) -> None:
    done, asked = judged(tmp_path, backend, Mode.ALLOW, profile, site=False)
    assert [seen["count"] for seen in done["seen"]] == [len(destinations(sweep)) for sweep in asked]
    check_twice_and_removed(done)


@pytest.mark.parametrize("backend", ["iptables-nft", "iptables-legacy"])
def test_allow_opens_a_chain_that_drops_by_its_policy(tmp_path: Path, backend: str) -> None:
    done, asked = judged(tmp_path, backend, Mode.ALLOW, "all", site=True)
    check_exact(done, asked, "all", Mode.ALLOW)


@pytest.mark.parametrize("backend", ["nftables", "firewalld"])
def test_allow_overrides_no_drop_elsewhere_as_its_head_says(tmp_path: Path, backend: str) -> None:
    done, _ = judged(tmp_path, backend, Mode.ALLOW, "all", site=True)
    assert [seen["count"] for seen in done["seen"]] == [0] * len(done["seen"])
