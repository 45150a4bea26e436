"""firewalld's files, loaded by its own loader and judged by the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.load.firewalld import is_needed
from nimnetcheck.twin.wire import Question

if TYPE_CHECKING:
    from nimnetcheck.twin.answer import Answer

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
DENY = f'{HEAD}<policy target="DROP" priority="10"><ingress-zone name="HOST"/><egress-zone name="ANY"/></policy>\n'
# Without a zone to go to a policy is never asked, and firewalld says nothing of it.
INACTIVE = DENY.replace('<egress-zone name="ANY"/>', "")
ALLOW = (
    f'{HEAD}<policy target="CONTINUE" priority="-10"><ingress-zone name="HOST"/><egress-zone name="ANY"/>'
    '<rule family="ipv4"><destination address="192.0.2.1/32"/><accept/></rule></policy>\n'
)


def judge(**policies: str) -> Answer:
    files = tuple(Source(file=f"policies/{name}.xml", text=text) for name, text in policies.items())
    flows = (parse("tcp:192.0.2.1:443"), parse("tcp:[2001:db8::1]:443"))
    return ask(Question(capture=Capture(firewalld=files), flows=flows))


@pytest.mark.kernel
def test_a_policy_that_denies_is_named_by_its_chain() -> None:
    v4, v6 = judge(site=DENY).judged
    assert (v4.verdict, v6.verdict) == (KernelVerdict.DROP, KernelVerdict.DROP)
    assert v4.rule
    assert "site" in v4.rule.chain
    assert (v4.rule.table, v4.rule.line) == ("firewalld", None)


@pytest.mark.kernel
def test_a_policy_before_it_opens_what_it_names_and_an_inactive_one_stops_nothing() -> None:
    assert [one.verdict for one in judge(site=DENY, ours=ALLOW).judged] == ["accept", "drop"]
    assert [one.verdict for one in judge(site=INACTIVE).judged] == ["accept", "accept"]


@pytest.mark.kernel
def test_files_that_firewalld_does_not_take_are_not_judged_and_it_says_why() -> None:
    with pytest.raises(NotJudgedError, match="firewalld's loader"):
        judge(site=DENY.replace('name="ANY"', 'name="no-such-zone"'))


def test_the_table_that_firewalld_made_is_loaded_in_place_of_its_files() -> None:
    files = (Source(file="policies/site.xml", text=DENY),)
    assert is_needed(Capture(firewalld=files))
    assert not is_needed(Capture())
    assert not is_needed(Capture(firewalld=files, nft=Source(file="n", text="table inet firewalld {\n}\n")))
    assert is_needed(Capture(firewalld=files, nft=Source(file="n", text="table inet other {\n}\n")))
