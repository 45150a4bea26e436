"""What an answer amounts to, judged against the contract of its step: pure.

No error body of the vendor is published, so only statuses, JSON and the fields that are documented count.
"""

from __future__ import annotations

import json
import re
from typing import IO, TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import attrs

from nimnetcheck.model import Failure
from nimnetcheck.probe.block_pages import recognise
from nimnetcheck.submission import archive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nimnetcheck.submission.messages import Answer

UNAUTHORIZED = frozenset({401, 403})
TOO_MANY = 429
REDIRECTS = range(300, 400)
REFUSALS = frozenset({*range(400, 500), 501})  # 501 is about the method, and nothing that passes
SERVER_ERRORS = frozenset(range(500, 600)) - REFUSALS
HTML = re.compile(rb"\s*<(!doctype|html)", re.IGNORECASE)
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
ZIP_MAGIC = b"PK\x03\x04"
COMPLETE = 100.0


@attrs.frozen(kw_only=True)
class Objection:
    """Why an answer is not the documented one."""

    failure: Failure
    detail: str


@attrs.frozen(kw_only=True)
class Progress:
    """How far the vendor is with a report; percentages."""

    complete: float
    successful: float
    ready: bool


def objection(answer: Answer, *, expected: Sequence[int], url: str) -> Objection | None:
    """What the status says against it, or None when it is one of those expected."""
    status = answer.status
    if status in expected:
        return None
    wanted = ", ".join(map(str, expected[:-1])) + " or " * (len(expected) > 1) + str(expected[-1])
    words = f"{urlsplit(url).hostname} answered {status} instead of {wanted}"
    if status in REDIRECTS:
        return _redirect(answer, words, url)
    if status in UNAUTHORIZED:
        return _unauthorized(answer, words)
    if status == TOO_MANY or status in SERVER_ERRORS:
        return Objection(failure=Failure.HTTP_STATUS, detail=words)
    if is_html(answer):
        return Objection(failure=Failure.HTTP_BLOCK_PAGE, detail=f"{words}, with a web page")
    known = Failure.SUBMIT_REFUSED if status in REFUSALS else Failure.SUBMIT_UNEXPECTED_ANSWER
    return Objection(failure=known, detail=words)


def _unauthorized(answer: Answer, words: str) -> Objection:
    """Filters forbid as well; a page that is a known one's is none of the vendor's words about a token."""
    product = recognise(answer.headers, answer.body.decode("utf-8", "replace"))
    if product:
        return Objection(failure=Failure.HTTP_BLOCK_PAGE, detail=f"{words}, with a page of {product}")
    page = ", with a web page" if is_html(answer) else ""
    return Objection(failure=Failure.SUBMIT_UNAUTHORIZED, detail=words + page)


def _redirect(answer: Answer, words: str, url: str) -> Objection:
    try:
        host = urlsplit(urljoin(url, answer.headers.get("location", ""))).hostname
    except ValueError:
        host = None
    if host == urlsplit(url).hostname:
        return Objection(failure=Failure.SUBMIT_UNEXPECTED_ANSWER, detail=f"{words}: a redirect is not followed")
    detail = f"{words}: a redirect to {host or 'nowhere'} is not followed"
    return Objection(failure=Failure.HTTP_REDIRECT_OFF_SITE, detail=detail)


def is_html(answer: Answer) -> bool:
    """Whether it is a web page, whatever its type says: no documented answer is one."""
    return answer.headers.get("content-type", "").startswith("text/html") or HTML.match(answer.body) is not None


def fields(answer: Answer) -> tuple[Mapping[str, object], Objection | None]:
    """The JSON object of an answer, or why there is none."""
    if is_html(answer):
        return {}, Objection(
            failure=Failure.HTTP_BLOCK_PAGE, detail="a web page came back, which no documented answer is"
        )
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        return data, None
    return {}, Objection(failure=Failure.SUBMIT_UNEXPECTED_ANSWER, detail="the answer is not a JSON object")


def find(data: object, key: str) -> str:
    """The first text under that key, however deep; of the answer with it only the key is documented."""
    pending = [data]
    while pending:
        value = pending.pop(0)
        if isinstance(value, dict):
            if isinstance(value.get(key), str):
                return str(value[key])
            pending += value.values()
        elif isinstance(value, list):
            pending += value
    return ""


def version(text: str) -> tuple[int, int] | None:
    """Major and minor of `2.21.0`, or None: compared as numbers, 2.9 comes before 2.18."""
    found = re.match(r"(\d{1,4})\.(\d{1,4})(?!\d)", text)
    return (int(found[1]), int(found[2])) if found else None


def report_id(link: object) -> str:
    """The id at the end of a status link, absolute or relative, or nothing when it is no UUID."""
    if not isinstance(link, str):
        return ""
    try:
        last = urlsplit(link).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""
    return last.lower() if UUID.fullmatch(last) else ""


def progress(data: Mapping[str, object]) -> Progress | None:
    """The three documented fields of a status, or None when one of them is missing or no percentage."""
    complete, successful = _percent(data.get("percentageComplete")), _percent(data.get("percentageSuccessful"))
    if complete is None or successful is None or "readyForDownload" not in data:
        return None
    ready = str(data["readyForDownload"]).lower() == "true"
    return Progress(complete=complete, successful=successful, ready=ready)


def _percent(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= COMPLETE else None


def zip_objection(file: IO[bytes], what: str) -> Objection | None:
    """Why a downloaded file is not a sound zip, or None; the file is left at its start."""
    file.seek(0)
    start = file.read(len(ZIP_MAGIC))
    problem = archive.refusal(file)
    if start == ZIP_MAGIC and not problem:
        return None
    words = "empty" if not start else f"damaged or cut short: {problem}" if start == ZIP_MAGIC else "not a zip"
    return Objection(failure=Failure.SUBMIT_UNEXPECTED_ANSWER, detail=f"the {what} is {words}")
