"""What a twin is made of: one host's firewall and addresses as its own tools print them, and what could not be read.

Each table stands in the form that reloads faithfully: those of iptables-nft as a save, all others as nft's text. A
text keeps its lines where the captured file has them, so that a rule can be pointed at there.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from nimnetcheck.model import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


class Variant(Text):
    """Which of the two iptables keeps a table: each is a firewall of its own, and both decide."""

    NFT = "nft"
    LEGACY = "legacy"


def _frozen(mapping: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(dict(mapping))


@attrs.frozen(kw_only=True)
class Source:
    """A text and the file it came in: its n-th line is the n-th line there; lines that belong elsewhere are empty."""

    file: str
    text: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Save:
    """What `iptables-save` or `ip6tables-save` (`version` 6) printed."""

    variant: Variant
    version: int
    source: Source

    @property
    def tool(self) -> str:
        """The tool's name without `-save`, as `ip6tables-legacy`."""
        return f"{'ip6tables' if self.version == 6 else 'iptables'}-{self.variant}"  # noqa: PLR2004 (IP version)


@attrs.frozen(kw_only=True)
class Unread:
    """A part that is missing, and why: what depends on it cannot be judged."""

    part: str
    because: str


@attrs.frozen(kw_only=True)
class Capture:
    """One host's firewall.

    `nft` holds the native tables, as `nft -a -s list ruleset` prints them; `shadow` those of iptables-nft, which
    must not be loaded from it (its text of them means something else) but can be compared with what a save became.
    `saves` has at most one for each variant and IP version. `links` and the rest of the network are as `ip -j` prints
    them; routes and rules stand by IP version. The files of `firewalld` are named as in its folder (`zones/x.xml`).
    """

    host: str = ""
    nft: Source | None = None
    shadow: Source | None = None
    saves: tuple[Save, ...] = ()
    ipset: Source | None = None
    links: tuple[Mapping[str, Any], ...] = ()
    addresses: tuple[Mapping[str, Any], ...] = ()
    routes: Mapping[int, tuple[Mapping[str, Any], ...]] = attrs.field(factory=dict, converter=_frozen)
    rules: Mapping[int, tuple[Mapping[str, Any], ...]] = attrs.field(factory=dict, converter=_frozen)
    sysctls: Mapping[str, str] = attrs.field(factory=dict, converter=_frozen)
    tools: Mapping[str, str] = attrs.field(factory=dict, converter=_frozen)
    firewalld: tuple[Source, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def knows_network(self) -> bool:
        """Whether the host's addresses are known; of plain files they are not."""
        return any(link.get("addr_info") for link in self.addresses)

    def save(self, variant: Variant, version: int) -> Save | None:
        """The save of that variant and IP version, where there is one."""
        return next((s for s in self.saves if s.variant is variant and s.version == version), None)
