"""The twin's own process: a question as JSON on standard input, an answer as JSON on standard output.

It makes its namespaces for itself alone, so whatever ends it, nothing is left behind.
"""

from __future__ import annotations

import json
import resource
import signal
import sys

from nimnetcheck.errors import NimnetcheckError
from nimnetcheck.twin import namespace, wire
from nimnetcheck.twin.answer import Answer, Round
from nimnetcheck.twin.twin import Twin

LIMIT_S = 60
MEMORY = 4 << 30


def main() -> None:
    """Answer one question."""
    signal.alarm(LIMIT_S)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    question = wire.read_question(sys.stdin.read())
    try:
        namespace.become_admin(question.user, untrusted=not question.live)
        sys.stdout.write(wire.dump_answer(answer(question)))
    except NimnetcheckError as error:
        sys.stdout.write(json.dumps({"refused": str(error)}))
    except OSError as error:
        sys.stdout.write(json.dumps({"errno": error.errno, "refused": str(error)}))


def answer(question: wire.Question) -> Answer:
    """Make the twin, judge, and judge again after each trial."""
    with Twin(question.capture, question.flows) as twin:
        rounds = [Round(judged=twin.judge())]
        for trial in question.trials:
            applied = tuple(twin.apply(command.words, command.text) for command in trial)
            rounds.append(Round(judged=twin.judge(), applied=applied))
        return Answer(rounds=tuple(rounds), left_out=tuple(twin.left_out), assumed=twin.layout.assumed)


if __name__ == "__main__":
    main()
