"""What tells the answers of proxies apart: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.conditions import handshakes
from nimnetcheck.model import Failure, Outcome, Rung

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

USABLE = frozenset({"basic"})  # what NIM's user and password, and curl's, can answer
NO_NAME = ("err_dns_fail", "err_cannot_forward", "dns_error", "dns_timeout")
REFUSED = ("err_connect_fail 111", "connection_refused")
SILENT = ("err_connect_fail 110", "connection_timeout", "destination_ip_unroutable")
GATEWAY_TIMEOUT, LOGIN_NEEDED = 504, 511


def another_way_leads_out(observation: Observation, context: Context) -> bool:
    """A tunnel through a proxy that this run does not use opens."""
    return any(one.outcome is Outcome.PASSED for one in context.controls(observation, "way"))


def is_proxied(observation: Observation, context: Context) -> bool:
    """The address is a proxy's: a CONNECT was, or would have been, sent there."""
    return any(one.rung is Rung.PROXY for one in context.of_target(observation))


def names_the_proxy(observation: Observation, _: Context) -> bool:
    """The name that was looked up is the proxy's."""
    return bool(observation.evidence.get("proxy"))


def is_in_tunnel(observation: Observation, context: Context) -> bool:
    """The proxy had opened the tunnel."""
    return any(one.rung is Rung.PROXY and one.outcome is Outcome.PASSED for one in context.of_target(observation))


def refuses_credentials(observation: Observation, _: Context) -> bool:
    """They were sent, and the proxy asks again."""
    return bool(observation.evidence.get("credentials_sent"))


def wants_what_nim_cannot(observation: Observation, _: Context) -> bool:
    """Only schemes are offered that a user and a password do not answer."""
    schemes = observation.evidence.get("schemes")
    return isinstance(schemes, list) and bool(schemes) and not USABLE & {str(one) for one in schemes}


def denies_every_host(observation: Observation, context: Context) -> bool:
    """Another host on the same port is denied as well."""
    return any(
        one.outcome is Outcome.FAILED and one.evidence.get("status") == observation.evidence.get("status")
        for one in context.controls(observation, "host")
    )


def cannot_resolve(observation: Observation, _: Context) -> bool:
    """The proxy does not find the name."""
    return _says(observation, NO_NAME)


def is_refused_beyond(observation: Observation, _: Context) -> bool:
    """The proxy was refused at the destination."""
    return _says(observation, REFUSED)


def waits_beyond(observation: Observation, context: Context) -> bool:
    """The proxy waits for the destination in vain: it says so, or answers for another host meanwhile."""
    if _says(observation, SILENT) or observation.evidence.get("status") == GATEWAY_TIMEOUT:
        return True
    return _is_silent(observation) and any("status" in one.evidence for one in context.controls(observation, "host"))


def is_silent(observation: Observation, _: Context) -> bool:
    """CONNECT was never answered at all."""
    return _is_silent(observation)


def is_portal(observation: Observation, _: Context) -> bool:
    """A page to sign in at, in the place of a tunnel."""
    status = observation.evidence.get("status")
    return isinstance(status, int) and (300 <= status < 400 or status == LOGIN_NEEDED)  # noqa: PLR2004 (redirection)


def speaks_the_other_scheme(observation: Observation, context: Context) -> bool:
    """What is configured as http answers in TLS, or the other way round."""
    if observation.rung is not Rung.PROXY:
        return False
    return any(one.outcome is Outcome.PASSED for one in context.controls(observation, "scheme"))


def speaks_socks(observation: Observation, context: Context) -> bool:
    """It answers a SOCKS greeting."""
    return any(one.outcome is Outcome.PASSED for one in context.controls(observation, "socks"))


def is_proxy_itself(observation: Observation, _: Context) -> bool:
    """The handshake was with the proxy, not through it."""
    return observation.rung is Rung.PROXY


def inspects(observation: Observation, context: Context) -> bool:
    """What comes out of the tunnel is not the vendor's certificate, trusted by this host or not; past it, it is."""
    if not is_in_tunnel(observation, context) or Failure.TLS_UNTRUSTED in _past_the_proxy(observation, context):
        return False
    if observation.failure is None:
        return handshakes.is_foreign_and_trusted(observation, context)
    return handshakes.is_foreign(observation, context)


def past_the_proxy(observation: Observation, context: Context) -> str:
    """What came past the proxy."""
    told = _past_the_proxy(observation, context)
    words = (str(one).replace("_", " ") if one else "the public authorities vouch for the certificate" for one in told)
    return "; ".join(f"past the proxy: {one}" for one in words)


def _past_the_proxy(observation: Observation, context: Context) -> tuple[Failure | None, ...]:
    return tuple(one.failure for one in context.controls_of(observation.subject, "direct"))


def _is_silent(observation: Observation) -> bool:
    return observation.failure is Failure.PROXY_UPSTREAM_FAILED and "status" not in observation.evidence


def _says(observation: Observation, marks: tuple[str, ...]) -> bool:
    """Whether the proxy gives one of these as its reason: Squid's header, or Proxy-Status (RFC 9209)."""
    headers = observation.evidence.get("headers")
    if not isinstance(headers, dict):
        return False
    said = " ".join(str(headers.get(name, "")) for name in ("x-squid-error", "proxy-status")).lower()
    return any(mark in said for mark in marks)
