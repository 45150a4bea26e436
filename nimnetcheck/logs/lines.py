"""What a line of a log means, if anything: the documented lines of NGINX Plus, NIM and F5's upload script; pure.

Absence of errors proves nothing: NGINX Plus logs that a report was sent at level info alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Callable

import attrs

from nimnetcheck.logs import errors
from nimnetcheck.logs.errors import Meaning
from nimnetcheck.model import Failure, Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

F = Failure
AT = r"(?P<host>[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):(?P<port>\d+)"
ASKED, ANSWERED = "[debug] curl command", "[attempt]"  # what F5's upload script logs before and after it asks
# One of these stands in every line that means something; most lines hold none, and plain searches tell fastest.
MARKS = (
    "usage report",
    "initial report",
    "licen",
    "[nc-",
    "[int-nc]",
    "[aidf-",
    "[offlineagg",
    "proxy",
    "state file",
    ANSWERED,
    "[skip]",
    ASKED,
    "ui is not reachable",
    "disconnected mode",
    "curl: (",
    '"reporting"',
)
Read = Callable[["re.Match[str]"], Meaning]


def _resolver(match: re.Match[str]) -> Meaning:
    return _at(match, Meaning(errors.RESOLVER.get(match["why"].strip().lower(), F.DNS_TIMEOUT), Rung.DNS))


def _errno(match: re.Match[str]) -> Meaning:
    return _at(match, errors.of_errno(int(match["errno"])))


def _status(match: re.Match[str]) -> Meaning:
    return _at(match, errors.of_status(int(match["status"])))


def _error(match: re.Match[str]) -> Meaning:
    return errors.of_text(match["error"])


def _verification(match: re.Match[str]) -> Meaning:
    return Meaning(errors.VERIFICATION.get(int(match["code"]), F.TLS_UNTRUSTED), Rung.TLS)


def _unanswered(match: re.Match[str]) -> Meaning:
    return _at(match, Meaning(F.SUBMIT_NO_ANSWER, Rung.SUBMIT))


def _reporting(match: re.Match[str]) -> Meaning:
    """The object `license` of NGINX Plus' own API: whether its reports get through."""
    return Meaning(None if match["healthy"] == "true" else F.REPORTING_FAILING, Rung.SUBMIT)


def _at(match: re.Match[str], found: Meaning) -> Meaning:
    return attrs.evolve(found, host=(match.groupdict().get("host") or "").strip("[]").lower())


def _fixed(failure: Failure | None, rung: Rung) -> Read:
    return lambda _: Meaning(failure, rung)


