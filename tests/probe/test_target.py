"""What a user may name on the command line, and what is refused."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from nimnetcheck.catalogue import load
from nimnetcheck.errors import InputError
from nimnetcheck.probe.target import parse

CATALOGUE = load()


def test_a_catalogue_id_is_its_endpoint() -> None:
    assert parse("usage", CATALOGUE) == CATALOGUE.endpoint("usage")


@pytest.mark.parametrize(
    ("text", "host", "networks", "port", "path"),
    [
        ("nim.example", "nim.example", [], 443, "/"),
        ("NIM.example:8443", "nim.example", [], 8443, "/"),
        ("nim:443", "nim", [], 443, "/"),
        ("192.0.2.7", None, ["192.0.2.7/32"], 443, "/"),
        ("192.0.2.7:8443", None, ["192.0.2.7/32"], 8443, "/"),
        ("192.0.2.0/25", None, ["192.0.2.0/25"], 443, "/"),
        ("192.0.2.0/25:8443", None, ["192.0.2.0/25"], 8443, "/"),
        ("2001:db8::7", None, ["2001:db8::7/128"], 443, "/"),
        ("[2001:db8::7]:8443", None, ["2001:db8::7/128"], 8443, "/"),
        ("2001:db8::/120", None, ["2001:db8::/120"], 443, "/"),
        ("[2001:db8::/120]:8443", None, ["2001:db8::/120"], 8443, "/"),
        ("https://nim.example/api/x?y=1", "nim.example", [], 443, "/api/x?y=1"),
        ("https://nim.example:8443", "nim.example", [], 8443, "/"),
        ("https://[2001:db8::7]/", None, ["2001:db8::7/128"], 443, "/"),
    ],
)
def test_each_form(text: str, host: str | None, networks: list[str], port: int, path: str) -> None:
    endpoint = parse(text, CATALOGUE)
    assert endpoint.id == text
    assert (endpoint.host, endpoint.port, endpoint.path) == (host, port, path)
    assert endpoint.networks == tuple(ip_network(network) for network in networks)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "telemetry-rang",
        "nim.example:0",
        "nim.example:65536",
        "nim.example:٤٤٣",
        "nim.example:https",
        "192.0.2.1/25",
        "192.0.2",
        "10.0.0.0/8",
        "::/0",
        "[2001:db8::7",
        "http://nim.example/",
        "https://",
        "https://user:secret@nim.example/",
        "https://nim.example:99999/",
        "https://nim.example/a b",
        "https://nim.example/\x1b[2J",
        "nim.example\n",
        "-o",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse(text, CATALOGUE)
    assert "secret" not in str(refusal.value)


def test_a_misspelt_id_is_answered_with_those_there_are() -> None:
    with pytest.raises(InputError, match="telemetry-range, teem"):
        parse("telemetry-rang", CATALOGUE)
