"""Answers and versions: nginx in the vendor's place says what others would; packages are installed on the client."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import trustme

from tests.lab import network
from tests.lab.scenario import as_named, rules
from tests.lab.servers import dnsmasq, f5, nginx

if TYPE_CHECKING:
    from tests.lab.lab import Lab
    from tests.lab.scenario import Scenario, Start

HOSTS = ("product.connect.nginx.com", "product.apis.f5.com", "product-s.apis.f5.com", "www.example.com")
PROBE = ("probe", "usage", "-4", "--timeout", "1.5")
BOTH = ("probe", "usage", "teem", "-4", "--timeout", "1.5")
DIAGNOSE = ("diagnose", "-4", "--timeout", "1.5")
PACKAGE = "Package: {}\nStatus: install ok installed\nVersion: {}\n\n"
PROFILE = '[[profile]]\nid = "{0}"\ntitle = "{0}"\nendpoints = [{1}]\n\n'
NAMES = (*DIAGNOSE, "--catalogue", "names.toml", "--for")
SERVICES = ("nms-core", "nms-dpm", "nms-ingestion", "nms-integrations")
ANSWERS = (
    "http.block-page",
    "http.captive-portal",
    "http.redirect-offsite",
    "http.5xx-gateway",
    "http.5xx-origin",
    "http.rate-limited",
    "http.disconnect",
    "http.status",
    "http.ua-filtered",
    "http.tool-filtered",
    "tls.intercepted-untrusted",
)
VERSIONS = (
    "http.wrong-endpoint-generation",
    "tls.product-bundle",
    "tls.nim-certificate",
    "local.service-down",
    "tcp.drop-path",
)


def answers(lines: str) -> Start:
    """A web server that the client trusts for every host of the vendor's, and that says this."""

    def start(lab: Lab) -> None:
        authority = trustme.CA(organization_name="Public Authority")
        nginx.trust(lab, authority)
        nginx.serve(lab, f"{nginx.certify(lab, authority.issue_cert(*HOSTS))} location = / {{ {lines} }}")

    return start


def installed(nim: str = "", nginx_plus: str = "", *, running: bool = True) -> Start:
    """These packages are installed on the client, and the services of NIM run or do not."""

    def start(lab: Lab) -> None:
        packages = {"nms-instance-manager": nim, "nginx-plus": nginx_plus}
        lab.place("/var/lib/dpkg/status", "".join(PACKAGE.format(*one) for one in packages.items() if one[1]))
        for name in (*SERVICES, "nginx") if running else ():
            program = lab.folder / name
            program.symlink_to("/bin/sleep")
            subprocess.Popen([str(program), "600"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    return start


def names_only(lab: Lab) -> None:
    """Profiles without the telemetry range, whose addresses would fill the case and tell nothing more."""
    lab.write("names.toml", "".join(PROFILE.format(*one) for one in (("new", '"usage"'), ("old", '"teem"'))))


def reports_to_nim(lab: Lab) -> None:
    """NGINX Plus on the client reports to a NIM whose certificate is self-signed."""
    lab.place("/etc/nginx/nginx.conf", "mgmt { usage_report endpoint=www.example.com; }\n")
    nginx.serve(lab, nginx.certify(lab, trustme.CA(organization_name="NIM").issue_cert("manager-server")))


SCENARIOS: tuple[Scenario, ...] = (
    as_named(
        "http.block-page",
        "a filter's page in the vendor's place, under a certificate that is trusted",
        answers("default_type text/html; return 403 '<html>FortiGuard Web Filtering</html>';"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "http.redirect-offsite",
        "one host is sent on to somebody else's",
        answers("return 302 https://www.example.com/login;"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "http.captive-portal",
        "every host is sent on to the same page",
        answers("return 302 https://portal.corp/login;"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=BOTH,
    ),
    as_named(
        "http.captive-portal.network-login",
        "the access network answers 511",
        answers("return 511 'sign in';"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "http.5xx-gateway",
        "something in between answers that it cannot reach the vendor",
        answers("add_header Via '1.1 edge (squid/5.7)' always; return 502;"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "http.5xx-origin",
        "the service itself is out of order",
        answers("return 503;"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "http.rate-limited",
        "the service wants fewer requests",
        answers("add_header Retry-After 30 always; return 429;"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "http.status",
        "the vendor seems to want a sign-in as a proxy does",
        answers("return 407;"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "http.disconnect",
        "TLS comes up and the request is answered by a close",
        answers("return 444;"),
        dnsmasq.start,
        never=ANSWERS,
        arguments=PROBE,
    ),
    as_named(
        "http.wrong-endpoint-generation",
        "NIM 2.22 behind rules for 2.21",
        f5.start,
        dnsmasq.start,
        installed(nim="2.22.0-1~bookworm"),
        names_only,
        never=VERSIONS,
        arguments=(*NAMES, "new"),
        inject={
            "gateway": rules("on", f"ip daddr {{ {', '.join(network.HOSTS['product.connect.nginx.com'][:3])} }} drop")
        },
    ),
    as_named(
        "http.wrong-endpoint-generation.not-upgraded",
        "NIM 2.21 behind rules for 2.22",
        f5.start,
        dnsmasq.start,
        installed(nim="2.21.1-1~bookworm"),
        names_only,
        never=VERSIONS,
        arguments=(*NAMES, "old"),
        inject={"gateway": rules("on", f"ip daddr {network.HOSTS['product.apis.f5.com'][0]} tcp dport 443 reject")},
    ),
    as_named(
        "tls.product-bundle",
        "NIM 2.20.0 accepts Entrust alone, and everything else of the host connects",
        f5.start,
        dnsmasq.start,
        installed(nim="2.20.0-1~bookworm"),
        names_only,
        never=VERSIONS,
        arguments=(*NAMES, "old"),
    ),
    as_named(
        "tls.nim-certificate",
        "NGINX Plus reports to a NIM with a certificate of its own",
        dnsmasq.start,
        reports_to_nim,
        installed(nginx_plus="34-1~bookworm"),
        never=(*VERSIONS, "tls.self-signed", "tls.wrong-host", "tls.intercepted-untrusted"),
        arguments=DIAGNOSE,
    ),
    as_named(
        "local.service-down",
        "NIM is installed and does not run; the network is fine",
        f5.start,
        dnsmasq.start,
        installed(nim="2.22.0-1~bookworm", running=False),
        names_only,
        never=VERSIONS,
        arguments=(*NAMES, "new"),
    ),
    as_named(
        "clean.nim",
        "NIM 2.22 that runs, on a network that is open",
        f5.start,
        dnsmasq.start,
        installed(nim="2.22.0-1~bookworm"),
        never=VERSIONS,
        arguments=DIAGNOSE,
    ),
)
