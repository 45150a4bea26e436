"""One twin: namespaces, the captured network, every firewall of the capture, the trace armed; flows judged in it."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack, contextmanager
from ipaddress import ip_network
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin import network, sysctls, tools, verdict
from nimnetcheck.twin.answer import Applied
from nimnetcheck.twin.flow import Protocol
from nimnetcheck.twin.known import Known
from nimnetcheck.twin.layout import lay_out
from nimnetcheck.twin.load import everything as load
from nimnetcheck.twin.load.loaded import LEGACY
from nimnetcheck.twin.namespace import acting_as, sides, standing_in
from nimnetcheck.twin.packets import trace
from nimnetcheck.twin.packets.far import Answerers
from nimnetcheck.twin.packets.nflog import LegacyTrace
from nimnetcheck.twin.packets.send import send
from nimnetcheck.twin.ruleset.compare import added, differences
from nimnetcheck.twin.ruleset.index import Index
from nimnetcheck.twin.ruleset.mentions import bridged, translated_sources
from nimnetcheck.twin.there import legacy, look

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Network
    from nimnetcheck.twin.answer import Judged
    from nimnetcheck.twin.capture.value import Capture
    from nimnetcheck.twin.flow import Flow
    from nimnetcheck.twin.namespace import Sender, Sides
    from nimnetcheck.twin.packets.send import Sent
    from nimnetcheck.twin.routing import Line
    from nimnetcheck.twin.wire import Question


class Twin:
    """A copy of one host, for as long as `twin`'s block lasts."""

    def __init__(self, question: Question, sender: Sender, stack: ExitStack) -> None:
        capture = question.capture
        self.flows = question.flows
        self.layout = lay_out(capture, question.behind)
        self._capture, self._sender = capture, sender
        self._doubt = ""
        self._unmade: list[tuple[Network, str]] = []
        here = self._here = stack.enter_context(sides(behind=bool(question.behind)))
        self._connect(here)
        with standing_in(here.far, here.near):
            far = Answerers(self.flows)
        stack.callback(far.close)
        near = Answerers([flow for flow in self.flows if self._is_here(flow)])
        stack.callback(near.close)
        self._answerers = (far, near)
        self.loaded = load.everything(capture, sender)
        self._doubt = self._doubt or self.loaded.doubt
        self._settle(capture)
        there = look(self.loaded)
        self._old = there.old
        self._doubt = self._doubt or next(differences(self.loaded, there), "")
        # Made once: a rule keeps its handle when others are put before it.
        self._index = Index(self.loaded.chains, there.handles)
        trace.arm(self.layout.links)

    def judge(self, others: Sequence[Flow] | None = None) -> tuple[Judged, ...]:
        """Send every flow, or others to the same ports, and say what the kernel did with each."""
        flows = self.flows if others is None else others
        known = Known(
            everything=self._doubt,
            unmade=tuple(self._unmade),
            unread=self._capture.unread,
            index=self._index,
            behind=tuple(one.address for one in self.layout.behind),
            unseen=bridged(self._capture) if self.layout.behind else "",
            unforwarded={flow: why for flow in self.flows if (why := self._unforwarded(flow))},
        )
        sent = self._send(flows)
        if any(one.lost or one.error == errno.EADDRINUSE for one in sent):
            # The kernel had more to tell of all of them than its socket holds, or the host has fewer ports than there
            # are flows: one at a time, then.
            sent = tuple(one for flow in flows for one in self._send((flow,)))
        return tuple(verdict.judge(one, known) for one in sent)

    def judge_errors(self, judged: Sequence[Judged]) -> tuple[Judged, ...]:
        """What becomes of a router's message about an open connection: one of each IP version stands for all."""
        first = {one.flow.address.version: one.flow for one in reversed(judged) if self._has_routers(one)}
        errors = [attrs.evolve(flow, protocol=Protocol.ICMP_ERROR) for _, flow in sorted(first.items())]
        return self.judge(errors) if errors else ()

    def apply(self, command: Sequence[str], text: str = "") -> Applied:
        """Run a firewall tool inside, as a fix would be; the trace stays behind everything else."""
        ran = tools.run(command, text)
        trace.arm(self.layout.links, again=True)
        return Applied(command=tuple(command), error=ran.reason if ran.is_refused else "")

    def _send(self, flows: Sequence[Flow]) -> tuple[Sent, ...]:
        tracer = trace.Tracer(self._legacy_trace())
        try:
            return send(flows, tracer, self._answerers, self._sending())
        finally:
            tracer.close()

    @contextmanager
    def _sending(self) -> Iterator[None]:
        """Be who sends, where they are; where that is only root may change."""
        with standing_in(self._here.behind, self._here.near), acting_as(self._sender):
            yield

    def _legacy_trace(self) -> LegacyTrace | None:
        """Rules that `apply` put between others have moved the numbers that the old iptables tells."""
        if not any(family.endswith(LEGACY) for family, _, _ in self.loaded.chains):
            return None
        return LegacyTrace(self.loaded.chains, added(self._old, legacy(self.loaded.chains)[0]))

    def _has_routers(self, judged: Judged) -> bool:
        is_open = judged.verdict is KernelVerdict.ACCEPT and judged.flow.protocol is Protocol.TCP
        return is_open and not self._is_here(judged.flow)

    def _is_here(self, flow: Flow) -> bool:
        own = {address for address, _ in self.layout.addresses}
        return flow.address.is_loopback or flow.address in own

    def _unforwarded(self, flow: Flow) -> str:
        """Why the host does not pass on what comes in for others; empty where it does, or need not."""
        name = sysctls.FORWARDING[flow.address.version]
        is_off = self._capture.sysctls.get(name) == "0"
        return name if self.layout.behind and is_off and not self._is_here(flow) else ""

    def _connect(self, here: Sides) -> None:
        near = f"/proc/{os.getpid()}/fd/{here.near}"
        sysctls.begin()
        with standing_in(here.far, here.near):
            sysctls.begin()
            network.make(network.far_side(self.layout, translated_sources(self._capture), near))
        behind = self._connect_behind(here, near) if self.layout.behind else []
        for line, because in (*behind, *network.make(network.near_side(self.layout))):
            if line.network:
                self._unmade.append((line.network, f"the route to {line.network} could not be made: {because}"))
            else:
                self._doubt = self._doubt or f"{line.text}: {because}"
        for side in (here.far, here.behind) if self.layout.behind else (here.far,):
            with standing_in(side, here.near):
                network.await_carrier(self.layout)
        for version, rules in self.layout.rules.items():
            for line, because in network.make(rules, version):
                self._doubt = self._doubt or f"the routing rule {line.what} could not be made: {because}"

    def _connect_behind(self, here: Sides, near: str) -> list[tuple[Line, str]]:
        """Put those who send from behind the host where they are, and let it forward; what could not be made."""
        sysctls.forward(self._capture.sysctls)
        with standing_in(here.behind, here.near):
            sysctls.begin()
            return network.make(network.behind_side(self.layout, near))

    def _settle(self, capture: Capture) -> None:
        """Set the kernel as the host's is, when everything is there that is set."""
        for name, because in sysctls.apply(capture.sysctls, self.layout.links):
            if name.startswith(sysctls.IPV6):
                self._unmade.append((ip_network("::/0"), because))
            else:
                self._doubt = self._doubt or because


@contextmanager
def twin(question: Question, sender: Sender) -> Iterator[Twin]:
    """The twin of a question's capture, to be asked about its flows; raises NotJudgedError and ForbiddenError."""
    with ExitStack() as stack:
        yield Twin(question, sender, stack)
