"""The client's own rules as only root can read them: the kernel judges a copy of them, in both directions."""

from __future__ import annotations

import attrs

from tests.lab.scenario import Scenario, rules

ANSWERS = "iifname eth0 tcp sport 443 drop"
KNOWN = "ct state established,related accept"
OPEN = "ct state established accept"
NOTHING = "iifname eth0 drop"

DIAGNOSE = ("diagnose", "--for", "nginx-plus", "-4", "--timeout", "1.4")
TRACE = ("trace", "--for", "nginx-plus")  # it asks about errors too
LOOK_ALIKES = (
    "local.fw-drop",
    "local.fw-per-user",
    "local.fw-reject",
    "local.fw-related",
    "local.fw-reply",
    "tcp.drop-path",
    "tcp.drop-return",
)


def scenario(
    name: str, shows: str, *expected: str, let_in: tuple[str, ...], arguments: tuple[str, ...] = DIAGNOSE
) -> Scenario:
    """A scenario of this layer: what comes in is decided in this order."""
    return Scenario(
        name=name,
        shows=shows,
        inject={"client": rules("in", *let_in)},
        arguments=arguments,
        expected=expected,
        never=tuple(one for one in LOOK_ALIKES if one not in expected),
        as_root=True,
    )


DROPPED = scenario("local.fw-reply", "this host's own firewall drops the answers", "local.fw-reply", let_in=(ANSWERS,))
SCENARIOS = (
    DROPPED,
    attrs.evolve(
        DROPPED,
        name="tcp.drop-return.own-rules",
        shows="the same without root: from here it cannot be told where they are dropped",
        expected=("tcp.drop-return",),
        never=("local.fw-drop", "local.fw-reject", "tcp.drop-path", "tcp.no-egress"),
        as_root=False,
    ),
    scenario(
        "local.fw-related",
        "this host lets in what belongs to its connections, and no errors of routers about them",
        "local.fw-related",
        let_in=(OPEN, NOTHING),
        arguments=TRACE,
    ),
    scenario(
        "clean.fw-related", "it lets in such errors too, and nothing else", let_in=(KNOWN, NOTHING), arguments=TRACE
    ),
    scenario("clean.fw-reply", "the same rule, behind one that knows connections", let_in=(KNOWN, ANSWERS)),
)
