"""The values everything else passes around.

Every value is frozen, slotted and keyword-only, does no I/O when made, and holds tuples and address objects rather than
lists and strings. *Passed*, *failed* and *skipped, because …* are three outcomes, never a bool.
"""

from __future__ import annotations

from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from types import MappingProxyType
from typing import TYPE_CHECKING, Union

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

Address = Union[IPv4Address, IPv6Address]
Network = Union[IPv4Network, IPv6Network]


class Text(str, Enum):
    """An enum whose members are their text, in f-strings, JSON and tables alike (`enum.StrEnum` is 3.11 and later)."""

    def __str__(self) -> str:
        return str(self.value)


class Connector(Text):
    """Who opens the connection to an endpoint."""

    NIM = "nim"
    NGINX_PLUS = "nginx-plus"
    UPLOAD_HOST = "upload-host"
    BROWSER = "browser"


class Direction(Text):
    """Which way packets are admitted: `both` adds replies only, never a listening port."""

    OUT = "out"
    BOTH = "both"


class Label(Text):
    """How sure we are of a fact about the vendor's side."""

    DOCUMENTED = "documented"
    PUBLIC_CODE = "seen in public code"
    INFERRED = "inferred"
    ANALOGUE = "analogue"


class Rung(Text):
    """The layers a connection climbs, lowest first; `host` is this machine's own state."""

    HOST = "host"
    DNS = "dns"
    TCP = "tcp"
    PATH = "path"
    PROXY = "proxy"
    TLS = "tls"
    HTTP = "http"
    AUTH = "auth"
    SUBMIT = "submit"


class Outcome(Text):
    """How one operation ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Verdict(Text):
    """What a whole run, or one endpoint in it, amounts to."""

    PASS = "PASS"  # noqa: S105 (a verdict, not a password)
    WARN = "WARN"
    FAIL = "FAIL"
    SKIP = "SKIP"
    UNKNOWN = "UNKNOWN"


class KernelVerdict(Text):
    """What a firewall's own kernel does with a flow; one that was not judged is never shown as accepted."""

    ACCEPT = "accept"
    DROP = "drop"
    REJECT = "reject"
    NOT_JUDGED = "not judged"


