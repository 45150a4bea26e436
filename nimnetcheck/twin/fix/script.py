"""A proven fix as a shell script for the host, with its undo: what it opens, why, and what was shown. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck import __version__
from nimnetcheck.shell import script
from nimnetcheck.twin.capture.text import printable, shown
from nimnetcheck.twin.fix.change import summed
from nimnetcheck.twin.observe import where, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nimnetcheck.twin.fix.change import Change
    from nimnetcheck.twin.fix.prove import Proof

LISTED = 20
UNDONE = "Taking it back brought every verdict back."
_FAILED = '    die "refused, and taken back: are the rules still those that were captured?"'
_LEFT = '    [ $left = no ] || die "not all of it was there to be taken back"'
_CHECKED = '    say "the tools are here; nothing was changed"'
NOT_UNDONE = "Taking it back was not shown to bring every verdict back."


def render(proof: Proof, host: str = "") -> str:
    """The script; its head says what the kernel showed."""
    tools = dict.fromkeys(tool for change in proof.changes for tool in _tools(change))
    return script("\n".join(_comment(line) for line in _head(proof, host)), _functions(proof.changes, tools))


def notes(proof: Proof) -> Iterator[str]:
    """What must change, for a report: one note for each change."""
    for change in proof.changes:
        yield f"{change.title}: {'; '.join(change.lines)}"
    if proof.changes:
        beside = f"{_counted(len(proof.controls), 'other')} beside them stay as they are"
        opened = f"{_counted(len(proof.opened), 'flow')} opened by these changes, {beside}"
        yield f"Shown by the kernel in a copy of this firewall: {opened}."
        yield "--fix-output FILE writes them as a script, with their undo."
    if proof.ended:
        yield f"The search for changes ended at its bounds: {_counted(len(proof.left), 'flow')} still blocked."


def _head(proof: Proof, host: str) -> Iterator[str]:
    yield f"nimnetcheck {__version__}: what this firewall must change, and how to take it back"
    if host:
        yield f"Made for: {host}"
    yield ""
    yield f"Opens {_counted(len(proof.opened), 'flow')}:"
    yield from _listed(summed(proof.opened))
    for number, change in enumerate(proof.changes, 1):
        yield ""
        yield f"{number}. {change.title}"
        yield f"   Blocked by {where(change.block.rule)}"
        if change.block.rule.text:
            yield f"   {shown(change.block.rule.text)}"
        if change.note:
            yield f"   Note: {change.note}"
    yield ""
    yield f"Shown in a copy of this firewall by the kernel: {_counted(len(proof.opened), 'flow')} opened,"
    yield f"  {_counted(len(proof.controls), 'other')} beside them (next addresses, port and protocol) unchanged."
    yield f"  {UNDONE if proof.undone else NOT_UNDONE}"
    if proof.left:
        yield ""
        why = "the search ended at its bounds" if proof.ended else "no change that helps was found"
        yield f"Still blocked ({len(proof.left)}), and {why}:"
        yield from _listed(f"{judged.flow}: {words(judged)}" for judged in proof.left)
    yield ""
    yield "Load:    sh FILE          (as root; made for the rules as they were captured)"
    yield "Remove:  sh FILE remove"
    yield "nft, iptables and ipset forget it when the firewall is loaded anew: put it into its own files to keep it."


def _functions(changes: Sequence[Change], tools: Iterable[str]) -> Iterator[str]:
    """All of it or none of it; loaded twice it is there once."""
    need = f"    need {' '.join(tools)}"
    lines = " &&\n".join(f"    {line}" for change in changes for line in change.lines)
    undo = "\n".join(f"    {line} || left=yes" for change in reversed(changes) for line in change.undo)
    yield f"apply() {{\n{lines}\n}}"
    yield f"undo() {{\n    left=no\n{undo}\n}}"
    yield f"load() {{\n{need}\n    undo >/dev/null 2>&1\n    apply && return 0\n    undo >/dev/null 2>&1\n{_FAILED}\n}}"
    yield f"remove() {{\n{need}\n    undo\n{_LEFT}\n}}"
    yield f"check() {{\n{need}\n{_CHECKED}\n}}"


def _tools(change: Change) -> Iterator[str]:
    for line in (*change.lines, *change.undo):
        yield line.partition(" ")[0]


def _comment(line: str) -> str:
    """One line of a comment; words of rules come from outside."""
    return f"# {printable(line)}".rstrip()


def _listed(lines: Iterable[str]) -> Iterator[str]:
    every = list(lines)
    yield from (f"  {line}" for line in every[:LISTED])
    if len(every) > LISTED:
        yield f"  and {len(every) - LISTED} more"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
