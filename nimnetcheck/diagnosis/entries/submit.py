"""What the answers to a submission mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.conditions.answers import asked_nim, part, status, token_looks_good
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Outcome, Rung, Severity

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

F = Failure
TOO_LARGE, NO_SUCH_METHOD = 413, (405, 501)
SUCCESSES = range(200, 300)
LICENCE_CAUSES = ("jwt.malformed", "jwt.whitespace", "jwt.wrong-product", "jwt.test-realm", "jwt.expired", "jwt.future")


def _nim_s_login(observation: Observation, _: Context) -> bool:
    """It was the site's own NIM that refused."""
    return asked_nim(observation)


def _no_token_is_as_good(observation: Observation, _: Context) -> bool:
    """Somebody inspects TLS, and the answer is the same without the token."""
    return part(observation, "response").get("without_authorization") == "the same answer"


def _inspector(observation: Observation, _: Context) -> str:
    """Who inspects."""
    return f"the certificate is issued by {part(observation, 'response').get('inspected_by')}"


def _is_another_success(observation: Observation, _: Context) -> bool:
    """A 2xx of the vendor's host that is not the documented one; a file that came damaged is another matter."""
    fetched = "/download/" in str(part(observation, "request").get("url", ""))
    return status(observation) in SUCCESSES and not fetched and not asked_nim(observation)


def _licence_is_good(observation: Observation, context: Context) -> bool:
    """The token that was sent, or the licence in the same run, was looked at, and nothing is wrong with it."""
    if token_looks_good(observation):
        return True
    looked = [seen for seen in context.of_rung(Rung.HOST) if seen.title == "Licence"]
    return bool(looked) and all(seen.outcome is Outcome.PASSED for seen in looked)


def _too_large(observation: Observation, _: Context) -> bool:
    """The status of a submission is 413."""
    return observation.rung is Rung.SUBMIT and status(observation) == TOO_LARGE


def _no_such_method(observation: Observation, _: Context) -> bool:
    """The status of a submission is 405 or 501."""
    return observation.rung is Rung.SUBMIT and status(observation) in NO_SUCH_METHOD


ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="auth.nim-login",
        failures=(F.SUBMIT_UNAUTHORIZED,),
        when=_nim_s_login,
        title="NIM refuses the login",
        explanation="It is this site's own NIM that answered 401 or 403; nothing of it concerns F5 or the licence.",
        action="Check user name and password, and that the user's role may read the licence and the reports.",
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="auth.header-stripped",
        failures=(F.SUBMIT_UNAUTHORIZED,),
        when=_no_token_is_as_good,
        proof=_inspector,
        title="What inspects TLS may remove the credential",
        explanation=(
            "TLS to the vendor is inspected, and the answer is the same with the token and without it, word for word. "
            "A server that was shown a token mostly says what is wrong with it."
        ),
        action="Exempt {subjects} from TLS inspection, or have the Authorization header passed on.",
        confidence=Confidence.POSSIBLE,
        alternatives=("`auth.rejected`: F5 has the same words for a token that it refuses and for none.",),
        settle="nimnetcheck diagnose --no-network --license /etc/nginx/license.jwt",
        hidden_by=LICENCE_CAUSES,
    ),
    Diagnosis(
        code="auth.rejected-valid-token",
        failures=(F.SUBMIT_UNAUTHORIZED,),
        when=_licence_is_good,
        title="F5 refuses a token that looks good here",
        explanation="The licence is whole, in time and of the production realm, yet the server answers 401 or 403.",
        action="Ask F5 whether the subscription is active; give them its id, never the token.",
        alternatives=(
            "The token was withdrawn or replaced: only the server knows.",
            "Something that inspects TLS removes the Authorization header: the answer is the same without a token.",
            "`local.bad-clock`: the server judges the token's times by its own clock.",
        ),
        settle="curl -sv https://product.connect.nginx.com/ 2>&1 | grep -i issuer",
    ),
    Diagnosis(
        code="auth.rejected",
        failures=(F.SUBMIT_UNAUTHORIZED,),
        title="The credentials are refused",
        explanation="The path is open and the right host answered: 401 or 403 is about the licence or the login.",
        action="Check that the licence is this subscription's, unexpired and without stray bytes.",
        alternatives=("A filter forbids uploads: then the answer is a web page, and the same without a token.",),
        settle="nimnetcheck diagnose --no-network --license /etc/nginx/license.jwt",
        hidden_by=LICENCE_CAUSES,
    ),
    Diagnosis(
        code="http.body-limit-or-dlp",
        failures=(F.SUBMIT_REFUSED, F.HTTP_BLOCK_PAGE),
        when=_too_large,
        title="The upload is refused as too large (413)",
        explanation="F5 documents 413 for uploads that are too large; a proxy or a filter of this site gives it too.",
        action="Export again with smaller batches (`export_batch_size` in nms.conf), or have the limit lifted.",
        alternatives=("A proxy's limit: then a small upload passes, and the answer is a page with the proxy's name.",),
        settle="grep -rn client_max_body_size /etc/nginx",
    ),
    Diagnosis(
        code="http.method-blocked",
        failures=(F.SUBMIT_REFUSED, F.HTTP_BLOCK_PAGE),
        when=_no_such_method,
        title="Uploads are blocked, reading is not (405)",
        explanation="The host takes this method, so whoever answered 405 or 501 is something else that filters by it.",
        action="Ask the filter's owner to allow POST to {subjects}.",
    ),
    Diagnosis(
        code="http.not-really-f5",
        failures=(F.SUBMIT_UNEXPECTED_ANSWER,),
        when=_is_another_success,
        title="The answer is a success, and not the one that F5 documents",
        explanation=(
            "Whatever answered takes the request, and its status or its fields are not the documented ones: a server "
            "that says 200 to everything answers in F5's place, behind a certificate that this host trusts. Only an "
            "answer whose form is documented can be told from another; of the batch uploads of NIM 2.22 and of NGINX "
            "Plus's reports it is the status alone, so there such a server passes for F5. Nobody knows whether F5 has "
            "the report."
        ),
        action="Find out what answers for {host}: see the answer of the step, and who issued the certificate.",
        confidence=Confidence.POSSIBLE,
        alternatives=("F5 has changed its answer since this tool was made.",),
        settle="nimnetcheck diagnose",
    ),
    Diagnosis(
        code="submit.rejected",
        failures=(F.SUBMIT_REFUSED, F.SUBMIT_UNEXPECTED_ANSWER),
        title="The submission is refused",
        explanation="The answer is not the one that the documented contract gives for success.",
        action="See request and answer of the step.",
    ),
    Diagnosis(
        code="submit.accepted-not-processed",
        failures=(F.SUBMIT_INCOMPLETE, F.SUBMIT_TIMEOUT),
        title="The submission was taken but not processed",
        explanation="The upload was accepted; its records did not all come through, or not in time.",
        action="Ask for the status again later; send the same report once more only if it failed for good.",
        severity=Severity.ERROR,
    ),
    Diagnosis(
        code="submit.uncertain",
        failures=(F.SUBMIT_UNCERTAIN,),
        title="A file may have been taken, and nobody can tell",
        explanation=(
            "An earlier run ended after the last byte of this file had left and before the answer came. F5 offers no "
            "way to ask whether it was taken, and usage that is sent twice may be counted twice."
        ),
        action=(
            "Ask F5, or decide: the same command with `--uncertain send` sends it again, with `--uncertain taken` "
            "counts it as taken."
        ),
    ),
)
