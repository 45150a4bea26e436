"""Observations of a range become a map, and its silent part the fewest prefixes."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from nimnetcheck.model import Failure, Observation, Outcome, Rung, Target
from nimnetcheck.probe.range import Cell, draw, map_range, prefixes

F = Failure


def at(address: str, rung: Rung, failure: Failure | None = None) -> Observation:
    return Observation(
        subject="range",
        rung=rung,
        title="",
        outcome=Outcome.FAILED if failure else Outcome.PASSED,
        failure=failure,
        target=Target(address=ip_address(address), port=443),
    )


@pytest.mark.parametrize(
    ("tcp", "tls", "cell"),
    [
        (None, None, Cell.PROVEN),
        (None, F.TLS_TIMEOUT, Cell.SILENT),
        (None, F.TLS_RESET, Cell.BLOCKED),
        (None, F.TLS_NOT_TLS, Cell.BLOCKED),
        (None, F.DEADLINE, Cell.NOT_JUDGED),
        (F.TCP_TIMEOUT, None, Cell.SILENT),
        (F.TCP_REFUSED, None, Cell.BLOCKED),
        (F.ADMIN_PROHIBITED, None, Cell.BLOCKED),
        (F.BLOCKED_LOCALLY, None, Cell.BLOCKED),
        (F.NO_ROUTE, None, Cell.BLOCKED),
        (F.DEADLINE, None, Cell.NOT_JUDGED),
    ],
)
def test_cells(tcp: Failure | None, tls: Failure | None, cell: Cell) -> None:
    seen = [at("192.0.2.1", Rung.TCP, tcp)] + ([] if tcp else [at("192.0.2.1", Rung.TLS, tls)])
    assert map_range(seen) == {ip_address("192.0.2.1"): cell}


def test_a_connection_alone_proves_nothing() -> None:
    assert map_range([at("192.0.2.1", Rung.TCP)]) == {ip_address("192.0.2.1"): Cell.NOT_JUDGED}


def test_half_a_range_silent_is_one_prefix() -> None:
    addresses = list(ip_network("159.60.126.0/25"))
    seen = [at(str(address), Rung.TLS) for address in addresses[:64]]
    seen += [at(str(address), Rung.TCP, F.TCP_TIMEOUT) for address in addresses[64:]]
    cells = map_range(reversed(seen))
    assert list(cells) == addresses
    assert prefixes(cells, Cell.SILENT) == (ip_network("159.60.126.64/26"),)
    assert prefixes(cells, Cell.BLOCKED) == ()
    drawing = draw(seen)
    assert len(drawing) == 8 + 2
    assert drawing[0] == "159.60.126.0    " + " ".join("#" * 16)
    assert drawing[7] == "159.60.126.112  " + " ".join("." * 16)
    assert drawing[8:] == ["# 64 proven: 159.60.126.0/26", ". 64 silent: 159.60.126.64/26"]
    assert "".join(drawing).isascii()


def test_a_single_address_is_not_drawn() -> None:
    assert draw([at("192.0.2.1", Rung.TLS)]) == []
    assert draw([]) == []


def test_gaps_stay_gaps() -> None:
    drawing = draw([at("192.0.2.1", Rung.TLS), at("192.0.2.3", Rung.TCP, F.TCP_REFUSED), at("2001:db8::", Rung.TLS)])
    assert drawing[:2] == ["192.0.2.1     #   x", "2001:db8::  #"]


def test_many_prefixes_are_shortened() -> None:
    seen = [at(f"192.0.2.{n}", Rung.TLS if n % 2 else Rung.TCP, None if n % 2 else F.TCP_TIMEOUT) for n in range(64)]
    assert draw(seen)[-1].endswith("and 24 more")
