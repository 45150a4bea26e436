"""One run of a flow: its requests, what was seen of each, and what one step leaves for the next."""

from __future__ import annotations

import base64
import random
import tempfile
from typing import TYPE_CHECKING, Callable
from urllib.parse import urlsplit

import attrs

from nimnetcheck import net
from nimnetcheck.model import Failure
from nimnetcheck.submission import answers, retries
from nimnetcheck.submission.messages import Answer, Request, Upload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import ExitStack
    from typing import IO

    from nimnetcheck.submission.client import Client
    from nimnetcheck.submission.export import Usage
    from nimnetcheck.submission.flow import Site
    from nimnetcheck.submission.messages import Outcome
    from nimnetcheck.submission.retries import Again

API = "/api/platform/v1"
HIDDEN = "[hidden]"
SHOWN_CHARACTERS = 200


@attrs.frozen(kw_only=True)
class Seen:
    """One exchange and what it amounts to; `told` is the part of the answer worth showing, JSON values only.

    `tries` are its attempts, each with how it ended and what was done then.
    """

    request: Request | None = None
    status: int | None = None
    data: Mapping[str, object] = attrs.field(factory=dict, repr=False)
    told: Mapping[str, object] = attrs.field(factory=dict)
    sent: int = 0
    received: int = 0
    tries: tuple[Mapping[str, object], ...] = ()
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


class Session:
    """What one run of a flow carries from step to step."""

    def __init__(self, site: Site, client: Client, files: ExitStack) -> None:
        self.site = site
        self.report: IO[bytes] = files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 (the stack closes it)
        self.receipt: IO[bytes] = files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 (likewise)
        self.report_id = ""
        self.usages: tuple[Usage, ...] = ()
        self._client = client
        basic = base64.b64encode(f"{site.username}:{site.password}".encode()).decode("ascii")
        self._basic = f"Basic {basic}"
        self._secrets = [secret for secret in (site.licence.token, site.password, basic) if secret]

    def nim(self, method: str, path: str, *, json: object = None, upload: Upload | None = None) -> Request:
        """A request to the site's own NIM."""
        url = self.site.nim_url.rstrip("/") + API + path
        return Request(method=method, url=url, authorization=self._basic, json=json, upload=upload)

    def vendor(self, method: str, url: str, *, token: str = "", upload: Upload | None = None) -> Request:
        """A request to the vendor, with the licence's token or the one given."""
        if token and token not in self._secrets:
            self._secrets.append(token)
        bearer = f"Bearer {token or self.site.licence.token}"
        return Request(method=method, url=url, authorization=bearer, upload=upload)

    def ask(
        self, request: Request, *, expected: Sequence[int], into: IO[bytes] | None = None, wants_json: bool = True
    ) -> Seen:
        """Send it, again where that can help; a status that is not expected is a failure.

        The fields of a JSON answer stand in `data`.
        """
        outcome, tries = self._insist(request, into)
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
        if (wants_json and into is None) or answers.is_html(outcome):
            problem = problem or unread
        return self.objected(attrs.evolve(seen, data=data, told=told), problem)

    def _insist(self, request: Request, into: IO[bytes] | None) -> tuple[Outcome, tuple[Mapping[str, object], ...]]:
        """Send it until there is an outcome that another try would not change; a download begins anew each time."""
        started_s = net.monotonic()
        tries: list[Mapping[str, object]] = []
        while True:
            if into is not None:
                into.seek(0)
                into.truncate()
            outcome = self._client.call(request, into=into)
            spent = retries.Spent(attempts=len(tries) + 1, seconds=net.monotonic() - started_s)
            jitter = random.random()  # noqa: S311 (spreads clients in time; no secret)
            again = retries.decide(outcome, spent, self.site.patience, now=net.utc_now(), jitter=jitter)
            tries.append(_try(outcome, again))
            if again.wait_s is None:
                return outcome, tuple(tries)
            self.pause(again.wait_s)

    def objected(self, seen: Seen, problem: answers.Objection | None) -> Seen:
        """The exchange with what is held against it, if anything is."""
        if problem is None:
            return seen
        said = seen.told.get("message")
        return seen.but(problem.failure, self.hide(f"{problem.detail}: {said}" if said else problem.detail))

    def poll(self, look: Callable[[], Seen], done: Callable[[Seen], bool]) -> Seen:
        """Look until it is done or failed; after `wait_s` it has failed."""
        until = net.monotonic() + self.site.wait_s
        looks = 1
        seen = look()
        while seen.failure is None and not done(seen):
            if net.monotonic() + self.site.poll_s > until:
                words = f"not there after {looks} looks in {self.site.wait_s:g} s"
                seen = seen.but(Failure.SUBMIT_TIMEOUT, words)
                break
            self.pause(self.site.poll_s)
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


def _try(outcome: Outcome, again: Again) -> Mapping[str, object]:
    """One attempt as evidence."""
    if isinstance(outcome, Answer):
        seen: dict[str, object] = {"status": outcome.status}
    else:
        seen = {"failure": str(outcome.failure), "sent": outcome.sent, "whole": outcome.whole}
        if outcome.status is not None:
            seen["status"] = outcome.status
    seen["elapsed_s"] = round(outcome.elapsed_s, 3)
    if again.wait_s is not None:
        seen["waited_s"] = round(again.wait_s, 3)
    return {**seen, "then": again.because}


def _after(status: int | None) -> str:
    return "" if status is None else f", after status {status}"


def _host(request: Request) -> str:
    return urlsplit(request.url).hostname or "?"
