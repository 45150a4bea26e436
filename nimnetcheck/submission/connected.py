"""Steps that the flows of connected NIMs share: the mode, the certificate rule, and what NIM sends by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Label
from nimnetcheck.submission import answers, stage
from nimnetcheck.submission.flow import Step
from nimnetcheck.submission.nim import CONNECTED, ask_mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.submission.session import Seen, Session

# The first build of each release that trusts more than the one authority F5 left on 2026-02-15; older ones have none.
TRUSTING = {(2, 18): 1, (2, 19): 3, (2, 20): 1}
FIRST_TRUSTING = (2, 21)
LEFT = "2026-02-15"


def trusts(version: str) -> bool | None:
    """Whether NIM's own bundle takes F5's certificates since then; None for what is no version."""
    found = re.match(r"(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?!\d)", version)
    if found is None:
        return None
    number, build = (int(found[1]), int(found[2])), int(found[3] or 0)
    return number >= FIRST_TRUSTING or build >= TRUSTING.get(number, build + 1)


def mode(session: Session) -> Iterator[Seen]:
    """Ask for the mode; a disconnected NIM sends nothing by itself."""
    seen = ask_mode(session)
    if seen.failure is None and seen.data["device_mode"] != CONNECTED:
        seen = seen.but(Failure.WRONG_MODE, "NIM is not connected: its reports are carried by hand")
    yield seen


def bundle(session: Session) -> Iterator[Seen]:
    """Compare the version with the builds that F5 names."""
    seen = session.ask(session.nim("GET", "/modules/versions"), expected=(200,))
    found = session.hide(answers.find(seen.data, "nim"))
    if seen.failure is None and not trusts(found):
        words = (
            f"NIM {found} trusts one authority only, which F5 left on {LEFT}: update to 2.18.1, 2.19.3, 2.20.1 or 2.21"
        )
        seen = seen.but(Failure.TLS_UNTRUSTED, words)
    yield seen.telling(nim=found, trusts="public authorities" if trusts(found) else "one authority only")


def arrival(place: str, host: str, title: str, proves: str, label: Label) -> Step:
    """The step that sees NIM's own request arrive."""

    def act(session: Session) -> Iterator[Seen]:
        yield stage.arrived(session, place, host)

    return Step(title=title, label=label, proves=proves, act=act)


MODE = Step(
    title="NIM is connected",
    label=Label.DOCUMENTED,
    proves="NIM sends its reports by itself: nothing has to be carried",
    act=mode,
)
BUNDLE = Step(
    title="NIM trusts F5's certificates",
    label=Label.DOCUMENTED,
    proves=f"this build has more authorities in its bundle than the one that F5 left on {LEFT}",
    act=bundle,
)
