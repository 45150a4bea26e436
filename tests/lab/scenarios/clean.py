"""Networks in which nothing is wrong: nothing may be found."""

from __future__ import annotations

from pathlib import Path

from tests.lab.scenario import Scenario, rules

RULES = Path(__file__).parents[3] / "rules"
VENDORS = "{ 159.60.126.0/25, 3.135.72.139, 3.133.232.50, 52.14.85.249, 198.51.100.10, 198.51.100.11 }"

SCENARIOS = (
    Scenario(name="clean", shows="nothing is wrong, and nothing is found", expected=()),
    Scenario(
        name="clean.everything",
        shows="every endpoint and the whole telemetry range, and nothing is found",
        arguments=("diagnose", "--timeout", "5"),
        expected=(),
    ),
    Scenario(
        name="clean.lockdown",
        shows="this host lets out exactly what the finished rule file allows, and nothing is found",
        inject={"client": f"nft -f {RULES}/all/nftables-lockdown.nft"},
        expected=(),
    ),
    Scenario(
        name="clean.allow-list",
        shows="the company's firewall lets out to the vendor alone, and nothing is found",
        inject={
            "gateway": rules(
                "on",
                "ct state established,related accept",
                f"ip daddr {VENDORS} tcp dport 443 accept",
                "ip6 daddr 2600:1f16:19c8:d400::/62 tcp dport 443 accept",
                'oifname "wan" drop',
            )
        },
        expected=(),
    ),
)
