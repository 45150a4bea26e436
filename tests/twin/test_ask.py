"""A twin's process: what it answers, what it refuses, and that nothing of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

import pytest

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.twin.ask import ask, twins
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Command, Question
from tests.kernel.namespace import ENVIRONMENT

pytestmark = pytest.mark.kernel
ROOT = Path(__file__).parents[2]
FLOW = parse("tcp:192.0.2.1:443")
DROP = Source(
    file="rules.nft",
    text="table inet f {\n chain o {\n type filter hook output priority 0;\n tcp dport 443 drop\n }\n}\n",
)


def test_a_command_changes_the_twin_and_the_flows_are_sent_again() -> None:
    insert = Command(words=("nft", "insert", "rule", "inet", "f", "o", "accept"))
    wrong = Command(words=("nft", "insert", "rule", "inet", "f", "nowhere", "accept"))
    answer = ask(Question(capture=Capture(nft=DROP), flows=(FLOW,), trials=((wrong,), (insert,))))
    assert [one.judged[0].verdict for one in answer.rounds] == ["drop", "drop", "accept"]
    assert [bool(one.applied[0].error) for one in answer.rounds[1:]] == [True, False]


def test_one_process_answers_several_questions_each_with_a_twin_of_its_own() -> None:
    insert = Command(words=("nft", "insert", "rule", "inet", "f", "o", "accept"))
    with twins() as asking:
        changed = asking(Question(capture=Capture(nft=DROP), flows=(FLOW,), trials=((insert,),)))
        again = asking(Question(capture=Capture(nft=DROP), flows=(FLOW,)))
        with pytest.raises(NotJudgedError, match="cannot be loaded"):
            asking(Question(capture=Capture(nft=Source(file="n", text="table {\n")), flows=(FLOW,)))
        open_ = asking(Question(capture=Capture(), flows=(FLOW,)))
    assert changed.rounds[1].judged[0].verdict == "accept"
    assert again.judged[0].verdict == "drop"
    assert open_.judged[0].verdict == "accept"


@pytest.mark.parametrize(
    "live", [False, pytest.param(True, marks=pytest.mark.skipif(os.geteuid() != 0, reason="root"))]
)
def test_the_user_who_sends_is_asked_for(*, live: bool) -> None:
    """Where one user alone exists, and as root, where all do."""
    users = Capture(nft=Source(file="n", text=DROP.text.replace("tcp dport 443", "meta skuid != 991")))
    groups = Capture(nft=Source(file="n", text=DROP.text.replace("tcp dport 443", "meta skgid != 990")))

    def verdicts(capture: Capture) -> list[str]:
        question = Question(capture=capture, flows=(FLOW,))
        return [str(ask(question, live=live, who=who).judged[0].verdict) for who in ((0, 0), (991, 991), (991, 990))]

    assert verdicts(users) == ["drop", "accept", "accept"]
    assert verdicts(groups) == ["drop", "drop", "accept"]


def test_a_twin_that_takes_too_long_is_ended() -> None:
    with pytest.raises(NotJudgedError, match="within 0 s"):
        ask(Question(capture=Capture(nft=DROP), flows=(FLOW,)), limit_s=0.05)


def test_text_that_nft_does_not_load_at_all_is_not_judged() -> None:
    with pytest.raises(NotJudgedError, match=r"rules\.nft"):
        ask(Question(capture=Capture(nft=Source(file="rules.nft", text="table inet f {\n")), flows=(FLOW,)))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can forbid namespaces")
def test_the_setting_that_forbids_namespaces_is_named() -> None:
    """In a user namespace of its own the limit can be lowered without touching this machine's."""
    code = (
        "from tests.twin.test_ask import *\n"
        "try: ask(Question(capture=Capture(nft=DROP), flows=(FLOW,)))\n"
        "except NotJudgedError as error: print(error)"
    )
    limits = "for what in user net; do echo 0 > /proc/sys/user/max_${what}_namespaces; done"
    script = f"{limits}; exec '{sys.executable}' -c '{code}'"
    done = subprocess.run(
        ["unshare", "-Ur", "sh", "-c", script], capture_output=True, text=True, check=True, cwd=ROOT, env=ENVIRONMENT
    )
    assert "user.max_user_namespaces=0" in done.stdout, done


def test_a_caller_that_is_killed_leaves_nothing_behind() -> None:
    code = (
        "from tests.twin.test_ask import *\n"
        "print('go', flush=True)\n"
        "while True: ask(Question(capture=Capture(nft=DROP), flows=(FLOW,)))"
    )
    caller = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT)
    assert caller.stdout
    with caller.stdout:
        caller.stdout.readline()
        assert _until(lambda: _children(caller.pid))
        children = _children(caller.pid)
        os.kill(caller.pid, signal.SIGKILL)
        caller.wait()
    assert _until(lambda: not any(Path("/proc", str(child)).exists() for child in children))


def _until(true: Callable[[], object]) -> bool:
    for _ in range(500):
        if true():
            return True
        time.sleep(0.02)
    return False


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [int(child) for child in found]
