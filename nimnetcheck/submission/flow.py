"""What all flows share: the site, its steps, and how calls become observations.

A step asks (`Session.ask`), looks closer at what was seen, and yields it; the runner makes an observation of it, with
its number, request, answer, label and what it proves. After a step that failed, the later ones are skipped.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Callable
from urllib.parse import urlsplit

import attrs

from nimnetcheck import net
from nimnetcheck.errors import InputError, NimnetcheckError
from nimnetcheck.model import Observation, Outcome, Rung
from nimnetcheck.submission.folder import opened
from nimnetcheck.submission.handover import Uncertain
from nimnetcheck.submission.journal import Note, What
from nimnetcheck.submission.licence import decode
from nimnetcheck.submission.retries import Patience
from nimnetcheck.submission.route import Anchor
from nimnetcheck.submission.session import HeldError, Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nimnetcheck.emulator import Vendor
    from nimnetcheck.model import Label, World
    from nimnetcheck.site.proxy_setting import ProxySetting
    from nimnetcheck.submission.licence import Licence
    from nimnetcheck.submission.session import Seen

TEEM = "https://product.apis.f5.com"
CONNECT = "https://product.connect.nginx.com"
ALL = "submission"  # the journal's key for all of it
EMULATED_POLL_S = 0.02
EMULATED_WAIT_S = 5.0  # on a busy machine too; what goes well is there at once


def _without_credentials(_site: Site, _field: object, url: str) -> None:
    """A URL is shown in reports, so nothing secret may stand in it; empty where the report is a file."""
    if url and (urlsplit(url).scheme != "https" or "@" in url):
        raise InputError("a URL must begin with https:// and hold no user name or password")


@attrs.frozen(kw_only=True)
class Site:
    """Whose submission it is: a NIM, who may ask it, and the licence; times in seconds.

    Without `submits` nothing is sent that changes anything or holds the licence. `report_file` stands for the report
    that a NIM would hand out; `result_dir` keeps what a later run needs to go on. The NIM is trusted by `anchor`, the
    vendor is reached through `proxy`, and `endpoint_url` stands for the URL that reports are posted to; `told` hears
    how many bytes of a report have left, as they leave.
    At most `poll_s` lies between two looks at a state that changes, `wait_s` is how long it may take; `patience` says
    how often one request is sent. `stage` is the emulation, where it is one: it shows what reached the vendor.
    """

    world: World
    nim_url: str = attrs.field(validator=_without_credentials)
    username: str
    password: str = attrs.field(repr=False)
    licence: Licence | None
    submits: bool = True
    report_file: Path | None = None
    result_dir: Path | None = None
    uncertain: Uncertain = Uncertain.HOLD
    anchor: Anchor = attrs.field(factory=Anchor)
    proxy: ProxySetting | None = None
    told: Callable[[int], None] = attrs.field(default=lambda _: None, repr=False, eq=False)
    endpoint_url: str = attrs.field(default="", validator=_without_credentials)
    poll_s: float = 5.0
    wait_s: float = 120.0
    timeout_s: float = 10.0
    patience: Patience = attrs.field(factory=Patience)
    stage: Vendor | None = None

    @property
    def token(self) -> str:
        """The licence's token; empty where every usage file brings its own."""
        return self.licence.token if self.licence else ""

    @classmethod
    def emulated(cls, vendor: Vendor) -> Site:
        """The site of a running emulation, which changes its states fast."""
        licence = decode(vendor.licence, now=net.utc_now()).licence
        if licence is None:
            raise NimnetcheckError("the emulator's own licence cannot be read")
        return cls(
            world=vendor.world,
            nim_url=vendor.nim_url,
            username=vendor.username,
            password=vendor.password,
            licence=licence,
            poll_s=EMULATED_POLL_S,
            wait_s=EMULATED_WAIT_S,
            patience=Patience(first_s=EMULATED_POLL_S),
            stage=vendor,
        )


