"""What it means that rules do not open what is published."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import rules
from nimnetcheck.diagnosis.entries.elsewhere import REFUSED_ON_THE_WAY, UNREACHED
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="rules.stale",
        failures=(*UNREACHED, *REFUSED_ON_THE_WAY),
        always=(F.RULES_STALE,),
        when=rules.lack_the_address,
        title="The firewall rules lack an address that is published today",
        explanation=(
            "Rules that nimnetcheck wrote hold the published addresses in sets, and those that were read (this host's, "
            "as root, or the file given with --rules) do not hold what this release knows. What they lack fails where "
            "such rules are all that opens the way."
        ),
        action="Make the rules anew with this release, for every product of this host, and load them.",
        alternatives=(
            "They were made for another profile (--for) or for a forward proxy (--via-proxy), and are right for that.",
            "`rules.gap`: the name leads to an address that is not published at all.",
        ),
        settle="sudo nft list sets | grep -A 6 nimnetcheck_net; nimnetcheck rules nftables | grep 'add element'",
        commands=("nimnetcheck rules nftables --mode insert >nimnetcheck.sh", "sh nimnetcheck.sh load"),
    ),
)
