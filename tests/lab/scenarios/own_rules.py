"""The client's own rules as only root can read them: the kernel judges a copy of them, in both directions."""

from __future__ import annotations

from tests.lab.scenario import Scenario, rules

ANSWERS = "iifname eth0 tcp sport 443 drop"
KNOWN = "ct state established,related accept"


def scenario(name: str, shows: str, *expected: str, let_in: tuple[str, ...]) -> Scenario:
    """A scenario of this layer: what comes in is decided in this order."""
    return Scenario(
        name=name,
        shows=shows,
        inject={"client": rules("in", *let_in)},
        arguments=("diagnose", "--for", "nginx-plus", "-4", "--timeout", "1.4"),
        expected=expected,
        never=("local.fw-drop", "local.fw-reject", "local.fw-per-user", "tcp.drop-return", "tcp.drop-path"),
        as_root=True,
    )


SCENARIOS = (
    scenario("local.fw-reply", "this host's own firewall drops the answers", "local.fw-reply", let_in=(ANSWERS,)),
    scenario("clean.fw-reply", "the same rule, behind one that knows connections", let_in=(KNOWN, ANSWERS)),
)
