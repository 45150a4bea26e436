"""What becomes of submissions: exports and reports are sent, F5 answers, and now and then somebody else does."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import trustme

from nimnetcheck.submission.usage import write_export_2_22, write_report_2_21
from tests.lab.lab import AS_NOBODY
from tests.lab.scenario import as_named
from tests.lab.scenarios import licence
from tests.lab.servers import dnsmasq, f5, nginx, nim

if TYPE_CHECKING:
    from tests.lab.lab import Lab
    from tests.lab.scenario import Scenario, Start

REPORT = "report.zip"
SUBMIT = ("simulate", "--submit", "--result-dir", "result", "--timeout", "2")
CARRIED = (*SUBMIT, "--report", REPORT)
BULK = (*CARRIED, "--license", f5.LICENCE)
OLD_PASSWORD_FILE = "password.old"  # noqa: S105 (a file's name)
LOOK = ("simulate", *nim.REACHED, "--password-file", nim.PASSWORD_FILE)
LICENSED = ("diagnose", "--for", "nginx-plus", "-4", "--timeout", "2", "--license", f5.LICENCE, "--logs", "nms.log")
INSTANCES = 3
PAGE = "<html>FortiGuard Web Filtering</html>"
FILTER = f"default_type text/html; if ($request_method = POST) {{ return 403 '{PAGE}'; }}"
LOOK_ALIKES = (
    "auth.header-stripped",
    "http.not-really-f5",
    "auth.nim-login",
    "auth.rejected",
    "auth.rejected-valid-token",
    "http.block-page",
    "http.body-limit-or-dlp",
    "http.disconnect",
    "http.method-blocked",
    "http.status",
    "http.wrong-endpoint-generation",
    "jwt.expired",
    "local.wrong-mode",
    "submit.accepted-not-processed",
    "submit.rejected",
    "submit.uncertain",
    "unknown",
)


def export(lab: Lab, token: str = "") -> None:
    """The export of a NIM 2.22, with the token that F5 takes, or this one."""
    token = token or (lab.folder / f5.LICENCE).read_text(encoding="ascii")
    with (lab.folder / REPORT).open("wb") as file:
        write_export_2_22(file, INSTANCES, [token])


def refused(ends_d: float = 300) -> Start:
    """The same with a token that F5 does not take, whose subscription ends in so many days."""
    return lambda lab: export(lab, licence.token(issued_d=-400, ends_d=ends_d))


def report(lab: Lab) -> None:
    """The report of a NIM up to 2.21."""
    with (lab.folder / REPORT).open("wb") as file:
        write_report_2_21(file, INSTANCES)


def in_front(lines: str) -> Start:
    """A web server in the vendor's place, that hands on to nobody."""

    def start(lab: Lab) -> None:
        authority = trustme.CA(organization_name="Public Authority")
        nginx.trust(lab, authority)
        nginx.serve(lab, f"{nginx.certify(lab, authority.issue_cert(nginx.HOST))} {lines}")
        refused()(lab)

    return start


def wrong_password(lab: Lab) -> None:
    """The password that the client knows is an old one."""
    lab.write(OLD_PASSWORD_FILE, "of last year")


def killed(lab: Lab) -> None:
    """An earlier run has handed everything over, and was killed before the answer came."""
    export(lab)
    command = [*AS_NOBODY, sys.executable, "-m", "nimnetcheck", *CARRIED]
    journal = lab.folder / "result" / "journal.jsonl"
    with subprocess.Popen(command, cwd=lab.folder, env=lab.environment, stdout=subprocess.DEVNULL) as run:
        while run.poll() is None and not (journal.exists() and b'"sending"' in journal.read_bytes()):
            lab.wait()
        run.kill()


def noted(lab: Lab) -> None:
    """The log of a NIM that F5 refuses."""
    lab.write("nms.log", "2026/11/25 06:10:00 [INFO] [NC-POST] NC response status=401 batch_size=10\n")


def scenario(name: str, shows: str, *start: Start, arguments: tuple[str, ...] = CARRIED) -> Scenario:
    """A scenario of this layer."""
    return as_named(name, shows, dnsmasq.start, *start, never=LOOK_ALIKES, arguments=arguments)


SCENARIOS = (
    scenario("clean.submission", "F5 takes the export of a NIM 2.22", f5.start, export),
    scenario("clean.submission.bulk", "F5 takes the report of a NIM 2.21", f5.start, report, arguments=BULK),
    scenario(
        "clean.submission.nim",
        "the NIM hands out its export, and nothing of it is sent",
        f5.start,
        nim.running("--nim-version", "2.22"),
        arguments=LOOK,
    ),
    scenario("clean.submission.gateway", "a gateway in F5's place lets everything by", in_front("")),
    scenario("auth.rejected-valid-token", "a token that F5 does not know", f5.start, refused()),
    scenario("auth.rejected", "the same, and its subscription ended ten days ago", f5.start, refused(-10)),
    scenario("jwt.expired.refused", "the same, and its subscription ended long ago", f5.start, refused(-100)),
    scenario(
        "auth.nim-login",
        "the NIM's password was changed",
        nim.running("--nim-version", "2.22"),
        wrong_password,
        arguments=(*LOOK[:-1], OLD_PASSWORD_FILE),
    ),
    scenario(
        "local.wrong-mode",
        "a NIM that reports by itself is asked for its export",
        nim.running("--nim-version", "2.22", "--nim-mode", "connected"),
        arguments=LOOK,
    ),
    scenario("submit.rejected", "F5 finds fault with the file", f5.failing("batch-400"), export),
    scenario(
        "submit.accepted-not-processed",
        "F5 takes the report, and none of its records",
        f5.failing("status-unsuccessful"),
        report,
        arguments=BULK,
    ),
    scenario("http.body-limit-or-dlp", "a gateway takes hardly any body", in_front("client_max_body_size 1;")),
    scenario("http.body-limit-or-dlp.answer", "F5 itself says that it is too much", f5.failing("batch-413"), export),
    scenario(
        "http.method-blocked", "a gateway lets nobody post", in_front("if ($request_method = POST) { return 405; }")
    ),
    scenario(
        "http.block-page.upload",
        "a filter lets nobody post, and says so in its page",
        in_front(FILTER),
    ),
    scenario("submit.uncertain", "an earlier run was killed before F5 answered", f5.failing("batch-stall:1"), killed),
    scenario(
        "auth.rejected-valid-token.by-its-log",
        "F5 refuses NIM, by its log, and the licence is good",
        f5.start,
        noted,
        arguments=LICENSED,
    ),
)
