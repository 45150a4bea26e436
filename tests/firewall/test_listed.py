"""Over random catalogues: what the real tools list back is what the policy holds, no more and no less."""

from __future__ import annotations

import json
import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Callable

import netaddr
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimnetcheck.firewall import BACKENDS, Mode, Policy, build
from nimnetcheck.model import Connector, Endpoint

if TYPE_CHECKING:
    import subprocess

    from nimnetcheck.model import Network

Namespace = Callable[..., "subprocess.CompletedProcess[str]"]
pytestmark = pytest.mark.kernel
REAL = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _network(version: int) -> st.SearchStrategy[Network]:
    """Unicast prefixes close enough together to touch and overlap now and then."""
    if version == 4:
        base = st.integers(0x0A000000, 0x0A0003FF)
        return st.builds(lambda n, p: IPv4Network((n, p), strict=False), base, st.integers(20, 32))
    base = st.integers(0x20010DB8 << 96, (0x20010DB8 << 96) + 0x3FF)
    return st.builds(lambda n, p: IPv6Network((n, p), strict=False), base, st.integers(116, 128))


def _endpoint(number: int, networks: list[Network], port: int) -> Endpoint:
    return Endpoint(
        id=f"e{number}",
        networks=tuple(networks),
        port=port,
        connects=(Connector.NIM,),
        versions="any",
        purpose="random",
        source="hypothesis",
    )


catalogues = st.lists(
    st.tuples(
        st.lists(st.one_of(_network(4), _network(6)), min_size=1, max_size=8),
        st.sampled_from([443, 8443, 65535]),
    ),
    min_size=1,
    max_size=3,
)


def _policy(catalogue: list[tuple[list[Network], int]], mode: Mode) -> Policy:
    endpoints = [_endpoint(number, *entry) for number, entry in enumerate(catalogue)]
    return build(endpoints, mode=mode, made_at="now")


def _wanted(catalogue: list[tuple[list[Network], int]]) -> dict[tuple[int, int], netaddr.IPSet]:
    """Computed from the catalogue by other means than the policy's."""
    wanted: dict[tuple[int, int], netaddr.IPSet] = {}
    for networks, port in catalogue:
        for network in networks:
            wanted.setdefault((network.version, port), netaddr.IPSet()).add(str(network))
    return wanted


def _key(name: str) -> tuple[int, int]:
    found = re.fullmatch(r"nimnetcheck_net([46])_(\d+)", name)
    assert found
    return int(found[1]), int(found[2])


@REAL
@given(catalogues, st.sampled_from([Mode.ALLOW, Mode.LOCKDOWN]))
def test_nft(namespace: Namespace, catalogue: list[tuple[list[Network], int]], mode: Mode) -> None:
    text = BACKENDS["nftables"].render(_policy(catalogue, mode))
    done = namespace(f"nft -f - <<'TEXT'\n{text}\nTEXT\nnft -j list sets")
    assert done.returncode == 0, done.stderr
    sets = [entry["set"] for entry in json.loads(done.stdout)["nftables"] if "set" in entry]
    listed = {_key(one["name"]): netaddr.IPSet(_elements(one["elem"])) for one in sets}
    assert listed == _wanted(catalogue)


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
def test_ipset(namespace: Namespace, catalogue: list[tuple[list[Network], int]], mode: Mode, variant: str) -> None:
    text = BACKENDS["iptables"].render(_policy(catalogue, mode))
    done = namespace(f"cat >F <<'TEXT'\n{text}\nTEXT\nsh F\nipset save", {"IPTABLES": variant})
    assert done.returncode == 0, done.stderr
    listed: dict[tuple[int, int], netaddr.IPSet] = {}
    for name, entry in re.findall(r"^add (\S+) (\S+)$", done.stdout, re.MULTILINE):
        listed.setdefault(_key(name), netaddr.IPSet()).add(entry)
    assert listed == _wanted(catalogue)


def test_a_prefix_too_many_would_be_noticed() -> None:
    wider = [([ip_network("10.0.0.0/24")], 443)]
    narrower = [([ip_network("10.0.0.0/25")], 443)]
    assert _wanted(wider) != _wanted(narrower)
    assert ip_address("10.0.0.128") in wider[0][0][0]
