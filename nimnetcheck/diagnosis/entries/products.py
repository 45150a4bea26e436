"""What the products' own state means: configuration, services, mode, disk, and logs that contradict the probes."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions.logs import differs_from_the_probes, what_differs
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Rung, Scope, Severity

F = Failure
LAYERS = ("dns_", "tcp_", "tls_", "http_", "proxy_", "net_", "host_", "port_")
# What a product is refused at once and a probe is not has a name of its own: `local.lsm-or-unit-filter`.
ON_THE_WAY = (*(failure for failure in Failure if failure.startswith(LAYERS)), F.NO_ROUTE, F.ADMIN_PROHIBITED)

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="local.tool-differs",
        failures=ON_THE_WAY,
        passed=(Rung.SUBMIT, Rung.HOST),
        when=differs_from_the_probes,
        proof=what_differs,
        scope=Scope.HOST,
        title="The product sees another network than this check",
        explanation=(
            "Its log tells of one thing and a probe of the same host sees another, or it runs in another network "
            "namespace. They may differ in the user, the proxy, the resolver, the trust store, the namespace, or in "
            "time; what is known to differ is in the evidence."
        ),
        action="Run this tool as the service does: its user, its environment, inside its container; then compare.",
        confidence=Confidence.POSSIBLE,
        alternatives=(
            "The trouble began or ended between the last line of the log and this run.",
            "`proxy.auth-required` and its like: the product goes through a proxy that this shell does not have.",
        ),
        settle='sudo nsenter -n -t "$(pidof nms-integrations)" sudo -u nms nimnetcheck diagnose',
        commands=(
            "sudo -u nms nimnetcheck diagnose --logs /var/log/nms/nms.log",
            "systemctl show -p User -p Environment -p NetworkNamespacePath nms-integrations",
        ),
        hidden_by=("local.fw-per-user", "local.lsm-or-unit-filter"),
    ),
    Diagnosis(
        code="local.bad-config",
        failures=(F.CONFIG_INVALID,),
        scope=Scope.HOST,
        title="A configuration file of the product is wrong",
        explanation="The product cannot use what stands there, or does not look where it stands.",
        action="Correct what the evidence names, then restart the service.",
        confidence=Confidence.CERTAIN,
        commands=("sudo systemctl restart nms",),
    ),
    Diagnosis(
        code="local.service-down",
        failures=(F.SERVICE_DOWN,),
        scope=Scope.HOST,
        title="A service of the product does not run",
        explanation="Usage is sent by nms-integrations and reports are taken by nginx: without them nothing leaves.",
        action="Start it and look at its journal; a service that does not start says why there.",
        settle="systemctl status nms nms-core nms-dpm nms-ingestion nms-integrations nginx",
        commands=("sudo systemctl restart nms nms-core nms-dpm nms-ingestion nms-integrations",),
    ),
    Diagnosis(
        code="local.config-not-applied",
        failures=(F.CONFIG_NOT_APPLIED,),
        scope=Scope.HOST,
        title="The configuration was changed after the service started",
        explanation="NIM reads nms.conf when it starts: what was written later is not in force.",
        action="Restart the service.",
        severity=Severity.WARNING,
        confidence=Confidence.LIKELY,
        alternatives=("Only the file's time changed, not what stands in it.",),
        settle="systemctl show nms-integrations -p ActiveEnterTimestamp; stat -c %y /etc/nms/nms.conf",
        commands=("sudo systemctl restart nms",),
    ),
    Diagnosis(
        code="local.wrong-mode",
        failures=(F.WRONG_MODE,),
        scope=Scope.HOST,
        title="NIM's mode of operation is not the one that this way of reporting needs",
        explanation="A connected NIM sends usage by itself; the scripts and flows for exports need a disconnected one.",
        action="Set integrations.license.mode_of_operation in nms.conf to what this site is, and restart nms.",
        confidence=Confidence.CERTAIN,
        settle="grep -n mode_of_operation /etc/nms/nms.conf",
        commands=("sudo systemctl restart nms",),
    ),
    Diagnosis(
        code="local.state-file",
        failures=(F.STATE_INVALID,),
        scope=Scope.HOST,
        title="NGINX Plus cannot keep its state",
        explanation=(
            "The folder state_path holds what NGINX Plus knows of its last report and its renewed licence. Where it is "
            "damaged, read-only or lost with a container, the grace begins anew or NGINX does not start."
        ),
        action="Make the folder writable and lasting (in containers a volume); remove a damaged nginx-mgmt-state.",
        settle="sudo ls -la /var/lib/nginx/state",
    ),
    Diagnosis(
        code="local.disk-full",
        failures=(F.DISK_FULL,),
        scope=Scope.HOST,
        title="A disk that the product writes to is full",
        explanation="Unsent usage, logs and state are written there; when it is full the queue stops.",
        action="Make room: old logs first; the queue of NIM (/var/lib/nms/streaming) may grow to 10 GB.",
        confidence=Confidence.CERTAIN,
        settle="df -h /var/lib/nms /var/log/nms /var/lib/nginx",
    ),
)
