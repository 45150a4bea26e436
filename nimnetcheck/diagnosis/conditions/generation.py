"""What the installed version decides: which endpoints it needs, and which authorities it accepts: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.context import LOGS
from nimnetcheck.model import Failure, Outcome, Rung

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

MOVED = (2, 22)  # from here on NIM reports to product.connect.nginx.com
OLD, NEW = "teem", "usage"  # the endpoints of the catalogue that the two generations report to
LICENSING_DOMAIN = ".apis.f5.com"
LICENSING = ("teem", "teem-entitlements")
# Each branch accepts other authorities than Entrust from this patch on (release notes; F5 changed on 2026-02-15).
MENDED = {(2, 18): 1, (2, 19): 3, (2, 20): 1}
RELAY = "nim"  # the NIM that this host's NGINX Plus reports to


def nim_version(context: Context) -> tuple[int, ...] | None:
    """The version of the NIM that was seen on the host; None where none was, or a saved report holds none."""
    for seen in context.of_rung(Rung.HOST):
        version = seen.evidence.get("version")
        if seen.evidence.get("product") == "nim" and isinstance(version, str):
            parts = version.split(".")
            return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else None
    return None


def only_the_other_generation(observation: Observation, context: Context) -> bool:
    """The endpoint of the installed NIM's generation is closed on every address, that of the other one is open."""
    version = nim_version(context)
    if version is None:
        return False
    needed, other = (NEW, OLD) if version >= MOVED else (OLD, NEW)
    if observation.subject != needed or _open(context.of_subject(needed)):
        return False
    return _open(context.of_subject(other)) or _open(context.controls_of(needed, "generation"))


def bundle_is_too_old(observation: Observation, context: Context) -> bool:
    """The installed NIM accepts Entrust's certificates alone for licensing, and another authority issued this one."""
    version = nim_version(context)
    if version is None or not _accepts_entrust_alone(version):
        return False
    if observation.subject == LOGS:
        said = str(observation.evidence.get("host", ""))
        return observation.failure is Failure.TLS_UNTRUSTED and said.endswith(LICENSING_DOMAIN)
    if observation.subject not in LICENSING:
        return False
    chain = observation.evidence.get("chain")
    leaf = chain[0] if isinstance(chain, (list, tuple)) and chain else {}
    issuer = str(leaf.get("issuer", "")) if isinstance(leaf, dict) else ""
    return bool(issuer) and "entrust" not in issuer.lower()


def is_the_relay(observation: Observation, context: Context) -> bool:
    """It is this site's own NIM, which NGINX Plus reports to."""
    if observation.subject == LOGS:
        plus = (seen for seen in context.of_rung(Rung.HOST) if seen.evidence.get("product") == "nginx-plus")
        return any(seen.evidence.get("reports_directly") is False for seen in plus)
    return observation.subject == RELAY


def _accepts_entrust_alone(version: tuple[int, ...]) -> bool:
    major, minor, patch = (*version, 0, 0, 0)[:3]
    return (major, minor) < min(MENDED) or patch < MENDED.get((major, minor), 0)


def _open(seen: tuple[Observation, ...]) -> bool:
    return any(one.rung in (Rung.TLS, Rung.HTTP) and one.outcome is Outcome.PASSED for one in seen)
