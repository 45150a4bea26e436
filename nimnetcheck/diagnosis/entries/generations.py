"""What follows from the versions that are installed: other endpoints, other authorities, a NIM in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.conditions.answers import asked_nim, status
from nimnetcheck.diagnosis.conditions.generation import bundle_is_too_old, is_the_relay, only_the_other_generation
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Rung, Scope

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

F = Failure
NO_SUCH_PATH = (404, 410)
FILTERED = (
    F.TCP_TIMEOUT,
    F.TCP_REFUSED,
    F.BLOCKED_LOCALLY,
    F.PORT_UNREACHABLE,
    F.ADMIN_PROHIBITED,
    F.HOST_UNREACHABLE,
    F.NET_UNREACHABLE,
    F.PROXY_DENIED,
    F.HTTP_BLOCK_PAGE,
)


def _wrong_generation(observation: Observation, context: Context) -> bool:
    """F5 has no such path (404, 410), or the allow-list opens the endpoint of the other NIM generation alone."""
    if observation.rung is Rung.SUBMIT:
        return status(observation) in NO_SUCH_PATH and not asked_nim(observation)
    return only_the_other_generation(observation, context)


ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="http.wrong-endpoint-generation",
        failures=(F.SUBMIT_REFUSED, *FILTERED),
        when=_wrong_generation,
        title="What is open or used is the endpoint of the other NIM generation",
        explanation=(
            "NIM up to 2.21 reports to product.apis.f5.com, 2.22 and later to product.connect.nginx.com. A rule or an "
            "export that was right for one is wrong for the other."
        ),
        action="Open {subjects} too, or use the flow of the NIM version that made the report.",
        alternatives=(
            "The endpoint's URL in nms.conf (nc_api_url) or on the command line is mistyped.",
            "Only this one host is filtered, for a reason of its own: `tcp.drop-path`.",
        ),
        settle="nimnetcheck probe usage teem",
        commands=("nimnetcheck rules nftables",),
    ),
    Diagnosis(
        code="tls.product-bundle",
        failures=(F.TLS_UNTRUSTED,),
        passed=(Rung.TLS,),
        when=bundle_is_too_old,
        grave=True,
        scope=Scope.HOST,
        title="This host trusts the certificate, the installed NIM does not",
        explanation=(
            "NIM before 2.18.1, 2.19.3, 2.20.1 and 2.21 brings a bundle of its own for licensing that accepts Entrust "
            "alone; F5 changed its certificates on 2026-02-15. Every other tool of this host connects."
        ),
        action="Upgrade NIM to 2.18.1, 2.19.3, 2.20.1, 2.21.0 or later.",
        alternatives=("`tls.intercepted-trusted`: the issuer in the evidence is this company's, not F5's.",),
        settle="journalctl -u nms-integrations | grep x509",
        commands=("sudo apt-get install --only-upgrade nms-instance-manager",),
        hidden_by=("tls.intercepted-trusted", "proxy.inspects"),
    ),
    Diagnosis(
        code="tls.nim-certificate",
        failures=(F.TLS_UNTRUSTED, F.TLS_WRONG_HOST),
        when=is_the_relay,
        title="NGINX Plus does not accept its NIM's certificate",
        explanation=(
            "NIM's certificate is self-signed when it is installed, and made out for manager-server before 2.19; "
            "NGINX Plus R33 and later verifies it (ssl_verify on), by what ssl_trusted_certificate and ssl_name in its "
            "mgmt block say, and so does this check."
        ),
        action="Name the authority and the name in the mgmt block, or give NIM a certificate for {host}.",
        confidence=Confidence.CERTAIN,
        alternatives=(
            "This check's user may not read the file that ssl_trusted_certificate names: run it as root.",
            "ssl_verify is off in the mgmt block: then NGINX Plus connects all the same.",
        ),
        settle="openssl s_client -connect {address}:{port} -servername {host} -showcerts",
        commands=("mgmt { ssl_trusted_certificate /etc/nginx/nim-ca.pem; ssl_name manager-server; }",),
    ),
)