@attrs.frozen(kw_only=True)
class Flow:
    """An ordered submission, and the NIM that it is rehearsed with: version, mode, and whether a proxy leads out."""

    id: str
    title: str
    nim_version: str
    run: Callable[[Site], Iterator[Observation]]
    nim_mode: str = "DISCONNECTED"
    nim_through_proxy: bool = False


@attrs.frozen(kw_only=True)
class Step:
    """One step of a flow: what it is called, how sure we are of its contract, what its success proves."""

    title: str
    label: Label
    proves: str
    act: Callable[[Session], Iterator[Seen]]


def run_steps(flow: str, site: Site, steps: Sequence[Step], *, concludes: bool = True) -> Iterator[Observation]:
    """Run the steps in order; each yields at least one observation. With `concludes` the submission is complete then.

    Raises InputError for a folder whose submission is complete: the next one would be taken for it, and not be sent.
    """
    from nimnetcheck.submission.client import Client  # noqa: PLC0415 (httpx is slow to import; licences need none)

    start_s = net.monotonic()
    failed = held = ""
    made = Client(site.world, timeout_s=site.timeout_s, own=site.nim_url, anchor=site.anchor, proxy=site.proxy)
    with closing(made) as client, opened(site.result_dir) as folder:
        if folder.journal.last(ALL):
            raise InputError(f"{folder.path}: its submission is complete: use another folder for the next one")
        session = Session(site, client, folder)
        for number, step in enumerate(steps, start=1):
            if failed:
                yield _skipped(flow, step, number, failed)
                continue
            mark_s = net.monotonic()
            for seen in _act(step, session, held):
                seen_s = net.monotonic()
                observation = _observation(flow, step, number, seen)
                yield attrs.evolve(observation, started_s=mark_s - start_s, elapsed_s=seen_s - mark_s)
                mark_s = net.monotonic()
                failed = failed or (step.title if seen.failure else "")
                held = held or (step.title if seen.held else "")
        if concludes and not failed:
            folder.journal.write(Note(what=What.COMPLETE, key=ALL), now=True)


def _act(step: Step, session: Session, held: str) -> Iterator[Seen]:
    """What the step sees; a failure behind a step that was held proves nothing where nothing was to be sent."""
    try:
        for seen in step.act(session):
            if seen.failure and not seen.held and held and not session.site.submits:
                yield attrs.evolve(seen, failure=None, detail="", held=f'not to be had before "{held}": {seen.detail}')
                return
            yield seen
    except HeldError as error:
        yield error.seen


def _observation(flow: str, step: Step, number: int, seen: Seen) -> Observation:
    evidence: dict[str, object] = {"step": number, "label": str(step.label)}
    if seen.failure is None and not seen.held:
        evidence["proves"] = step.proves
    if seen.request is not None:
        evidence["request"] = {"method": seen.request.method, "url": seen.request.url}
    answer = {**({} if seen.status is None else {"status": seen.status}), **seen.told}
    if answer:
        evidence["response"] = answer
    if seen.tries:
        evidence["attempts"] = list(seen.tries)
    evidence["bytes"] = {"sent": seen.sent, "received": seen.received}
    return Observation(
        subject=flow,
        rung=Rung.SUBMIT,
        title=step.title,
        outcome=Outcome.FAILED if seen.failure else Outcome.SKIPPED if seen.held else Outcome.PASSED,
        failure=seen.failure,
        because="" if seen.failure else seen.held,
        detail=seen.detail,
        required=bool(seen.failure) or not seen.held,
        evidence=evidence,
    )


def _skipped(flow: str, step: Step, number: int, failed: str) -> Observation:
    return Observation(
        subject=flow,
        rung=Rung.SUBMIT,
        title=step.title,
        outcome=Outcome.SKIPPED,
        because=f'"{failed}" failed',
        evidence={"step": number, "label": str(step.label)},
    )
