"""`--resolve HOST:PORT:ADDR`, as curl writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.addresses import parse_address
from nimnetcheck.catalogue import is_host_name
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimnetcheck.model import Address

PIN_PARTS = 3


def parse_pins(texts: Iterable[str]) -> dict[tuple[str, int], tuple[Address, ...]]:
    """What several pins say together; raises InputError for a broken one."""
    pins: dict[tuple[str, int], tuple[Address, ...]] = {}
    for text in texts:
        key, address = parse_pin(text)
        pins[key] = (*pins.get(key, ()), address)
    return pins


def parse_pin(text: str) -> tuple[tuple[str, int], Address]:
    """`HOST:PORT:ADDR`, as curl writes it; an IPv6 address may stand in brackets."""
    parts = text.split(":", 2)
    if len(parts) != PIN_PARTS or not is_host_name(parts[0]) or not parts[1].isdigit():
        raise InputError(f"--resolve {text!r}: write HOST:PORT:ADDR, like product.apis.f5.com:443:192.0.2.7")
    return (parts[0].lower(), int(parts[1])), parse_address(parts[2].strip("[]"))
