"""Fixes, proven: applied by their tools in a twin, the packets sent again, and nothing else may have changed."""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.addresses import parse_address
from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Firewall
from nimnetcheck.twin.capture.nft import without
from nimnetcheck.twin.fix import firewalld as fix_firewalld
from nimnetcheck.twin.fix import iptables as fix_iptables
from nimnetcheck.twin.fix import nft as fix_nft
from nimnetcheck.twin.fix import place as fix_place
from nimnetcheck.twin.fix.change import BLOCKED, blocks
from nimnetcheck.twin.flow import Flow, Protocol
from nimnetcheck.twin.wire import Command, Question

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from typing import Callable

    from nimnetcheck.model import Network
    from nimnetcheck.twin.answer import Answer, Judged
    from nimnetcheck.twin.capture.value import Capture
    from nimnetcheck.twin.fix.change import Block, Change
    from nimnetcheck.twin.fix.place import Chains

    Ask = Callable[[Question], Answer]
    Verdicts = Mapping[Flow, Judged]
    Planned = tuple[object, Change]

MAX_CHANGES = 24  # more causes than these in one ruleset are for people to look at
MAX_TWINS = 16  # each takes a second where rules are many
MAX_CONTROLS = 64
SHELL = ("sh", "-e")
_FAR = {4: "198.51.100.200", 6: "2001:db8:ffff:fffe::200"}


@attrs.frozen(kw_only=True)
class Proof:
    """What was shown: changes that open `opened` and leave every control as it was; `left` found no change that helps.

    `undone`: taking everything back brought every verdict back. `ended`: the search came to its bounds before it had
    tried everything.
    """

    changes: tuple[Change, ...] = ()
    opened: tuple[Flow, ...] = ()
    left: tuple[Judged, ...] = ()
    controls: tuple[Flow, ...] = ()
    undone: bool = False
    ended: bool = False


def prove(question: Question, judged: Sequence[Judged], ask: Ask, prefixes: tuple[Network, ...] = ()) -> Proof:
    """Find a change for every blocked flow of a judgement that a twin shows to help; raises NotJudgedError.

    Changes for several causes are tried in one twin, each after the other, and taken back there at the end. `prefixes`
    are opened whole where both their ends are among the flows.
    """
    trial = _Trial(attrs.evolve(question, flows=tuple(one.flow for one in judged)), ask, prefixes)
    now: Verdicts = {one.flow: one for one in judged}
    origin = now
    changes: tuple[Change, ...] = ()
    refused: set[object] = set()
    undone = False
    for twins in count():
        plan = trial.plan(now, refused, len(changes))
        ended = bool(plan) and (twins == MAX_TWINS or len(changes) == MAX_CHANGES)
        if ended or not plan:
            break
        plan = plan[: MAX_CHANGES - len(changes)]
        start, steps, back = trial.run(changes, [change for _, change in plan])
        origin, now = (origin if changes else start), start
        undone = _verdicts(back) == _verdicts(origin)
        for (name, change), then in zip(plan, steps):
            if not _helps(change, now, then):
                refused.add(name)
                undone = False
                break
            changes, now = (*changes, change), then
    if changes and not undone:
        commands = [change for change in changes if not change.files]  # without its files firewalld is what it was
        undone = _verdicts(trial.run(commands, ())[2]) == _verdicts(origin)
    return Proof(
        changes=changes,
        opened=tuple(f for f in trial.flows if origin[f].verdict in BLOCKED and now[f].verdict is KernelVerdict.ACCEPT),
        left=tuple(now[f] for f in trial.flows if now[f].verdict in BLOCKED),
        controls=trial.controls,
        undone=undone,
        ended=ended,
    )


class _Trial:
    """One host, judged under changes, each time in a fresh twin."""

    def __init__(self, question: Question, ask: Ask, prefixes: tuple[Network, ...]) -> None:
        self._ask, self._prefixes = ask, prefixes
        self.flows = question.flows
        self.controls = _controls(self.flows, prefixes)
        self._question = attrs.evolve(question, flows=(*self.flows, *self.controls), trials=(), errors=False)
        self._chains = fix_place.chains(question.capture)

    def plan(self, now: Verdicts, refused: Container[object], number: int) -> list[Planned]:
        """For each cause the smallest change not refused yet; where firewalld's files change, that change alone."""
        found: list[Planned] = []
        for block in blocks((now[flow] for flow in self.flows), self._prefixes):
            proposed = _candidates(block, self._question.capture, self._chains, number + len(found) + 1)
            named = (((block.flows, block.leg, at), change) for at, change in enumerate(proposed))
            found += next(([one] for one in named if one[0] not in refused), [])
        return next(([one] for one in found if one[1].files), found)

    def run(self, made: Sequence[Change], tried: Sequence[Change]) -> tuple[Verdicts, list[Verdicts], Verdicts]:
        """The verdicts with the changes made so far, after each that is tried, and after all are taken back."""
        if tried and tried[0].files:
            before, after = self._rounds(made), self._rounds((*made, *tried))
            return before[-1], [after[-1]], before[0]
        every = (*made, *tried)
        rounds = self._rounds(every, [line for change in reversed(every) for line in change.back])
        commands = sum(1 for change in made if change.trial)
        return rounds[commands], rounds[commands + 1 : -1], rounds[-1]

    def _rounds(self, changes: Sequence[Change], back: Sequence[str] = ()) -> list[Verdicts]:
        """The verdicts at first, and after each change; a round is empty where a tool refused."""
        scripts = [script for script in (*(change.trial for change in changes), back) if script]
        trials = tuple((Command(words=SHELL, text="\n".join(lines) + "\n"),) for lines in scripts)
        capture = _with_files(self._question.capture, changes)
        answer = self._ask(attrs.evolve(self._question, capture=capture, trials=trials))
        return [
            {} if any(applied.error for applied in one.applied) else {judged.flow: judged for judged in one.judged}
            for one in answer.rounds
        ]