class Severity(Text):
    """How much a finding matters to the person who reads it."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Scope(Text):
    """How far a cause reaches: this host, everything asked for, whole targets, or single addresses of one."""

    HOST = "host"
    SITE = "site"
    TARGET = "target"
    ADDRESS = "address"


class Confidence(Text):
    """How sure a finding is of its cause: proven, what it mostly is, or one of several that look alike from here."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Failure(Text):
    """The closed list of names for what can go wrong; public, never renamed."""

    DNS_NXDOMAIN = "dns_nxdomain"
    DNS_NO_DATA = "dns_no_data"
    DNS_SERVFAIL = "dns_servfail"
    DNS_REFUSED = "dns_refused"
    DNS_TIMEOUT = "dns_timeout"
    DNS_MALFORMED = "dns_malformed"
    DNS_NO_RESOLVER = "dns_no_resolver"
    NO_ROUTE = "no_route"
    BLOCKED_LOCALLY = "blocked_locally"
    TCP_TIMEOUT = "tcp_timeout"
    TCP_REFUSED = "tcp_refused"
    TCP_RESET = "tcp_reset"
    NET_UNREACHABLE = "net_unreachable"
    HOST_UNREACHABLE = "host_unreachable"
    PORT_UNREACHABLE = "port_unreachable"
    ADMIN_PROHIBITED = "admin_prohibited"
    PROXY_AUTH_REQUIRED = "proxy_auth_required"
    PROXY_DENIED = "proxy_denied"
    PROXY_UPSTREAM_FAILED = "proxy_upstream_failed"
    PROXY_NOT_A_PROXY = "proxy_not_a_proxy"
    PROXY_BAD_URL = "proxy_bad_url"
    PROXY_CONFIG_DRIFT = "proxy_config_drift"
    PROXY_NO_PROXY_SURPRISE = "proxy_no_proxy_surprise"
    TLS_TIMEOUT = "tls_timeout"
    TLS_UNTRUSTED = "tls_untrusted"
    TLS_EXPIRED = "tls_expired"
    TLS_NOT_YET_VALID = "tls_not_yet_valid"
    TLS_WRONG_HOST = "tls_wrong_host"
    TLS_NOT_TLS = "tls_not_tls"
    TLS_ALERT = "tls_alert"
    TLS_RESET = "tls_reset"
    TLS_CLOSED = "tls_closed"
    TLS_VERSION = "tls_version"
    TLS_MALFORMED = "tls_malformed"
    TLS_LOCAL_POLICY = "tls_local_policy"
    HTTP_TIMEOUT = "http_timeout"
    HTTP_STATUS = "http_status"
    HTTP_CLOSED = "http_closed"
    HTTP_NOT_HTTP = "http_not_http"
    HTTP_REDIRECT_OFF_SITE = "http_redirect_off_site"
    HTTP_BLOCK_PAGE = "http_block_page"
    HTTP_GATEWAY_ERROR = "http_gateway_error"
    HTTP_CAPTIVE_PORTAL = "http_captive_portal"
    UPLOAD_STALLED = "upload_stalled"
    LICENCE_UNREADABLE = "licence_unreadable"
    LICENCE_MALFORMED = "licence_malformed"
    LICENCE_STRAY_WHITESPACE = "licence_stray_whitespace"
    LICENCE_WRONG_ISSUER = "licence_wrong_issuer"
    LICENCE_TEST_REALM = "licence_test_realm"
    LICENCE_WRONG_LABEL = "licence_wrong_label"
    LICENCE_FROM_FUTURE = "licence_from_future"
    LICENCE_IN_GRACE = "licence_in_grace"
    LICENCE_EXPIRED = "licence_expired"
    LICENCE_NEAR_EXPIRY = "licence_near_expiry"
    CLOCK_WRONG = "clock_wrong"
    TOOL_MISSING = "tool_missing"
    CONFIG_INVALID = "config_invalid"
    CONFIG_NOT_APPLIED = "config_not_applied"
    SERVICE_DOWN = "service_down"
    STATE_INVALID = "state_invalid"
    DISK_FULL = "disk_full"
    WRONG_MODE = "wrong_mode"
    RULES_STALE = "rules_stale"
    NEVER_REPORTED = "never_reported"
    REPORTING_FAILING = "reporting_failing"
    USAGE_UNPROCESSABLE = "usage_unprocessable"
    SUBMIT_REFUSED = "submit_refused"
    SUBMIT_UNAUTHORIZED = "submit_unauthorized"
    SUBMIT_UNEXPECTED_ANSWER = "submit_unexpected_answer"
    SUBMIT_INCOMPLETE = "submit_incomplete"
    SUBMIT_TIMEOUT = "submit_timeout"
    SUBMIT_NO_ANSWER = "submit_no_answer"
    SUBMIT_UNCERTAIN = "submit_uncertain"
    DEADLINE = "deadline"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class Endpoint:
    """One row of the catalogue: what must be reachable, for whom, and which page says so.

    `host` is a DNS name (`*.` in front makes it a pattern, which can be neither resolved nor opened); `networks` is the
    range itself where there is no name, and the published addresses of the name where there is one. `ca_file` and
    `tls_name` are by what its certificate is verified, where the product is told so: this site's own NIM's.
    """

    id: str
    host: str | None = None
    networks: tuple[Network, ...] = ()
    port: int = 443
    path: str = "/"
    connects: tuple[Connector, ...]
    versions: str
    purpose: str
    direction: Direction = Direction.OUT
    required: bool = True
    source: str
    note: str = ""
    ca_file: Path | None = None
    tls_name: str = ""

    @property
    def is_pattern(self) -> bool:
        """Whether the name stands for names that cannot be listed."""
        return self.host is not None and self.host.startswith("*.")

    @property
    def is_range(self) -> bool:
        """Whether it is known by addresses alone."""
        return self.host is None


@attrs.frozen(kw_only=True)
class Profile:
    """The endpoints that one product version needs."""

    id: str
    title: str
    endpoints: tuple[str, ...]
    note: str = ""


