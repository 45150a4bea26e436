"""The script says what it opens and why, loads all of it or none, and takes it back."""

from __future__ import annotations

import subprocess

from nimnetcheck.twin.fix.change import Change
from nimnetcheck.twin.fix.nft import rules
from nimnetcheck.twin.fix.prove import Proof
from nimnetcheck.twin.fix.script import NOT_UNDONE, UNDONE, notes, render
from nimnetcheck.twin.flow import parse
from tests.twin.blocked import block, judged, rule

DROPS = rule(
    "inet site out 3", handle=7, text='ip daddr 159.60.0.0/16 drop comment "a\u00adb"', file="rules.nft", line=9
)
PROOF = Proof(
    changes=(next(rules(block(DROPS), DROPS, 1)),),
    opened=(parse("tcp:159.60.126.10:443"),),
    left=(judged("tcp:192.0.2.1:443", DROPS),),
    controls=(parse("tcp:192.0.2.2:443"), parse("tcp:192.0.2.3:443")),
    undone=True,
)


def change(*lines: str, undo: str = "true") -> Change:
    """A change made of harmless commands."""
    return Change(title="a change", block=block(DROPS), lines=lines, undo=(undo,))


def ran(proof: Proof, *words: str) -> subprocess.CompletedProcess[str]:
    """The script, run by the shell that hosts have."""
    return subprocess.run(["sh", "-s", *words], input=render(proof), capture_output=True, text=True, check=False)


def test_its_head_says_what_opens_what_blocked_and_what_was_shown() -> None:
    text = render(PROOF, "host.example")
    head = text[: text.index("set -euf")]
    for line in (
        "# Made for: host.example",
        "# Opens 1 flow:",
        "#   tcp 159.60.126.10/32 port 443",
        "#    Blocked by nftables inet site out rule 3 (handle 7, rules.nft:9)",
        "#   2 others beside them (next addresses, port and protocol) unchanged.",
        f"#   {UNDONE}",
        "# Still blocked (1), and no change that helps was found:",
    ):
        assert line in head.splitlines()
    assert all(line.startswith("#") or not line for line in head.splitlines())
    assert head.replace("\n", "").isprintable()


def test_what_was_not_shown_is_not_claimed() -> None:
    text = render(Proof(changes=PROOF.changes))
    assert NOT_UNDONE in text
    assert UNDONE not in text


def test_all_of_it_is_loaded_in_order() -> None:
    done = ran(Proof(changes=(change("echo one"), change("echo two"))))
    assert (done.returncode, done.stdout.split()) == (0, ["one", "two"])


def test_a_refusal_takes_back_what_was_done_and_says_so() -> None:
    done = ran(Proof(changes=(change("echo one", undo="echo back >&3"), change("false"), change("echo three"))))
    assert done.returncode == 1
    assert done.stdout.split() == ["one"]
    assert "refused, and taken back" in done.stderr


def test_removing_says_when_something_was_not_there() -> None:
    assert ran(Proof(changes=(change("true", undo="echo back"),)), "remove").stdout == "back\n"
    missing = ran(Proof(changes=(change("true", undo="false"), change("true", undo="echo back"))), "remove")
    assert (missing.returncode, missing.stdout) == (1, "back\n")
    assert "not all of it was there" in missing.stderr


def test_a_missing_tool_is_said_before_anything_is_done() -> None:
    done = ran(Proof(changes=(change("echo one", "no-such-firewall -A"),)))
    assert (done.returncode, done.stdout) == (1, "")
    assert "no-such-firewall is not installed, and nothing was done" in done.stderr


def test_a_report_gets_each_change_and_what_was_shown() -> None:
    line, shown, more = notes(PROOF)
    assert line.startswith("nftables: let it through in chain inet site out: nft 'insert rule inet site out handle 7 ")
    assert shown.endswith("1 flow opened by these changes, 2 others beside them stay as they are.")
    assert "--fix-output" in more
    assert list(notes(Proof())) == []
