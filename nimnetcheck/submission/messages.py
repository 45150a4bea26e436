"""What goes to a host and what comes back, as values: a request, and an answer or a trouble."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Callable, Union

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from nimnetcheck.model import Failure


@attrs.frozen(kw_only=True)
class Upload:
    """A body from a file: `open` gives it from the start; with `part` it becomes that part of a multipart form.

    `before_end` is called when all but the last piece has left, `told` with the size of each piece, in bytes.
    """

    open: Callable[[], AbstractContextManager[IO[bytes]]]
    size: int
    content_type: str = "application/octet-stream"
    part: str = ""
    filename: str = ""
    before_end: Callable[[], None] = attrs.field(default=lambda: None, repr=False, eq=False)
    told: Callable[[int], None] = attrs.field(default=lambda _: None, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Request:
    """One request; `authorization` is the header's value and stays out of every repr."""

    method: str
    url: str
    authorization: str = attrs.field(default="", repr=False)
    json: object = attrs.field(default=None, repr=False)
    upload: Upload | None = None


@attrs.frozen(kw_only=True)
class Answer:
    """What came back: a status, some headers, a body of at most 1 MiB; bytes are those of the bodies.

    `inspected_by` is who vouches for the host that refuses a credential, where that is no public authority.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=False)
    elapsed_s: float
    sent: int
    received: int
    inspected_by: str = ""


@attrs.frozen(kw_only=True)
class Trouble:
    """Why nothing usable came back.

    `sent` says whether anything of the request may have left, `whole` whether all of it did, so that the other side may
    have taken it; `status` is that of an answer which then broke off.
    """

    failure: Failure
    detail: str
    elapsed_s: float = 0.0
    sent: bool = False
    whole: bool = False
    status: int | None = None


Outcome = Union[Answer, Trouble]
