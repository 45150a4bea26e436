"""What this host is: its firewall tools, user and resolvers, as observations. Reads files, sends nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Observation, Outcome, Rung

if TYPE_CHECKING:
    from collections.abc import Mapping

SUBJECT = "host"
RESOLV_CONF = Path("/etc/resolv.conf")
SBIN = "/usr/local/sbin:/usr/sbin:/sbin"  # not on an ordinary user's PATH, and the firewall tools live there
FIREWALLS: Mapping[str, tuple[str, ...]] = {
    "nftables": ("nft",),
    "iptables": ("iptables", "ip6tables", "ipset"),
    "firewalld": ("firewall-cmd",),
}


def firewall_tools() -> Observation:
    """Which firewalls this host has the tools for; none is a warning, since `rules` needs no tool to write a file."""
    path = os.pathsep.join((os.environ.get("PATH", ""), SBIN))
    present = [
        name for name, tools in FIREWALLS.items() if all(shutil.which(tool, path=path) is not None for tool in tools)
    ]
    if present:
        return passed("Firewall tools", ", ".join(present), evidence={"present": present})
    words = "none of nft, iptables with ipset, firewall-cmd"
    return failed("Firewall tools", Failure.TOOL_MISSING, words, required=False)


def privileges() -> Observation:
    """Who runs this; nothing here needs root."""
    user = os.geteuid()
    words = "root" if user == 0 else f"user id {user}; no check of this command needs root"
    return passed("Privileges", words, evidence={"euid": user})


def resolvers(path: Path = RESOLV_CONF, *, required: bool = True) -> Observation:
    """The resolvers that this host is configured to ask; not required where a proxy resolves the vendor's names."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        lines, reason = [], f"{path}: {error.strerror}"
    else:
        reason = f"{path} names no nameserver"
    servers = [words[1] for words in (line.split() for line in lines) if len(words) > 1 and words[0] == "nameserver"]
    if servers:
        return passed("Resolver", ", ".join(servers), evidence={"nameservers": servers})
    return failed("Resolver", Failure.DNS_NO_RESOLVER, reason, required=required)


def passed(title: str, detail: str, evidence: Mapping[str, object] | None = None) -> Observation:
    """What is as it should be, or is merely so."""
    return Observation(
        subject=SUBJECT, rung=Rung.HOST, title=title, outcome=Outcome.PASSED, detail=detail, evidence=evidence or {}
    )


def failed(title: str, failure: Failure, detail: str, *, required: bool = True, **evidence: object) -> Observation:
    """What is wrong with this host."""
    return Observation(
        subject=SUBJECT,
        rung=Rung.HOST,
        title=title,
        outcome=Outcome.FAILED,
        failure=failure,
        detail=detail,
        required=required,
        evidence=evidence,
    )
