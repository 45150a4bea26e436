"""A span is read back as it was written, and what is none is refused."""

from __future__ import annotations

import pytest

from nimnetcheck.emulator import otlp

ATTRIBUTES = {"DataPoint": "Login", "ProjectName": "NIM", "long": "x" * 300, "umlaut": "ü"}


def test_a_span_comes_back_as_it_was_sent() -> None:
    assert otlp.spans(otlp.export(ATTRIBUTES)) == [ATTRIBUTES]


def test_the_bytes_are_those_of_the_protocol() -> None:
    """Against what protobuf's own encoding gives for `scope { name: "product-telemetry" }`."""
    assert b"\x0a\x13\x0a\x11product-telemetry" in otlp.export({})
    assert b"\x2a\x06report" in otlp.export({})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\0\0\0",
        b"\x01\0\0\0\0",
        otlp.export(ATTRIBUTES)[:-1],
        otlp.frame(b"\x08\x01"),
        otlp.frame(b"\x0a\x05x"),
        otlp.frame(b"\x0a" + b"\xff" * 20),
    ],
)
def test_what_is_no_span_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        otlp.spans(body)
