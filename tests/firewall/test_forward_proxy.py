"""A proxy as it is written on a command line."""

from __future__ import annotations

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.firewall.forward_proxy import parse_proxy


@pytest.mark.parametrize("text", ["192.0.2.8:3128", "proxy.example:80", "[2001:db8::8]:3128"])
def test_it_reads_what_it_writes(text: str) -> None:
    assert str(parse_proxy(text)) == text


def test_names_are_lower_case() -> None:
    assert parse_proxy("Proxy.Example:1").host == "proxy.example"


@pytest.mark.parametrize(
    "text",
    ["", "proxy", "proxy:", ":3128", "p:0", "p:65536", "p:+1", "p:１", "2001:db8::8:3128", "*.p:1", "a b:1", "1.2.3:1"],  # noqa: RUF001 (a digit that int() would take)
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_proxy(text)
