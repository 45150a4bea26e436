"""Over random catalogues: what the real tools list back is what the policy holds, no more and no less."""

from __future__ import annotations

import json
import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

import netaddr
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimnetcheck.firewall import BACKENDS, Mode, Policy, build
from nimnetcheck.model import Connector, Endpoint

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable

    from nimnetcheck.model import Address, Network

Namespace = Callable[..., "subprocess.CompletedProcess[str]"]
pytestmark = pytest.mark.kernel
REAL = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Entry(NamedTuple):
    """One random endpoint: what is published, on which port, and the addresses of its name (none: it has no name)."""

    networks: list[Network]
    port: int
    addresses: list[Address]


def _numbers(version: int, count: int = 0x400) -> st.SearchStrategy[int]:
    """Unicast addresses close enough together to touch and overlap now and then."""
    first = {4: 0x0A000000, 6: 0x20010DB8 << 96}[version]
    return st.integers(first, first + count - 1)


def _network(version: int) -> st.SearchStrategy[Network]:
    if version == 4:
        return st.builds(lambda n, p: IPv4Network((n, p), strict=False), _numbers(4), st.integers(20, 32))
    return st.builds(lambda n, p: IPv6Network((n, p), strict=False), _numbers(6), st.integers(116, 128))


catalogues = st.lists(
    st.builds(
        Entry,
        st.lists(st.one_of(_network(4), _network(6)), min_size=1, max_size=8),
        st.sampled_from([443, 8443, 65535]),
        st.lists(st.one_of(_numbers(4, 8).map(IPv4Address), _numbers(6, 8).map(IPv6Address)), max_size=6),
    ),
    min_size=1,
    max_size=3,
)


def _policy(catalogue: list[Entry], mode: Mode) -> Policy:
    endpoints = [
        Endpoint(
            id=f"e{number}",
            host=f"e{number}.example" if entry.addresses else None,
            networks=tuple(entry.networks),
            port=entry.port,
            connects=(Connector.NIM,),
            versions="any",
            purpose="random",
            source="hypothesis",
        )
        for number, entry in enumerate(catalogue)
    ]
    addresses = {f"e{number}.example": tuple(entry.addresses) for number, entry in enumerate(catalogue)}
    return build(endpoints, mode=mode, made_at="now", addresses=addresses)


def _wanted(catalogue: list[Entry]) -> dict[tuple[int, int], netaddr.IPSet]:
    """Computed from the catalogue by other means than the policy's."""
    wanted: dict[tuple[int, int], netaddr.IPSet] = {}
    for entry in catalogue:
        for meant in (*entry.networks, *entry.addresses):
            wanted.setdefault((meant.version, entry.port), netaddr.IPSet()).add(str(meant))
    return wanted


def _together(listed: Iterable[tuple[str, Iterable[Any]]]) -> dict[tuple[int, int], netaddr.IPSet]:
    """The sets that a tool lists, by IP version and port; those of names are added to those of prefixes."""
    found: dict[tuple[int, int], netaddr.IPSet] = {}
    for name, elements in listed:
        parts = re.fullmatch(r"nimnetcheck_(?:net|host)([46])_(\d+)", name)
        assert parts
        held = netaddr.IPSet(elements)
        if held:
            found.setdefault((int(parts[1]), int(parts[2])), netaddr.IPSet()).update(held)
    return found


@REAL
@given(catalogues, st.sampled_from([Mode.ALLOW, Mode.LOCKDOWN]))
def test_nft(namespace: Namespace, catalogue: list[Entry], mode: Mode) -> None:
    text = BACKENDS["nftables"].render(_policy(catalogue, mode))
    done = namespace(f"nft -f - <<'TEXT'\n{text}\nTEXT\nnft -j list sets")
    assert done.returncode == 0, done.stderr
    sets = [entry["set"] for entry in json.loads(done.stdout)["nftables"] if "set" in entry]
    assert _together((one["name"], _elements(one.get("elem", []))) for one in sets) == _wanted(catalogue)


def _elements(listed: list[Any]) -> list[Any]:
    """Prefixes and ranges of `nft -j`, as netaddr reads them."""
    found = []
    for one in listed:
        if isinstance(one, str):
            found += [netaddr.IPNetwork(one)]
        elif "prefix" in one:
            found += [netaddr.IPNetwork(f"{one['prefix']['addr']}/{one['prefix']['len']}")]
        else:
            found += netaddr.IPRange(*one["range"]).cidrs()
    return found


@REAL
@given(catalogues, st.sampled_from(Mode), st.sampled_from(["iptables-nft", "iptables-legacy"]))
def test_ipset(namespace: Namespace, catalogue: list[Entry], mode: Mode, variant: str) -> None:
    text = BACKENDS["iptables"].render(_policy(catalogue, mode))
    done = namespace(f"cat >F <<'TEXT'\n{text}\nTEXT\nsh F\nipset save", {"IPTABLES": variant})
    assert done.returncode == 0, done.stderr
    entries = re.findall(r"^add (\S+) (\S+)", done.stdout, re.MULTILINE)
    assert _together((name, [entry]) for name, entry in entries) == _wanted(catalogue)


@settings(REAL, max_examples=5)
@given(catalogues, st.sampled_from(Mode))
def test_firewalld(namespace: Namespace, catalogue: list[Entry], mode: Mode) -> None:
    text = BACKENDS["firewalld"].render(_policy(catalogue, mode))
    listing = """
    for set in D/ipsets/*.xml; do
        name=$(basename $set .xml)
        echo "$name $(firewall-offline-cmd --system-config=D --ipset=$name --get-entries | xargs)"
    done"""
    script = f"rm -rf D; mkdir -p D/ipsets D/policies; cat >F <<'TEXT'\n{text}\nTEXT\nsh F\n{listing}"
    done = namespace(script, {"FIREWALLD_DIR": "D"})
    assert done.returncode == 0, done.stderr
    lines = (line.split() for line in done.stdout.splitlines())
    assert _together((line[0], line[1:]) for line in lines) == _wanted(catalogue)


def test_a_prefix_too_many_would_be_noticed() -> None:
    wider = [Entry([ip_network("10.0.0.0/24")], 443, [])]
    narrower = [Entry([ip_network("10.0.0.0/25")], 443, [])]
    assert _wanted(wider) != _wanted(narrower)
    assert ip_address("10.0.0.128") in wider[0].networks[0]