@attrs.frozen(kw_only=True)
class DataPoint:
    """One thing that NIM tells F5 about itself, and what triggers it."""

    name: str
    description: str
    trigger: str
    source: str


@attrs.frozen(kw_only=True)
class Target:
    """An address and port to dial; `dial` is where the emulator stands in for them."""

    address: Address
    port: int
    host: str | None = None
    dial: tuple[Address, int] | None = None

    @property
    def dialled(self) -> tuple[Address, int]:
        """The address and port that packets really go to."""
        return self.dial or (self.address, self.port)

    def __str__(self) -> str:
        literal = f"[{self.address}]" if self.address.version == 6 else str(self.address)  # noqa: PLR2004 (IP version)
        return f"{literal}:{self.port}"


def _freeze(evidence: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType(dict(evidence))


@attrs.frozen(kw_only=True)
class Observation:
    """What one operation saw: one attempt, one address, at most one failure.

    `subject` is an endpoint id, a flow id or "host"; `started_s` counts from the start of the run; `detail` is what the
    machine said; `because` is why a skipped one was not tried; `evidence` holds JSON values only. A `control` changes
    one thing (another name, a smaller segment, a lower hop limit) to tell causes apart, and counts in no verdict.
    """

    subject: str
    rung: Rung
    title: str
    outcome: Outcome
    target: Target | None = None
    failure: Failure | None = None
    because: str = ""
    detail: str = ""
    required: bool = True
    control: bool = False
    started_s: float = 0.0
    elapsed_s: float = 0.0
    evidence: Mapping[str, object] = attrs.field(factory=dict, converter=_freeze)


@attrs.frozen(kw_only=True)
class Finding:
    """A diagnosis that applied: the cause, how far it reaches, how sure that is, and what to do about it.

    `alternatives` are what else it could be and `settle` is the one command that would tell; `commands` are the action
    as commands or rule text; `explains` are the codes that this cause hides, because they follow from it.
    """

    code: str
    severity: Severity
    scope: Scope
    title: str
    explanation: str
    action: str
    subjects: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    confidence: Confidence = Confidence.LIKELY
    alternatives: tuple[str, ...] = ()
    settle: str = ""
    commands: tuple[str, ...] = ()
    explains: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """Its page among this project's documents."""
        return f"docs/diagnoses/{self.code}.md"


@attrs.frozen(kw_only=True)
class Setting:
    """One value in force and where it came from."""

    key: str
    value: str
    source: str


@attrs.frozen(kw_only=True)
class Judgement:
    """What the observations of one subject amount to, in one line."""

    subject: str
    verdict: Verdict
    summary: str
    required: bool = True


@attrs.frozen(kw_only=True)
class Deadline:
    """What happens on a day if nothing is done, and how many days are left; negative where it is over."""

    name: str
    due: datetime
    days_left: int
    words: str
    source: str


@attrs.frozen(kw_only=True)
class World:
    """Where names, packets and trust lead: the live network, or the emulator that stands in for it.

    `resolvers` empty means those of /etc/resolv.conf; `pins` are `--resolve HOST:PORT:ADDR`; `dial` sends packets meant
    for one address and port to another; `ca_file` replaces the host's trust store, and `public_file` the bundled public
    one, which `ca_file` replaces too where it stands alone.
    """

    name: str = "live"
    resolvers: tuple[tuple[Address, int], ...] = ()
    pins: Mapping[tuple[str, int], tuple[Address, ...]] = attrs.field(factory=dict)
    dial: Mapping[tuple[Address, int], tuple[Address, int]] = attrs.field(factory=dict)
    ca_file: Path | None = None
    public_file: Path | None = None


@attrs.frozen(kw_only=True)
class Report:
    """Everything one run saw and concluded; what every form of output is rendered from."""

    command: str
    run_id: str
    started_at: datetime
    duration_s: float
    host: str
    verdict: Verdict
    exit_code: int
    headline: str
    settings: tuple[Setting, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    findings: tuple[Finding, ...] = ()
    observations: tuple[Observation, ...] = ()
    notes: tuple[str, ...] = ()
