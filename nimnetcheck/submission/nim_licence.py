"""Steps around a NIM's licence, which the flows up to 2.21 share; documented, and done by the vendor's scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from nimnetcheck.model import Failure, Label
from nimnetcheck.submission import answers
from nimnetcheck.submission.flow import Step
from nimnetcheck.submission.nim import device_mode, part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.submission.session import Seen, Session

Act = Callable[["Session"], "Iterator[Seen]"]
ALREADY = "already registered"
UPLOADED = "Report uploaded successfully."
COMPLETE, READY = "INITIALIZE_ACTIVATION_COMPLETE", "CONFIG_REPORT_READY"
# What NIM 2.18 and 2.19 want to hear in the second call, in this order.
FEATURES = (
    "NGINX_NAP_DOS",
    "IM_INSTANCES",
    "TM_INSTANCES",
    "DATA_PER_HOUR_GB",
    "NGINX_INSTANCES",
    "NGINX_NAP",
    "SUCCESSFUL_API_CALLS_MILLIONS",
    "IC_PODS",
    "IC_K8S_NODES",
)


def version(first: tuple[int, int], last: tuple[int, int]) -> Act:
    """Ask for the version; one whose flow is another fails."""

    def act(session: Session) -> Iterator[Seen]:
        seen = session.ask(session.nim("GET", "/modules/versions"), expected=(200,))
        found = answers.find(seen.data, "nim")
        number = answers.version(found)
        if seen.failure is None and number is None:
            seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, "no version of nim in the answer")
        elif number is not None and not first <= number <= last:
            words = session.hide(f"this is NIM {found}: the flow is that of {_dotted(first)} to {_dotted(last)}")
            seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, words)
        yield seen.telling(nim=session.hide(found))

    return act


def _dotted(number: tuple[int, int]) -> str:
    return f"{number[0]}.{number[1]}"


def add(session: Session) -> Iterator[Seen]:
    """Give the NIM its licence."""
    body = {"metadata": {"name": "license"}, "desiredState": {"content": session.site.token}}
    seen = session.ask(session.nim("POST", "/license?telemetry=true", json=body), expected=(202,))
    if seen.status is not None and ALREADY in str(seen.data.get("message", "")):
        seen = seen.accepted()  # an earlier run did it: the state, asked for next, decides
    yield seen


def confirm(session: Session, *, telemetry: bool = True) -> Iterator[Seen]:
    """Say it once more with all features, as up to 2.19 is needed; and turn the telemetry on or off by it."""
    features = [{"limit": 0, "name": name, "valueType": ""} for name in FEATURES]
    state = {"content": session.site.token, "type": "JWT", "features": features}
    body = {"desiredState": state, "metadata": {"name": "license"}}
    path = f"/license?telemetry={'true' if telemetry else 'false'}"
    yield session.ask(session.nim("PUT", path, json=body), expected=(200,), wants_json=False)


def registered(*states: str) -> Act:
    """Wait until the registration has come to one of these states."""

    def act(session: Session) -> Iterator[Seen]:
        def look() -> Seen:
            seen = session.ask(session.nim("GET", "/license"), expected=(200,))
            told = {name: session.hide(value) for name, value in _current(seen).items()}
            return seen.telling(**told)

        yield session.poll(look, lambda seen: seen.told.get("status") in states)

    return act


def _current(seen: Seen) -> dict[str, str]:
    """The state of the licence, and whether the telemetry is on."""
    value: object = seen.data
    for key in ("currentStatus", "state", "currentInstance"):
        value = value.get(key) if isinstance(value, dict) else None
    found = value if isinstance(value, dict) else {}
    return {name: found[name] for name in ("status", "telemetry") if isinstance(found.get(name), str)}


def give_back(session: Session) -> Iterator[Seen]:
    """Hand F5's acknowledgement to the NIM."""
    seen = session.ask(session.nim("POST", "/report/upload", upload=part(session.receipt)), expected=(200,))
    if seen.failure is None and seen.data.get("message") != UPLOADED:
        seen = seen.but(Failure.SUBMIT_UNEXPECTED_ANSWER, f'NIM did not say "{UPLOADED}"')
    yield seen


def licensed(session: Session) -> Iterator[Seen]:
    """Ask whether it counts itself as licensed."""
    seen = session.ask(session.nim("GET", "/modules/licensed"), expected=(200,))
    is_licensed = seen.data.get("licensed") is True
    if seen.failure is None and not is_licensed:
        seen = seen.but(Failure.SUBMIT_INCOMPLETE, "NIM took the acknowledgement, but does not call itself licensed")
    yield seen.telling(licensed=is_licensed)


DISCONNECTED = Step(
    title="NIM is disconnected",
    label=Label.INFERRED,  # the field is documented, the word for disconnected is not
    proves="reports are carried by hand: NIM will not send the same usage itself",
    act=device_mode,
)
ADD = Step(
    title="NIM takes the licence",
    label=Label.DOCUMENTED,
    proves="NIM accepted the licence for registration",
    act=add,
)
REGISTERED = Step(
    title="NIM has registered it",
    label=Label.DOCUMENTED,
    proves="the licence is one that NIM can make a report for",
    act=registered(COMPLETE, READY),
)
CONFIRM = Step(
    title="NIM takes the confirmation",
    label=Label.DOCUMENTED,
    proves="the second call that NIM 2.18 and 2.19 need came through, with every feature in it",
    act=confirm,
)
CONFIRMED = Step(
    title="NIM is ready to report",
    label=Label.DOCUMENTED,
    proves="the registration has come to its last state, in which there is a report",
    act=registered(READY),
)
BACK: tuple[Step, ...] = (
    Step(
        title="NIM takes the acknowledgement",
        label=Label.DOCUMENTED,
        proves="the round trip is closed",
        act=give_back,
    ),
    Step(
        title="NIM is licensed",
        label=Label.INFERRED,  # the field is published; that it turns true here is not
        proves="NIM counts itself as licensed",
        act=licensed,
    ),
)


def says_version(first: tuple[int, int], last: tuple[int, int]) -> Step:
    """The step that every flow begins with."""
    return Step(
        title="NIM says its version",
        label=Label.DOCUMENTED,
        proves="NIM answers over verified TLS, takes the password, and this flow is the one of its version",
        act=version(first, last),
    )
