"""What an emulation shows beside the wire: what its NIM sent by itself, and who got it.

A real site has no such window: there, these steps are held, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from nimnetcheck.model import Failure
from nimnetcheck.submission.messages import Request
from nimnetcheck.submission.session import HeldError, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.emulator import Vendor
    from nimnetcheck.submission.session import Session

HELD = "only an emulation shows what NIM sends by itself: on a real site, see its log"
QUIET_S = 0.2  # how long nothing has to come before it counts as nothing
STATUSES = {401: Failure.SUBMIT_UNAUTHORIZED, 403: Failure.SUBMIT_UNAUTHORIZED, 429: Failure.HTTP_STATUS}
SUCCESSES, REDIRECTS, CLIENT_ERRORS = range(200, 300), range(300, 400), range(400, 500)
FINAL = frozenset({400, 401, 403, 413})  # after which nothing is sent again
CERTIFICATES = {  # in OpenSSL's words, the most specific first
    "certificate has expired": Failure.TLS_EXPIRED,
    "certificate verify failed": Failure.TLS_UNTRUSTED,
}


def of(session: Session) -> Vendor:
    """The emulation behind this run; raises HeldError where it is a real site."""
    if session.site.stage is None:
        raise HeldError(Seen(held=HELD))
    return session.site.stage


def arrived(session: Session, place: str, host: str) -> Seen:
    """Wait until NIM's own request has arrived at this place, and was answered well by whom it was meant for."""
    stage = of(session)

    def look() -> Seen:
        found = [one for one in stage.requests if one.place == place or (one.host == host and not one.place)]
        if not found:
            return Seen()
        last = found[-1]
        request = Request(method=last.method, url=f"https://{last.host}{last.path}")
        seen = Seen(request=request, status=last.status, sent=last.size)
        return seen.telling(arrived=len(found), answered_by="it" if last.label else "something else")

    def accepted(seen: Seen) -> bool:
        return seen.status in SUCCESSES and seen.told["answered_by"] == "it"

    seen = session.poll(look, lambda seen: accepted(seen) or seen.status in FINAL)
    if accepted(seen) or seen.status is None:
        return _with_log(session, stage, seen, host)
    return seen.but(_refused(seen.status), f"NIM was answered {seen.status}")


def _refused(status: int) -> Failure:
    """What an answer to NIM amounts to that was none of its success."""
    if status in SUCCESSES:
        return Failure.HTTP_BLOCK_PAGE
    if status in REDIRECTS:
        return Failure.HTTP_REDIRECT_OFF_SITE
    return STATUSES.get(status, Failure.SUBMIT_REFUSED if status in CLIENT_ERRORS else Failure.HTTP_STATUS)


def points(session: Session, wanted: Sequence[str]) -> Seen:
    """Wait until these data points have come, beside those that came before."""
    stage = of(session)

    def look() -> Seen:
        names = [point["DataPoint"] for point in stage.points]
        return Seen().telling(points=names)

    def all_there(seen: Seen) -> bool:
        names = seen.told["points"]
        return isinstance(names, list) and names == list(wanted)

    return _with_log(session, stage, session.poll(look, all_there), "data point")


def quiet(session: Session, count: Callable[[Vendor], int]) -> Seen:
    """Wait a moment, in which nothing more may come."""
    stage = of(session)
    before = count(stage)
    session.pause(QUIET_S)
    more = count(stage) - before
    seen = Seen().telling(more=more, waited_s=QUIET_S)
    return seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, f"{more} came that should not have") if more else seen


def _with_log(session: Session, stage: Vendor, seen: Seen, about: str) -> Seen:
    """What NIM's log says of it, where it failed."""
    lines = [line for line in stage.nim_log if line.startswith("[error]") and about in line]
    if seen.failure is None or not lines:
        return seen
    told = session.hide(lines[-1])
    failure = next((named for words, named in CERTIFICATES.items() if words in told), seen.failure)
    return seen.but(failure, f"NIM's log: {told}")


def logged(session: Session, words: str) -> Iterator[Seen]:
    """Wait until NIM's log has a line with these words."""
    stage = of(session)

    def look() -> Seen:
        return Seen().telling(log=[session.hide(line) for line in stage.nim_log if words in line][-3:])

    yield session.poll(look, lambda seen: bool(seen.told["log"]))
