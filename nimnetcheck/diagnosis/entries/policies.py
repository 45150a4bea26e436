"""What policies of this host mean: rules and filters that ask who connects, and treat the product as nobody else."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import users
from nimnetcheck.diagnosis.entries.elsewhere import REFUSED_ON_THE_WAY, UNREACHED
from nimnetcheck.diagnosis.entries.own_firewall import LOOK
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Rung, Scope

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="local.fw-per-user",
        scope=Scope.HOST,
        failures=(*UNREACHED, *REFUSED_ON_THE_WAY),
        passed=(Rung.TCP,),
        when=users.differs,
        proof=users.fates,
        grave=True,
        title="This host treats connections differently by the user who makes them",
        explanation=(
            "The same connection at the same time ended otherwise for a user that the product runs as; or the rule "
            "that the kernel named asks which user sends. Firewalls can ask so (`meta skuid`, `-m owner`), and so can "
            "routes (`ip rule … uidrange`)."
        ),
        action=(
            "Let the user out that the product runs as: `nimnetcheck trace --user UID[:GID]`, as root, names the rule "
            "and the smallest change. What a check reaches as another user says nothing about the product."
        ),
        confidence=Confidence.CERTAIN,
        settle='sudo nimnetcheck trace --user "$(id -u nms)"',
        commands=(*LOOK, "ip rule"),
    ),
    Diagnosis(
        code="local.lsm-or-unit-filter",
        scope=Scope.HOST,
        failures=(F.BLOCKED_LOCALLY,),
        title="A policy of this host forbids the connection",
        explanation=(
            "The kernel refused to connect at once, without any ICMP (EPERM or EACCES): this check, or the product by "
            "its log; or a file of this host says that the product's service is shut in. Filters on a service or "
            "container do that, and no other program meets them: SELinux, AppArmor, seccomp, `IPAddressDeny=` of "
            "systemd and its like."
        ),
        action=(
            "Open it where the evidence names it: a drop-in that allows the addresses, `setsebool -P "
            "httpd_can_network_connect on`, a rule in the profile. Where it names nothing, run the same as the user "
            "and in the unit that NIM runs in, and outside of it."
        ),
        alternatives=("`local.fw-drop`, of a datagram.",),
        settle="systemctl show -p IPAddressDeny -p IPAddressAllow nms-integrations; ausearch -m avc -ts recent",
        commands=(
            "systemctl cat nms-integrations nginx",
            "getsebool httpd_can_network_connect",
            "ausearch -m avc -ts recent",
        ),
    ),
)
