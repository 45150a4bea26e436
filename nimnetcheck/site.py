"""What this host is: its firewall tools, user, clock and resolvers, as observations. Reads files, sends nothing."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Observation, Outcome, Rung

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SUBJECT = "host"
RESOLV_CONF = Path("/etc/resolv.conf")
SBIN = "/usr/local/sbin:/usr/sbin:/sbin"  # not on an ordinary user's PATH, and the firewall tools live there
FIREWALLS: Mapping[str, tuple[str, ...]] = {
    "nftables": ("nft",),
    "iptables": ("iptables", "ip6tables", "ipset"),
    "firewalld": ("firewall-cmd",),
}
RELEASED = datetime(2026, 11, 1, tzinfo=timezone.utc)  # a clock before this release was made is certainly wrong
MAX_SKEW = timedelta(minutes=5)  # the tolerance that certificates and tokens are commonly issued with


def firewall_tools() -> Observation:
    """Which firewalls this host has the tools for; none is a warning, since `rules` needs no tool to write a file."""
    path = os.pathsep.join((os.environ.get("PATH", ""), SBIN))
    present = [
        name for name, tools in FIREWALLS.items() if all(shutil.which(tool, path=path) is not None for tool in tools)
    ]
    if present:
        return _passed("Firewall tools", ", ".join(present), evidence={"present": present})
    return Observation(
        subject=SUBJECT,
        rung=Rung.HOST,
        title="Firewall tools",
        outcome=Outcome.FAILED,
        failure=Failure.TOOL_MISSING,
        detail="none of nft, iptables with ipset, firewall-cmd",
        required=False,
    )


def privileges() -> Observation:
    """Who runs this; nothing here needs root."""
    user = os.geteuid()
    words = "root" if user == 0 else f"user id {user}; no check of this command needs root"
    return _passed("Privileges", words, evidence={"euid": user})


def clock(now: datetime, seen: Sequence[Observation] = ()) -> Observation:
    """Whether this host's clock can be right: not before this release, and near the Date of the vendor's answers.

    An answer's Date counts only where its certificate was verified, that is on the http rung.
    """
    if now < RELEASED:
        return _wrong_clock(f"{now:%Y-%m-%d} is before this release was made")
    for observation in seen:
        skew = _skew(now, observation)
        if skew is not None and abs(skew) > MAX_SKEW:
            side = "ahead of" if skew > timedelta() else "behind"
            return _wrong_clock(f"{abs(skew).total_seconds():.0f} s {side} {observation.subject}")
    return _passed("Clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def resolvers(path: Path = RESOLV_CONF) -> Observation:
    """The resolvers that this host is configured to ask."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        lines, reason = [], f"{path}: {error.strerror}"
    else:
        reason = f"{path} names no nameserver"
    servers = [words[1] for words in (line.split() for line in lines) if len(words) > 1 and words[0] == "nameserver"]
    if servers:
        return _passed("Resolver", ", ".join(servers), evidence={"nameservers": servers})
    return Observation(
        subject=SUBJECT,
        rung=Rung.HOST,
        title="Resolver",
        outcome=Outcome.FAILED,
        failure=Failure.DNS_NO_RESOLVER,
        detail=reason,
    )


def _skew(now: datetime, observation: Observation) -> timedelta | None:
    """How far this host's clock was ahead when the answer came; None where no trusted answer gave a Date."""
    stamp = observation.evidence.get("date")
    if observation.rung is not Rung.HTTP or not isinstance(stamp, str):
        return None
    try:
        theirs = parsedate_to_datetime(stamp)
    except (TypeError, ValueError):
        return None
    return now - (theirs if theirs.tzinfo else theirs.replace(tzinfo=timezone.utc))


def _passed(title: str, detail: str, evidence: Mapping[str, object] | None = None) -> Observation:
    return Observation(
        subject=SUBJECT, rung=Rung.HOST, title=title, outcome=Outcome.PASSED, detail=detail, evidence=evidence or {}
    )


def _wrong_clock(detail: str) -> Observation:
    return Observation(
        subject=SUBJECT,
        rung=Rung.HOST,
        title="Clock",
        outcome=Outcome.FAILED,
        failure=Failure.CLOCK_WRONG,
        detail=detail,
    )
