"""What several flows ask of a NIM: a file goes out as the documented part, as often as it is asked for."""

from __future__ import annotations

import io

from nimnetcheck.submission.nim import part


def test_a_file_is_sent_from_its_start_each_time() -> None:
    file = io.BytesIO(b"PK data")
    upload = part(file)
    assert (upload.size, upload.part, upload.filename) == (7, "file", "response.zip")
    for _ in range(2):
        with upload.open() as body:
            assert body.read() == b"PK data"
    assert not file.closed
