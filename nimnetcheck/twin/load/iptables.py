"""Saves of iptables into the twin, each variant by its own tool."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.twin import tools
from nimnetcheck.twin.answer import Firewall, LeftOut
from nimnetcheck.twin.capture.value import Variant
from nimnetcheck.twin.load import pieces
from nimnetcheck.twin.load.loaded import LEGACY, POLICY, Chain, Loaded, Written
from nimnetcheck.twin.ruleset.save import SavedRule, for_sender, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.twin.capture.value import Save
    from nimnetcheck.twin.namespace import Sender
    from nimnetcheck.twin.ruleset.save import SavedTable
    from nimnetcheck.twin.tools import Ran

# Without the right over the whole machine a socket's send buffer bounds one transaction: measured, 280 rules.
LINES_AT_ONCE = 200
FIREWALLS = {Variant.NFT: Firewall.IPTABLES_NFT, Variant.LEGACY: Firewall.IPTABLES_LEGACY}
NEVER = "it is for packets of another user"
_FAULTS = (
    re.compile(r"^line (\d+): (.*)$", re.MULTILINE),
    re.compile(r"Error occurred at line: (\d+)()"),
    re.compile(r"line (\d+) failed()"),
)
_NOISE = re.compile(r"^ip6?tables-\S+ v\S+(?: \([^)]*\))?: ?", re.MULTILINE)
_FAMILIES = {4: "ip", 6: "ip6"}
Line = pieces.Line[SavedRule]
Refused = pieces.Refused[SavedRule]


@attrs.frozen(kw_only=True)
class Loader:
    """How saves are loaded: `variant` is the tool's; where the `sender` is confined there is no other user or group."""

    variant: Variant
    sender: Sender

    def load(self, save: Save) -> Loaded:
        """Load a save; raises pieces.LoadError."""
        chains: dict[Chain, tuple[Written, ...]] = {}
        left_out: list[LeftOut] = []
        for table in tables(save.source):
            refused = {one.owner: one.because for one in self._table(save, table)}
            left_out += [
                LeftOut(what=rule.text, because=because, file=save.source.file, line=rule.line)
                for rule, because in refused.items()
                if because != NEVER
            ]
            chains.update(self._written(save, table, refused))
        return Loaded(chains=chains, left_out=tuple(left_out))

    def _table(self, save: Save, table: SavedTable) -> list[Refused]:
        tool = f"{'ip6tables' if save.version == 6 else 'iptables'}-{self.variant}-restore"  # noqa: PLR2004 (IP version)
        seen = [(rule, self._as_met(rule.text)) for rule in table.rules]
        refused = [Refused(rule, NEVER) for rule, text in seen if text is None]
        lines = [Line(f":{chain.name} {chain.policy} [0:0]") for chain in table.chains]
        lines += [Line(text, rule) for rule, text in seen if text is not None]
        at_once = LINES_AT_ONCE if self.sender.confined and self.variant is Variant.NFT else len(lines) or 1
        for at in range(0, len(lines) or 1, at_once):
            piece = [Line(f"*{table.name}"), *lines[at : at + at_once], Line("COMMIT")]
            refused += self._piece((tool, *(("--noflush",) if at else ())), piece)
        return refused

    def _as_met(self, text: str) -> str | None:
        return for_sender(text, self.sender.user, self.sender.group) if self.sender.confined else text

    def _piece(self, tool: Sequence[str], piece: Sequence[Line]) -> list[Refused]:
        run = partial(tools.run, tool)
        if self.variant is Variant.NFT:
            return pieces.load(piece, run, _faulty)
        # The old variant's kernel refuses a table as a whole, and says nothing of the line.
        return pieces.load(piece, run, lambda ran: _searched(piece, run, _faulty(ran)))

    def _written(
        self, save: Save, table: SavedTable, refused: dict[SavedRule, str]
    ) -> Iterator[tuple[Chain, tuple[Written, ...]]]:
        firewall = FIREWALLS[save.variant]
        family = _FAMILIES[save.version] + (LEGACY if self.variant is Variant.LEGACY else "")
        rules: dict[str, list[SavedRule]] = {}
        for rule in table.rules:
            rules.setdefault(rule.chain, []).append(rule)
        for chain in table.chains:
            found = []
            if chain.policy != "-":
                text = f":{chain.name} {chain.policy}"
                found.append(
                    Written(firewall=firewall, number=POLICY, text=text, file=save.source.file, line=chain.line)
                )
            for number, rule in enumerate(rules.get(chain.name, ()), 1):
                found.append(
                    Written(
                        firewall=firewall,
                        number=number,
                        text=rule.text,
                        file=save.source.file,
                        line=rule.line,
                        loaded=rule not in refused,
                        passed_over=refused.get(rule) == NEVER,
                    )
                )
            yield (family, table.name, chain.name), tuple(found)


def _faulty(ran: Ran) -> tuple[int, str] | None:
    for fault in _FAULTS:
        match = fault.search(ran.said)
        if match:
            words = next((line for line in _NOISE.sub("", ran.said).splitlines() if line.strip()), "")
            return int(match[1]), match[2] or words
    return None


def _searched(piece: Sequence[Line], run: partial[Ran], found: tuple[int, str] | None) -> tuple[int, str] | None:
    """The first line without which those before it are taken, where the tool names the end of the table alone."""
    if found is None or found[0] > len(piece) or piece[found[0] - 1].owner is not None:
        return found
    rules = [at for at, line in enumerate(piece, 1) if line.owner is not None]
    low, high = 0, len(rules)
    while low + 1 < high:
        middle = (low + high) // 2
        part = [line.text for at, line in enumerate(piece, 1) if line.owner is None or at <= rules[middle - 1]]
        low, high = (low, middle) if run("\n".join(part) + "\n").is_refused else (middle, high)
    return (rules[high - 1], found[1] or "Invalid argument") if rules else found
