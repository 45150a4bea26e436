"""What tells handshakes apart that fail alike: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

SELF_SIGNED = 18  # OpenSSL's x509_vfy.h
NO_ISSUER = (20, 21)
CURRENT = ("TLSv1.2", "TLSv1.3")
USUAL = ("TLS_", "ECDHE-RSA-AES128-GCM", "ECDHE-RSA-AES256-GCM", "ECDHE-ECDSA-AES128-GCM", "ECDHE-ECDSA-AES256-GCM")
OLD = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})
PROTOCOL_VERSION, HANDSHAKE_FAILURE, INSUFFICIENT = 70, 40, 71  # alerts: RFC 8446, 6
DISAGREED = (HANDSHAKE_FAILURE, PROTOCOL_VERSION, INSUFFICIENT)
UNRECOGNISED_NAME, ACCESS_DENIED = 112, 49


def other_name_answered(observation: Observation, context: Context) -> bool:
    """Another name got an answer in TLS at the same address: so it is the name."""
    return any(
        one.outcome is Outcome.PASSED or "alert" in one.evidence for one in context.controls(observation, "server-name")
    )


def other_name_failed_alike(observation: Observation, context: Context) -> bool:
    """Another name fared no better: so it is not the name."""
    controls = context.controls(observation, "server-name")
    return any(one.failure in (observation.failure, Failure.TCP_RESET) for one in controls)


def ended_unspoken_to(observation: Observation, context: Context) -> bool:
    """A connection that says nothing ends as well: so it is not what the ClientHello says."""
    return any(
        one.evidence.get("closed") or one.failure is Failure.TCP_RESET for one in context.controls(observation, "first")
    )


def alert(observation: Observation) -> int | None:
    """The number of the alert that came back."""
    number = _mapping(observation, "alert").get("number")
    return number if isinstance(number, int) else None


def is_unrecognised(observation: Observation, _: Context) -> bool:
    """The other side says that it serves no such name."""
    return alert(observation) == UNRECOGNISED_NAME


def is_denied(observation: Observation, _: Context) -> bool:
    """The other side says that it may not."""
    return alert(observation) == ACCESS_DENIED


def is_version(observation: Observation, context: Context) -> bool:
    """The two sides have no version of TLS in common."""
    if observation.failure is Failure.TLS_VERSION or alert(observation) == PROTOCOL_VERSION:
        return True
    spoken = {str(one.evidence.get("version")) for one in context.controls(observation, "version")}
    return alert(observation) == HANDSHAKE_FAILURE and bool(spoken & OLD)


def is_refused_here(observation: Observation, context: Context) -> bool:
    """The other side speaks what every client may, once this host's own rules are out of force."""
    if observation.failure is Failure.TLS_ALERT and alert(observation) not in DISAGREED:
        return False
    return any(
        one.evidence.get("version") in CURRENT and str(one.evidence.get("cipher")).startswith(USUAL)
        for one in context.controls(observation, "version")
    )


def is_cipher(observation: Observation, _: Context) -> bool:
    """The two sides have no cipher or curve in common."""
    return alert(observation) in (HANDSHAKE_FAILURE, INSUFFICIENT)


def has_no_authorities(observation: Observation, _: Context) -> bool:
    """This host trusts nobody, so that nothing could verify."""
    return observation.evidence.get("authorities") == 0


def is_public_after_all(observation: Observation, context: Context) -> bool:
    """The public authorities verify what this host's own do not."""
    return any(one.outcome is Outcome.PASSED for one in context.controls(observation, "store"))


def is_self_signed(observation: Observation, _: Context) -> bool:
    """The certificate vouches for itself."""
    return observation.evidence.get("verify_code") == SELF_SIGNED


def lacks_intermediate(observation: Observation, _: Context) -> bool:
    """A public authority issued the leaf, and the other side sent nothing that leads to it."""
    return (
        observation.evidence.get("verify_code") in NO_ISSUER
        and len(_chain(observation)) == 1
        and _is_public(observation)
        and not _chain(observation)[0].get("self_issued")
    )


def is_foreign(observation: Observation, context: Context) -> bool:
    """An authority that is nobody's public one vouches for the name: TLS is inspected."""
    innocent = (has_no_authorities, is_public_after_all, is_self_signed, lacks_intermediate)
    return observation.failure is Failure.TLS_UNTRUSTED and not any(one(observation, context) for one in innocent)


def is_foreign_and_trusted(observation: Observation, context: Context) -> bool:
    """This host trusts the chain, and the public authorities do not.

    A leaf that a public log took, or that a public authority issued, is none of an interceptor's: then this host's
    store is older or newer than the bundled one.
    """
    refused = any(one.failure is Failure.TLS_UNTRUSTED for one in context.controls(observation, "store"))
    return refused and not _is_public(observation)


def _is_public(observation: Observation) -> bool:
    leaf = next(iter(_chain(observation)), {})
    return bool(observation.evidence.get("public_issuer") or leaf.get("logged"))


def _chain(observation: Observation) -> list[Mapping[str, object]]:
    chain = observation.evidence.get("chain")
    return [one for one in chain if isinstance(one, dict)] if isinstance(chain, list) else []


def _mapping(observation: Observation, key: str) -> Mapping[str, object]:
    value = observation.evidence.get(key)
    return value if isinstance(value, dict) else {}
