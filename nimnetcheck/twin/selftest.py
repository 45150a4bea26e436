"""Before every judgement: a drop that is known must be found and named, and an accept that is known must arrive.

A kernel whose trace is silent, or a way out that leads nowhere, shows here, and not as a verdict on a real ruleset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.twin import twin
from nimnetcheck.twin.wire import Question

if TYPE_CHECKING:
    from nimnetcheck.twin.namespace import Sender

_DROPPED, _ACCEPTED = parse("tcp:198.51.100.1:443"), parse("tcp:198.51.100.2:443")
_RULES = """table inet known {
  chain output {
    type filter hook output priority 0; policy accept;
    ip daddr 198.51.100.2 tcp dport 443 accept
    ip daddr 198.51.100.1 tcp dport 443 drop
  }
}
"""
_LINE = 5  # of the rule that drops


def check(sender: Sender) -> None:
    """Raises NotJudgedError when this kernel does not show what it is known to do."""
    capture = Capture(nft=Source(file="self-test", text=_RULES))
    with twin(Question(capture=capture, flows=(_DROPPED, _ACCEPTED)), sender) as made:
        dropped, accepted = made.judge()
    if accepted.verdict is not KernelVerdict.ACCEPT:
        raise NotJudgedError(f"the self-test failed: a flow that nothing blocks did not arrive ({accepted.because})")
    named = dropped.rule.line if dropped.rule else None
    if (dropped.verdict, named) != (KernelVerdict.DROP, _LINE):
        raise NotJudgedError(
            "the self-test failed: this kernel's trace does not name a known drop "
            f"({dropped.verdict}, line {named}, {dropped.because or 'no reason'})"
        )
