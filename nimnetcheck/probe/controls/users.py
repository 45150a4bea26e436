"""The same connection as a service's user: rules and routes of this host can ask who sends. Only root can look."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nimnetcheck.failures import LateError, classify, words
from nimnetcheck.model import Failure, Outcome, Rung
from nimnetcheck.net import DeadlineError, drive, fork, monotonic
from nimnetcheck.net.as_user import work_as
from nimnetcheck.net.stream import connect
from nimnetcheck.probe.attempt import wire_evidence
from nimnetcheck.probe.controls.note import Control

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Endpoint, Observation, Target
    from nimnetcheck.net import Steps
    from nimnetcheck.net.as_user import User
    from nimnetcheck.probe.attempt import Setup

TRIES = 2  # chance loses a packet now and then, but hardly that of the same one of two twice
SLACK_S = 1.0  # for the child to begin and to end


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """One address of each IP version, as each user that services run as."""
    for target in chosen(seen):
        for user in setup.options.users if target.dial is None else ():
            yield _look(endpoint, target, user, setup)


def chosen(seen: Sequence[Observation]) -> tuple[Target, ...]:
    """For each IP version the first address that took a connection, else the first that was tried; pure."""
    tried = [one for one in seen if one.rung is Rung.TCP and one.target]
    found: dict[int, Target] = {}
    for one in sorted(tried, key=lambda one: one.outcome is not Outcome.PASSED):
        if one.target:
            found.setdefault(one.target.address.version, one.target)
    return tuple(found.values())


def _look(endpoint: Endpoint, target: Target, user: User, setup: Setup) -> Steps[tuple[Observation, ...]]:
    """As this user and as ourselves at one time, and once more where the two differ."""
    for _ in range(TRIES):
        title = f"TCP {target} as {user.name}"
        begun = Control(endpoint=endpoint, rung=Rung.TCP, title=title, changed="user", setup=setup, target=target)
        own, theirs = yield from fork((_connected(target, begun.until_s), _connected_as(user, target, setup)))
        if not own or not theirs:
            return ()
        if (own["failure"] is None) is (theirs["failure"] is None):
            break
    evidence = {"user": user.name, "uid": user.uid, "as_caller": own["failure"] or "connected", **theirs["evidence"]}
    failure = Failure(theirs["failure"]) if theirs["failure"] else None
    return (begun.note(evidence, failure, theirs["detail"]),)


def _connected_as(user: User, target: Target, setup: Setup) -> Steps[dict[str, Any]]:
    timeout_s = setup.options.timeout_s

    def work() -> bytes:
        return json.dumps(drive(_connected(target, monotonic() + timeout_s), timeout_s + SLACK_S)).encode()

    try:
        said = yield from work_as(user, work, monotonic() + timeout_s + SLACK_S)
        found: dict[str, Any] = json.loads(said or b"{}")
    except (DeadlineError, LateError):
        return {}
    return found


def _connected(target: Target, until: float) -> Steps[dict[str, Any]]:
    """What became of one connection: the failure's name or none, and its evidence; empty where time was up."""
    try:
        stream = yield from connect(target.address, target.port, until)
    except DeadlineError:
        return {}
    except OSError as error:
        return {"failure": str(classify(error, Rung.TCP)), "detail": words(error), "evidence": wire_evidence(error)}
    stream.close()
    return {"failure": None, "detail": "", "evidence": {}}
