"""From the texts of a host's tools to a capture: the same way for a live host, an archive and files from an e-mail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs

from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture import ipset as capture_ipset
from nimnetcheck.twin.capture import iptables as capture_iptables
from nimnetcheck.twin.capture import nft as capture_nft
from nimnetcheck.twin.capture.value import Capture, Variant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.twin.capture.iptables import Saves
    from nimnetcheck.twin.capture.value import Save, Source, Unread

NFT = "nft.txt"
IPSET = "ipset.txt"
SAVES: Mapping[str, int] = {  # part: IP version, which the head inside may correct
    "iptables.txt": 4,
    "ip6tables.txt": 6,
    "iptables-legacy.txt": 4,
    "ip6tables-legacy.txt": 6,
}
LINKS = "links.json"
ADDRESSES = "addresses.json"
ROUTES: Mapping[int, str] = {4: "routes-4.json", 6: "routes-6.json"}
RULES: Mapping[int, str] = {4: "rules-4.json", 6: "rules-6.json"}
FIREWALLD = "firewalld/"
# The parts a whole capture has, apart from the files of firewalld.
NAMES = (NFT, *SAVES, IPSET, LINKS, ADDRESSES, *ROUTES.values(), *RULES.values())


@attrs.frozen(kw_only=True)
class Facts:
    """What a capture says about its host in a few words, and what it could not read."""

    host: str = ""
    sysctls: Mapping[str, str] = attrs.field(factory=dict)
    tools: Mapping[str, str] = attrs.field(factory=dict)
    unread: tuple[Unread, ...] = ()


def assemble(parts: Mapping[str, Source], facts: Facts) -> Capture:
    """The capture made of these parts; raises InputError for what no tool prints."""
    files = [capture_iptables.divide(parts[name], version) for name, version in SAVES.items() if name in parts]
    saves = _one_of_each(files)
    ruleset = capture_nft.divide(parts[NFT], _saved(saves, files)) if NFT in parts else None
    if ruleset and ruleset.unsaved:
        saves = tuple(capture_iptables.without(s, ruleset.unsaved) if s.variant is Variant.NFT else s for s in saves)
    if IPSET in parts:
        capture_ipset.check(parts[IPSET])
    present = {save.tool for save in saves}
    unread = [u for u in (u for file in files for u in file.unread) if u.part not in present]
    return Capture(
        host=facts.host,
        nft=ruleset.native if ruleset else None,
        shadow=ruleset.shadow if ruleset else None,
        saves=saves,
        ipset=parts.get(IPSET),
        links=_listed(parts, LINKS),
        addresses=_listed(parts, ADDRESSES),
        routes={version: _listed(parts, name) for version, name in ROUTES.items()},
        rules={version: _listed(parts, name) for version, name in RULES.items()},
        sysctls=facts.sysctls,
        tools=facts.tools,
        firewalld=_firewalld(parts, ruleset),
        unread=(*facts.unread, *(ruleset.unread if ruleset else ()), *unread),
    )


def _firewalld(parts: Mapping[str, Source], ruleset: capture_nft.Ruleset | None) -> tuple[Source, ...]:
    """The files that are in force: none, where the host's rules were captured and firewalld has none among them."""
    captured = NFT in parts or ADDRESSES in parts
    if captured and not (ruleset and capture_nft.has_table(ruleset.native, "inet", "firewalld")):
        return ()
    return tuple(
        attrs.evolve(source, file=name[len(FIREWALLD) :])
        for name, source in sorted(parts.items())
        if name.startswith(FIREWALLD)
    )


def _one_of_each(files: Iterable[Saves]) -> tuple[Save, ...]:
    """The saves of all files; two of the same kind leave open which one is in force."""
    found: dict[str, Save] = {}
    for save in (save for file in files for save in file.saves):
        other = found.setdefault(save.tool, save)
        if other is not save:
            raise InputError(f"{save.source.file}: a save of {save.tool} stands in {other.source.file} already")
    return tuple(found.values())


def _saved(saves: Iterable[Save], files: Iterable[Saves]) -> set[tuple[str, str]]:
    """The tables that are loaded from a save of iptables-nft."""
    incompatible = {table for file in files for table in file.incompatible}
    nft = (save for save in saves if save.variant is Variant.NFT)
    return {table for save in nft for table in capture_iptables.tables(save)} - incompatible


def _listed(parts: Mapping[str, Source], name: str) -> tuple[Mapping[str, Any], ...]:
    """What `ip -j` printed: a list of objects, or nothing at all."""
    text = parts[name].text.strip() if name in parts else ""
    try:
        listed = json.loads(text or "[]")
    except (ValueError, RecursionError) as error:
        raise InputError(f"{parts[name].file}: not JSON") from error
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise InputError(f"{parts[name].file}: not what 'ip -j' prints")
    return tuple(entry for entry in listed if entry)
