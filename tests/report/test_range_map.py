"""A range cell by cell, with words for each."""

from __future__ import annotations

from ipaddress import ip_network

from nimnetcheck.model import Failure, Rung
from nimnetcheck.probe.range import Cell
from nimnetcheck.report.range_map import maps
from tests.report.seen import report, saw


def test_every_address_has_its_cell_in_its_place() -> None:
    addresses = [str(address) for address in ip_network("159.60.126.8/29")] + ["159.60.126.16"]
    seen = [saw(Rung.TLS, address=address, host=None) for address in addresses[:-1]]
    silent = saw(Rung.TCP, Failure.TCP_TIMEOUT, address=addresses[-1], host=None, detail="no answer")
    (drawn,) = maps(report([*seen, silent]))
    first, second = drawn.rows
    assert str(first.first) == "159.60.126.8"
    assert [bool(cell) for cell in first.cells] == [False] * 8 + [True] * 8
    assert second.cells[0] is not None
    assert second.cells[0].words == "159.60.126.16: silent (tcp timeout: no answer)"
    assert drawn.legend == ((Cell.PROVEN, 8, "159.60.126.8/29"), (Cell.SILENT, 1, "159.60.126.16/32"))
    assert drawn.words == "8 proven: 159.60.126.8/29; 1 silent: 159.60.126.16/32"


def test_a_single_address_and_a_name_are_no_range() -> None:
    assert maps(report([saw(Rung.TLS, host=None), saw(Rung.TLS, subject="named")])) == ()
