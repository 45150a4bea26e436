"""What is wrong with a licence file."""

from __future__ import annotations

from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure, Scope, Severity

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="jwt.unreadable",
        scope=Scope.HOST,
        failures=(F.LICENCE_UNREADABLE,),
        title="The licence file cannot be read",
        explanation="The system refused to open it.",
        action="Check the path, the owner and the mode; with SELinux also the label (`ls -Z`).",
    ),
    Diagnosis(
        code="jwt.malformed",
        scope=Scope.HOST,
        failures=(F.LICENCE_MALFORMED, F.LICENCE_WRONG_ISSUER),
        title="The licence file is not an F5 subscription token",
        explanation="It is not a JWT of three parts, or not one that F5 issued for subscriptions.",
        action="Download the JWT of the subscription from MyF5 again and use it unchanged.",
    ),
    Diagnosis(
        code="jwt.whitespace",
        scope=Scope.HOST,
        failures=(F.LICENCE_STRAY_WHITESPACE,),
        title="The licence file holds stray bytes around the token",
        explanation="A byte-order mark, spaces or line ends stand around it; NGINX Plus refuses such a file.",
        action='Write it again without them: `tr -d "[:space:]" < FILE > FILE.new`.',
        severity=Severity.WARNING,
    ),
    Diagnosis(
        code="jwt.expired",
        scope=Scope.HOST,
        failures=(F.LICENCE_EXPIRED,),
        title="The subscription has ended",
        explanation="The end of the subscription in the licence lies in the past.",
        action="Renew it and install the new licence; NGINX Plus has 90 days of grace.",
    ),
    Diagnosis(
        code="jwt.near-expiry",
        scope=Scope.HOST,
        failures=(F.LICENCE_NEAR_EXPIRY,),
        title="The subscription ends within 30 days",
        explanation="The end of the subscription in the licence is near.",
        action="Renew it, and see that every host gets the new licence.",
        severity=Severity.WARNING,
    ),
)
