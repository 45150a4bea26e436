"""A scenario as data: what is injected into the laboratory, and what must be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import attrs

from tests.lab.servers import dnsmasq, f5

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.lab import Lab

Start = Callable[["Lab"], None]


NOBODY = (dnsmasq.start,)
"""Only the resolver: for networks in which nothing reaches F5 anyway."""


def rules(chain: str, *texts: str) -> str:
    """Shell that adds rules to a namespace's own chain `in`, `on` (forwarded) or `out`."""
    return "\n".join(f"nft add rule inet lab {chain} '{text}'" for text in texts)


@attrs.frozen(kw_only=True)
class Scenario:
    """One network that is broken in one way.

    `expected` are the codes of the findings, the first of them first (the others in any order, and there may be more);
    none at all means that nothing may be found. `never` may not be among them: the look-alikes. `start` are the
    servers, `inject` is shell for each namespace, run after they serve; `arguments` are nimnetcheck's. Where it runs
    `as_root`, the laboratory knows every user of this machine, and only its root can make it.
    """

    name: str
    shows: str
    expected: tuple[str, ...]
    never: tuple[str, ...] = ()
    start: tuple[Start, ...] = (f5.start, dnsmasq.start)
    inject: Mapping[str, str] = attrs.field(factory=dict)
    arguments: tuple[str, ...] = ("probe", "usage", "--timeout", "2")
    environment: Mapping[str, str] = attrs.field(factory=dict)
    as_root: bool = False

    def stage(self, lab: Lab) -> None:
        """Start the servers and break what is to be broken."""
        for server in self.start:
            server(lab)
        for namespace, script in self.inject.items():
            lab.shell(namespace, script)


def as_named(  # noqa: PLR0913 (each of them is one thing that scenarios differ in)
    name: str,
    shows: str,
    *start: Start,
    never: tuple[str, ...],
    arguments: tuple[str, ...],
    inject: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Scenario:
    """A scenario whose name says what must be found: LAYER.CODE and what else tells it apart, or clean.ANYTHING."""
    code = ".".join(name.split(".")[:2])
    return Scenario(
        name=name,
        shows=shows,
        expected=() if code.startswith("clean") else (code,),
        never=tuple(one for one in never if one != code),
        start=start,
        inject=inject or {},
        arguments=arguments,
        environment=environment or {},
    )
