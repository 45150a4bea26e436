"""Firewalls as hosts have them: what the kernel says of each, which rule it names, and what opens the flow.

Each scenario is a folder of plain files beside `scenarios.toml`, and each has its control: the same host without the
blocking line, where the flow passes.
"""

from __future__ import annotations

import shutil
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.tables import Source
from nimnetcheck.twin.answer import Leg
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.behind import find
from nimnetcheck.twin.capture.files import gather
from nimnetcheck.twin.fix.prove import prove
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.verdict import UNCONNECTED
from nimnetcheck.twin.wire import Question

if TYPE_CHECKING:
    from nimnetcheck.twin.answer import Answer, Judged

FOLDER = Path(__file__).parent / "scenarios"
SCENARIOS: dict[str, dict[str, Any]] = Source(FOLDER / "scenarios.toml").data
BLOCKED = [name for name, scenario in SCENARIOS.items() if scenario["verdict"] != "accept"]
FILES = {
    "nft": "rules.nft",
    "iptables": "rules.v4",
    "ip6tables": "rules.v6",
    "ipset": "ipset.save",
    "firewalld": "firewalld",
}


def question(name: str, folder: Path) -> Question:
    """The scenario's flow, and the host that these files make."""
    given = {key: folder / file for key, file in FILES.items() if (folder / file).exists()}
    capture, sender = gather(**given), SCENARIOS[name].get("from")
    behind = (find(capture, ip_address(sender)),) if sender else ()
    return Question(capture=capture, flows=(parse(SCENARIOS[name]["flow"]),), behind=behind, errors=True)


def decisive(answer: Answer) -> Judged:
    """What is blocked: the flow, or where that is open what a router says of it; the flow where nothing is."""
    unsettled = (one for one in answer.judged if one.verdict is not KernelVerdict.ACCEPT and one.because != UNCONNECTED)
    return next(unsettled, answer.judged[0])


def place(judged: Judged) -> str:
    """The deciding rule in words."""
    rule = judged.rule
    return f"{rule.firewall} {rule.family} {rule.table} {rule.chain} {rule.number or 'policy'}" if rule else ""


def opened(line: str) -> str:
    """A blocking line that no longer blocks."""
    for blocks, accepts in (("policy drop", "policy accept"), (" DROP [", " ACCEPT [")):
        if blocks in line:
            return line.replace(blocks, accepts)
    return ""


def test_every_folder_is_a_scenario() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(SCENARIOS)


@pytest.mark.kernel
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_kernel_names_what_decides(name: str) -> None:
    expected = SCENARIOS[name]
    judged = decisive(ask(question(name, FOLDER / name)))
    assert (judged.verdict, place(judged)) == (expected["verdict"], expected.get("rule", "")), judged.because
    assert (judged.leg and str(judged.leg)) == expected.get("leg")
    assert judged.flow.is_error is (judged.leg is Leg.ERROR)
    assert [f"{rule.chain} {rule.number}" for rule in judged.path] == expected.get("path", [])
    if "line" in expected:
        assert judged.rule
        assert f"{Path(judged.rule.file).name}:{judged.rule.line}" == expected["line"]


@pytest.mark.kernel
@pytest.mark.parametrize("name", BLOCKED)
def test_without_the_line_that_blocks_the_flow_passes(name: str, tmp_path: Path) -> None:
    shutil.copytree(FOLDER / name, tmp_path, dirs_exist_ok=True)
    blocking = [SCENARIOS[name]["line"]] if "line" in SCENARIOS[name] else []
    for where in (*blocking, *SCENARIOS[name].get("also", ())):
        file, _, number = where.partition(":")
        if not number:
            (tmp_path / file).unlink()
            continue
        lines = (tmp_path / file).read_text(encoding="utf-8").split("\n")
        lines[int(number) - 1] = opened(lines[int(number) - 1])
        (tmp_path / file).write_text("\n".join(lines), encoding="utf-8")
    judged = decisive(ask(question(name, tmp_path)))
    assert (judged.verdict, place(judged)) == (KernelVerdict.ACCEPT, ""), judged.because


@pytest.mark.kernel
@pytest.mark.parametrize("name", BLOCKED)
def test_the_fix_opens_the_flow_and_leaves_its_neighbours(name: str) -> None:
    asked = question(name, FOLDER / name)
    answer = ask(asked)
    proof = prove(asked, answer.judged, ask)
    assert [line for change in proof.changes for line in change.lines] == SCENARIOS[name]["fix"].strip().split("\n")
    assert proof.opened == (decisive(answer).flow,)
    assert proof.left == ()
    assert len(proof.controls) > 3
    assert proof.undone
