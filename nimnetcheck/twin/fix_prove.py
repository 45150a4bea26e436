"""Fixes, proven: applied by their tools in a twin, the packets sent again, and nothing else may have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.addresses import parse_address
from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin import fix_firewalld, fix_iptables, fix_nft, fix_place
from nimnetcheck.twin.answer import Firewall
from nimnetcheck.twin.capture_nft import without
from nimnetcheck.twin.fix import BLOCKED, blocks
from nimnetcheck.twin.flow import Flow, Protocol
from nimnetcheck.twin.wire import Command, Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Callable

    from nimnetcheck.twin.answer import Answer, Judged
    from nimnetcheck.twin.capture import Capture
    from nimnetcheck.twin.fix import Block, Change
    from nimnetcheck.twin.fix_place import Chains

    Ask = Callable[[Question], Answer]
    Verdicts = Mapping[Flow, Judged]

MAX_CHANGES = 24  # more causes than these in one ruleset are for people to look at
MAX_CONTROLS = 64
SHELL = ("sh", "-e")
_FAR = {4: "198.51.100.200", 6: "2001:db8:ffff:fffe::200"}


@attrs.frozen(kw_only=True)
class Proof:
    """What was shown: changes that open `opened` and leave every control as it was; `left` found no change that helps.

    `undone`: taking everything back brought every verdict back.
    """

    changes: tuple[Change, ...] = ()
    opened: tuple[Flow, ...] = ()
    left: tuple[Judged, ...] = ()
    controls: tuple[Flow, ...] = ()
    undone: bool = False


def prove(capture: Capture, flows: Sequence[Flow], ask: Ask) -> Proof:
    """Find a change for every blocked flow that its twin shows to help; raises NotJudgedError."""
    trial = _Trial(capture, tuple(flows), _controls(flows), ask)
    now = before = trial.judge(())
    changes: tuple[Change, ...] = ()
    hopeless: set[Flow] = set()
    while len(changes) < MAX_CHANGES:
        block = next((b for b in blocks(now[f] for f in flows) if not hopeless.issuperset(b.flows)), None)
        if block is None:
            break
        for change in _candidates(block, capture, trial.chains, len(changes) + 1):
            then = trial.judge((*changes, change))
            if then and _helps(change, now, then):
                changes, now = (*changes, change), then
                break
        else:
            hopeless.update(block.flows)
    return Proof(
        changes=changes,
        opened=tuple(f for f in flows if before[f].verdict in BLOCKED and now[f].verdict is KernelVerdict.ACCEPT),
        left=tuple(now[f] for f in flows if now[f].verdict in BLOCKED),
        controls=trial.controls,
        undone=bool(changes) and _verdicts(trial.undo(changes)) == _verdicts(before),
    )


class _Trial:
    """One capture, judged under changes: each time in a fresh twin."""

    def __init__(self, capture: Capture, flows: tuple[Flow, ...], controls: tuple[Flow, ...], ask: Ask) -> None:
        self._capture, self._ask = capture, ask
        self._flows = tuple(dict.fromkeys((*flows, *controls)))
        self.controls = controls
        self.chains: Chains = fix_place.chains(capture)

    def judge(self, changes: Sequence[Change]) -> Verdicts:
        """Every flow with these changes; nothing where a tool refused one."""
        return self._asked(changes, [change.trial for change in changes])

    def undo(self, changes: Sequence[Change]) -> Verdicts:
        """Every flow after these changes were made and taken back."""
        return self._asked((), [*(c.trial for c in changes), *(c.back for c in reversed(changes))])

    def _asked(self, changes: Sequence[Change], scripts: Sequence[Sequence[str]]) -> Verdicts:
        trials = tuple((Command(words=SHELL, text="\n".join(lines) + "\n"),) for lines in scripts if lines)
        answer = self._ask(Question(capture=_with_files(self._capture, changes), flows=self._flows, trials=trials))
        if any(applied.error for one in answer.rounds for applied in one.applied):
            return {}
        return {judged.flow: judged for judged in answer.rounds[-1].judged}


def _candidates(block: Block, capture: Capture, known: Chains, number: int) -> Iterator[Change]:
    """Changes that could help, the smallest first: an element of a set before a rule."""
    if fix_firewalld.is_of_firewalld(block.rule):
        yield from fix_firewalld.changes(block, capture.firewalld, number)
        return
    backend = fix_nft if block.rule.firewall is Firewall.NFTABLES else fix_iptables
    place = fix_place.before(block, known)
    texts = [text for rule in (place, *block.path) for text in known.get(fix_place.chain_of(rule), ())]
    yield from backend.elements(block, texts)
    yield from backend.rules(block, place, number)


def _helps(change: Change, before: Verdicts, after: Verdicts) -> bool:
    """Whether its flows got further, and no other flow's verdict changed."""
    mine = set(change.block.flows)
    moved = all(
        after[flow].verdict is KernelVerdict.ACCEPT or _cause(after[flow]) != _cause(before[flow]) for flow in mine
    )
    return moved and all(_kind(after[flow]) == _kind(one) for flow, one in before.items() if flow not in mine)


def _cause(judged: Judged) -> object:
    """The chain that blocks: what an accept lets through there is not asked again in it."""
    rule = judged.rule
    return rule and (judged.leg, rule.firewall, rule.family, rule.table, rule.chain)


def _verdicts(judged: Verdicts) -> Mapping[Flow, str]:
    return {flow: _kind(one) for flow, one in judged.items()}


def _kind(judged: Judged) -> str:
    return "blocked" if judged.verdict in BLOCKED else str(judged.verdict)


def _with_files(capture: Capture, changes: Sequence[Change]) -> Capture:
    """The host whose firewalld has these files, and has written its table anew."""
    files = {file.file: file for file in (*capture.firewalld, *(file for change in changes for file in change.files))}
    if len(files) == len(capture.firewalld) and not any(change.files for change in changes):
        return capture
    nft = capture.nft and without(capture.nft, "inet", fix_firewalld.TABLE)
    return attrs.evolve(capture, firewalld=tuple(files.values()), nft=nft)


def _controls(flows: Sequence[Flow]) -> tuple[Flow, ...]:
    """What must stay as it is: the neighbours of the flows by address, port and protocol, and one far away."""
    found: dict[Flow, None] = {}
    for flow in flows:
        address, port = int(flow.address), flow.port
        kind = type(flow.address)
        other = Protocol.UDP if flow.protocol is Protocol.TCP else Protocol.TCP
        around = [attrs.evolve(flow, address=kind(address + step)) for step in (-1, 1)]
        beside = [attrs.evolve(flow, port=port - 1 or port + 1), attrs.evolve(flow, protocol=other)]
        away = attrs.evolve(flow, address=parse_address(_FAR[flow.address.version]))
        found.update(dict.fromkeys((*around, *beside, away)))
    return tuple(control for control in found if control not in set(flows))[:MAX_CONTROLS]
