"""A capture of the host that this runs on: its own tools are asked, nothing is changed, no module is loaded."""

from __future__ import annotations

import platform
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.errors import InputError, NotJudgedError
from nimnetcheck.twin import sysctls
from nimnetcheck.twin.capture import files as capture_files
from nimnetcheck.twin.capture.parts import ADDRESSES, FIREWALLD, IPSET, LINKS, NFT, ROUTES, RULES, Facts
from nimnetcheck.twin.capture.text import decode, printable
from nimnetcheck.twin.capture.value import Source, Unread
from nimnetcheck.twin.sysctls import PROC
from nimnetcheck.twin.tools import ENVIRONMENT, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

AT_ONCE = 4
FIREWALLD_FOLDER = Path("/etc/firewalld")
_OF_FIREWALLD = re.compile(r"^table inet firewalld |^:INPUT_ZONES ", re.MULTILINE)
COMMANDS: Mapping[str, Sequence[str]] = {
    NFT: ("nft", "-a", "-s", "list", "ruleset"),
    "iptables.txt": ("iptables-nft-save",),
    "ip6tables.txt": ("ip6tables-nft-save",),
    IPSET: ("ipset", "save"),
    LINKS: ("ip", "-j", "link", "show"),
    ADDRESSES: ("ip", "-j", "address", "show"),
    ROUTES[4]: ("ip", "-j", "-4", "route", "show", "table", "all"),
    ROUTES[6]: ("ip", "-j", "-6", "route", "show", "table", "all"),
    RULES[4]: ("ip", "-j", "-4", "rule", "show"),
    RULES[6]: ("ip", "-j", "-6", "rule", "show"),
}
# The kernel lists here the tables that the old iptables has; asking the tool for another one would make it.
LEGACY: Mapping[str, tuple[str, str]] = {
    "iptables-legacy.txt": ("iptables-legacy-save", "net/ip_tables_names"),
    "ip6tables-legacy.txt": ("ip6tables-legacy-save", "net/ip6_tables_names"),
}
VERSIONS: Mapping[str, Sequence[str]] = {
    "nft": ("nft", "--version"),
    "iptables": ("iptables", "--version"),
    "ipset": ("ipset", "--version"),
    "ip": ("ip", "-V"),
}
# Without these tools nothing of theirs is in force; without the others nobody knows.
OPTIONAL = frozenset({"ipset", "iptables-save", "ip6tables-save", "iptables-legacy-save", "ip6tables-legacy-save"})


@attrs.frozen(kw_only=True)
class Taken:
    """The parts of a live host, to be packed or assembled."""

    parts: Mapping[str, Source]
    facts: Facts


def take() -> Taken:
    """Ask every tool; what cannot be read is said, never raised."""
    commands = {**COMMANDS, **{f"version {name}": command for name, command in VERSIONS.items()}}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = dict(zip(commands, pool.map(_ask, commands, commands.values())))
        asked.update(zip(LEGACY, pool.map(_ask_legacy, LEGACY, *zip(*LEGACY.values()))))
    texts = {name: answer for name, answer in asked.items() if isinstance(answer, Source)}
    files, skipped = _firewalld() if _is_in_force(texts.values()) else ({}, ())
    versions = {
        name: texts.pop(f"version {name}").text.partition("\n")[0] for name in VERSIONS if f"version {name}" in texts
    }
    unread = [
        answer for name, answer in asked.items() if isinstance(answer, Unread) and not name.startswith("version ")
    ]
    return Taken(
        parts={**{name: text for name, text in texts.items() if text.text.strip()}, **files},
        facts=Facts(
            host=platform.node(),
            sysctls=sysctls.read(PROC),
            tools={"kernel": platform.release(), **versions},
            unread=(*unread, *skipped),
        ),
    )


def _ask(name: str, command: Sequence[str]) -> Source | Unread | None:
    """What a tool prints; None where it is missing, and that says that there is nothing."""
    command = _known(command)
    if not _is_here(command[0]):
        return None if command[0] in OPTIONAL else Unread(part=name, because=f"{command[0]} is not installed")
    try:
        ran = run(command)
        if ran.is_refused:
            return Unread(part=name, because=f"{' '.join(command)}: {printable(ran.reason)}")
        return decode(name, ran.out.encode())
    except (NotJudgedError, InputError) as error:
        return Unread(part=name, because=str(error))


def _known(command: Sequence[str]) -> Sequence[str]:
    """The command under the name that it has here: older systems have one iptables, which is called just that."""
    plain = command[0].replace("-nft-", "-")
    if _is_here(command[0]) or _is_here(plain.replace("-save", "-legacy-save")):
        return command
    return (plain, *command[1:])


def _is_here(tool: str) -> bool:
    return shutil.which(tool, path=ENVIRONMENT["PATH"]) is not None


def _ask_legacy(name: str, tool: str, names: str) -> Source | Unread | None:
    """The tables that the kernel says are there, as one save."""
    try:
        tables = (PROC / names).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return None  # the old iptables is not in use
    except OSError as error:
        return Unread(part=name, because=f"{PROC / names}: {error.strerror}")
    answers = [_ask(name, (tool, "-t", table)) for table in tables]
    refused = next((answer for answer in answers if not isinstance(answer, Source)), None)
    return refused or Source(file=name, text="".join(answer.text for answer in answers if isinstance(answer, Source)))


def _is_in_force(texts: Iterable[Source]) -> bool:
    """Whether firewalld has written rules: its files alone may lie there and decide nothing."""
    return any(_OF_FIREWALLD.search(source.text) for source in texts)


def _firewalld() -> tuple[dict[str, Source], tuple[Unread, ...]]:
    if not FIREWALLD_FOLDER.is_dir():
        return {}, ()
    try:
        files, skipped = capture_files.folder(FIREWALLD_FOLDER)
    except InputError as error:
        return {}, (Unread(part="firewalld", because=str(error)),)
    return {FIREWALLD + source.file: source for source in files}, skipped
