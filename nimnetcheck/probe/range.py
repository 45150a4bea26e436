"""A range address by address: what is proven, silent or blocked here; pure.

Silence from some addresses beside answers from others is a pattern to show, not by itself a failure: nothing says that
every address of a published range listens.
"""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_network
from typing import TYPE_CHECKING

from nimnetcheck.addresses import merge
from nimnetcheck.model import Failure, Outcome, Rung, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.model import Address, Network, Observation

COLUMNS = 16
SHOWN_PREFIXES = 8


class Cell(Text):
    """What one address of a range turned out to be."""

    PROVEN = "proven"
    SILENT = "silent"
    BLOCKED = "blocked here"
    NOT_JUDGED = "not judged"


MARKS: Mapping[Cell, str] = {Cell.PROVEN: "#", Cell.SILENT: ".", Cell.BLOCKED: "x", Cell.NOT_JUDGED: "?"}
_SILENT = frozenset({Failure.TCP_TIMEOUT, Failure.TLS_TIMEOUT})
_UNDECIDED = frozenset({Failure.DEADLINE, Failure.UNKNOWN})


def map_range(observations: Iterable[Observation]) -> Mapping[Address, Cell]:
    """Each address that was tried, in order, with what its observations amount to.

    A TLS answer proves the path; a connection alone proves nothing, since anything on the way can accept it.
    """
    by_address: dict[Address, list[Observation]] = {}
    for observation in observations:
        if observation.target and not observation.control:
            by_address.setdefault(observation.target.address, []).append(observation)
    order = sorted(by_address, key=lambda address: (address.version, int(address)))
    return {address: _cell(by_address[address]) for address in order}


def prefixes(cells: Mapping[Address, Cell], wanted: Cell) -> tuple[Network, ...]:
    """The addresses of one kind as the fewest networks that cover exactly them."""
    return merge(ip_network(address) for address, cell in cells.items() if cell is wanted)


def draw(observations: Iterable[Observation]) -> list[str]:
    """The map in ASCII, sixteen addresses a row, with its legend; nothing to draw for a single address."""
    cells = map_range(observations)
    if len(cells) < 2:  # noqa: PLR2004 (one address is no map)
        return []
    rows: dict[tuple[int, int], dict[int, Address]] = {}
    for address in cells:
        row, column = divmod(int(address), COLUMNS)
        rows.setdefault((address.version, row), {})[column] = address
    width = max(len(str(min(row.values(), key=int))) for row in rows.values())
    lines = [f"{min(row.values(), key=int)!s:<{width}}  {_row(row, cells)}" for row in rows.values()]
    return [*lines, *_legend(cells)]


def _cell(seen: Iterable[Observation]) -> Cell:
    ladder = list(seen)
    failed = next((rung for rung in ladder if rung.outcome is Outcome.FAILED), None)
    if failed is None:
        proven = any(rung.outcome is Outcome.PASSED and rung.rung in (Rung.TLS, Rung.HTTP) for rung in ladder)
        return Cell.PROVEN if proven else Cell.NOT_JUDGED
    if failed.failure in _SILENT:
        return Cell.SILENT
    return Cell.NOT_JUDGED if failed.failure in _UNDECIDED else Cell.BLOCKED


def _row(row: Mapping[int, Address], cells: Mapping[Address, Cell]) -> str:
    return " ".join(MARKS[cells[row[column]]] if column in row else " " for column in range(COLUMNS)).rstrip()


def _legend(cells: Mapping[Address, Cell]) -> list[str]:
    counts = Counter(cells.values())
    lines = []
    for cell, mark in MARKS.items():
        if counts[cell]:
            where = "" if counts[cell] == len(cells) else f": {_few(prefixes(cells, cell))}"
            lines.append(f"{mark} {counts[cell]} {cell}{where}")
    return lines


def _few(networks: tuple[Network, ...]) -> str:
    shown = ", ".join(str(network) for network in networks[:SHOWN_PREFIXES])
    return f"{shown} and {len(networks) - SHOWN_PREFIXES} more" if len(networks) > SHOWN_PREFIXES else shown
