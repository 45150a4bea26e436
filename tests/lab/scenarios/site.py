"""The products' own state on the client: configuration, services, disks, and logs that tell of no network at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab import network
from tests.lab.scenario import as_named
from tests.lab.scenarios.http import installed
from tests.lab.servers import dnsmasq, f5, nginx

if TYPE_CHECKING:
    from tests.lab.lab import Lab
    from tests.lab.scenario import Scenario, Start

HERE = ("diagnose", "--no-network", "--nms-config", "nms.conf")
NIM = installed(nim="2.22.0-1~bookworm")
PLUS = installed(nginx_plus="35-1~bookworm")
NMS_CONF = "integrations:\n  license:\n    mode_of_operation: disconnected\n"
MISPLACED = "integrations:\n  proxy_config:\n    proxy_enable: true\n    proxy_host: proxy.corp\n"
STATE = Path("/run/nginx-state")  # on a file system of the laboratory's own
HIDE_TOOLS = """
mount -t tmpfs tmpfs /usr/sbin
! [ -e /usr/bin/firewall-cmd ] || mount --bind /dev/null /usr/bin/firewall-cmd
"""
LOGS = Path("/var/log/nginx")  # where NGINX writes, on every host that has it
LOOK_ALIKES = (
    "local.bad-config",
    "local.config-not-applied",
    "local.disk-full",
    "local.service-down",
    "local.state-file",
    "local.wrong-mode",
    "submit.grace-running",
    "submit.initial-report-missing",
    "submit.no-answer",
    "submit.unprocessable",
    "jwt.unreadable",
)


def configured(text: str = NMS_CONF) -> Start:
    """NIM's configuration, and NIM that started after it was written."""

    def start(lab: Lab) -> None:
        lab.write("nms.conf", text)
        NIM(lab)

    return start


def changed(lab: Lab) -> None:
    """Somebody edits nms.conf, and restarts nothing."""
    configured()(lab)
    now = (lab.folder / "nms.conf").stat().st_mtime
    os.utime(lab.folder / "nms.conf", (now + 60, now + 60))


def mgmt(*lines: str, state: tuple[str, ...] | None = ("nginx-mgmt-state",)) -> Start:
    """NGINX Plus with these lines in its mgmt block, and these files in the folder of its state if there is one."""

    def start(lab: Lab) -> None:
        if state is not None:
            STATE.mkdir()
        for name in state or ():
            (STATE / name).touch()
        lab.place("/etc/nginx/nginx.conf", f"mgmt {{ state_path {STATE}; {' '.join(lines)} }}\n")
        PLUS(lab)

    return start


def read_only(lab: Lab) -> None:
    """The container's file system is read-only, and the state folder no volume of its own."""
    mgmt()(lab)
    network.run(["mount", "--bind", str(STATE), str(STATE)])
    network.run(["mount", "-o", "remount,bind,ro", str(STATE)])


def full(lab: Lab) -> None:
    """A small disk of its own for the logs, with a log on it that has grown."""
    mgmt()(lab)
    network.run(["mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", str(LOGS)])
    (LOGS / "access.log").write_bytes(bytes(64 * 1024 * 1024))


def logged(name: str, shows: str, line: str) -> Scenario:
    """A scenario in which a log alone tells what is wrong."""

    def start(lab: Lab) -> None:
        lab.write("product.log", f"2026/11/25 07:00:00 {line}\n")

    return scenario(name, shows, start, more=("--logs", "product.log"))


def scenario(name: str, shows: str, *start: Start, more: tuple[str, ...] = ()) -> Scenario:
    """A scenario of this layer: nothing is sent."""
    return as_named(name, shows, dnsmasq.start, *start, never=LOOK_ALIKES, arguments=(*HERE, *more))


def online(name: str, shows: str, *start: Start) -> Scenario:
    """A scenario of this layer on a network that is open."""
    arguments = ("diagnose", "--for", "nginx-plus", "-4", "--timeout", "1.5")
    return as_named(name, shows, f5.start, dnsmasq.start, *start, never=LOOK_ALIKES, arguments=arguments)


SCENARIOS = (
    scenario("clean.nim-at-home", "NIM runs with the configuration that it has read", configured()),
    online("clean.nginx-plus", "NGINX Plus runs, has reported, and can", mgmt()),
    scenario("local.bad-config", "the proxy was written into the wrong section of nms.conf", configured(MISPLACED)),
    scenario("local.config-not-applied", "nms.conf was changed, and NIM was not restarted", changed),
    scenario("local.state-file", "NGINX Plus has lost the folder of its state", mgmt(state=None)),
    scenario("local.state-file.read-only", "NGINX Plus cannot write its state", read_only),
    scenario("local.disk-full", "the disk with NGINX's logs is full", full),
    online(
        "submit.initial-report-missing", "NGINX Plus has never reported, and waits for its first report", mgmt(state=())
    ),
    online(
        "submit.grace-running",
        "NGINX Plus has never reported, and need not at once",
        mgmt("enforce_initial_report off;", state=()),
    ),
    logged(
        "local.wrong-mode.script",
        "F5's upload script was run beside a NIM that reports by itself",
        "Device mode is CONNECTED. This script is only for DISCONNECTED mode",
    ),
    logged(
        "submit.unprocessable",
        "an instance of R32 and older has no token to report by",
        "[error] [AIDF-SUB] msg[3] missing jwt_token; terminating unprocessable message",
    ),
    logged(
        "tcp.reset.by-its-log",
        "connections of NGINX are reset, by its log",
        f"[error] 7#7: connect() failed (104: Connection reset by peer) for {nginx.HOST}:443 during usage report",
    ),
    logged(
        "submit.no-answer",
        "F5's upload script ended at a question",
        f"[DEBUG] curl command: curl -s -X POST https://{nginx.HOST}/api/nginx-usage/batch",
    ),
    logged("clean.log", "NGINX has reported", "[info] 7#7: usage report was sent"),
    as_named(
        "local.tool-missing",
        "a host without any firewall's tools is looked at before the installation",
        f5.start,
        dnsmasq.start,
        never=LOOK_ALIKES,
        arguments=("preflight", "--for", "nginx-plus", "-4", "--timeout", "2"),
        inject={"client": HIDE_TOOLS},
    ),
)
