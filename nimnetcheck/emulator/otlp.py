"""One OpenTelemetry span as gRPC carries it, written and read: as much of protobuf as that takes, and no more.

Field numbers: opentelemetry-proto, trace.proto and common.proto. Frames: the gRPC specification over HTTP/2.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
CONTENT_TYPE = "application/grpc"
HEADER = ("x-f5-otel", "GRPC")  # what F5's own exporter for Kubernetes sends along
SCOPE = "product-telemetry"
SPAN = "report"
OK, UNAVAILABLE, UNAUTHENTICATED, INVALID = 0, 14, 16, 3
PREFIX_BYTES = 5
BYTES = 2  # the wire type of a length-delimited field
VARINT_BYTES = 10
RESOURCE_SPANS, SCOPE_SPANS, SPANS = 1, 2, 2
SCOPE_FIELD, SCOPE_NAME = 1, 1
TRACE_ID, SPAN_ID, SPAN_NAME, ATTRIBUTES = 1, 2, 5, 9
KEY, VALUE, STRING_VALUE = 1, 2, 1


def export(attributes: Mapping[str, str]) -> bytes:
    """The frame of an export request with one span."""
    span = _field(TRACE_ID, secrets.token_bytes(16)) + _field(SPAN_ID, secrets.token_bytes(8))
    span += _field(SPAN_NAME, SPAN.encode())
    for key, value in attributes.items():
        text = _field(STRING_VALUE, value.encode())
        span += _field(ATTRIBUTES, _field(KEY, key.encode()) + _field(VALUE, text))
    scope = _field(SCOPE_FIELD, _field(SCOPE_NAME, SCOPE.encode()))
    return frame(_field(RESOURCE_SPANS, _field(SCOPE_SPANS, scope + _field(SPANS, span))))


def frame(message: bytes) -> bytes:
    """A message as gRPC frames it, not compressed."""
    return b"\0" + len(message).to_bytes(4, "big") + message


def spans(body: bytes) -> list[dict[str, str]]:
    """The attributes of each span in a frame; raises ValueError for what is none."""
    if len(body) < PREFIX_BYTES or body[0] or int.from_bytes(body[1:PREFIX_BYTES], "big") != len(body) - PREFIX_BYTES:
        raise ValueError("not one uncompressed gRPC message")
    return [
        _attributes(span)
        for resource in _fields(body[PREFIX_BYTES:], RESOURCE_SPANS)
        for scope in _fields(resource, SCOPE_SPANS)
        for span in _fields(scope, SPANS)
    ]


def _attributes(span: bytes) -> dict[str, str]:
    found = {}
    for pair in _fields(span, ATTRIBUTES):
        key, value = next(_fields(pair, KEY), b""), next(_fields(pair, VALUE), b"")
        found[key.decode()] = next(_fields(value, STRING_VALUE), b"").decode()
    return found


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | BYTES) + _varint(len(data)) + data


def _varint(number: int) -> bytes:
    groups = []
    while number > 0x7F:  # noqa: PLR2004 (seven bits a byte)
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*groups, number))


def _fields(message: bytes, wanted: int) -> Iterator[bytes]:
    """The length-delimited fields of that number; other wire types do not occur in what is read here."""
    at = 0
    while at < len(message):
        tag, at = _read_varint(message, at)
        if tag & 7 != BYTES:
            raise ValueError("a wire type that a span's names and texts do not have")
        length, at = _read_varint(message, at)
        if at + length > len(message):
            raise ValueError("a field that is longer than its message")
        if tag >> 3 == wanted:
            yield message[at : at + length]
        at += length


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    number = 0
    for index, byte in enumerate(message[at : at + VARINT_BYTES]):
        number |= (byte & 0x7F) << 7 * index
        if byte < 0x80:  # noqa: PLR2004 (the last byte of a number has its high bit clear)
            return number, at + index + 1
    raise ValueError("a number without an end")
