"""Rules that nimnetcheck wrote before an address was published, on a host that lets nothing else out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab.scenario import Scenario
from tests.lab.servers import dnsmasq, f5

if TYPE_CHECKING:
    from tests.lab.lab import Lab

RULES = Path(__file__).parents[3] / "rules/nginx-plus/nftables-lockdown.nft"
SINCE = ("3.133.232.50/32, ", ", 52.14.85.249/32")  # what an older release did not know
LOOK_ALIKES = ("local.fw-drop", "tcp.drop-path", "rules.gap")


def old(lab: Lab) -> None:
    """A rule file of an older release."""
    text = RULES.read_text(encoding="utf-8")
    for networks in SINCE:
        text = text.replace(networks, "")
    lab.write("rules.nft", text)
    lab.shell("client", f"nft -f {lab.folder}/rules.nft")


def new(lab: Lab) -> None:
    """The file of this release."""
    lab.write("rules.nft", RULES.read_text(encoding="utf-8"))
    lab.shell("client", f"nft -f {lab.folder}/rules.nft")


NGINX_PLUS = ("diagnose", "--for", "nginx-plus", "-4", "--timeout", "1.4")
SCENARIOS = (
    Scenario(
        name="rules.stale",
        shows="the rules on this host are of an older release, by the file that they were loaded from",
        start=(f5.start, dnsmasq.start, old),
        arguments=(*NGINX_PLUS, "--rules", "rules.nft"),
        expected=("rules.stale",),
        never=LOOK_ALIKES,
    ),
    Scenario(
        name="rules.stale.root",
        shows="the same, where root reads what is loaded",
        start=(f5.start, dnsmasq.start, old),
        arguments=NGINX_PLUS,
        expected=("rules.stale",),
        never=LOOK_ALIKES,
        as_root=True,
    ),
    Scenario(
        name="clean.rules",
        shows="the rules on this host are this release's, and nothing is found",
        start=(f5.start, dnsmasq.start, new),
        arguments=(*NGINX_PLUS, "--rules", "rules.nft"),
        expected=(),
    ),
)