NGINX: tuple[tuple[str, Read], ...] = (  # R33 and later: error.log, its API, and the ingress controller's events
    (AT + r" could not be resolved \((?:\d+: )?(?P<why>[^)]*)\) during usage report", _resolver),
    (r"connect\(\) failed \((?P<errno>\d{1,4}): [^)]*\) for " + AT + r" during usage report", _errno),
    (r"server returned (?P<status>\d{3}) for " + AT + r" during usage report", _status),
    (r"certificate verify error: \((?P<code>\d{1,3}):.* during usage report", _verification),
    (r"timed out .*during usage report", _fixed(F.TCP_TIMEOUT, Rung.TCP)),
    (r"\((?P<errno>\d{1,4}): [^)]*\).* during usage report", _errno),
    # That the first report is missing is documented to be logged at this level, its words are not.
    (r"\[emerg\].*\b(usage|initial) report", _fixed(F.NEVER_REPORTED, Rung.SUBMIT)),
    (r"\[(error|crit|alert|warn)\] (?P<error>.*) during usage report", _error),
    (r"usage report was sent", _fixed(None, Rung.SUBMIT)),
    (r"license will expire in \d+ day|License expiring in \d+ day", _fixed(F.LICENCE_NEAR_EXPIRY, Rung.HOST)),
    (r"Usage reporting grace period ending in \d+ day", _fixed(F.REPORTING_FAILING, Rung.SUBMIT)),
    (r"license expiry; grace period will end in \d+ day", _fixed(F.LICENCE_IN_GRACE, Rung.HOST)),
    (r"\[emerg\].*license expired", _fixed(F.LICENCE_EXPIRED, Rung.HOST)),
    (r"invalid license token", _fixed(F.LICENCE_MALFORMED, Rung.HOST)),
    (r"License file is required", _fixed(F.LICENCE_UNREADABLE, Rung.HOST)),
    (r"invalid instance state file", _fixed(F.STATE_INVALID, Rung.HOST)),
    (r"\"reporting\" *: *{ *\"healthy\" *: *(?P<healthy>true|false)", _reporting),
)
NIM: tuple[tuple[str, Read], ...] = (  # 2.22 and later: nms.log, or the journal of nms-integrations
    (r"\[NC-POST\]\s+NC response status=(?P<status>\d{3})", _status),
    (r"\[NC-RETRY\] retrying after error: (?P<error>.*?)(?: wait=|$)", _error),
    (r"\[INT-NC\] failed to process NC usage batch: (?P<error>.*)", _error),
    (r"\[AIDF-SUB\] NC submission failed for chunk [^:]*: (?P<error>.*)", _error),
    (r"\[AIDF-SUB\] msg\[\d+\] missing jwt_token", _fixed(F.USAGE_UNPROCESSABLE, Rung.SUBMIT)),
    (r"\[AIDF-SUB\] corrupted proto", _fixed(F.USAGE_UNPROCESSABLE, Rung.SUBMIT)),
    (r"\[OfflineAggregator\] proto\.Unmarshal failed", _fixed(F.USAGE_UNPROCESSABLE, Rung.SUBMIT)),
    (r"\[INT-NC\] successfully processed NC usage batch", _fixed(None, Rung.SUBMIT)),
    (r"invalid forward proxy config|unable to add proxy support", _fixed(F.CONFIG_INVALID, Rung.HOST)),
    (r"(?P<error>proxyconnect tcp: .*)", _error),
    (r"failed to get license status: ", _fixed(F.SERVICE_DOWN, Rung.HOST)),
)
SCRIPT: tuple[tuple[str, Read], ...] = (  # F5's upload script, and curl
    (r"\[ATTEMPT\] \S+ -> https://(?P<host>[A-Za-z0-9.-]+)\S* \(HTTP (?P<status>[1-9]\d\d)", _status),
    (r"\[ATTEMPT\] \S+ -> https://(?P<host>[A-Za-z0-9.-]+)\S* \(HTTP 000", _unanswered),
    (r"\[DEBUG\] curl command: .*https://(?P<host>[A-Za-z0-9.-]+)", _unanswered),
    (r"Usage report upload failed\. HTTP Status: (?P<status>[1-9]\d\d)", _status),
    (r"NGINX Instance Manager UI is not reachable on (?P<host>[A-Za-z0-9.-]+)", _unanswered),
    (r"\[SKIP\] No jwt\.txt found", _fixed(F.USAGE_UNPROCESSABLE, Rung.SUBMIT)),
    (r"only for DISCONNECTED mode", _fixed(F.WRONG_MODE, Rung.HOST)),
    (r"(?P<error>curl: \(\d+\) .*)", _error),
)
LINES = tuple((re.compile(pattern, re.IGNORECASE), read) for pattern, read in (*NGINX, *NIM, *SCRIPT))


def unanswered(lines: Iterable[str]) -> Iterator[str]:
    """The lines, without the questions of F5's upload script that were answered.

    A question without an answer is one at which the script ended: it stops where curl does, and says nothing.
    """
    held = ""
    for line in lines:
        small = line.lower()
        if ASKED in small or ANSWERED in small:
            if held and ASKED in small:
                yield held
            held = line if ASKED in small else ""
        if ASKED not in small:
            yield line
    if held:
        yield held


def meaning(line: str) -> Meaning | None:
    """What a line means; None for the many that mean nothing here."""
    small = line.lower()
    for mark in MARKS:
        if mark in small:
            return next(_meanings(line), None)
    return None


def _meanings(line: str) -> Iterator[Meaning]:
    for pattern, read in LINES:
        match = pattern.search(line)
        if match:
            yield read(match)
