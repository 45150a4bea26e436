"""The twin's own process: a question as JSON on standard input, an answer as JSON on standard output.

It makes its namespaces for itself alone, so whatever ends it, nothing is left behind.
"""

from __future__ import annotations

import resource
import signal
import sys

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.twin import forbidden, namespace, wire
from nimnetcheck.twin.judge import judge

LIMIT_S = 60
MEMORY = 4 << 30


def main() -> None:
    """Answer one question."""
    signal.alarm(LIMIT_S)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    question = wire.read_question(sys.stdin.read())
    try:
        sender = namespace.become_admin(question.user, untrusted=not question.live)
        namespace.seclude()
        sys.stdout.write(wire.dump_answer(judge(question, sender)))
    except NotJudgedError as error:
        sys.stdout.write(wire.dump_refusal(str(error)))
    except namespace.ForbiddenError as error:
        sys.stdout.write(wire.dump_refusal(forbidden.explain(error.errno)))


if __name__ == "__main__":
    main()
