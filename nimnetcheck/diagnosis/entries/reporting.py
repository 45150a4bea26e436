"""What it means that reports do not get through: effects of other causes mostly, and told after them."""

from __future__ import annotations

from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Scope, Severity

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="submit.initial-report-missing",
        failures=(F.NEVER_REPORTED,),
        scope=Scope.HOST,
        title="No report was ever accepted, and NGINX Plus waits for it: no traffic is processed",
        explanation=(
            "enforce_initial_report is on and the state folder holds no state: NGINX Plus R33 and later answers with "
            "503 until its first report has been received. It tries again every minute."
        ),
        action="Open the way that the other findings name; or gain 180 days with enforce_initial_report off.",
        alternatives=("The state is kept elsewhere (state_path), or was lost with a container.",),
        settle="sudo ls -la /var/lib/nginx/state; sudo tail -n 20 /var/log/nginx/error.log",
        commands=("mgmt { enforce_initial_report off; }",),
    ),
    Diagnosis(
        code="submit.grace-running",
        failures=(F.REPORTING_FAILING,),
        scope=Scope.HOST,
        title="Reports do not get through, and the grace is running",
        explanation="Nothing is to be seen yet: 180 days after the last accepted report NGINX Plus stops traffic.",
        action="Find out why with the other findings of this run; the deadlines stand at the top of the report.",
        settle="curl -s http://127.0.0.1:8080/api/9/license",
    ),
    Diagnosis(
        code="submit.no-answer",
        failures=(F.SUBMIT_NO_ANSWER,),
        scope=Scope.HOST,
        title="F5's script ended before it got an answer",
        explanation=(
            "Its log ends at a question, or has HTTP 000 for an answer: curl got none. The script runs under `set -e`, "
            "so it ends there with curl's own exit code (6: no such name, 7: refused, 28: too late, 35 or 60: TLS), "
            "without a word about why, and sends no further file."
        ),
        action=(
            "Run `nimnetcheck diagnose` where the script ran: it names the cause. `nimnetcheck simulate --report ZIP "
            "--submit` sends the same files, says why one fails, and goes on where it ended."
        ),
        alternatives=("Somebody stopped the script, or it is still at work.",),
        settle="curl -sS -o /dev/null https://{host}/; echo $?",
    ),
    Diagnosis(
        code="submit.unprocessable",
        failures=(F.USAGE_UNPROCESSABLE,),
        scope=Scope.HOST,
        title="Some usage cannot be sent, whatever the network does",
        explanation="NIM drops a record without its instance's token, or a damaged one, and the script skips it.",
        action="See that every NGINX Plus instance has its licence and runs R33 or later; NIM itself needs no JWT.",
        confidence=Confidence.LIKELY,
        severity=Severity.WARNING,
        settle="journalctl -u nms-integrations | grep -c 'missing jwt_token'",
    ),
)
