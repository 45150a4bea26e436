"""A body is as long as it says, whatever is in the file, and is read in pieces."""

from __future__ import annotations

import io
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimnetcheck.submission.body import CHUNK_BYTES, body_of
from nimnetcheck.submission.messages import Upload


def upload(data: bytes, part: str) -> Upload:
    return Upload(open=lambda: nullcontext(io.BytesIO(data)), size=len(data), part=part, filename="response.zip")


@given(data=st.binary(max_size=200), part=st.sampled_from(["", "file"]))
def test_a_body_is_as_long_as_it_says_and_holds_the_file(data: bytes, part: str) -> None:
    body = body_of(upload(data, part))
    sent = b"".join(body.chunks(io.BytesIO(data), lambda: None))
    assert len(sent) == body.size
    assert data in sent
    assert (sent == data) == (not part)


def test_a_form_has_one_part_between_boundaries_of_its_own() -> None:
    bodies = [body_of(upload(b"PK", "file")) for _ in range(2)]
    boundary = bodies[0].content_type.partition("boundary=")[2]
    assert bodies[0].content_type == f"multipart/form-data; boundary={boundary}"
    assert (bodies[0].head + bodies[0].tail).count(boundary.encode()) == 2
    assert boundary not in bodies[1].content_type


@pytest.mark.parametrize("part", ["", "file"])
def test_no_piece_is_larger_than_a_chunk(part: str) -> None:
    data = bytes(3 * CHUNK_BYTES + 1)
    pieces = [len(piece) for piece in body_of(upload(data, part)).chunks(io.BytesIO(data), lambda: None)]
    assert max(pieces) == CHUNK_BYTES
    assert len(pieces) == 4 + 2 * bool(part)


@pytest.mark.parametrize("part", ["", "file"])
@pytest.mark.parametrize("size", [1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_it_is_told_before_the_last_piece_and_never_earlier(part: str, size: int) -> None:
    told: list[str] = []
    body = body_of(upload(bytes(size), part))
    told.extend("piece" for _ in body.chunks(io.BytesIO(bytes(size)), lambda: told.append("now")))
    assert told.count("now") == 1
    assert told[-2:] == ["now", "piece"]