def _candidates(block: Block, capture: Capture, known: Chains, number: int) -> Iterator[Change]:
    """Changes that could help, the smallest first: an element of a set before a rule."""
    if fix_firewalld.is_of_firewalld(block.rule):
        yield from fix_firewalld.changes(block, capture.firewalld, number)
        return
    place = fix_place.before(block, known)
    texts = [text for rule in (place, *block.path) for text in known.get(fix_place.chain_of(rule), ())]
    if block.rule.firewall is Firewall.NFTABLES:
        yield from fix_nft.elements(block, texts)
        yield from fix_nft.rules(block, place, number)
        return
    alone = len({save.variant for save in capture.saves}) == 1
    yield from fix_iptables.elements(block, texts)
    sites = fix_place.left_to_the_site(block, fix_iptables.SITES, known)
    if sites:
        yield from fix_iptables.rules(block, sites, number, alone=alone)
    beside = [chain for *where, chain in known if where == [place.firewall, place.family, place.table]]
    yield from fix_iptables.rules(block, place, number, beside=beside, alone=alone)


def _helps(change: Change, before: Verdicts, after: Verdicts) -> bool:
    """Whether its flows got further, and no other flow has another verdict than before.

    What lets in a reply may let in what routers say of the connection, too.
    """
    if not after:
        return False
    mine = set(change.block.flows)
    moved = all(after[f].verdict is KernelVerdict.ACCEPT or _cause(after[f]) != _cause(before[f]) for f in mine)
    others = ((flow, one.verdict, after[flow].verdict) for flow, one in before.items() if flow not in mine)
    return moved and all(was == now or (flow.is_error and was in BLOCKED) for flow, was, now in others)


def _cause(judged: Judged) -> object:
    """The chain that blocks: what an accept lets through there is not asked again in it."""
    rule = judged.rule
    return rule and (judged.leg, *fix_place.chain_of(rule))


def _verdicts(judged: Verdicts) -> Mapping[Flow, KernelVerdict]:
    return {flow: one.verdict for flow, one in judged.items()}


def _with_files(capture: Capture, changes: Sequence[Change]) -> Capture:
    """The host whose firewalld has these files, and has written its table anew."""
    files = {file.file: file for file in (*capture.firewalld, *(file for change in changes for file in change.files))}
    if len(files) == len(capture.firewalld) and not any(change.files for change in changes):
        return capture
    nft = capture.nft and without(capture.nft, "inet", fix_firewalld.TABLE)
    return attrs.evolve(capture, firewalld=tuple(files.values()), nft=nft)


def _controls(flows: Sequence[Flow], prefixes: Sequence[Network]) -> tuple[Flow, ...]:
    """What must stay as it is: the neighbours of the flows by address, port and protocol, and one far away."""
    found: dict[Flow, None] = {}
    for flow in dict.fromkeys(flow.connection for flow in flows):
        address, port = int(flow.address), flow.port
        kind = type(flow.address)
        other = Protocol.UDP if flow.protocol is Protocol.TCP else Protocol.TCP
        around = [attrs.evolve(flow, address=kind(address + step)) for step in (-1, 1)]
        same = [attrs.evolve(flow, port=port - 1 or port + 1), attrs.evolve(flow, protocol=other)]
        away = attrs.evolve(flow, address=parse_address(_FAR[flow.address.version]))
        found.update(dict.fromkeys((*around, *same, away)))
    asked = set(flows)
    kinds = {(flow.protocol, flow.port) for flow in flows}
    whole = [prefix for prefix in prefixes if {prefix[0], prefix[-1]} <= {flow.address for flow in flows}]

    def is_wanted(control: Flow) -> bool:
        within = any(control.address in prefix for prefix in whole)
        return control in asked or (within and (control.protocol, control.port) in kinds)

    return tuple(islice((control for control in found if not is_wanted(control)), MAX_CONTROLS))
