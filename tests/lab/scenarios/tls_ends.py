"""Handshakes that end for what lies around them: this host's own policy, and connections that come up to be reset."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.lab.scenarios.tls import BY_NAME, ENDED, REFUSED, RESET, gateway, scenario, served
from tests.lab.servers import f5, silent

if TYPE_CHECKING:
    from tests.lab.lab import Lab
    from tests.lab.scenario import Scenario

POLICY_FILE = "openssl.cnf"
POLICY = """
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = host
[host]
MaxProtocol = TLSv1.2
"""


def under_policy(name: str, shows: str, versions: str) -> Scenario:
    """An administrator has once forbidden TLS 1.3 here; Python's own rules leave that one in force."""

    def policy(lab: Lab) -> None:
        lab.write(POLICY_FILE, POLICY)

    server, environment = served(f"ssl_protocols {versions};"), {"OPENSSL_CONF": POLICY_FILE}
    return scenario(name, shows, server, policy, never=("tls.local-policy", *REFUSED), environment=environment)


SCENARIOS = (
    under_policy("tls.local-policy", "this host speaks TLS 1.2 at most, and the server TLS 1.3", "TLSv1.3"),
    under_policy("clean.local-policy", "this host speaks TLS 1.2 at most, and so does the server", "TLSv1.2"),
    scenario(
        "tls.reset",
        "a filter resets the vendor's name, and swallows any other",
        f5.start,
        never=ENDED,
        inject=gateway(f"{BY_NAME[0]} {RESET}\n{BY_NAME[1]} DROP"),
    ),
    scenario(
        "tcp.reset", "whoever connects is reset, whatever is said", partial(silent.start, "cloud", "reset"), never=ENDED
    ),
)
