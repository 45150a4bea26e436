"""The twin's own process: a question as JSON on standard input, an answer as JSON on standard output.

It makes its namespaces for itself alone, so whatever ends it, nothing is left behind.
"""

from __future__ import annotations

import resource
import signal
import sys

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.twin import forbidden, namespace, selftest, wire
from nimnetcheck.twin.answer import Answer, Round
from nimnetcheck.twin.twin import twin

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
        sys.stdout.write(wire.dump_answer(answer(question, sender)))
    except NotJudgedError as error:
        sys.stdout.write(wire.dump_refusal(str(error)))
    except namespace.ForbiddenError as error:
        sys.stdout.write(wire.dump_refusal(forbidden.explain(error.errno)))


def answer(question: wire.Question, sender: namespace.Sender) -> Answer:
    """Show that the kernel can be asked; make the twin, judge, and judge again after each trial."""
    selftest.check(sender)
    with twin(question.capture, question.flows, sender) as made:
        rounds = [Round(judged=made.judge())]
        for trial in question.trials:
            applied = tuple(made.apply(command.words, command.text) for command in trial)
            rounds.append(Round(judged=made.judge(), applied=applied))
        return Answer(rounds=tuple(rounds), left_out=made.loaded.left_out, assumed=made.layout.assumed)


if __name__ == "__main__":
    main()
