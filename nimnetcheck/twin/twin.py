"""One twin: namespaces, the captured network, every firewall of the capture, the trace armed; flows judged in it."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.twin import load, tools, trace, verdict
from nimnetcheck.twin.answer import Applied
from nimnetcheck.twin.compare import differences
from nimnetcheck.twin.far import Answerers
from nimnetcheck.twin.index import Index, handles
from nimnetcheck.twin.loaded import LEGACY
from nimnetcheck.twin.mentions import translated_sources
from nimnetcheck.twin.namespace import sides, standing_in
from nimnetcheck.twin.network import HARDWARE, LOOPBACK, lay_out
from nimnetcheck.twin.nflog import LegacyTrace
from nimnetcheck.twin.send import send

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.twin.answer import Judged
    from nimnetcheck.twin.capture import Capture
    from nimnetcheck.twin.flow import Flow
    from nimnetcheck.twin.namespace import Sender, Sides
    from nimnetcheck.twin.network import Layout


class Twin:
    """A copy of one host, for as long as `twin`'s block lasts."""

    def __init__(self, capture: Capture, flows: Sequence[Flow], sender: Sender, stack: ExitStack) -> None:
        self.flows = tuple(flows)
        self.layout = lay_out(capture)
        here = stack.enter_context(sides())
        self._connect(here, capture)
        with standing_in(here.far, here.near):
            far = Answerers(self.flows)
        stack.callback(far.close)
        near = Answerers([flow for flow in self.flows if self._is_here(flow)])
        stack.callback(near.close)
        self._answerers = (far, near)
        self.loaded = load.everything(capture, sender)
        self._doubt = self.loaded.doubt or next(differences(self.loaded.chains, load.counted(self.loaded.chains)), "")
        trace.arm(self.layout.links)

    def judge(self) -> tuple[Judged, ...]:
        """Send every flow and say what the kernel did with it."""
        index = Index(self.loaded.chains, handles())
        tracer = trace.Tracer(LegacyTrace(self.loaded.chains) if self._has_legacy else None)
        try:
            sent = send(self.flows, tracer, self._answerers)
        finally:
            tracer.close()
        return tuple(verdict.judge(one, index.name, lambda way: self._doubt or index.doubt(way)) for one in sent)

    def apply(self, command: Sequence[str], text: str = "") -> Applied:
        """Run a firewall tool inside, as a fix would be; the trace stays behind everything else."""
        ran = tools.run(command, text)
        trace.arm(self.layout.links)
        return Applied(command=tuple(command), error=ran.reason if ran.is_refused else "")

    @property
    def _has_legacy(self) -> bool:
        return any(family.endswith(LEGACY) for family, _, _ in self.loaded.chains)

    def _is_here(self, flow: Flow) -> bool:
        own = {address for address, _ in self.layout.addresses}
        return flow.address.is_loopback or flow.address in own

    def _connect(self, here: Sides, capture: Capture) -> None:
        peers = f"/proc/{os.getpid()}/fd/{here.far}"
        lines = [f"link set {LOOPBACK} up"]
        for at, link in enumerate(self.layout.links):
            lines.append(
                f"link add {link} address {HARDWARE} type veth peer name p{at} address {HARDWARE} netns {peers}"
            )
            lines.append(f"link set {link} arp off up")
        self._ip(lines)
        with standing_in(here.far, here.near):
            self._ip(_far_lines(self.layout, capture))
        self._ip([line.text for line in self.layout.lines])

    def _ip(self, lines: Sequence[str]) -> None:
        ran = tools.run(("ip", "-force", "-batch", "-"), "\n".join(lines) + "\n")
        if ran.is_refused:
            raise NotJudgedError(f"the twin's network cannot be made: {ran.reason}")


@contextmanager
def twin(capture: Capture, flows: Sequence[Flow], sender: Sender) -> Iterator[Twin]:
    """The twin of a capture, to be asked about these flows; raises NotJudgedError and ForbiddenError."""
    with ExitStack() as stack:
        yield Twin(capture, flows, sender, stack)


def _far_lines(layout: Layout, capture: Capture) -> list[str]:
    """The far side has every address, and leads back to the host's own."""
    lines = [f"link set {LOOPBACK} up", *(f"link set p{at} arp off up" for at in range(len(layout.links)))]
    # In IPv6 a default route of table `local` would swallow the replies.
    lines += [f"route add local {everything} dev {LOOPBACK} table main" for everything in ("0.0.0.0/0", "::/0")]
    back = {address: layout.links.index(name) for address, name in layout.addresses}
    back.update((address, 0) for address in translated_sources(capture) if address not in back)
    lines += [f"route replace {address} dev p{at}" for address, at in back.items()]
    return lines
