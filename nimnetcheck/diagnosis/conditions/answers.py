"""What conditions read out of an observation's evidence, which may come from a saved report of anyone: pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from nimnetcheck.model import Observation

NIM_API = "/api/platform/"
GATEWAY_HEADERS = ("via", "proxy-status", "x-squid-error", "x-cache")


def status(observation: Observation) -> int:
    """The HTTP status that came, of a probe or of a step of a submission; 0 where none did."""
    value = observation.evidence.get("status", part(observation, "response").get("status"))
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def headers(observation: Observation) -> Mapping[str, object]:
    """The headers that came, names in lower case, as far as they were kept."""
    return part(observation, "headers") or part(observation, "response")


def passed_a_gateway(observation: Observation) -> bool:
    """Whether the answer says itself that something between here and the origin made it or passed it on."""
    return any(name in headers(observation) for name in GATEWAY_HEADERS)


def redirected_to(observation: Observation) -> str:
    """The host that a redirect leads to; empty where there is none."""
    try:
        return urlsplit(str(headers(observation).get("location", ""))).hostname or ""
    except ValueError:
        return ""


def token_looks_good(observation: Observation) -> bool:
    """Whether the token that a step sent was looked at, and nothing is wrong with it."""
    return part(observation, "response").get("token_looks_good") is True


def asked_nim(observation: Observation) -> bool:
    """Whether a step asked the site's own NIM and not F5."""
    try:
        return urlsplit(str(part(observation, "request").get("url", ""))).path.startswith(NIM_API)
    except ValueError:
        return False


def part(observation: Observation, key: str) -> Mapping[str, object]:
    """One mapping of the evidence, empty where there is none."""
    value = observation.evidence.get(key)
    return value if isinstance(value, Mapping) else {}
