"""Rules whose verdict depends on the packets before, or on chance: pure.

A host meets one connection at a time where we send a burst; a rule that counts would see another world.
"""

from __future__ import annotations

import re

from nimnetcheck.twin.ruleset.save import QUOTED

_COUNTS = re.compile(r"\blimit (?:rate|name)\b|\bquota\b|\bct count\b|\bmeter\b")
_REMEMBERS = re.compile(r"\b(?:add|update) @|\s-m recent\b|\s-j SET\b")
_COUNTS_IN_IPTABLES = re.compile(r"\s-m (?:limit|hashlimit|connlimit|quota|connbytes)\b")
_DECIDES = re.compile(r"\b(?:accept|drop|reject|queue|return|jump|goto|vmap)\b")
_WRITES = re.compile(r"\s-j (?:LOG|NFLOG|ULOG|AUDIT|TRACE)\b")
_CHANCE = re.compile(r"\bnumgen\b|\s-m statistic\b")


def is_limit(text: str) -> bool:
    """Whether a rule decides by what passed before, or remembers it for one that does; a limited log does not."""
    words = QUOTED.sub("", text)
    if _REMEMBERS.search(words):
        return True
    if text.startswith("-A "):
        return bool(_COUNTS_IN_IPTABLES.search(words)) and not _WRITES.search(words)
    return bool(_COUNTS.search(words)) and bool(_DECIDES.search(words))


def is_chance(text: str) -> bool:
    """Whether a rule matches one packet and not the next."""
    return bool(_CHANCE.search(QUOTED.sub("", text)))
