"""What HTTP answers mean that are not the host's own, that are its own and no good, or that never came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.conditions import other_ways
from nimnetcheck.diagnosis.conditions.answers import passed_a_gateway, redirected_to, status
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure, Rung, Scope, Severity

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

F = Failure
HEADERS = "curl -sv -o /dev/null --resolve {host}:{port}:{address} https://{host}:{port}/"
AS_GO = "curl -sv -A Go-http-client/1.1 -o /dev/null --resolve {host}:{port}:{address} https://{host}:{port}/"
TOO_MANY, SERVER_ERRORS, GATEWAY_ERRORS = 429, range(500, 600), (502, 503, 504)


def _same_portal(observation: Observation, context: Context) -> bool:
    """Every subject that was asked over HTTP is sent to one and the same other host."""
    asked = [seen for seen in context.of_rung(Rung.HTTP) if seen.failure or status(seen)]
    places = {redirected_to(seen) for seen in asked}
    return len({seen.subject for seen in asked}) > 1 and places == {redirected_to(observation)} != {""}


def _too_many(observation: Observation, _: Context) -> bool:
    """The status is 429."""
    return status(observation) == TOO_MANY


def _from_a_gateway(observation: Observation, _: Context) -> bool:
    """The status is 502, 503 or 504, with headers of something in between."""
    return status(observation) in GATEWAY_ERRORS and passed_a_gateway(observation)


def _from_the_origin(observation: Observation, _: Context) -> bool:
    """The status is one of 500 to 599, without headers of anything in between."""
    return status(observation) in SERVER_ERRORS


ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="http.captive-portal",
        always=(F.HTTP_CAPTIVE_PORTAL,),
        failures=(F.HTTP_REDIRECT_OFF_SITE,),
        when=_same_portal,
        scope=Scope.SITE,
        title="This network wants a sign-in first",
        explanation=(
            "Every host that was asked sends this one on to the same page, or answers 511, which access networks alone "
            "do: a portal holds the whole network."
        ),
        action="Sign this host in, or have it exempted from the portal by its MAC address.",
        settle="curl -sI http://{host}/",
    ),
    Diagnosis(
        code="http.ua-filtered",
        passed=(Rung.HTTP,),
        when=other_ways.is_product_refused,
        proof=other_ways.agents,
        title="A filter refuses a product by its User-Agent",
        explanation=(
            "The same request is answered when this tool asks and refused in a product's name, twice. The name is what "
            "clients in Go say by themselves, NIM presumably among them, or curl's, which F5's script for uploads runs."
        ),
        action="Ask the owner of whatever inspects HTTPS to let {host} by, whatever the User-Agent.",
        alternatives=("The vendor's own front end refuses that name where no licence comes with it.",),
        settle=AS_GO,
    ),
    Diagnosis(
        code="http.tool-filtered",
        failures=(F.HTTP_BLOCK_PAGE, F.HTTP_REDIRECT_OFF_SITE, F.HTTP_CLOSED, F.HTTP_TIMEOUT),
        passed=(Rung.HTTP,),
        when=other_ways.is_tool_refused,
        proof=other_ways.agents,
        title="A filter refuses this tool by its User-Agent, and no product",
        explanation=(
            "The same request is refused when this tool asks, and answered in a product's name. The product's way is "
            "open as far as this can be seen, and what else failed here may be the filter's work as well."
        ),
        action="Have the filter let `nimnetcheck` by too, so that this tool sees what the product sees.",
        severity=Severity.WARNING,
        settle=AS_GO,
    ),
    Diagnosis(
        code="http.redirect-offsite",
        failures=(F.HTTP_REDIRECT_OFF_SITE,),
        title="The request is sent on to another host",
        explanation="The answer redirects to a host that is not the vendor's, as a portal does.",
        action="Look at the location in the evidence; sign this host in or exempt it from the portal.",
        alternatives=("`http.captive-portal`: then every other host redirects to the same page.",),
        settle=HEADERS,
        hidden_by=("http.captive-portal",),
    ),
    Diagnosis(
        code="http.block-page",
        failures=(F.HTTP_BLOCK_PAGE,),
        title="A filter answers in the vendor's place",
        explanation="The answer is a web page where the vendor has none; its product, where known, is in the evidence.",
        action="Ask the filter's owner to allow {subjects} (category, and TLS inspection off).",
        settle=HEADERS,
        hidden_by=("http.captive-portal",),
    ),
    Diagnosis(
        code="http.5xx-gateway",
        always=(F.HTTP_GATEWAY_ERROR,),
        failures=(F.HTTP_STATUS,),
        when=_from_a_gateway,
        title="Something on the way answers for the vendor: it cannot reach it",
        explanation="A gateway error with headers of a proxy in it: the break lies behind whatever made that answer.",
        action="Show `via`, `proxy-status` or `x-squid-error` in the evidence to the proxy's owner.",
        alternatives=("`http.5xx-origin`: the vendor's own front end names itself in such headers too.",),
        settle=HEADERS,
    ),
    Diagnosis(
        code="http.rate-limited",
        failures=(F.HTTP_STATUS,),
        passed=(Rung.HTTP,),
        when=_too_many,
        title="Too many requests (429)",
        explanation="The path is open; whoever answered wants fewer requests, for as long as `retry-after` says.",
        action="Wait; see that not many hosts report through one address at the same minute.",
        severity=Severity.WARNING,
        alternatives=("A proxy limits, not F5: then `via` or `server` in the evidence names it.",),
        settle=HEADERS,
    ),
    Diagnosis(
        code="http.5xx-origin",
        failures=(F.HTTP_STATUS,),
        passed=(Rung.HTTP,),
        when=_from_the_origin,
        title="The service answers that it is out of order",
        explanation="The path is open and the right host answered with a server error; nothing here can mend that.",
        action="Try again later; reports are kept. If it lasts, give F5 the time and the address in the evidence.",
        severity=Severity.WARNING,
        alternatives=("`http.5xx-gateway`: a proxy answers without naming itself.",),
        settle=HEADERS,
    ),
    Diagnosis(
        code="http.disconnect",
        failures=(F.HTTP_CLOSED, F.HTTP_TIMEOUT, F.HTTP_NOT_HTTP),
        title="The request got no HTTP answer",
        explanation="TLS was established with the right host, and the request was then not answered.",
        action="Try again; if it stays so, ask for the log of whatever inspects HTTPS on the way.",
        alternatives=("The server stalls: then it does so from everywhere.",),
        settle=HEADERS,
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
