"""The path rung: a request of several full segments, because a way that carries a handshake may not carry a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11

from nimnetcheck.failures import alert, classify, words
from nimnetcheck.model import Outcome, Rung
from nimnetcheck.probe import proxy, tcp, tls
from nimnetcheck.probe.attempt import Attempt, wire_evidence
from nimnetcheck.probe.http import exchange, request

if TYPE_CHECKING:
    from nimnetcheck.model import Observation
    from nimnetcheck.net import Steps

PADDING = 6000  # octets in one header: four full segments, and less than the 8 KiB that servers allow a header


def climb(attempt: Attempt) -> Steps[Observation]:
    """GET the endpoint's path with a header of padding, on its own connection; any answer shows that it arrived."""
    operation = attempt.begin(Rung.PATH, f"GET with {PADDING} octets of header at {attempt.target}")
    padding = ("X-Padding", "x" * PADDING)
    anew = Attempt(endpoint=attempt.endpoint, setup=attempt.setup, target=attempt.target, segment=attempt.segment)
    try:
        below = yield from connect(anew)
        if below.outcome is not Outcome.PASSED and below.failure:
            return operation.failed(below.failure, below.detail, {**below.evidence, "rung": str(below.rung)})
        answer = yield from exchange(anew.connection, request(attempt, padding), operation.until_s)
    except h11.RemoteProtocolError as error:
        return operation.passed({"octets": PADDING}, words(error))  # what answers badly was judged on the rung below
    except (OSError, EOFError) as error:
        if alert(error):
            return operation.passed({"octets": PADDING}, words(error))  # the host's own refusal, as on the rung below
        return operation.failed(classify(error, Rung.PATH), words(error), {"octets": PADDING, **wire_evidence(error)})
    finally:
        anew.close()
    return operation.passed({"octets": PADDING, "status": answer.status}, str(answer.status))


def connect(attempt: Attempt) -> Steps[Observation]:
    """The rungs below, without their stories: they held a moment ago."""
    seen = yield from tcp.climb(attempt)
    if seen.outcome is Outcome.PASSED and attempt.setup.proxy_for(attempt.endpoint):
        seen = yield from proxy.climb(attempt)
    if seen.outcome is Outcome.PASSED:
        seen = yield from tls.climb(attempt)
    return seen
