"""The body of an upload as it goes over the wire, read from its file piece by piece and never held in memory."""

from __future__ import annotations

import secrets
from typing import IO, TYPE_CHECKING, Callable

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.submission.messages import Upload

CHUNK_BYTES = 64 * 1024


@attrs.frozen(kw_only=True)
class Body:
    """A file with what stands around it; `size` counts all of it, in bytes."""

    content_type: str
    head: bytes = b""
    size: int
    tail: bytes = b""

    def chunks(
        self, file: IO[bytes], before_end: Callable[[], None], told: Callable[[int], None] = lambda _: None
    ) -> Iterator[bytes]:
        """The body, for a file that stands at its start; `before_end` and `told` are those of the upload."""
        left = self.size
        for piece in self._pieces(file):
            left -= len(piece)
            if left <= 0:
                before_end()
            yield piece
            told(len(piece))

    def _pieces(self, file: IO[bytes]) -> Iterator[bytes]:
        if self.head:
            yield self.head
        yield from iter(lambda: file.read(CHUNK_BYTES), b"")
        if self.tail:
            yield self.tail


def body_of(upload: Upload) -> Body:
    """The bare file, or a multipart form of this one part."""
    if not upload.part:
        return Body(content_type=upload.content_type, size=upload.size)
    boundary = secrets.token_hex(16)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{upload.part}"; filename="{upload.filename}"\r\n'
        f"Content-Type: {upload.content_type}\r\n\r\n"
    ).encode("ascii")
    tail = f"\r\n--{boundary}--\r\n".encode("ascii")
    return Body(
        content_type=f"multipart/form-data; boundary={boundary}",
        head=head,
        size=len(head) + upload.size + len(tail),
        tail=tail,
    )
