"""What the answers to a submission mean."""

from __future__ import annotations

from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="auth.rejected",
        failures=(F.SUBMIT_UNAUTHORIZED,),
        title="The credentials are refused",
        explanation="The path is open and the right host answered: 401 or 403 is about the licence or the login.",
        action="Check that the licence is this subscription's, unexpired and without stray bytes.",
    ),
    Diagnosis(
        code="submit.rejected",
        failures=(F.SUBMIT_REFUSED, F.SUBMIT_UNEXPECTED_ANSWER),
        title="The submission is refused",
        explanation="The answer is not the one that the documented contract gives for success.",
        action="See request and answer of the step; 413 means too large, 429 too often.",
    ),
    Diagnosis(
        code="submit.accepted-not-processed",
        failures=(F.SUBMIT_INCOMPLETE, F.SUBMIT_TIMEOUT),
        title="The submission was taken but not processed",
        explanation="The upload was accepted; its records did not all come through, or not in time.",
        action="Ask for the status again later; send the same report once more only if it failed for good.",
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
