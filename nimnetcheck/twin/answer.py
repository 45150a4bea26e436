"""What a twin answers: each flow's verdict, the rule that decided, and what could not be loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import KernelVerdict, Text
from nimnetcheck.twin.packets.trace import Leg

if TYPE_CHECKING:
    from nimnetcheck.twin.flow import Flow

__all__ = ["Answer", "Applied", "Firewall", "Judged", "LeftOut", "Leg", "Round", "Rule"]


class Firewall(Text):
    """The firewalls of one host: each decides for itself, and all must accept."""

    NFTABLES = "nftables"
    IPTABLES_NFT = "iptables-nft"
    IPTABLES_LEGACY = "iptables-legacy"


@attrs.frozen(kw_only=True)
class Rule:
    """A rule where it stands, or the policy of a chain (`number` None).

    `number` counts from one in its chain; `handle` is the host's own, from its text, and `twin_handle` the twin's;
    `text` is the rule's words, and `line` its line in `file`.
    """

    firewall: Firewall
    family: str
    table: str
    chain: str
    number: int | None = None
    handle: int | None = None
    twin_handle: int | None = None
    text: str = ""
    comment: str = ""
    file: str = ""
    line: int | None = None


@attrs.frozen(kw_only=True)
class Judged:
    """One flow: the kernel's verdict, by which rule, reached over which jumps, on the way out or back.

    `because` says why it was not judged, `limit` which rule on its way decides by what passed before: such a flow was
    sent alone.
    """

    flow: Flow
    verdict: KernelVerdict
    leg: Leg | None = None
    rule: Rule | None = None
    path: tuple[Rule, ...] = ()
    because: str = ""
    limit: str = ""


@attrs.frozen(kw_only=True)
class Applied:
    """A command that was run inside the twin; `error` is empty where it was taken."""

    command: tuple[str, ...]
    error: str = ""


@attrs.frozen(kw_only=True)
class Round:
    """The flows, judged after some commands were applied (none, in the first round).

    Behind them come the error messages, where they are asked about.
    """

    judged: tuple[Judged, ...]
    applied: tuple[Applied, ...] = ()


@attrs.frozen(kw_only=True)
class LeftOut:
    """A part of the capture that this kernel or its tools would not take."""

    what: str
    because: str
    file: str = ""
    line: int | None = None


@attrs.frozen(kw_only=True)
class Answer:
    """Everything one twin saw; `assumed` names the way out that was made up, where no network was captured."""

    rounds: tuple[Round, ...]
    left_out: tuple[LeftOut, ...] = ()
    assumed: str = ""

    @property
    def judged(self) -> tuple[Judged, ...]:
        """The flows as the capture has them."""
        return self.rounds[0].judged
