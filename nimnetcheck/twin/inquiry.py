"""A whole inquiry: the flows judged, what would open the blocked ones, and what a reader must know of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.twin.fix import script as fix_script
from nimnetcheck.twin.fix.prove import Proof, prove
from nimnetcheck.twin.observe import observe
from nimnetcheck.twin.wanted import Unknown
from nimnetcheck.twin.wire import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nimnetcheck.model import Network, Observation, Report
    from nimnetcheck.run import Run
    from nimnetcheck.twin.answer import Answer
    from nimnetcheck.twin.ask import Ask
    from nimnetcheck.twin.behind import Behind
    from nimnetcheck.twin.capture.value import Capture
    from nimnetcheck.twin.wanted import Wanted

SHOWN = 8  # of what could not be loaded
BEHIND = "Judged is what {address} sends, which comes in by {link} and is forwarded."
BEHIND_ASSUMED = "Judged is what {address} sends: it was assumed to come in by {link}, on a host that forwards."
_OWNERS = ("-m owner", "meta skuid", "meta skgid")


@attrs.frozen(kw_only=True)
class Inquiry:
    """What was seen, what would help, and the notes about both."""

    host: str = ""
    observations: tuple[Observation, ...] = ()
    proof: Proof = attrs.field(factory=Proof)
    notes: tuple[str, ...] = ()


def inquire(
    capture: Capture,
    wanted: Sequence[Wanted | Unknown],
    prefixes: Sequence[Network],
    asking: Ask,
    behind: tuple[Behind, ...] = (),
) -> Inquiry:
    """Judge the flows and prove what would open the blocked ones; raises NotJudgedError where none can be judged."""
    flows = tuple(dict.fromkeys(one.flow for one in wanted if not isinstance(one, Unknown)))
    question = Question(capture=capture, flows=flows, behind=behind, errors=True)
    answer = asking(question)
    proof = Proof()
    untried: tuple[str, ...] = ()
    try:
        proof = prove(question, answer.judged, asking, tuple(prefixes))
    except NotJudgedError as error:  # the judgement stands all the same
        untried = (f"What would open the blocked flows could not be tried: {error}",)
    return Inquiry(
        host=capture.host,
        observations=observe(wanted, answer.judged),
        proof=proof,
        notes=(*fix_script.notes(proof), *untried, *_notes(question, answer)),
    )


def report(run: Run, found: Inquiry, notes: Iterable[str] = ()) -> Report:
    """The report, in the name of the host whose firewall it was; `notes` tell how it was asked."""
    return (attrs.evolve(run, host=found.host) if found.host else run).report(
        found.observations, (*notes, *found.notes)
    )


def _notes(question: Question, answer: Answer) -> Iterator[str]:
    capture = question.capture
    for who in question.behind:
        yield (BEHIND_ASSUMED if who.assumed else BEHIND).format(address=who.address, link=who.link)
    if question.behind:
        yield "What `nimnetcheck rules` writes is for the host's own flows, and opens none of these."
    if answer.assumed:
        yield f"No addresses and routes were given: one way out was assumed, {answer.assumed}, with a default route."
    for one in answer.left_out[:SHOWN]:
        place = f"{one.file}:{one.line}: " if one.line else ""
        yield f"Could not be loaded here: {place}{one.what} ({one.because})"
    if len(answer.left_out) > SHOWN:
        yield f"And {len(answer.left_out) - SHOWN} more could not be loaded."
    texts = [source.text for source in (capture.nft, *(save.source for save in capture.saves)) if source]
    if not question.behind and any(word in text for text in texts for word in _OWNERS):
        yield "Some rules ask who sends: --user UID[:GID] judges for whom the service runs as."
