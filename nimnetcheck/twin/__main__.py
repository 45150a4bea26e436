"""The process of twins: it tests itself, and answers each question, a line of JSON, with a line of JSON.

It makes its namespaces for itself alone, so whatever ends it, nothing is left behind.
"""

from __future__ import annotations

import resource
import signal
import sys

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.twin import forbidden, namespace, selftest, wire
from nimnetcheck.twin.judge import judge

LIMIT_S = 120
MEMORY = 4 << 30


def main(who: str, *live: str) -> None:
    """Answer until nobody asks any more; `who` (UID:GID) sends, and `live` says that captures are the caller's own."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(LIMIT_S)
    refusal = ""
    try:
        user, group = map(int, who.split(":"))
        sender = namespace.become_admin(user, group, untrusted=not live)
        namespace.seclude()
        selftest.check(sender)
    except NotJudgedError as error:
        refusal = str(error)
    except namespace.ForbiddenError as error:
        refusal = forbidden.explain(error.errno)
    for line in sys.stdin:
        signal.alarm(LIMIT_S)
        _say(wire.dump_refusal(refusal) if refusal else _answer(line, sender))


def _answer(line: str, sender: namespace.Sender) -> str:
    try:
        return wire.dump_answer(judge(wire.read_question(line), sender))
    except NotJudgedError as error:
        return wire.dump_refusal(str(error))
    except namespace.ForbiddenError as error:
        return wire.dump_refusal(forbidden.explain(error.errno))


def _say(answer: str) -> None:
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
