"""One run of a flow: its requests, what was seen of each, and what one step leaves for the next."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Callable
from urllib.parse import urlsplit

import attrs

from nimnetcheck import net
from nimnetcheck.model import Failure
from nimnetcheck.submission import answers, inspection
from nimnetcheck.submission.attempts import Sender
from nimnetcheck.submission.messages import Answer, Request, Upload
from nimnetcheck.submission.refused import explained

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import IO

    from nimnetcheck.submission.client import Client
    from nimnetcheck.submission.export import Usage
    from nimnetcheck.submission.flow import Site
    from nimnetcheck.submission.folder import Folder
    from nimnetcheck.submission.messages import Outcome

WHO_ANSWERED = ("server", "via", "proxy-status", "x-squid-error", "retry-after")  # shown where it is no success
API = "/api/platform/v1"
PREPARE = "telemetryAction=prepare"  # a GET that makes NIM do something
HIDDEN = "[hidden]"
SHOWN_CHARACTERS = 200
FIRST_POLL_S = 0.25  # doubled each time, up to the site's own


@attrs.frozen(kw_only=True)
class Seen:
    """One exchange and what it amounts to; `told` is the part of the answer worth showing, JSON values only.

    `tries` are its attempts, each with how it ended and what was done then; `held` is why it was not made.
    """

    request: Request | None = None
    status: int | None = None
    data: Mapping[str, object] = attrs.field(factory=dict, repr=False)
    told: Mapping[str, object] = attrs.field(factory=dict)
    sent: int = 0
    received: int = 0
    tries: tuple[Mapping[str, object], ...] = ()
    held: str = ""
    failure: Failure | None = None
    detail: str = ""

    def but(self, failure: Failure, detail: str) -> Seen:
        """The same exchange, found wanting."""
        return attrs.evolve(self, failure=failure, detail=detail)

    def accepted(self) -> Seen:
        """The same exchange, taken as good."""
        return attrs.evolve(self, failure=None, detail="")

    def telling(self, **told: object) -> Seen:
        """The same exchange with more of its answer shown."""
        return attrs.evolve(self, told={**self.told, **told})


class HeldError(Exception):
    """Raised where a step would do what was not asked for; of `seen`, which says what, a skipped step is made."""

    def __init__(self, seen: Seen) -> None:
        super().__init__(seen.held)
        self.seen = seen


class Session:
    """What one run of a flow carries from step to step."""

    def __init__(self, site: Site, client: Client, folder: Folder) -> None:
        self.site = site
        self.folder = folder
        self.report_id = ""
        self.usages: tuple[Usage, ...] = ()
        self._sender = Sender(client=client, patience=site.patience)
        self._looked: dict[str, Seen] = {}
        basic = base64.b64encode(f"{site.username}:{site.password}".encode()).decode("ascii")
        self._basic = f"Basic {basic}"
        self._secrets = [secret for secret in (site.token, site.password, basic) if secret]

    @property
    def report(self) -> IO[bytes]:
        """The report, as NIM made it."""
        return self.folder.report

    @property
    def receipt(self) -> IO[bytes]:
        """F5's acknowledgement of it."""
        return self.folder.receipt

    def nim(self, method: str, path: str, *, json: object = None, upload: Upload | None = None) -> Request:
        """A request to the site's own NIM; raises HeldError where there is none."""
        if not self.site.nim_url:
            raise HeldError(Seen(held="no NIM was named: the report is a file"))
        url = self.site.nim_url.rstrip("/") + API + path
        return Request(method=method, url=url, authorization=self._basic, json=json, upload=upload)

    def vendor(self, method: str, url: str, *, token: str = "", upload: Upload | None = None) -> Request:
        """A request to the vendor, with the licence's token or the one given."""
        if token and token not in self._secrets:
            self._secrets.append(token)
        bearer = f"Bearer {token or self.site.token}"
        return Request(method=method, url=url, authorization=bearer, upload=upload)

    def ask(
        self,
        request: Request,
        *,
        expected: Sequence[int],
        into: IO[bytes] | None = None,
        wants_json: bool = True,
        after: Callable[[Outcome], None] = lambda _: None,
    ) -> Seen:
        """Send it, again where that can help; a status that is not expected is a failure.

        The fields of a JSON answer stand in `data`; `after` is told how each attempt ended. Raises HeldError for what
        this site's submission must not do.
        """
        if not self._may(request):
            raise HeldError(self._held(request))
        outcome, tries = self._sender.send(request, into=into, after=after)
        told: dict[str, object] = {"attempts": len(tries)} if len(tries) > 1 else {}
        if not isinstance(outcome, Answer):
            seen = Seen(request=request, status=outcome.status, tries=tries, told=told)
            if outcome.status in expected and not wants_json and into is None:
                return seen  # the status was all that counts, and it came
            return seen.but(outcome.failure, f"{_host(request)}: {outcome.detail}{_after(outcome.status)}")
        problem = answers.objection(outcome, expected=expected, url=request.url)
        seen = Seen(request=request, status=outcome.status, sent=outcome.sent, received=outcome.received, tries=tries)
        data, unread = answers.fields(outcome)
        message = data.get("message")
        if isinstance(message, str):
            told["message"] = self.hide(message)
        if problem:
            told.update({name: self.hide(outcome.headers[name]) for name in WHO_ANSWERED if name in outcome.headers})
        if problem and problem.failure is Failure.SUBMIT_UNAUTHORIZED and not self._is_nim_s(request):
            told.update(inspection.look(self._sender.client, request, outcome))
        if (wants_json and into is None) or answers.is_html(outcome):
            problem = problem or unread
        return explained(self.objected(attrs.evolve(seen, data=data, told=told), problem), net.utc_now())

    def _may(self, request: Request) -> bool:
        """Whether it is asked for anyway: without --submit only what changes nothing, and no licence leaves."""
        return self.site.submits or (request.method == "GET" and self._is_nim_s(request) and PREPARE not in request.url)

    def _is_nim_s(self, request: Request) -> bool:
        return bool(self.site.nim_url) and request.url.startswith(self.site.nim_url.rstrip("/") + "/")

    def _held(self, request: Request) -> Seen:
        """What is not sent, and whether the vendor's host would be there for it."""
        upload = request.upload
        what = f"{request.method} {request.url}" + (f" with {upload.filename}, {upload.size} bytes" if upload else "")
        held = Seen(request=request, held=f"it is for --submit: {what}")
        if request.url.startswith(self.site.nim_url or "nowhere"):
            return held
        root = f"https://{urlsplit(request.url).netloc}/"
        if root not in self._looked:
            self._looked[root] = self._look(Request(method="GET", url=root))
        looked = self._looked[root]
        return attrs.evolve(looked, held=held.held) if looked.failure else held.telling(host_answers=looked.status)

    def _look(self, root: Request) -> Seen:
        """Whether a host is there: any status of the right host counts."""
        outcome, tries = self._sender.send(root, after=lambda _: None)
        seen = Seen(request=root, status=outcome.status, tries=tries)
        return seen if isinstance(outcome, Answer) else seen.but(outcome.failure, f"{_host(root)}: {outcome.detail}")

    def objected(self, seen: Seen, problem: answers.Objection | None) -> Seen:
        """The exchange with what is held against it, if anything is."""
        if problem is None:
            return seen
        said = seen.told.get("message")
        return seen.but(problem.failure, self.hide(f"{problem.detail}: {said}" if said else problem.detail))

    def poll(self, look: Callable[[], Seen], done: Callable[[Seen], bool]) -> Seen:
        """Look until it is done or failed; after `wait_s` it has failed. Raises HeldError where one look has to do."""
        until = net.monotonic() + self.site.wait_s
        looks = 1
        seen = look()
        while seen.failure is None and not done(seen):
            if not self.site.submits:
                raise HeldError(attrs.evolve(seen, held="it is not so far yet"))
            pause_s = min(self.site.poll_s, FIRST_POLL_S * 2 ** (looks - 1))
            if net.monotonic() + pause_s > until:
                words = f"not there after {looks} looks in {self.site.wait_s:g} s"
                seen = seen.but(Failure.SUBMIT_TIMEOUT, words)
                break
            self.pause(pause_s)
            looks += 1
            seen = look()
        return seen.telling(looks=looks)

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        net.pause(seconds)

    def hide(self, text: str) -> str:
        """Text from elsewhere, bounded, without any secret of this run and without anything that steers a terminal."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return "".join(character if character.isprintable() else " " for character in text)[:SHOWN_CHARACTERS]


def _after(status: int | None) -> str:
    return "" if status is None else f", after status {status}"


def _host(request: Request) -> str:
    return urlsplit(request.url).hostname or "?"
