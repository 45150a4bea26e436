"""Whether SELinux or AppArmor keeps a running NGINX from connecting, by what everybody may read of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from nimnetcheck.site import text
from nimnetcheck.site.environment import PROC

if TYPE_CHECKING:
    from collections.abc import Iterator

NGINX = "nginx"
SELINUX, PROFILES = Path("/sys/fs/selinux"), Path("/etc/apparmor.d")
DOMAIN = "httpd_t"
# Each lets the domain connect to port 443: to every port, to those of http, and to these for a shutdown.
BOOLEANS = ("httpd_can_network_connect", "httpd_can_network_relay", "httpd_graceful_shutdown")
ENFORCED = " (enforce)"
NETWORK = re.compile(r"^\s*(?:audit\s+)?(?P<deny>deny\s+)?network\b(?P<what>[^,#\n]*),", re.MULTILINE)
TCP = re.compile(r"\s*(inet\s*)?(stream|tcp)?\s*")  # what a rule for the network names where it is about TCP
WITH_NETWORK = re.compile(r"^\s*#?include\b.*\babstractions/(nameservice|apache2-common)\b", re.MULTILINE)


def shut_in(proc: Path = PROC, selinux: Path = SELINUX, profiles: Path = PROFILES) -> list[str]:
    """What forbids NGINX to connect, in words; nothing where it does not run, or nothing does."""
    label = _label(proc)
    return [*_selinux(label, selinux), *_apparmor(label, profiles)]


def _selinux(label: str, folder: Path) -> Iterator[str]:
    """The booleans that would let the domain out, where SELinux is enforcing and all of them are off."""
    if label.split(":")[2:3] != [DOMAIN] or _first(folder / "enforce") != "1":
        return
    values = {name: _first(folder / "booleans" / name) for name in BOOLEANS}
    if values[BOOLEANS[0]] == "0" and "1" not in values.values():
        yield f"SELinux: {DOMAIN} may not connect: {BOOLEANS[0]} is off in {folder}/booleans"


def _apparmor(label: str, folder: Path) -> Iterator[str]:
    """The profile that is enforced and denies the network, or does not name it."""
    if not label.endswith(ENFORCED):
        return
    name = label[: -len(ENFORCED)]
    file = name.strip("/").replace("/", ".")
    content = "\n".join(_content(folder / part) for part in (file, f"local/{file}"))
    rules = [rule for rule in NETWORK.finditer(content) if TCP.fullmatch(rule["what"])]
    denied = any(rule["deny"] for rule in rules)
    if content.strip() and (denied or not (rules or WITH_NETWORK.search(content))):
        why = "denies the network" if denied else "lets it use no network"
        yield f"AppArmor: the profile {name} in {folder / file} {why}"


def _label(proc: Path) -> str:
    """How the security module in force labels NGINX's workers; empty where none runs, or no module does."""
    for folder in sorted(proc.glob("[0-9]*")):
        if _first(folder / "comm") == NGINX:
            return _line(folder / "attr/current")
    return ""


def _first(path: Path) -> str:
    return next(iter(_line(path).split()), "")


def _line(path: Path) -> str:
    return _content(path).strip("\0\n ").partition("\n")[0]


def _content(path: Path) -> str:
    try:
        return text.read(path)[0]
    except FileNotFoundError:
        return ""
