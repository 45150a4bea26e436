"""Rules: a policy, and one backend per firewall that turns it into one self-contained file."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from nimnetcheck.firewall import firewalld, iptables, nftables
from nimnetcheck.firewall.forward_proxy import Proxy, parse_proxy
from nimnetcheck.firewall.policy import AddressSet, Mode, Policy, build, permits

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BACKENDS", "AddressSet", "Backend", "Mode", "Policy", "Proxy", "build", "parse_proxy", "permits"]


class Backend(Protocol):
    """What a backend's module offers."""

    def render(self, policy: Policy) -> str:
        """One self-contained file; raises InputError."""

    def suffix(self, mode: Mode) -> str:
        """The ending of its name: `.nft` or `.sh`."""


BACKENDS: Mapping[str, Backend] = MappingProxyType({"nftables": nftables, "iptables": iptables, "firewalld": firewalld})
