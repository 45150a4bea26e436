"""Files that must arrive once: handed over with a note before the last byte leaves and a note when they were taken.

What was taken is never sent again, neither in this run nor in a later one. What may have been taken when an earlier run
was killed is not sent either: that is for the user to decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Failure, Text
from nimnetcheck.submission import answers
from nimnetcheck.submission.journal import TAKEN, Note, What
from nimnetcheck.submission.messages import Answer, Trouble
from nimnetcheck.submission.session import Seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimnetcheck.submission.messages import Outcome, Request
    from nimnetcheck.submission.session import Session

GATEWAYS = frozenset({502, 504})  # they answer for a server that may have taken it
EARLIER = "taken in an earlier run: not sent again"
TWICE = "an earlier attempt, all of which had left, may have been taken as well"
UNCERTAIN = (
    "an earlier run ended between its last byte and the answer: it may have been taken. Not sent again until you say "
    "so: --uncertain send, or --uncertain taken if F5 has it"
)


LOST = (
    "an earlier run ended between its last byte and the answer: it may have been taken, but the answer is lost, and "
    "with it the id that its acknowledgement goes by. Only sending it again leads on: --uncertain send"
)


class Uncertain(Text):
    """What to do with a file that may have been taken."""

    HOLD = "hold"
    SEND = "send"
    TAKEN = "taken"


@attrs.frozen(kw_only=True)
class Item:
    """One file to hand over; `keeps` are the fields of the answer that a later run needs."""

    key: str
    sha256: str
    size: int
    keeps: tuple[str, ...] = ()


def hand_over(
    session: Session, request: Request, item: Item, *, expected: Sequence[int], wants_json: bool = True
) -> Seen:
    """Send one file, unless the journal says that it was taken or may have been; raises HeldError as `ask` does."""
    journal = session.folder.journal
    last = _decided(session, item)
    if last is not None and last.what in TAKEN:
        return Seen(request=request, status=last.status, data=last.kept).telling(earlier=EARLIER)
    if last is not None and last.what is What.SENDING:
        return Seen(request=request).but(Failure.SUBMIT_UNCERTAIN, LOST if item.keeps else UNCERTAIN)

    def note(what: What, *, now: bool = False, **more: object) -> None:
        journal.write(Note(what=what, key=item.key, sha256=item.sha256, size=item.size, **more), now=now)  # type: ignore[arg-type]  # Note's own fields

    def before_end() -> None:
        note(What.SENDING, now=True)

    doubts = []

    def after(outcome: Outcome) -> None:
        what = _amounts_to(outcome, expected)
        doubts.append(what is What.UNANSWERED)
        kept = _kept(session, outcome, item.keeps) if what is What.TAKEN else {}
        note(what, status=outcome.status, kept=kept)

    upload = request.upload and attrs.evolve(request.upload, before_end=before_end, told=session.site.told)
    whole = attrs.evolve(request, upload=upload)
    seen = session.ask(whole, expected=expected, wants_json=wants_json, after=after)
    return seen.telling(twice=TWICE) if any(doubts) else seen


def _decided(session: Session, item: Item) -> Note | None:
    """The last note on it, after what the user decided where it was uncertain."""
    last = session.folder.journal.last(item.key)
    decision = session.site.uncertain
    if last is None or last.what is not What.SENDING or decision is Uncertain.HOLD:
        return last
    if item.keeps and decision is Uncertain.TAKEN:
        return last  # nobody's word brings back what the answer held
    what = What.DECIDED_TAKEN if decision is Uncertain.TAKEN else What.DECIDED_SEND
    session.folder.journal.write(attrs.evolve(last, what=what), now=True)
    return session.folder.journal.last(item.key)


def _amounts_to(outcome: Outcome, expected: Sequence[int]) -> What:
    """What one attempt means for the file; a web page with the right status is no acceptance."""
    if outcome.status in expected and not (isinstance(outcome, Answer) and answers.is_html(outcome)):
        return What.TAKEN
    in_doubt = outcome.status in GATEWAYS or (isinstance(outcome, Trouble) and outcome.whole and not outcome.status)
    return What.UNANSWERED if in_doubt else What.NOT_TAKEN


def _kept(session: Session, outcome: Outcome, names: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(outcome, Answer):
        return {}
    data, _ = answers.fields(outcome)
    return {name: session.hide(str(data[name])) for name in names if name in data}
