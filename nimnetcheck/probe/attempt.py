"""What the rungs of one run share, and what one climb to one target carries from rung to rung."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Callable

import attrs

from nimnetcheck.failures import classify, words
from nimnetcheck.model import Observation, Outcome
from nimnetcheck.net import monotonic
from nimnetcheck.probe.elsewhere import ROOT_SERVER, Elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from nimnetcheck.model import Endpoint, Failure, Rung, Target, World
    from nimnetcheck.net.as_user import User
    from nimnetcheck.net.stream import Stream
    from nimnetcheck.probe.trust import Trust

PRINTED = 300


@attrs.frozen(kw_only=True)
class Proxy:
    """A forward proxy that names are reached through; `authorization` is the header's value, never shown.

    `scheme` is how the proxy itself is spoken to, "http" or "https", and `verify` whether its certificate must hold.
    """

    host: str
    port: int
    scheme: str = "http"
    verify: bool = True
    authorization: str = attrs.field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


@attrs.frozen(kw_only=True)
class Options:
    """How long one operation and the whole run may take, in seconds, and which IP versions are tried.

    A SYN is first sent again after one second: a shorter time-out misjudges healthy paths. `exempt` are the hosts that
    go without the proxy; `unused_proxies` are those that somebody on this host uses and this run does not. `elsewhere`
    is whom a failure is compared with. `users` are those whom connections are tried as too: only root can. `idle_s` is
    how long a connection is kept silent in a closer look, beside `deadline_s`; 0 for none.
    """

    timeout_s: float = 5.0
    deadline_s: float = 30.0
    versions: tuple[int, ...] = (4, 6)
    proxy: Proxy | None = None
    exempt: frozenset[str] = frozenset()
    unused_proxies: tuple[Proxy, ...] = ()
    elsewhere: Elsewhere = ROOT_SERVER
    users: tuple[User, ...] = ()
    idle_s: float = 0.0
    max_sockets: int | None = None

    def proxy_for(self, endpoint: Endpoint) -> Proxy | None:
        """The proxy that leads to an endpoint: names only, since telemetry by address does not go through NIM's."""
        return None if endpoint.is_range or endpoint.host in self.exempt else self.proxy


@attrs.frozen(kw_only=True)
class Setup:
    """What every probe of one run shares."""

    world: World
    options: Options
    tell: Callable[[Observation], None] | None = None
    started_s: float = attrs.field(factory=monotonic)
    _own_trusts: dict[Path, Trust] = attrs.field(factory=dict, init=False)

    def told(self, observations: Iterable[Observation]) -> tuple[Observation, ...]:
        """The same observations, of which whoever listens has heard."""
        seen = tuple(observations)
        if self.tell:
            for observation in seen:
                self.tell(observation)
        return seen

    def proxy_for(self, endpoint: Endpoint) -> Proxy | None:
        """The proxy that leads to an endpoint."""
        return self.options.proxy_for(endpoint)

    @functools.cached_property
    def trust(self) -> Trust:
        """The trust store, loaded once: loading it for each connection would cost more than the handshakes."""
        from nimnetcheck.probe.trust import Trust  # noqa: PLC0415 (ssl is loaded while the first SYNs are on their way)

        return Trust(self.world.ca_file, self.world.public_file)

    def trust_for(self, endpoint: Endpoint) -> Trust:
        """What an endpoint is verified by: the file that the product is told, where this run can read it."""
        if endpoint.ca_file is None:
            return self.trust
        if endpoint.ca_file not in self._own_trusts:
            self._own_trusts[endpoint.ca_file] = self.trust.by(endpoint.ca_file) or self.trust
        return self._own_trusts[endpoint.ca_file]


@attrs.define(kw_only=True, eq=False)
class Attempt:
    """One climb to one target: what it is about, and the connection as far as it has got.

    `ended` is why there is nothing left to climb with, where a rung held and the connection did not. `segment` is the
    largest segment in octets, where that is what is to be found out.
    """

    endpoint: Endpoint
    setup: Setup
    target: Target
    segment: int | None = None
    stream: Stream | None = None
    ended: str = ""

    @property
    def connection(self) -> Stream:
        """The connection that the rungs below made."""
        if self.stream is None:
            raise RuntimeError("a rung was climbed without the one below it")
        return self.stream

    @property
    def trust(self) -> Trust:
        """What the endpoint is verified by."""
        return self.setup.trust_for(self.endpoint)

    @property
    def server_name(self) -> str | None:
        """The name that TLS asks for and verifies; an address alone has none."""
        return (self.endpoint.tls_name or self.target.host) if self.target.host else None

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self.stream:
            self.stream.close()

    def begin(self, rung: Rung, title: str) -> Operation:
        """Note the time, and what is about to be tried."""
        since_s = monotonic()
        return Operation(
            attempt=self, rung=rung, title=title, since_s=since_s, until_s=since_s + self.setup.options.timeout_s
        )


@attrs.frozen(kw_only=True)
class Operation:
    """One rung of one climb, from its begin (`since_s`) to when it is late (`until_s`), and how it is told."""

    attempt: Attempt
    rung: Rung
    title: str
    since_s: float
    until_s: float

    def passed(self, evidence: Mapping[str, object], detail: str = "") -> Observation:
        """The observation of a rung that held."""
        return self._observe(Outcome.PASSED, None, detail, evidence)

    def failed(self, failure: Failure, detail: str, evidence: Mapping[str, object]) -> Observation:
        """The observation of a rung that broke, for a reason that has a name."""
        return self._observe(Outcome.FAILED, failure, detail, evidence)

    def broken(self, error: Exception) -> Observation:
        """The observation of a rung that an exception ended."""
        return self.failed(classify(error, self.rung), words(error), wire_evidence(error))

    def _observe(
        self, outcome: Outcome, failure: Failure | None, detail: str, evidence: Mapping[str, object]
    ) -> Observation:
        return Observation(
            subject=self.attempt.endpoint.id,
            rung=self.rung,
            title=self.title,
            outcome=outcome,
            target=self.attempt.target,
            failure=failure,
            detail=detail,
            required=self.attempt.endpoint.required,
            started_s=self.since_s - self.attempt.setup.started_s,
            elapsed_s=monotonic() - self.since_s,
            evidence=evidence,
        )


def wire_evidence(error: BaseException) -> dict[str, object]:
    """What an exception knows beside its name: errno, counters, the ICMP message and its sender (`own`: this host)."""
    evidence: dict[str, object] = dict(getattr(error, "counters", {}))
    number, icmp = getattr(error, "errno", None), getattr(error, "icmp", None)
    if isinstance(number, int) and getattr(error, "reason", None) is None:
        evidence["errno"] = number
    if icmp:
        evidence["icmp"] = {
            "version": icmp.version,
            "type": icmp.type,
            "code": icmp.code,
            "sender": str(icmp.sender) if icmp.sender else None,
            **({"own": True} if icmp.sender and icmp.sender == getattr(error, "own", None) else {}),
        }
    return evidence


def printable(text: str | bytes, limit: int = PRINTED) -> str:
    """Text from the far side that can go to a screen: no control characters, and not too much of it."""
    if isinstance(text, bytes):
        text = text[: limit * 4].decode("utf-8", "replace")
    return "".join(character if character.isprintable() else " " for character in text[:limit]).strip()
