"""What HTTP answers mean that are not the host's own, or no answers at all."""

from __future__ import annotations

from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure, Severity

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="http.disconnect",
        failures=(F.HTTP_CLOSED, F.HTTP_TIMEOUT, F.HTTP_NOT_HTTP),
        title="The request got no HTTP answer",
        explanation="TLS was established with the right host, and the request was then not answered.",
        action="Try again; if it stays so, ask for the log of whatever inspects HTTPS on the way.",
    ),
    Diagnosis(
        code="http.redirect-offsite",
        failures=(F.HTTP_REDIRECT_OFF_SITE,),
        title="The request is sent on to another host",
        explanation="The answer redirects to a host that is not the vendor's, as a portal does.",
        action="Look at the location in the evidence; sign this host in or exempt it from the portal.",
    ),
    Diagnosis(
        code="http.block-page",
        failures=(F.HTTP_BLOCK_PAGE,),
        title="A filter answers in the vendor's place",
        explanation="The answer is a block page; the product that made it is in the evidence.",
        action="Ask the filter's owner to allow {subjects}.",
    ),
    Diagnosis(
        code="http.status",
        failures=(F.HTTP_STATUS,),
        title="An unexpected HTTP status",
        explanation="The answer's status is not one that this request should get.",
        action="See the status and the body in the evidence.",
        severity=Severity.WARNING,
    ),
)
