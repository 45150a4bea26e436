"""What is known of a twin: its rules by name, and why a verdict cannot be given although packets were seen; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.model import Address, Network
    from nimnetcheck.twin.answer import Rule
    from nimnetcheck.twin.capture.value import Unread
    from nimnetcheck.twin.flow import Flow
    from nimnetcheck.twin.packets.trace import Event
    from nimnetcheck.twin.ruleset.index import Index

# What a missing part of a capture could have dropped: by the beginning of its name, the IP version.
_PARTS = (("nft", None), ("table ip6 ", 6), ("table ", None), ("ip6tables", 6), ("iptables", 4))


@attrs.frozen(kw_only=True)
class Known:
    """The rules by name, and what is missing: everything, ways to some networks, whole firewalls.

    Of who sends from behind the host: where they are, what else would see their packets, and which flows the host does
    not forward, by the setting that says so.
    """

    everything: str = ""
    behind: tuple[Address, ...] = ()
    unseen: str = ""
    unforwarded: Mapping[Flow, str] = attrs.field(factory=dict)
    unmade: tuple[tuple[Network, str], ...] = ()
    unread: tuple[Unread, ...] = ()
    index: Index

    def name(self, event: Event) -> Rule:
        """Which rule an event means."""
        return self.index.name(event)

    def limit(self, way: Sequence[Event]) -> str:
        """The rule on this way that decides by what passed it before."""
        return self.index.limit(way)

    def doubt(self, flow: Flow, way: Sequence[Event], *, ended: bool) -> str:
        """The doubt about a flow whose packets went this way; empty where there is none.

        A drop (`ended`) stands, whatever another firewall that could not be read would have done.
        """
        found = self.everything or self._unrouted(flow) or self.index.doubt(way)
        return found or ("" if ended else next(self._unasked(flow), ""))

    def _unrouted(self, flow: Flow) -> str:
        ends = (flow.address, *(address for address in self.behind if address.version == flow.address.version))
        return next((because for network, because in self.unmade if any(end in network for end in ends)), "")

    def _unasked(self, flow: Flow) -> Iterator[str]:
        if flow in self.unforwarded:
            yield f"this host forwards nothing of IPv{flow.address.version}: {self.unforwarded[flow]} is 0"
        if self.unseen:
            yield self.unseen
        for unread in self.unread:
            version = next((version for begin, version in _PARTS if unread.part.startswith(begin)), 0)
            if version is None or version == flow.address.version:
                yield f"{unread.part} could not be read: {unread.because}"
