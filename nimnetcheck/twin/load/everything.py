"""A whole capture into the twin: sets first, then each firewall by its own tool."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.twin import tools
from nimnetcheck.twin.answer import LeftOut
from nimnetcheck.twin.capture.value import Source, Variant
from nimnetcheck.twin.load import firewalld as load_firewalld
from nimnetcheck.twin.load import nft as load_nft
from nimnetcheck.twin.load import pieces
from nimnetcheck.twin.load.iptables import Loader
from nimnetcheck.twin.load.loaded import IPSET, Loaded, together
from nimnetcheck.twin.ruleset import shadow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nimnetcheck.twin.capture.value import Capture
    from nimnetcheck.twin.namespace import Sender
    from nimnetcheck.twin.tools import Ran

_LEFT = re.compile(r"^(add \S+ \S+ timeout )[1-9]\d*", re.MULTILINE)  # seconds; 0 is for ever
_SET_FAULT = re.compile(r"Error in line (\d+): (.*)")


def everything(capture: Capture, sender: Sender) -> Loaded:
    """Load all of it; raises NotJudgedError where a part is refused as a whole."""
    loaded = together(_parts(capture, sender))
    if not capture.shadow or not capture.shadow.text.strip():
        return loaded
    same = capture.tools.get("nft", "") == tools.run(("nft", "--version")).out.partition("\n")[0]
    listed = shadow.rules(Source(file="", text=tools.run(("nft", "-s", "list", "ruleset")).out)) if same else None
    return attrs.evolve(loaded, chains=shadow.marked(loaded.chains, shadow.rules(capture.shadow), listed))


def _parts(capture: Capture, sender: Sender) -> Iterator[Loaded]:
    if load_firewalld.is_needed(capture):
        yield _whole(capture.firewalld[0], partial(load_firewalld.load, capture.firewalld))
    if capture.ipset:
        yield _whole(capture.ipset, partial(_sets, capture.ipset))
    # The old variant's rules read the same, and the new one's kernel tells more; with both in force, each must decide.
    both = {save.variant for save in capture.saves} == set(Variant)
    for save in capture.saves:
        loader = Loader(variant=save.variant if both else Variant.NFT, sender=sender)
        yield _whole(save.source, partial(loader.load, save))
    if capture.nft:
        yield _whole(capture.nft, partial(load_nft.load, capture.nft, confined=sender.confined))


def _whole(source: Source, load: Callable[[], Loaded]) -> Loaded:
    try:
        return load()
    except pieces.LoadError as error:
        raise NotJudgedError(f"{source.file} cannot be loaded: {error}") from error


def _sets(source: Source) -> Loaded:
    """A set that is refused takes its rules with it; a set without one of its members matches something else."""
    lines = [pieces.Line(line, (at, line)) for at, line in enumerate(source.text.split("\n"), 1)]
    refused = pieces.load(lines, restore, _set_fault)
    left_out = tuple(
        LeftOut(what=one.owner[1], because=one.because, file=source.file, line=one.owner[0]) for one in refused
    )
    doubt = next((f"{source.file}:{one.line} could not be loaded: {one.what}" for one in left_out), "")
    members = {tuple(line.split()[1:3]) for line in source.text.split("\n") if line.startswith("add ")}
    return Loaded(sets=Counter((IPSET, "", name) for name, _ in members), left_out=left_out, doubt=doubt)


def restore(text: str) -> Ran:
    """Run `ipset restore`; a member that had a second left at the capture stays, as it does among those of nft."""
    return tools.run(("ipset", "-exist", "restore"), _LEFT.sub(r"\g<1>86400", text))


def _set_fault(ran: Ran) -> tuple[int, str] | None:
    match = _SET_FAULT.search(ran.said)
    return (int(match[1]), match[2]) if match else None
