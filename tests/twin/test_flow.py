"""A flow's text, both ways."""

from __future__ import annotations

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.twin.flow import parse


@pytest.mark.parametrize("text", ["tcp:203.0.113.9:8443", "udp:192.0.2.53:53", "tcp:[2001:db8::1]:443"])
def test_a_flow_is_written_as_it_is_read(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "203.0.113.9:443",
        "icmp:203.0.113.9:1",
        "tcp:203.0.113.9",
        "tcp:203.0.113.9:0",
        "tcp:203.0.113.9:65536",
        "tcp:2001:db8::1:443",
        "tcp:[203.0.113.9]:443",
        "tcp:host.example:443",
        "tcp:127.1:443",
        "tcp:0.0.0.0:443",
        "udp:224.0.0.1:53",
        "tcp:203.0.113.9:443\n",
    ],
)
def test_anything_else_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(InputError):
        parse(text)
