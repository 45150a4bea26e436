"""The addresses of a range as cells, sixteen in a row, each with what it turned out to be; pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Outcome
from nimnetcheck.probe.range import COLUMNS, Cell, map_range, prefixes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nimnetcheck.model import Address, Observation, Report

SHOWN_PREFIXES = 8


@attrs.frozen
class Square:
    """One address."""

    kind: Cell
    words: str


@attrs.frozen
class MapRow:
    """Sixteen addresses, from the first; None where none was tried."""

    first: Address
    cells: tuple[Square | None, ...]


@attrs.frozen(kw_only=True)
class RangeMap:
    """One range: its rows, and of each kind how many there are and where."""

    subject: str
    rows: tuple[MapRow, ...]
    legend: tuple[tuple[Cell, int, str], ...]

    @property
    def words(self) -> str:
        """The map in words, for who cannot see it."""
        return "; ".join(f"{count} {kind}" + (f": {where}" if where else "") for kind, count, where in self.legend)


def maps(report: Report) -> tuple[RangeMap, ...]:
    """One for each subject that is known by its addresses alone, where there are several."""
    ranges: dict[str, list[Observation]] = {}
    for observation in report.observations:
        if observation.target and observation.target.host is None and not observation.control:
            ranges.setdefault(observation.subject, []).append(observation)
    drawn = (_map(subject, seen) for subject, seen in ranges.items())
    return tuple(each for each in drawn if sum(count for _, count, _ in each.legend) > 1)


def _map(subject: str, seen: Sequence[Observation]) -> RangeMap:
    kinds, said = map_range(seen), _said(seen)
    rows: dict[tuple[int, int], dict[int, Address]] = {}
    for address in kinds:
        row, column = divmod(int(address), COLUMNS)
        rows.setdefault((address.version, row), {})[column] = address
    counts = Counter(kinds.values())
    return RangeMap(
        subject=subject,
        rows=tuple(_row(row, kinds, said) for row in rows.values()),
        legend=tuple((kind, counts[kind], _where(kinds, kind)) for kind in Cell if counts[kind]),
    )


def _row(row: Mapping[int, Address], kinds: Mapping[Address, Cell], said: Mapping[Address, str]) -> MapRow:
    cells = (row.get(column) for column in range(COLUMNS))
    squares = (
        Square(kinds[a], f"{a}: {kinds[a]}" + (f" ({said[a]})" if a in said else "")) if a else None for a in cells
    )
    return MapRow(row[min(row)], tuple(squares))


def _said(seen: Sequence[Observation]) -> dict[Address, str]:
    """What the machine said of each address that failed."""
    failed = [o for o in seen if o.outcome is Outcome.FAILED and o.target]
    return {
        o.target.address: ": ".join(part for part in (str(o.failure).replace("_", " "), o.detail) if part)
        for o in failed
        if o.target
    }


def _where(kinds: Mapping[Address, Cell], kind: Cell) -> str:
    if len(set(kinds.values())) == 1:
        return ""
    networks = prefixes(kinds, kind)
    shown = ", ".join(str(network) for network in networks[:SHOWN_PREFIXES])
    return f"{shown} and {len(networks) - SHOWN_PREFIXES} more" if len(networks) > SHOWN_PREFIXES else shown
