"""`ipset save`: only what makes sets and fills them, and addresses instead of names."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from nimnetcheck.twin.capture.text import refuse, shown

if TYPE_CHECKING:
    from nimnetcheck.twin.capture.value import Source

_CREATE = re.compile(r"create (\S{1,31}) ((?:bitmap|hash|list):([a-z,]+))((?: [a-z0-9][a-z0-9.:_/-]*)*)")
_ADD = re.compile(r'add (\S{1,31}) (\S+)((?: (?:"[^"]*"|[^\s"]+))*)')
_OPTIONS = frozenset(
    [
        "timeout",
        "packets",
        "bytes",
        "comment",
        "skbmark",
        "skbprio",
        "skbqueue",
        "nomatch",
        "wildcard",
        "before",
        "after",
    ]
)
_PREFIX = re.compile(r"(?:/\d{1,3})?")


def check(source: Source) -> None:
    """Refuse, with its line, what `ipset save` does not print."""
    kinds: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(source.text.split("\n"), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        create, add = _CREATE.fullmatch(text), _ADD.fullmatch(text)
        if create and create.group(1) not in kinds:
            kinds[create.group(1)] = tuple(create.group(3).split(","))
        elif add and add.group(1) in kinds:
            _check_entry(source, number, kinds[add.group(1)], add.group(2), add.group(3))
        else:
            refuse(source, number, f"{shown(text)!r} stands in no 'ipset save'")


def _check_entry(source: Source, number: int, kinds: tuple[str, ...], entry: str, options: str) -> None:
    for kind, value in zip(kinds, entry.split(",")):
        if kind in {"ip", "net"} and not _is_address(value):
            refuse(source, number, f"{shown(value)!r} is a name, and no name is resolved here")
    for word in re.findall(r'"[^"]*"|[^\s"]+', options):
        if (word[0].isalpha() and word not in _OPTIONS) or word.startswith("-"):
            refuse(source, number, f"{shown(word)!r} stands in no 'ipset save'")


def _is_address(value: str) -> bool:
    first, _, last = value.partition("-")
    address = first.partition("/")[0]
    prefix = first[len(address) :]
    try:
        return (
            all(ip_address(part) for part in (address, last) if part)
            and bool(address)
            and bool(_PREFIX.fullmatch(prefix))
        )
    except ValueError:
        return False
